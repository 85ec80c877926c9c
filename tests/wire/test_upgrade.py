"""What the version before left behind, a config, a database and its server, taken up by this one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from bot.playground import Playground
from bot.playground.world import snapshot
from tests.wire.processes import TOKEN, Installation

if TYPE_CHECKING:
    from bot.playground import Message

EARLIER = Path(__file__).with_name("earlier_version")
NOWHERE = "http://127.0.0.1:9/v1"
"""No model is asked in this test."""


def installed(folder: Path, playground: Playground) -> Installation:
    """Put the earlier version's files into a folder; only addresses and paths are of this machine."""
    places = {
        "API_URL": playground.api_url,
        "GATEWAY_URL": playground.gateway_url,
        "MODEL_URL": NOWHERE,
        "FOLDER": str(folder),
    }
    config = (EARLIER / "config.toml").read_text(encoding="utf-8")
    for name, place in places.items():
        config = config.replace(name, place)
    (folder / "config.toml").write_text(config, encoding="utf-8")
    with closing(sqlite3.connect(folder / "arena.sqlite3")) as database:
        database.executescript((EARLIER / "arena.sql").read_text(encoding="utf-8"))
    return Installation(folder)


def card_of(playground: Playground, prompt: str) -> Message:
    (card,) = [message for message in playground.world.messages.every if prompt in message.text]
    return card


async def test_an_upgraded_bot_goes_on_with_what_the_version_before_left(tmp_path: Path) -> None:
    world = snapshot.load(EARLIER / "world.jsonl")
    async with Playground(token=TOKEN, rate_limits=False, world=world) as playground:
        installation = installed(tmp_path, playground)
        (guild,) = playground.world.guilds.values()
        (channel,) = guild.channels.values()
        member = next(each for each in guild.members.values() if not each.user.bot)
        async with installation.bot():
            await playground.ready()
            left_open = card_of(playground, "Sun or rain?")
            await playground.world.until(lambda: "🤝 1" in left_open.text)
            board = playground.people.slash(member, channel, "leaderboard")
            await board.finished()

        assert board.message
        assert "Northern Light" in board.message.text
        assert installation.rows("select state, votes_a, votes_tie from battles order by battle_id") == [
            ("closed", 2, 0),
            ("closed", 0, 1),
        ]
        assert installation.rows("select sum(battles), sum(votes) from pair_sums where category = 'all'") == [
            (2, 3)
        ]
