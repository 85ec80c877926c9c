"""The Discord client: what it listens to, what it loads, and how an error reaches a member."""

from __future__ import annotations

import asyncio
import gc
import hashlib
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias

import aiohttp
import discord
import msgspec
import structlog
import yarl
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.acknowledgement import acknowledge, acknowledgement_of, refuse
from bot.errors import ArenaError, Moment, StartupError, StorageError
from bot.i18n import N_, read_catalogues, sources, translations

if TYPE_CHECKING:
    from collections.abc import Generator

    from bot.acknowledgement import Acknowledgement
    from bot.i18n import Translations
    from bot.services import Arena

EXTENSIONS = (
    "cogs.ui.command_translations",
    "cogs.persistent_buttons",
    "cogs.battles.battle",
    "cogs.battles.battle_this",
    "cogs.battles.reactions",
    "cogs.tournaments.tournament",
    "cogs.ratings.leaderboard",
    "cogs.ratings.recap",
    "cogs.ratings.weekly",
    "cogs.help.about",
    "cogs.settings.categories",
    "cogs.moderation.rulings",
    "cogs.moderation.season",
    "cogs.moderation.vote_audit",
    "cogs.moderation.reports",
    "cogs.models.models",
    "cogs.models.model",
    "cogs.ratings.history",
    "cogs.ratings.me",
    "cogs.privacy.export",
    "cogs.privacy.privacy",
    "cogs.privacy.housekeeping",
    "cogs.settings.settings",
    "cogs.settings.served_servers",
    "cogs.settings.greeting",
    "cogs.help.help",
)
AUTHENTICATION_FAILED = 4004
FILTERED = {20009, 240000}
"""An image or a text is taken for explicit, a link for harmful."""
REFUSED = N_("Discord's filter stopped this: it considers a link harmful, or an image or text explicit.")
NOT_SERVED = N_("The operator of this bot lets it work on certain servers alone, and can add this one.")
NOT_STORED = N_(
    "Nothing could be read or saved here, so nothing has changed: the operator's database or disk has"
    " trouble, and the log says which. Please try again later."
)
UNEXPECTED = N_("Something went wrong on my side. The operator can see it in the log.")

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class ArenaTree(app_commands.CommandTree["ArenaBot"]):
    async def interaction_check(self, interaction: discord.Interaction[ArenaBot], /) -> bool:
        """Acknowledge a command, before anything else is done for it.

        Servers that are not the operator's are refused; the bot is about to leave them.
        """
        is_command = interaction.type is discord.InteractionType.application_command
        if not self.client.arena.config.discord.serves(interaction.guild_id or 0):
            if is_command:
                await self.client.show_error(interaction, ArenaError(NOT_SERVED))
            return False
        return not is_command or await self.client.acknowledged(interaction, acknowledgement_of(interaction))

    async def on_error(
        self, interaction: discord.Interaction[ArenaBot], error: app_commands.AppCommandError
    ) -> None:
        await self.client.show_error(interaction, error)


class ArenaBot(commands.AutoShardedBot):
    """Needs no privileged intent: of messages it reads those alone that a member hands it with a command.

    Of all others it is told no more than that they come and go, which it needs to know of its cards.
    """

    arena: Arena

    def __init__(self, arena: Arena | None = None, *, connector: aiohttp.BaseConnector | None = None) -> None:
        # This bot has no voice, so what voice would need is no news to its operator.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        intents = discord.Intents.none()
        intents.guilds = True
        intents.guild_messages = True
        intents.guild_reactions = True
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=ArenaTree,
            intents=intents,
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
            allowed_mentions=discord.AllowedMentions.none(),
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            connector=connector,
        )
        self._is_open = asyncio.Event()
        if arena:
            self.open(arena)
        self._command_ids: dict[str, int] = {}
        self._connected: set[int] = set()

    def open(self, arena: Arena) -> None:
        """Let the bot, which may have begun to log in, go on with this."""
        self.arena = arena
        self._is_open.set()

    async def setup_hook(self) -> None:
        self._command_ids = {command.name: command.id for command in await self.tree.fetch_commands()}
        await self._is_open.wait()
        await self.add_cogs()
        await self.arena.supervisor.restore()
        await self._sync_commands()

    async def add_cogs(self) -> None:
        """Set up all of them; `load_extension` would execute anew each module that another one imports."""
        for extension in EXTENSIONS:
            await import_module(extension).setup(self)

    async def on_message(self, message: discord.Message, /) -> None:
        """Answer nobody: what mentions the bot is no command."""

    async def on_shard_ready(self, shard_id: int) -> None:
        self._connected.add(shard_id)

    async def on_shard_resumed(self, shard_id: int) -> None:
        self._connected.add(shard_id)

    async def on_shard_disconnect(self, shard_id: int) -> None:
        self._connected.discard(shard_id)

    def is_connected(self) -> bool:
        """Tell whether every shard has a session with Discord; discord.py ends one whose heartbeats fail."""
        return self.is_ready() and self._connected >= self.shards.keys()

    def shard_of(self, guild_id: int) -> int:
        return (guild_id >> 22) % (self.shard_count or 1)

    def mention_of(self, command: str) -> str:
        """Return a command, such as `models list`, as Discord shows it to be clicked."""
        command_id = self._command_ids.get(command.partition(" ")[0])
        return f"</{command}:{command_id}>" if command_id else f"`/{command}`"

    async def acknowledged(
        self, interaction: discord.Interaction[ArenaBot], promise: Acknowledgement
    ) -> bool:
        """Acknowledge an interaction; where Discord does not take that, there is nobody to answer."""
        try:
            await acknowledge(interaction, promise)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as exc:
            _log.warning("an interaction could not be acknowledged", error=str(exc))
            return False
        return True

    async def show_error(self, interaction: discord.Interaction[ArenaBot], error: Exception) -> None:
        """Tell the member what an `ArenaError` says; log everything else."""
        if isinstance(error, app_commands.CommandInvokeError):
            error = error.original
        texts = translations(interaction.locale.value)
        if isinstance(error, ArenaError):
            text = self.wording(error, texts)
        elif isinstance(error, discord.HTTPException) and error.code in FILTERED:
            text = texts.gettext(REFUSED)
        elif isinstance(error, StorageError):
            _log.error("the database has trouble", error=str(error))
            text = texts.gettext(NOT_STORED)
        else:
            _log.error("an interaction failed", exc_info=error)
            text = texts.gettext(UNEXPECTED)
        try:
            await refuse(interaction, text, texts.gettext("Your prompt, to copy:"))
        except (discord.HTTPException, aiohttp.ClientError, OSError) as exc:
            _log.warning("a member could not be told of an error", error=str(exc))

    @staticmethod
    def wording(error: ArenaError, texts: Translations) -> str:
        """Say an error in the reader's language."""
        values = {name: _written(value) for name, value in error.values.items()}
        return texts.gettext(error.template).format(**values)

    async def _sync_commands(self) -> None:
        """Register the commands where they are not yet what they should be.

        To see that, nothing is translated: it takes half as long as all the rest of a start.
        """
        digest = self._commands_digest()
        application_id = self.application_id or 0
        unchanged = digest == await self.arena.settings.commands_digest(application_id)
        if unchanged and self._command_ids.keys() == {command.name for command in self.tree.get_commands()}:
            return
        payload = await command_payload(self.tree)
        registered = await self.http.bulk_upsert_global_commands(application_id, payload)
        self._command_ids = {command["name"]: int(command["id"]) for command in registered}
        await self.arena.settings.set_commands_digest(application_id, digest)
        _log.info("commands registered", commands=len(payload))

    def _commands_digest(self) -> str:
        """Return what changes with anything that Discord is told of the commands."""
        commands = [command.to_dict(self.tree) for command in in_order(self.tree)]
        digest = hashlib.sha256(msgspec.json.encode(commands, order="deterministic"))
        for part in (discord.__version__.encode(), *sources()):
            digest.update(hashlib.sha256(part).digest())
        return digest.hexdigest()


def in_order(
    tree: app_commands.CommandTree[ArenaBot],
) -> list[app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu]:
    return sorted(tree.get_commands(), key=lambda command: command.name)


async def command_payload(tree: app_commands.CommandTree[ArenaBot]) -> list[dict[str, object]]:
    """Return what Discord is told of all commands, in each of its languages."""
    return [
        await command.get_translated_payload(tree, tree.translator)
        if tree.translator
        else command.to_dict(tree)
        for command in in_order(tree)
    ]


def _written(value: str | int | Moment) -> str | int:
    """Let Discord show a moment in the reader's own time, and nothing of a text as Markdown."""
    if isinstance(value, Moment):
        return f"<t:{value:.0f}:R>"
    if isinstance(value, str):
        return discord.utils.escape_markdown(value)
    return value


def use_addresses(api_url: str | None, gateway_url: str | None) -> None:
    """Point discord.py at an API proxy or a stand-in; it offers no other way than its class attributes."""
    if api_url:
        Route.BASE = api_url.rstrip("/")
    if gateway_url:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)


async def stay_connected(bot: ArenaBot, token: str) -> None:
    """Log in and stay until the bot is closed; where that cannot be, say why in a `StartupError`."""
    with _startup_errors():
        await bot.login(token)
        # What is loaded now stays to the end. To look through it all for garbage kept everything else waiting
        # for 80 ms, now and then.
        gc.freeze()
        gc.enable()
        # Before the first answer needs them, and not before the bot is connected.
        reading = asyncio.create_task(asyncio.to_thread(read_catalogues), name="catalogues")
        await bot.connect()
        await reading


async def who_is(token: str) -> str:
    """Ask Discord, by REST alone, whose token this is."""
    with _startup_errors():
        async with discord.Client(intents=discord.Intents.none()) as client:
            await client.login(token)
            return str(client.user)


@contextmanager
def _startup_errors() -> Generator[None]:
    refused = "DISCORD_TOKEN: Discord does not accept this token"
    try:
        yield
    except discord.LoginFailure as exc:
        raise StartupError(refused) from exc
    except discord.ConnectionClosed as exc:
        reason = refused if exc.code == AUTHENTICATION_FAILED else f"Discord closed the connection: {exc}"
        raise StartupError(reason) from exc
    except (aiohttp.ClientError, OSError, discord.DiscordServerError, discord.GatewayNotFound) as exc:
        raise StartupError(f"Discord cannot be reached: {exc}") from exc


Interaction: TypeAlias = discord.Interaction[ArenaBot]
