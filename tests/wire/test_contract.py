"""Whatever the bot sends fits Discord's own description of its API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.wire.contract import load_contract
from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path

LONG = "```py\nprint('長い返答')\n```\n**bold** ||spoiler|| [link](https://example.org) @everyone " * 80
PROMPT = "説明して " * 700


async def test_every_request_of_a_battle_fits_the_description_of_the_api(tmp_path: Path) -> None:
    contract = load_contract()
    async with scene(tmp_path, reply=LONG) as arena, connected_bot(arena):
        people, playground = arena.playground.people, arena.playground
        card = await arena.battle(PROMPT)
        await arena.until(card, "Your last reaction counts")
        for subject in ("a", "prompt"):
            opened = people.press(arena.members[1], card, f"arena:read:1:{subject}")
            await opened.finished()
        people.react(arena.members[1], card, "🅰️")
        refused = people.press(arena.members[1], card, "arena:close:1")
        await refused.finished()
        people.press(arena.members[0], card, "arena:close:1")
        await arena.until(card, "wins")
        for command in ("leaderboard", "model"):
            await people.slash(arena.members[0], arena.channel, command).finished()

        requests = [record for record in playground.requests if record.body is not None]

    wrong = [
        f"{record.method} {record.template}: {error}"[:300]
        for record in requests
        for error in contract.sent_errors(record.method, record.template, record.content)
    ]
    assert len(requests) > 10
    assert wrong == []
