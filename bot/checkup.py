"""`arena-bot check`: what works and what does not, one line each."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot import app as application
from bot.backends.base import BackendError, Message, TextPiece
from bot.backends.local_engine import open_engines
from bot.backends.network import open_session
from bot.client import use_addresses, who_is
from bot.errors import StartupError, StorageError
from bot.storage import models, pairs
from bot.storage.database import open_database

if TYPE_CHECKING:
    import aiohttp

    from bot.backends.local_engine import LocalEngines
    from bot.config import Config, LocalModel, OpenAIModel

QUESTION = "Reply with the single word: ready"


@dataclass(frozen=True, slots=True)
class Finding:
    works: bool
    subject: str
    detail: str

    def __str__(self) -> str:
        return f"{'ok  ' if self.works else 'FAIL'}  {self.subject}: {self.detail}"


async def check(config: Config, token: str) -> bool:
    """Print a line for each part as soon as it is known; return whether all of them work."""
    async with open_session() as session, open_engines() as engines:
        checks = [
            _config(config),
            _database(Path(config.storage.path)),
            _token(config, token),
            *(_model(model, config, session, engines) for model in config.models if model.enabled),
        ]
        works = True
        for pending in asyncio.as_completed(checks):
            finding = await pending
            works = works and finding.works
            typer.echo(str(finding))
        return works


async def _config(config: Config) -> Finding:
    enabled = [model for model in config.models if model.enabled]
    if len(enabled) < 2:  # noqa: PLR2004 - a pair
        return Finding(
            works=False,
            subject="config",
            detail=f"a battle needs two enabled models, there are {len(enabled)}",
        )
    return Finding(works=True, subject="config", detail=f"{len(enabled)} models can be drawn")


async def _database(path: Path) -> Finding:
    """Open and migrate the database, and compare every running sum with a recount from the votes."""
    try:
        async with open_database(path) as database, database.read() as connection:
            guilds = await models.guild_ids(connection)
            wrong = [
                guild_id
                for guild_id in guilds
                if await pairs.load(connection, guild_id) != await pairs.recount(connection, guild_id)
            ]
    except (StartupError, StorageError) as exc:
        return Finding(works=False, subject="database", detail=str(exc))
    if wrong:
        listed = ", ".join(map(str, wrong))
        return Finding(
            works=False, subject="database", detail=f"running sums differ from the votes in guild {listed}"
        )
    return Finding(
        works=True, subject="database", detail=f"{path}, {len(guilds)} servers, sums equal the votes"
    )


async def _token(config: Config, token: str) -> Finding:
    if not token:
        return Finding(works=False, subject="token", detail="DISCORD_TOKEN is not set")
    use_addresses(config.discord.api_url, config.discord.gateway_url)
    try:
        return Finding(works=True, subject="token", detail=f"Discord knows this bot as {await who_is(token)}")
    except StartupError as exc:
        return Finding(works=False, subject="token", detail=str(exc))


async def _model(
    model: OpenAIModel | LocalModel, config: Config, session: aiohttp.ClientSession, engines: LocalEngines
) -> Finding:
    """Ask the model one short question."""
    subject = f"model {model.name}"
    asked_at = time.perf_counter()
    first: float | None = None
    try:
        backend = application.build_backend(model, config, session, engines)
        async with aclosing(backend.reply((Message("user", QUESTION),))) as events:
            async for event in events:
                if first is None and isinstance(event, TextPiece):
                    first = time.perf_counter() - asked_at
    except (BackendError, StartupError) as exc:
        return Finding(works=False, subject=subject, detail=str(exc))
    total = time.perf_counter() - asked_at
    return Finding(
        works=True,
        subject=subject,
        detail=f"first word after {first or total:.1f} s, all after {total:.1f} s",
    )
