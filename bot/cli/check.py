"""`arena-bot check`: what works and what does not, one line each."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from bot.arena.models.factory import open_factory
from bot.arena.models.probe import lacks_version, probe
from bot.backends.base import BackendError, Failure
from bot.cli.output import say
from bot.client import use_addresses, who_is
from bot.config import LocalModel
from bot.errors import ArenaError, StartupError, StorageError
from bot.logs import visible
from bot.storage import dialects, left_guilds, models
from bot.storage.database import open_database
from bot.storage.recounts.differences import differences

if TYPE_CHECKING:
    from bot.arena.models.factory import ModelFactory
    from bot.arena.models.keyring import Keyring
    from bot.arena.models.probe import Probe
    from bot.config import AnyModel, Config
    from bot.storage.database import Connection

SAYING_CHARS = 80
HINTS = {
    Failure.PROMPT_TOO_LONG: "; max_prompt_chars keeps long prompts from it, and max_image_bytes large"
    " images from all models",
    Failure.NO_IMAGES: "; accepts_images = false keeps prompts with an image from it",
}


@dataclass(frozen=True, slots=True)
class CheckResult:
    works: bool
    subject: str
    detail: str

    def __str__(self) -> str:
        return visible(f"{'ok  ' if self.works else 'FAIL'}  {self.subject}: {self.detail}")


async def check(config: Config, keyring: Keyring, token: str) -> bool:
    """Print a line for each part as soon as it is known; return whether all of them work."""
    async with open_factory(config, keyring) as factory:
        checks = [
            _config(config),
            _database(Path(config.storage.path), keyring),
            _token(config, token),
            *(_model(model, factory) for model in config.models if model.enabled),
        ]
        works = True
        for pending in asyncio.as_completed(checks):
            finding = await pending
            works = works and finding.works
            say(str(finding))
        return works


async def _config(config: Config) -> CheckResult:
    enabled = [model for model in config.models if model.enabled]
    if len(enabled) < 2:  # noqa: PLR2004 - a pair
        return CheckResult(
            works=False,
            subject="config",
            detail=f"a battle needs two enabled models, there are {len(enabled)}",
        )
    return CheckResult(
        works=True, subject="config", detail=f"{len(enabled)} models can be drawn{_open(config)}"
    )


def _open(config: Config) -> str:
    """Warn of strangers who could spend the operator's money."""
    paid = [model.name for model in config.models if model.enabled and not _is_free(model)]
    if not paid or config.discord.servers or config.limits.usd_per_day:
        return ""
    return (
        f"; WARNING: whoever invites this bot spends what {paid[0]} costs: turn Public Bot off, and name your"
        " servers in [discord] servers or set [limits] usd_per_day"
    )


def _is_free(model: AnyModel) -> bool:
    """Say whether a model costs nobody money, as far as is told: it has neither a key nor a price."""
    is_priced = bool(model.price_in or model.price_out)
    return not is_priced and (isinstance(model, LocalModel) or model.api_key_env is None)


async def _database(path: Path, keyring: Keyring) -> CheckResult:
    """Open and migrate the database, look for damage, recount every stored sum, and open what is sealed."""
    try:
        async with open_database(path) as database, database.read() as connection:
            if damage := await dialects.damage(connection):
                return CheckResult(works=False, subject="database", detail=f"{path} is damaged: {damage}")
            guilds = await left_guilds.staying(connection)
            wrong = [guild_id for guild_id in guilds if await _differs(connection, guild_id)]
            sealed = await models.with_credentials(connection)
    except (StartupError, StorageError) as exc:
        said = f"{path} is damaged: {exc}" if dialects.tells_of_damage(exc) else str(exc)
        return CheckResult(works=False, subject="database", detail=said)
    if wrong:
        listed = ", ".join(map(str, wrong))
        return CheckResult(
            works=False,
            subject="database",
            detail=f"sums differ from votes and draws in guild {listed}; arena-bot recompute repairs them",
        )
    if lost := [model for model in sealed if not _opens(keyring, model.sealed or "")]:
        return CheckResult(
            works=False,
            subject="database",
            detail=f"no key in ARENA_SECRET_KEYS opens the credentials of {len(lost)} models",
        )
    return CheckResult(
        works=True,
        subject="database",
        detail=f"{path}, {len(guilds)} servers, sums equal the votes and draws",
    )


async def _differs(connection: Connection, guild_id: int) -> bool:
    """Tell whether any stored sum of a guild is not what a recount makes it."""
    async with aclosing(differences(connection, guild_id)) as found:
        return await anext(found, None) is not None


def _opens(keyring: Keyring, sealed: str) -> bool:
    try:
        keyring.open(sealed)
    except ArenaError:
        return False
    return True


async def _token(config: Config, token: str) -> CheckResult:
    if not token:
        return CheckResult(works=False, subject="token", detail="DISCORD_TOKEN is not set")
    use_addresses(config.discord.api_url, config.discord.gateway_url)
    try:
        return CheckResult(
            works=True, subject="token", detail=f"Discord knows this bot as {await who_is(token)}"
        )
    except StartupError as exc:
        return CheckResult(works=False, subject="token", detail=str(exc))


async def _model(model: AnyModel, factory: ModelFactory) -> CheckResult:
    """Ask the model one short question, about an image if it is to be shown some."""
    subject = f"model {model.name}"
    where = f" (asked at {factory.asked_at(model)})"
    most = factory.config.limits.max_image_bytes if model.accepts_images else None
    try:
        found = await probe(factory.backend(model), image_bytes=most)
    except StartupError as exc:
        return CheckResult(works=False, subject=subject, detail=str(exc))
    except BackendError as exc:
        hint = await _version_hint(model, factory, exc) or HINTS.get(exc.failure, "")
        return CheckResult(works=False, subject=subject, detail=f"{exc}{hint}{where}")
    return CheckResult(works=True, subject=subject, detail=_heard(found, model) + where)


async def _version_hint(model: AnyModel, factory: ModelFactory, error: BackendError) -> str:
    """Ask whether the address lacks its /v1, and say whether the model answers there."""
    address = lacks_version(model)
    if address is None or error.failure not in (Failure.NOT_FOUND, Failure.BAD_ANSWER):
        return ""
    try:
        await probe(factory.backend(msgspec.structs.replace(model, base_url=address)))
    except BackendError:
        return "; is /v1 missing at the end of base_url?"
    return f'; is /v1 missing? It answers with base_url = "{address}"'


def _heard(found: Probe, model: AnyModel) -> str:
    """Tell all that lets an operator see a reply that is cut off, raw, or not what was asked for."""
    # Servers may pass an image over without a word, so what the model made of it is for a human to judge.
    about = "of an image in red and blue it says" if model.accepts_images else "it says"
    facts = [
        f"{about}: {_visible(found.reply)[:SAYING_CHARS]}",
        f"finish: {found.finish.said or found.finish.reason}"
        + ("" if found.finish.reason.is_natural else f" ({found.finish.reason})"),
        f"first word after {found.first_token_seconds:.1f} s, all after {found.total_seconds:.1f} s",
    ]
    if found.finish.left_out:
        facts.append(f"its server refuses, so it is asked without: {', '.join(found.finish.left_out)}")
    return "; ".join(facts)


def _visible(text: str) -> str:
    return "".join(filter(str.isprintable, " ".join(text.split())))
