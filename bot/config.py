"""`config.toml` as frozen structs, checked once; what is wrong is said with its place."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, TypeAlias

import msgspec

from bot.config_mistakes.words import GATEWAY_ADDRESS, HOST, HTTP_ADDRESS, LANGUAGE, NAME, VARIABLE
from bot.deferred import Deferred
from bot.domain.model import folded
from bot.domain.rules import GuildRules, Seconds, Votes
from bot.errors import StartupError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from bot.config_mistakes import report as mistakes
else:
    mistakes = Deferred("bot.config_mistakes.report")

PositiveSeconds = Annotated[float, msgspec.Meta(gt=0, le=3600)]
Price = Annotated[float, msgspec.Meta(ge=0, le=100_000)]
HttpAddress = Annotated[str, msgspec.Meta(pattern=HTTP_ADDRESS)]
GatewayAddress = Annotated[str, msgspec.Meta(pattern=GATEWAY_ADDRESS)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=80, pattern=NAME)]


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the file."""


class Discord(Section, frozen=True):
    servers: tuple[Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)], ...] = ()
    """Those that the bot works on; none: all."""
    api_url: HttpAddress | None = None
    gateway_url: GatewayAddress | None = None

    def serves(self, guild_id: int) -> bool:
        return not self.servers or guild_id in self.servers


class Storage(Section, frozen=True):
    path: Annotated[str, msgspec.Meta(min_length=1)] = "arena.sqlite3"


class BattleDefaults(GuildRules, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How battles are held where a server did not decide otherwise, and what only the operator decides."""

    cooldown_seconds: Seconds = 10
    member_battles_per_day: Votes = 50
    early_close_voters: Votes = 2
    min_votes_ranked: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 10
    min_battles_ranked: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 3
    newcomer_votes: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 40
    bench_after: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 3
    retention_days: Annotated[int, msgspec.Meta(ge=0, le=3650)] = 0


class Limits(Section, frozen=True):
    connect_seconds: PositiveSeconds = 10.0
    first_token_seconds: PositiveSeconds = 120.0
    stall_seconds: PositiveSeconds = 30.0
    total_seconds: PositiveSeconds = 240.0
    queue_seconds: PositiveSeconds = 600.0
    max_image_bytes: Annotated[int, msgspec.Meta(ge=10_000, le=10_000_000)] = 3_900_000
    max_turns: Annotated[int, msgspec.Meta(ge=1, le=20)] = 5
    max_reply_chars: Annotated[int, msgspec.Meta(ge=100, le=1_000_000)] = 40_000
    models_per_server: Annotated[int, msgspec.Meta(ge=0, le=200)] = 25
    concurrent_battles: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 5
    battles_per_day: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 500
    usd_per_day: Annotated[float, msgspec.Meta(gt=0, le=1_000_000)] | None = None
    """Of all servers together."""
    server_usd_per_day: Annotated[float, msgspec.Meta(gt=0, le=1_000_000)] | None = None


class Security(Section, frozen=True):
    allowed_private_hosts: tuple[Annotated[str, msgspec.Meta(pattern=HOST)], ...] = ()


class ModelConfig(Section, frozen=True, kw_only=True, tag_field="protocol"):
    """What every protocol has. Prices are US dollars for a million tokens."""

    name: Name
    enabled: bool = True
    aliases: tuple[Annotated[str, msgspec.Meta(min_length=2, max_length=80)], ...] = ()
    system_prompt: str | None = None
    temperature: Annotated[float, msgspec.Meta(ge=0, le=2)] | None = None
    max_output_tokens: Annotated[int, msgspec.Meta(ge=1)] | None = None
    connect_seconds: PositiveSeconds | None = None
    first_token_seconds: PositiveSeconds | None = None
    stall_seconds: PositiveSeconds | None = None
    total_seconds: PositiveSeconds | None = None
    price_in: Price | None = None
    price_out: Price | None = None
    accepts_images: bool = False
    language: Annotated[str, msgspec.Meta(pattern=LANGUAGE)] | None = None
    max_prompt_chars: Annotated[int, msgspec.Meta(ge=1, le=10_000_000)] | None = None
    family: Name | None = None


class HttpModel(ModelConfig, frozen=True, kw_only=True):
    """A model behind an HTTP API."""

    base_url: HttpAddress
    model: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    api_key_env: Annotated[str, msgspec.Meta(pattern=VARIABLE)] | None = None
    max_concurrent: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 4
    extra_headers: dict[str, str] = {}
    extra_body: dict[str, object] = {}


class OpenAIModel(HttpModel, frozen=True, kw_only=True, tag="openai"):
    pass


class AnthropicModel(HttpModel, frozen=True, kw_only=True, tag="anthropic"):
    pass


class GeminiModel(HttpModel, frozen=True, kw_only=True, tag="gemini"):
    pass


class OllamaModel(HttpModel, frozen=True, kw_only=True, tag="ollama"):
    pass


class LocalModel(ModelConfig, frozen=True, kw_only=True, tag="local"):
    path: Annotated[str, msgspec.Meta(min_length=1)]
    threads: Annotated[int, msgspec.Meta(ge=1, le=256)] = 1
    context_tokens: Annotated[int, msgspec.Meta(ge=256, le=1_000_000)] = 4096
    top_p: Annotated[float, msgspec.Meta(gt=0, le=1)] | None = None
    repeat_penalty: Annotated[float, msgspec.Meta(gt=0, le=2)] | None = None
    seed: Annotated[int, msgspec.Meta(ge=0, lt=2**32)] | None = None


OwnModel: TypeAlias = OpenAIModel | AnthropicModel | GeminiModel | OllamaModel
"""What moderators can bring: a file on the bot's machine is not theirs to name."""

OWN_PROTOCOLS = ("openai", "anthropic", "gemini", "ollama")
AnyModel: TypeAlias = OwnModel | LocalModel


class Config(Section, frozen=True):
    discord: Discord = Discord()
    storage: Storage = Storage()
    battle: BattleDefaults = BattleDefaults()
    limits: Limits = Limits()
    security: Security = Security()
    models: tuple[AnyModel, ...] = ()


def load(path: Path) -> Config:
    """Read the file; anything wrong with it is a `StartupError` that names the place."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as exc:
        raise StartupError(f"{path}: no such file; `arena-bot init` writes a first one") from exc
    except (OSError, UnicodeDecodeError) as exc:
        raise StartupError(f"{path}: cannot be read: {exc}") from exc
    return parse(text, source=str(path))


def parse(text: str, *, source: str) -> Config:
    try:
        # With a newline, for without one the reader of TOML cannot tell the line of a mistake in the last.
        config = msgspec.toml.decode(f"{text}\n".encode(), type=Config)
    except msgspec.ValidationError as exc:
        raise StartupError(mistakes.report(exc, text, source, Config)) from exc
    except msgspec.DecodeError as exc:
        raise StartupError(mistakes.report_syntax(exc, source)) from exc
    _refuse_namesakes(config.models, text, source)
    _refuse_seeing_files(config.models, text, source)
    return config


def api_key(model: AnyModel, environment: Mapping[str, str] = os.environ) -> str | None:
    """Look the model's key up; a variable that is named but empty or missing is a `StartupError`."""
    if isinstance(model, LocalModel) or model.api_key_env is None:
        return None
    key = environment.get(model.api_key_env, "").strip()
    named = f"model {model.name!r}: api_key_env names {model.api_key_env}, which"
    if not key:
        raise StartupError(f"{named} is not set in the environment")
    if not all("!" <= character <= "~" for character in key):
        raise StartupError(f"{named} holds a space or a character that no key has")
    return key


def api_keys(config: Config) -> list[str]:
    """Look up every key that the models name; one that is missing is a `StartupError`."""
    return [key for model in config.models if (key := api_key(model))]


def _refuse_namesakes(models: Iterable[ModelConfig], text: str, source: str) -> None:
    """Those too that differ by nothing that a reader can see."""
    seen: set[str] = set()
    for number, model in enumerate(models):
        name = folded(model.name)
        if name in seen:
            place = mistakes.placed(source, ("models", str(number), "name"), text)
            raise StartupError(
                f"{place}: [[models]]: two models are named {model.name!r}; each needs its own"
            )
        seen.add(name)


def _refuse_seeing_files(models: Iterable[ModelConfig], text: str, source: str) -> None:
    for number, model in enumerate(models):
        if isinstance(model, LocalModel) and model.accepts_images:
            place = mistakes.placed(source, ("models", str(number), "accepts_images"), text)
            raise StartupError(
                f"{place}: model {model.name!r}: accepts_images: a local file cannot be shown images;"
                " leave it out"
            )
