from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.behaviour.place import VOTING_SECONDS, place, text_of
from tests.competitors import competitor

if TYPE_CHECKING:
    from pathlib import Path

PAIR = ("Zephyrine", "Quillon")

LOST = {
    "channel": (404, 10003, "channel_gone"),
    "guild": (404, 10004, "guild_gone"),
    "message": (404, 10008, "message_gone"),
    "access": (403, 50001, "no_permission"),
    "permissions": (403, 50013, "no_permission"),
}
TROUBLE = {
    "server error": (500, 0),
    "bad gateway": (502, 0),
    "rate limit": (429, 0),
    "archived thread": (400, 50083),
    "too many edits of an old message": (400, 30046),
}


@pytest.mark.parametrize(("status", "code", "reason"), LOST.values(), ids=LOST)
async def test_what_discord_says_of_a_lost_message_becomes_the_reason(
    tmp_path: Path, status: int, code: int, reason: str
) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await here.battle()
        here.env.inject_error("GET", "/channels/*/messages/*", status=status, code=code)
        await here.env.advance_time(VOTING_SECONDS)

        assert here.row("select state, voided from battles") == ("voided", reason)


@pytest.mark.parametrize(("status", "code"), TROUBLE.values(), ids=TROUBLE)
async def test_trouble_that_will_pass_voids_nothing(tmp_path: Path, status: int, code: int) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        here.env.inject_error("PATCH", "*", status=status, code=code, times=2)
        await here.env.advance_time(VOTING_SECONDS + 30)

        assert here.row("select state, voided from battles") == ("closed", None)
        assert "(1 vote)" in text_of(here.card)


@pytest.mark.parametrize("code", [10015, 50027])
async def test_a_spent_token_is_not_tried_again(tmp_path: Path, code: int) -> None:
    async with place(tmp_path, [competitor(name, 5.0, "Done.") for name in PAIR]) as here:
        await here.battle()
        here.env.inject_error("PATCH", "/webhooks/*", status=401, code=code)
        await here.env.advance_time(5)
        await here.env.advance_time(VOTING_SECONDS)
        edits = [entry.path for entry in here.env.http_requests if entry.method == "PATCH"]

        # The card is posted, and its ballot and its result are drawn.
        assert [path.split("/")[1] for path in edits] == ["webhooks", "webhooks", "channels", "channels"]


async def test_after_the_tokens_fifteen_minutes_the_bots_own_is_used(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        await here.battle()
        here.env.backend.clock.advance(14.6 * 60)
        await here.env.advance_time(VOTING_SECONDS)
        edits = [entry.path for entry in here.env.http_requests if entry.method == "PATCH"]

        assert [path.split("/")[1] for path in edits] == ["webhooks", "webhooks", "channels"]


async def test_a_channel_that_refuses_the_reactions_voids_the_battle(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        here.env.inject_error("PUT", "*/reactions/*", status=403, code=50013)
        card = await here.battle()

        assert here.row("select state, voided from battles") == ("voided", "no_permission")
        assert "lost a permission" in text_of(card)
