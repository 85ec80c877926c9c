"""What members see of a season that was imported."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bot.imports.files import open_source
from bot.imports.formats import ImportFormat
from bot.imports.service import ImportOrder, ImportProgress, Imports
from bot.storage.database import open_database
from tests.behaviour.place import START, answer_to, place, text_of
from tests.behaviour.ratings.boards import admin, decided, description_of, leaderboard, refusal
from tests.competitors import competitor

if TYPE_CHECKING:
    from pathlib import Path

    import simcord

    from tests.behaviour.place import SimulatedServer

QUESTIONS = ("about fairness", "history", "recap", "votes audit")
PAIR = ("Zephyrine", "Quillon")
ROW = {
    "model_a": "Zephyrine",
    "model_b": "Elder",
    "winner": "model_b",
    "judge": "somebody",
    "tstamp": START,
    "conversation_a": [{"role": "user", "content": "Then?"}, {"role": "assistant", "content": "Old"}],
    "conversation_b": [{"role": "user", "content": "Then?"}, {"role": "assistant", "content": "Older"}],
}


async def bring(here: SimulatedServer, folder: Path) -> None:
    """Import three battles of a known model with one that is not here, as another process does."""
    file = folder / "rows.json"
    file.write_text(json.dumps([{**ROW, "question_id": str(number)} for number in range(3)]))
    async with open_database(here.folder / "arena.sqlite3") as database:
        order = ImportOrder(here.guild.id, ImportFormat.FASTCHAT, "Elsewhere")
        progress = ImportProgress(lambda _number, _reason: None, lambda _read: None)
        report = await Imports(database, lambda: START).run(order, open_source(file), progress)
    assert report.votes == 3


async def answer(here: SimulatedServer, boss: simcord.MemberActor, command: str) -> str:
    """Return what a command says, to its member or to everyone."""
    result = await boss.slash(here.channel, command)
    assert result.response
    return answer_to(result) if result.ephemeral or result.followups else text_of(result.response.message)


async def test_its_board_is_one_of_a_season_that_is_over(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await decided(here)
        present = await leaderboard(here)
        await bring(here, tmp_path)
        offered = await here.bob.autocomplete(here.channel, "leaderboard", "period", "")
        imported = await leaderboard(here, period="Elsewhere")
        picture = here.channel.history()[-1]
        trend = await leaderboard(here, period="Elsewhere", style="trend")

        assert offered[-1] == {"name": "Elsewhere", "value": "i1"}
        assert "Elsewhere · 3 battles, 3 votes" in description_of(picture)
        assert "**Elder** (retired)" in imported
        assert "Quillon" not in imported
        assert "Ratings over time are kept only for battles held on this server." in trend
        assert await leaderboard(here) == present
        assert "4 battles, 5 votes" in await leaderboard(here, period="all")
        assert "1 battle, 2 votes" in await leaderboard(here, period="7d")


async def test_what_is_told_of_this_server_knows_nothing_of_it(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await decided(here)
        boss = admin(here)
        before = [await answer(here, boss, name) for name in QUESTIONS]
        await bring(here, tmp_path)
        after = [await answer(here, boss, name) for name in QUESTIONS]

        assert after == before
        assert all("Elder" not in each for each in after)


async def test_an_imported_battle_cannot_be_voided(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await decided(here)
        await bring(here, tmp_path)
        boss = admin(here)
        refused = await boss.slash(here.channel, "void", battle="2", reason="Not ours")
        offered = await boss.autocomplete(here.channel, "void", "battle", "")

        assert "There is no such battle on this server." in refusal(here, refused)
        assert len(offered) == 1
