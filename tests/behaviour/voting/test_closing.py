from __future__ import annotations

from typing import TYPE_CHECKING

from tests.behaviour.place import answer_to, moderator, place, text_of
from tests.competitors import competitor

if TYPE_CHECKING:
    from pathlib import Path

    from tests.behaviour.place import SimulatedServer

PAIR = ("Zephyrine", "Quillon")
CLOSE = "arena:close:1"


async def test_the_asker_may_close_the_vote_before_its_time(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        await here.bob.react(card, "🅱️")
        await here.alice.click(card, custom_id=CLOSE)

        assert "🅰️ 0 · 🅱️ 1 · 🤝 0 · 👎 0 (1 vote)" in text_of(here.card)
        assert here.row("select state from battles") == ("closed",)


async def test_a_moderator_may_close_a_vote_that_another_asked_for(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        await moderator(here).click(card, custom_id=CLOSE)

        assert here.row("select state from battles") == ("closed",)


async def test_other_members_are_told_that_they_cannot_close_the_vote(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        result = await here.bob.click(card, custom_id=CLOSE)

        assert "Only the member who asked" in answer_to(result)
        assert here.row("select state from battles") == ("voting",)


async def test_a_vote_closed_early_is_not_revealed_again_at_its_time(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        await here.alice.click(card, custom_id=CLOSE)
        requests = without_seeds_taken(here)
        await here.close()

        assert without_seeds_taken(here) == requests


def without_seeds_taken(here: SimulatedServer) -> list[tuple[str, str]]:
    """List the requests without those that take the bot's reactions off, as a reveal does in its own time."""
    sent = [(each.method, each.path) for each in here.env.http_requests]
    return [(method, path) for method, path in sent if method != "DELETE" or "/reactions/" not in path]


async def test_early_closing_still_finds_the_votes_whose_events_were_missed(tmp_path: Path) -> None:
    async with place(tmp_path, map(competitor, PAIR)) as here:
        card = await here.battle()
        here.env.backend.get_message(here.channel.id, card.id).reactions[0].user_ids.append(here.bob.id)
        await here.alice.click(card, custom_id=CLOSE)

        assert "🅰️ 1 · 🅱️ 0 · 🤝 0 · 👎 0 (1 vote)" in text_of(here.card)
