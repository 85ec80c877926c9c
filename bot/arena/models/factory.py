"""Builds backends and competitors from settings: the operator's in config.toml, and those of moderators."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import msgspec
import structlog

from bot.arena.models.credentials import Credentials, read_settings
from bot.arena.models.prices import Prices
from bot.arena.models.roster import Competitor
from bot.backends.base import Generation
from bot.backends.http.backend import HttpBackend
from bot.backends.http.connections import moderators_connections, operators_connections
from bot.backends.http.endpoint import Service
from bot.backends.http.model_list import ModelList
from bot.backends.http.public_addresses import is_opened
from bot.backends.http.secret import Secret
from bot.backends.http.sessions import HttpLimits, open_guarded_session, open_session
from bot.backends.local.backend import LocalBackend, Sampling
from bot.backends.local.engine import open_engines
from bot.backends.local.process import Tuning
from bot.backends.protocols.anthropic import AnthropicProtocol
from bot.backends.protocols.gemini import GeminiProtocol
from bot.backends.protocols.ollama import OllamaProtocol
from bot.backends.protocols.openai import OpenAIProtocol
from bot.config import (
    OWN_PROTOCOLS,
    AnthropicModel,
    Config,
    GeminiModel,
    LocalModel,
    OllamaModel,
    OpenAIModel,
    OwnModel,
    api_key,
)
from bot.errors import ArenaError, StartupError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    import aiohttp

    from bot.arena.models.keyring import Keyring
    from bot.arena.models.source import ModelSource
    from bot.backends.base import Backend
    from bot.backends.http.connections import Connections
    from bot.backends.local.engine import LocalEngines
    from bot.backends.protocols.protocol import ProtocolAdapter
    from bot.config import AnyModel
    from bot.domain.model import Model

PROTOCOLS: dict[type[OwnModel], type[ProtocolAdapter]] = {
    OpenAIModel: OpenAIProtocol,
    AnthropicModel: AnthropicProtocol,
    GeminiModel: GeminiProtocol,
    OllamaModel: OllamaProtocol,
}

CHARS_A_TOKEN = 3
"""A cautious guess for languages of Latin letters; others fill a context sooner."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)
_credentials_decoder = msgspec.json.Decoder(Credentials)


@dataclass(frozen=True, slots=True)
class ModelFactory:
    """What backends are built with.

    `guarded` reaches the public internet alone; `own_connections` are for the models that moderators bring.
    """

    config: Config
    session: aiohttp.ClientSession
    guarded: aiohttp.ClientSession
    engines: LocalEngines
    keyring: Keyring
    connections: Connections = field(init=False, default_factory=operators_connections)
    own_connections: Connections = field(init=False, default_factory=moderators_connections)

    def operators(self) -> Iterator[Competitor]:
        """Build every enabled model of the config."""
        for model in self.config.models:
            if model.enabled:
                yield _competitor(model, self.backend(model))

    def backend(self, model: AnyModel) -> Backend:
        """Build one of the operator's models."""
        if isinstance(model, LocalModel):
            return LocalBackend(
                self.engines.at(Path(model.path), Tuning(model.threads, model.context_tokens)),
                limits=self._limits(model),
                generation=_generation(model),
                sampling=Sampling(model.top_p, model.repeat_penalty, model.seed),
            )
        try:
            credentials = Credentials(api_key(model), model.extra_headers)
            return self._over_http(self.session, self.connections, model, credentials)
        except ValueError as exc:
            raise StartupError(f"model {model.name!r}: {exc}") from exc

    @staticmethod
    def asked_at(model: AnyModel) -> str:
        """Return the URL, or the file, that a model is asked at."""
        if isinstance(model, LocalModel):
            return model.path
        return PROTOCOLS[type(model)](Service(model.base_url, model.model)).url

    def own_backend(self, model: OwnModel, credentials: Credentials, guild_id: int) -> Backend:
        """Build a model that moderators of a server brought."""
        session = self._own_session(model.base_url)
        return self._over_http(session, self.own_connections, model, credentials, guild_id)

    def own_list(self, source: ModelSource, base_url: str) -> ModelList:
        """Build what asks an API that moderators named for the models that it has."""
        kind = get_args(OwnModel)[OWN_PROTOCOLS.index(source.protocol)]
        model: OwnModel = kind(name="-", base_url=base_url, model="-")
        return ModelList(
            self._own_session(base_url),
            _service(model, source.credentials),
            self._limits(model),
            PROTOCOLS[kind],
            self.own_connections,
            source.guild_id,
        )

    def _own_session(self, base_url: str) -> aiohttp.ClientSession:
        opened = is_opened(base_url, self.config.security.allowed_private_hosts)
        return self.session if opened else self.guarded

    def own_competitor(self, model: Model) -> Competitor | None:
        """Build a stored model; `None` where its credentials cannot be opened, or nobody can read it."""
        try:
            settings, credentials = read_settings(model), self.credentials(model)
        except (ArenaError, msgspec.DecodeError) as exc:
            _log.error("a stored model cannot be built", model=model.model_id, error=str(exc))
            return None
        return _competitor(settings, self.own_backend(settings, credentials, model.guild_id))

    def credentials(self, model: Model) -> Credentials:
        """Open what is kept sealed; raises `ArenaError` where no key fits."""
        if model.sealed is None:
            return Credentials()
        return _credentials_decoder.decode(self.keyring.open(model.sealed))

    def _over_http(
        self,
        session: aiohttp.ClientSession,
        connections: Connections,
        model: OwnModel,
        credentials: Credentials,
        owner_id: int = 0,
    ) -> Backend:
        return HttpBackend(
            session,
            _service(model, credentials),
            self._limits(model),
            _generation(model),
            PROTOCOLS[type(model)],
            connections,
            owner_id,
        )

    def _limits(self, model: AnyModel) -> HttpLimits:
        limits = self.config.limits
        return HttpLimits(
            connect_seconds=model.connect_seconds or limits.connect_seconds,
            first_token_seconds=model.first_token_seconds or limits.first_token_seconds,
            total_seconds=model.total_seconds or limits.total_seconds,
            max_reply_chars=limits.max_reply_chars,
            stall_seconds=model.stall_seconds or limits.stall_seconds,
            queue_seconds=limits.queue_seconds,
        )


@asynccontextmanager
async def open_factory(config: Config, keyring: Keyring) -> AsyncGenerator[ModelFactory]:
    async with open_session() as session, open_guarded_session() as guarded, open_engines() as engines:
        yield ModelFactory(config, session, guarded, engines, keyring)


def _service(model: OwnModel, credentials: Credentials) -> Service:
    return Service(
        base_url=model.base_url,
        model=model.model,
        api_key=Secret(credentials.key) if credentials.key else None,
        max_concurrent=model.max_concurrent,
        extra_headers=credentials.headers,
        extra_body=model.extra_body,
    )


def _competitor(model: AnyModel, backend: Backend) -> Competitor:
    called = Path(model.path).stem if isinstance(model, LocalModel) else model.model
    gives_away = (model.name, called, *model.aliases)
    prices = Prices(model.price_in, model.price_out)
    return Competitor(
        model.name,
        backend,
        gives_away,
        prices,
        _prompt_limit(model),
        model.family,
        accepts_images=model.accepts_images,
    )


def _prompt_limit(model: AnyModel) -> int | None:
    """Return what was set; for a local model otherwise about what its context holds beside the reply."""
    if model.max_prompt_chars is not None or not isinstance(model, LocalModel):
        return model.max_prompt_chars
    for_reply = min(model.max_output_tokens or model.context_tokens // 4, model.context_tokens // 2)
    return CHARS_A_TOKEN * (model.context_tokens - for_reply)


def _generation(model: AnyModel) -> Generation:
    return Generation(
        system_prompt=model.system_prompt,
        temperature=model.temperature,
        max_output_tokens=model.max_output_tokens,
    )
