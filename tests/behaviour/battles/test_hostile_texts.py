from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from tests.behaviour.place import VOTING_SECONDS, place, text_of
from tests.competitors import competitor

if TYPE_CHECKING:
    from pathlib import Path

    from tests.behaviour.place import SimulatedServer

HOSTILE = (
    "@everyone @here <@123456789012345678> <@&123456789012345678> <#123456789012345678> "
    "https://discord.gg/abcdef [click](https://evil.example) ||hidden **bold ```\nnever closed"
)
LIVE = re.compile(r"@everyone|@here|<@!?\d|<@&\d|<#\d|discord\.gg/\w|\]\(https")


async def whole_battle(here: SimulatedServer) -> list[str]:
    """Play a battle with hostile texts everywhere; return what the card said at its stages."""
    card = await here.battle(HOSTILE)
    result = await here.bob.click(card, label="🔍 Compare")
    assert result.response
    ballot, page = text_of(card), text_of(result.response.message)
    await here.env.advance_time(VOTING_SECONDS)
    board = await here.alice.slash(here.channel, "leaderboard")
    assert board.response
    return [ballot, page, text_of(here.card), text_of(board.response.message)]


async def test_nothing_that_is_written_pings_invites_or_hides_a_link(tmp_path: Path) -> None:
    competitors = [
        competitor("@everyone [x](https://evil.example)", HOSTILE),
        competitor("<@12345>", HOSTILE),
    ]
    async with place(tmp_path, competitors) as here:
        texts = await whole_battle(here)

        assert [LIVE.findall(text) for text in texts] == [[], [], [], []]
        assert all("never closed" in text for text in texts[:3])


async def test_no_section_is_left_open_by_what_is_in_it(tmp_path: Path) -> None:
    async with place(tmp_path, [competitor("Zephyrine", HOSTILE), competitor("Quillon", HOSTILE)]) as here:
        texts = await whole_battle(here)

        assert [text.count("```") % 2 for text in texts] == [0, 0, 0, 0]


async def test_every_message_forbids_all_mentions(tmp_path: Path) -> None:
    async with place(tmp_path, [competitor("Zephyrine", HOSTILE), competitor("Quillon", HOSTILE)]) as here:
        await whole_battle(here)
        with_texts = [
            body for entry in here.env.http_requests if '"components"' in (body := json.dumps(entry.json))
        ]

        assert len(with_texts) >= 5
        assert [body for body in with_texts if '"allowed_mentions": {"parse": []}' not in body] == []
