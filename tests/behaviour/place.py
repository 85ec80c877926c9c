"""A server with a channel and a few members, where the real bot runs with scripted models."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, TypeAlias

import discord
from msgspec import structs

from bot.app import run_arena
from bot.arena.models.factory import open_factory
from bot.arena.models.keyring import Keyring, new_key
from bot.client import ArenaBot
from bot.config import BattleDefaults, Config
from bot.storage.database import open_database
from tests.behaviour.simulation import Simulated
from tests.databases import put_database

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator, Iterable, Mapping
    from pathlib import Path

    import simcord

    from bot.arena.models.roster import Competitor

    Subscriber = Callable[[str, Mapping[str, object]], None]

START = 1_767_225_600
KEYRING = Keyring([new_key()])
VOTING_SECONDS = 120
COMPARE = "arena:compare:1"
GIVEN_BACK = "\n\nYour prompt, to copy:\n"
"""The button under the replies of the first battle."""

Value: TypeAlias = str | int | float | None


class SimulatedClock:
    """The simulation's time, once there is one, on a machine whose clock can jump."""

    env: simcord.Env | None = None
    jumped: float = 0.0
    """In seconds."""

    def __call__(self) -> float:
        return (self.env.now().timestamp() if self.env else START) + self.jumped


@dataclass(frozen=True, slots=True)
class SimulatedServer:
    folder: Path
    clock: SimulatedClock
    env: simcord.Env
    guild: simcord.GuildHandle
    channel: simcord.ChannelHandle
    alice: simcord.MemberActor
    bob: simcord.MemberActor
    carol: simcord.MemberActor

    async def battle(self, prompt: str = "What is a good day?") -> discord.Message:
        """Let Alice ask; return the card as it is then."""
        await self.alice.slash(self.channel, "battle", prompt=prompt)
        return self.card

    @property
    def card(self) -> discord.Message:
        """The first message of the channel as it is now."""
        return self.channel.history()[0]

    async def close(self) -> discord.Message:
        """Let the voting time pass."""
        await self.env.advance_time(VOTING_SECONDS)
        return self.card

    def row(self, statement: str) -> tuple[Value, ...]:
        """Return the only row that a query finds in the database file."""
        (row,) = self.rows(statement)
        return row

    def rows(self, statement: str) -> list[tuple[Value, ...]]:
        with closing(sqlite3.connect(self.folder / "arena.sqlite3")) as connection:
            return connection.execute(statement).fetchall()

    def change(self, statement: str) -> None:
        """Do something to the database behind the bot's back."""
        with closing(sqlite3.connect(self.folder / "arena.sqlite3")) as connection, connection:
            connection.execute(statement)

    @property
    def bodies(self) -> str:
        """Everything that the bot sent to Discord so far."""
        return json.dumps([[entry.path, entry.json] for entry in self.env.http_requests], ensure_ascii=False)

    @property
    def limited_requests(self) -> list[str]:
        """The requests that count under the bot's limit, those of its start left out."""
        free = ("/interactions/", "/webhooks/", "/applications/", "/oauth2/")
        return [
            f"{entry.method} {entry.path}"
            for entry in self.env.http_requests
            if not entry.path.startswith(free)
        ]


def lenient(config: Config) -> Config:
    """Let one member ask again at once, close what nobody voted on, and leave the channel to the cards.

    A test may decide otherwise.
    """
    usual = BattleDefaults()
    freer = {
        name: 0
        for name in ("cooldown_seconds", "member_battles_per_day", "early_close_voters")
        if getattr(config.battle, name) == getattr(usual, name)
    }
    notice = config.battle.result_notice
    quieter = {"result_notice": "silent" if notice == usual.result_notice else notice}
    return structs.replace(config, battle=structs.replace(config.battle, **freer, **quieter))


@asynccontextmanager
async def place(
    folder: Path,
    competitors: Iterable[Competitor],
    config: Config | None = None,
    keyring: Keyring = KEYRING,
    *,
    is_lenient: bool = True,
) -> AsyncGenerator[SimulatedServer]:
    clock = SimulatedClock()
    async with (
        open_database(put_database(folder / "arena.sqlite3")) as database,
        open_factory(lenient(config or Config()) if is_lenient else config or Config(), keyring) as factory,
        run_arena(factory, database, competitors, clock, Random(1)) as arena,
        Simulated(ArenaBot(arena)) as env,
    ):
        clock.env = env
        guild = env.create_guild()
        channel = guild.create_text_channel("arena")
        members = [guild.add_member(env.create_user(name)) for name in ("alice", "bob", "carol")]
        yield SimulatedServer(folder, clock, env, guild, channel, *members)


@asynccontextmanager
async def restarted(
    here: SimulatedServer, competitors: Iterable[Competitor], config: Config | None = None
) -> AsyncGenerator[None]:
    """End the bot without a farewell, and run another on the same database."""
    async with (
        open_database(here.folder / "arena.sqlite3") as database,
        open_factory(lenient(config or Config()), KEYRING) as factory,
        run_arena(factory, database, competitors, here.clock, Random(2)) as arena,
    ):
        await here.env.restart_bot(ArenaBot(arena))
        await here.env.settle()
        yield


@contextmanager
def unnoticed(here: SimulatedServer) -> Generator[None]:
    """Let things happen of which the bot gets no event."""
    subscribers = here.env.backend.subscribers
    listening = list(subscribers)
    subscribers.clear()
    yield
    subscribers.extend(listening)


def speak(here: SimulatedServer, locale: str) -> None:
    """Let members and server use another language from now on; simcord knows English only."""
    subscribers = here.env.backend.subscribers

    def translated(subscriber: Subscriber) -> Subscriber:
        def feed(event: str, payload: Mapping[str, object]) -> None:
            locales = {"locale": locale, "guild_locale": locale} if event == "INTERACTION_CREATE" else {}
            subscriber(event, {**payload, **locales})

        return feed

    subscribers[:] = [translated(subscriber) for subscriber in subscribers]


async def gateway_session_is_new(here: SimulatedServer) -> None:
    """Let the bot learn that its shard did not resume."""
    here.env.bot.dispatch("shard_connect", 0)
    told = [task for task in asyncio.all_tasks() if task.get_name() == "discord.py: on_shard_connect"]
    await asyncio.gather(*told)
    assert isinstance(here.env.bot, ArenaBot)
    await here.env.bot.arena.ballots.flush()


def moderator(here: SimulatedServer) -> simcord.MemberActor:
    role = here.guild.create_role("Moderators", permissions=discord.Permissions(manage_messages=True))
    return here.guild.add_member(here.env.create_user("mona"), roles=[role])


def text_of(message: discord.Message) -> str:
    """Return all texts of a message, one below the other."""
    items = discord.ui.LayoutView.from_message(message).walk_children()
    return "\n".join(item.content for item in items if isinstance(item, discord.ui.TextDisplay))


def buttons_of(message: discord.Message) -> list[str | None]:
    items = discord.ui.LayoutView.from_message(message).walk_children()
    return [item.custom_id for item in items if isinstance(item, discord.ui.Button)]


def refusals(here: SimulatedServer, *results: simcord.InteractionResult) -> list[str]:
    """Return what members were told whose commands were refused, which simcord counts as errors."""
    assert len(here.env.errors) == len(results)
    return [without_prompt(answer_to(result)) for result in results]


def without_prompt(refusal: str) -> str:
    """Leave out the prompt that a refusal gives back to who typed it."""
    return refusal.partition(GIVEN_BACK)[0]


def answer_to(result: simcord.InteractionResult) -> str:
    """Return what only the member who used a command or a button is shown."""
    # Where everyone was to see the answer, or a message was pressed, what follows is the member's alone.
    answer = result.response if result.ephemeral else result.followups[-1]
    assert answer
    assert answer.ephemeral
    return answer.content or text_of(answer.message)
