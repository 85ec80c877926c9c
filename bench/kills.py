"""Kills at random moments: `python -m bench.kills [--kills N] [--seed N]`.

The bot, with toys to fight, is killed (SIGKILL) again and again while members hold battles, ask on, close
votes and play a tournament, and a tenth of the times while it brings the database of an earlier version up to
date. What it counted and showed is compared with what the members did. Exits with 1 where anything was lost,
told twice or counted wrongly.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sqlite3
import sys
import tempfile
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from bench.setup.contest import VOTERS, Contest
from bench.setup.setting import CLOSE, ROOT, TOKEN, close_button
from bench.setup.table import print_setting, print_table
from bench.setup.trouble import START_SECONDS, Bot
from bot.playground import DiscordError, Playground, PlaygroundError
from bot.playground.world.permissions import Permission
from bot.storage.database import open_database
from bot.storage.pair_recounts import counted, stored

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.playground import Channel, Guild, Member

SUGGEST = "arena:suggest"
CHANNELS = 6
FOLLOW_UPS = 0.4
LIVES = (0.1, 2.5)
"""The bot lives so many seconds from when it is ready to the next kill."""

UPGRADES = (0.2, 1.5)
"""And so many from its start, where it finds a database of an earlier version."""

SHARE_OF_UPGRADES = 0.1
PATIENCE = 300.0
EARLIER = ROOT / "tests" / "wire" / "earlier_version" / "arena.sql"
UNFINISHED = (
    "select (select count(*) from battles where redrawn_at is null)"
    " + (select count(*) from tournaments where ended_at is null)"
)


class Cup:
    """One tournament after another in a channel, whose votes its moderator closes."""

    def __init__(self, contest: Contest, playground: Playground, channel: Channel) -> None:
        self.is_over = False
        self._contest = contest
        self._playground = playground
        self._channel = channel

    async def play(self, moderator: Member, voters: Sequence[Member]) -> None:
        people = self._playground.people
        while not self.is_over:
            with suppress(TimeoutError, PlaygroundError, DiscordError):
                begun = people.slash(moderator, self._channel, "tournament start", models="4")
                await begun.answered(timeout=6)
            while self._is_running():
                await self._hold_match(moderator, voters)

    def _is_running(self) -> bool:
        ((running,),) = self._contest.rows("select count(*) from tournaments where ended_at is null")
        return bool(running)

    async def _hold_match(self, moderator: Member, voters: Sequence[Member]) -> None:
        """Vote and close where a vote is open, and suggest a prompt where none is."""
        people = self._playground.people
        await asyncio.sleep(0.5)
        cards = [each for each in self._channel.messages.values() if close_button(each)]
        with suppress(TimeoutError, PlaygroundError, DiscordError):
            if not cards:
                await self._suggest(voters[0])
            for card in cards:
                for member in voters:
                    people.react(member, card, "🅰️")
                people.press(moderator, card, close_button(card) or CLOSE)

    async def _suggest(self, member: Member) -> None:
        """Press the button under what was told last, or have it shown where a kill left none."""
        people = self._playground.people
        told = [each for each in self._channel.messages.values() if SUGGEST in str(each.components)]
        if not told:
            await people.slash(member, self._channel, "bracket").finished(timeout=6)
            return
        form = await people.press(member, told[-1], SUGGEST).finished(timeout=6)
        await people.submit_modal(member, form, {"prompt": "Why?"}).answered(timeout=6)


class Kills:
    """The bot, killed and started again."""

    def __init__(self, playground: Playground, bot: Bot, random: Random) -> None:
        self.done = 0
        self._playground = playground
        self._bot = bot
        self._random = random

    async def strike(self, times: int) -> None:
        while self.done < times:
            await asyncio.sleep(self._random.uniform(*LIVES))
            await self._bot.end(signal.SIGKILL)
            self.done += 1
            print(".", end="", flush=True)
            await self._bot.start()
            await self._playground.ready(timeout=START_SECONDS)


async def battles_killed(kills: int, random: Random, folder: Path) -> dict[str, object]:
    """Return what happened, and what of it should not have."""
    async with Playground(token=TOKEN, requests_kept=1000) as playground:
        world, bot = playground.world, Bot(playground, folder)
        contest = Contest(playground, bot.database, 1_000_000, random, lambda: None, follow_ups=FOLLOW_UPS)
        guild = world.create_guild("Kills")
        cup = Cup(contest, playground, world.create_channel(guild, "cup"))
        killing = Kills(playground, bot, random)
        await bot.start()
        try:
            await playground.ready(timeout=START_SECONDS)
            async with asyncio.timeout(PATIENCE + 10 * kills), asyncio.TaskGroup() as group:
                members = [world.create_member(guild, f"member-{each}") for each in range(VOTERS)]
                stranger = world.create_member(guild, "a bot", bot=True)
                for at in range(CHANNELS):
                    channel = world.create_channel(guild, f"arena-{at}")
                    group.create_task(contest.fight(channel, [*members, stranger]))
                group.create_task(cup.play(_moderator(playground, guild), members))
                await killing.strike(kills)
                contest.stop()
                cup.is_over = True
            left = await contest.left(UNFINISHED, PATIENCE)
            ((played,),) = contest.rows("select count(*) from tournaments where ended_at is not null")
            cards = [message for message in world.messages.every if message.author.bot]
            twice, writing = _told_twice(contest), [each for each in cards if "are writing" in each.text]
        finally:
            status = await bot.end(signal.SIGTERM)
        score = contest.score
        return {
            "kills": killing.done,
            "battles revealed": score.revealed,
            "battles that a kill voided": score.voided,
            "commands whose answer was lost": score.unanswered,
            "turns asked for on": score.turns,
            "tournaments played": played,
            "votes of unknown order, not counted": score.unclear,
            "votes and tallies that differ from the truth": len(score.wrong),
            "battles or tournaments that never ended": left,
            "cards that stay unfinished": len(writing),
            "matches decided twice": twice,
            "sums that differ from the votes": await _wrong_sums(bot.database, guild),
            "damage to the file": _damage(bot.database),
            "exit status at SIGTERM": status,
            "": "\n".join(score.wrong[:10]),
        }


def _moderator(playground: Playground, guild: Guild) -> Member:
    may = Permission.MANAGE_GUILD | Permission.MANAGE_MESSAGES
    role = playground.world.create_role(guild, "Moderators", may)
    return playground.world.create_member(guild, "moderator", roles=[role])


def _told_twice(contest: Contest) -> int:
    """Count matches that two battles decided."""
    rows = contest.rows(
        'select tournament_id, "of", slot from tournament_battles join battles using (battle_id)'
        " where state = 'closed'"
    )
    return sum(times - 1 for times in Counter(rows).values())


async def _wrong_sums(database: Path, guild: Guild) -> int:
    async with open_database(database) as opened, opened.read() as connection:
        return int(await stored(connection, guild.id) != await counted(connection, guild.id))


def _damage(database: Path) -> str:
    with closing(sqlite3.connect(database)) as connection:
        ((said,),) = connection.execute("pragma integrity_check").fetchall()
        return "none" if said == "ok" else str(said)


async def upgrades_killed(kills: int, random: Random, folder: Path) -> dict[str, object]:
    """Kill the bot while it brings an earlier version's database up to date, then let it finish."""
    async with Playground(token=TOKEN) as playground:
        playground.world.create_guild("Upgrade")
        bot = Bot(playground, folder)
        with closing(sqlite3.connect(bot.database)) as database:
            database.executescript(EARLIER.read_text(encoding="utf-8"))
        before = _kept(bot.database)
        for _ in range(kills):
            await bot.start()
            await asyncio.sleep(random.uniform(*UPGRADES))
            await bot.end(signal.SIGKILL)
        await bot.start()
        await playground.ready(timeout=START_SECONDS)
        await bot.end(signal.SIGTERM)
        return {
            "kills at an upgrade": kills,
            "rows lost": sum((before - _kept(bot.database)).values()),
            "damage": _damage(bot.database),
        }


def _kept(database: Path) -> Counter[tuple[object, ...]]:
    """Return what members and moderators did, as far as each version keeps it."""
    with closing(sqlite3.connect(database)) as connection:
        return Counter(
            row
            for statement in (
                "select 'battle', guild_id, prompt from battles",
                "select 'vote', battle_id, user_id, vote from votes",
                "select 'model', guild_id, name from models",
            )
            for row in connection.execute(statement)
        )


WANTED = {
    "votes and tallies that differ from the truth": 0,
    "battles or tournaments that never ended": 0,
    "cards that stay unfinished": 0,
    "matches decided twice": 0,
    "sums that differ from the votes": 0,
    "damage to the file": "none",
    "exit status at SIGTERM": 0,
    "rows lost": 0,
    "damage": "none",
}


async def run(kills: int, seed: int) -> bool:
    """Run, print, and return whether nothing was lost."""
    random, upgrades = Random(seed), round(kills * SHARE_OF_UPGRADES)
    with tempfile.TemporaryDirectory(prefix="arena-kills-") as name:
        folders = [Path(name) / part for part in ("upgrade", "battles")]
        for folder in folders:
            folder.mkdir()
        found = await upgrades_killed(upgrades, random, folders[0])
        found |= await battles_killed(kills - upgrades, random, folders[1])
    print("\n")  # the dots end here
    print_table(("what", ""), [(what, str(value)) for what, value in found.items()])
    return all(found[what] == wanted for what, wanted in WANTED.items())


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(words)
    print_setting(f"{given.kills} kills, seed {given.seed}")
    return 0 if asyncio.run(run(given.kills, given.seed)) else 1


if __name__ == "__main__":
    sys.exit(main())
