from __future__ import annotations

from typing import TYPE_CHECKING

from tests.behaviour.place import (
    VOTING_SECONDS,
    answer_to,
    place,
    restarted,
    text_of,
    unnoticed,
)
from tests.competitors import competitor

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from bot.arena.models.roster import Competitor
    from tests.behaviour.place import SimulatedServer


def pair() -> list[Competitor]:
    return [competitor("Zephyrine"), competitor("Quillon")]


def reveals(here: SimulatedServer) -> int:
    """Count the edits that showed the end of a battle."""
    bodies = [str(entry.json) for entry in here.env.http_requests if entry.method == "PATCH"]
    return sum("to the first word" in body for body in bodies)


async def test_a_vote_goes_on_after_a_restart_with_all_that_was_cast(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        card = await here.battle()
        await here.alice.react(card, "🅰️")
        async with restarted(here, pair()):
            await here.bob.react(card, "🅰️")
            text = text_of(await here.close())

        assert "🅰️ 2 · 🅱️ 0 · 🤝 0 · 👎 0 (2 votes)" in text
        assert reveals(here) == 1


async def test_votes_cast_while_the_bot_was_down_are_read_from_the_message(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        card = await here.battle()
        await here.alice.react(card, "🅰️")
        await here.carol.react(card, "🤝")
        with unnoticed(here):
            await here.bob.react(card, "🅱️")
            await here.alice.react(card, "🅱️")
            await here.carol.unreact(card, "🤝")
        async with restarted(here, pair()):
            text = text_of(await here.close())

        assert "🅰️ 0 · 🅱️ 2 · 🤝 0 · 👎 0 (2 votes)" in text


async def test_a_vote_exchanged_for_anothers_while_the_bot_was_down_is_noticed(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        card = await here.battle()
        await here.alice.react(card, "🅰️")
        with unnoticed(here):
            await here.alice.unreact(card, "🅰️")
            await here.bob.react(card, "🅰️")
        async with restarted(here, pair()):
            await here.close()

        assert here.rows("select user_id from votes where vote = 'a'") == [(here.bob.id,)]


async def test_the_vote_on_record_stays_where_the_order_is_unknown(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        card = await here.battle()
        await here.alice.react(card, "🅰️")
        with unnoticed(here):
            await here.alice.react(card, "🅱️")
            await here.alice.react(card, "👎")
            await here.bob.react(card, "🅱️")
            await here.bob.react(card, "👎")
        async with restarted(here, pair()):
            text = text_of(await here.close())

        assert "🅰️ 1 · 🅱️ 0 · 🤝 0 · 👎 0 (1 vote)" in text
        assert "1 vote was unclear" in text


async def test_an_overdue_vote_is_closed_at_the_start_and_revealed_once(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        card = await here.battle()
        await here.alice.react(card, "🅰️")
        here.env.backend.clock.advance(VOTING_SECONDS * 3)
        async with restarted(here, pair()):
            text = text_of(here.card)
            await here.env.advance_time(VOTING_SECONDS)

        assert "🅰️ 1 · 🅱️ 0 · 🤝 0 · 👎 0 (1 vote)" in text
        assert reveals(here) == 1


async def test_a_battle_that_was_decided_but_not_revealed_is_revealed_once(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        card = await here.battle()
        await here.alice.react(card, "🅰️")
        here.env.inject_error("PATCH", "*", status=503, times=2)
        await here.close()
        await here.env.advance_time(5)
        unseen = text_of(here.card)
        async with restarted(here, pair()):
            text = text_of(here.card)
            await here.env.advance_time(3600)

        assert "🅰️ 1" not in unseen
        assert "🅰️ 1 · 🅱️ 0 · 🤝 0 · 👎 0 (1 vote)" in text
        assert here.row("select votes from pair_sums where category = 'all'") == (1,)


async def test_a_finished_battle_is_not_touched_by_a_restart(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        await here.battle()
        await here.close()
        edits = reveals(here)
        async with restarted(here, pair()):
            await here.env.advance_time(VOTING_SECONDS)

        assert edits == reveals(here) == 1


async def test_the_buttons_of_an_old_card_work_after_a_restart(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        card = await here.battle()
        async with restarted(here, pair()):
            read = await here.bob.click(card, label="🔍 Compare")
            await here.alice.click(card, custom_id="arena:close:1")

        assert answer_to(read).startswith("### Compare\n### 🅰️ Reply A\nAn answer")
        assert here.row("select state from battles") == ("closed",)


async def test_commands_are_registered_again_only_when_they_changed(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        async with restarted(here, pair()):
            pass
        registered = [entry.path for entry in here.env.http_requests if entry.method == "PUT"]

        assert len([path for path in registered if path.endswith("/commands")]) == 1


async def test_commands_that_are_registered_are_not_translated_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with place(tmp_path, pair()) as here:
        monkeypatch.delattr("bot.client.command_payload")
        async with restarted(here, pair()):
            pass


async def test_commands_are_registered_again_when_a_catalogue_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with place(tmp_path, pair()) as here:
        monkeypatch.setattr("bot.client.sources", lambda: iter([b"another catalogue"]))
        async with restarted(here, pair()):
            pass
        registered = [entry.path for entry in here.env.http_requests if entry.method == "PUT"]

        assert len([path for path in registered if path.endswith("/commands")]) == 2


async def test_ballots_seeded_before_a_restart_are_not_seeded_again(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        await here.battle()
        before = here.limited_requests
        async with restarted(here, pair()):
            added = here.limited_requests[len(before) :]

        assert not [request for request in added if request.startswith("PUT")]


async def test_missing_seeds_are_put_back_after_a_restart(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        card = await here.battle()
        here.env.backend.get_message(here.channel.id, card.id).reactions.pop()
        async with restarted(here, pair()):
            emojis = [str(reaction.emoji) for reaction in here.card.reactions]

        assert emojis == ["🅰️", "🅱️", "🤝", "👎"]
