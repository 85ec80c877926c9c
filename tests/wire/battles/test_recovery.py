"""What members see when the bot, its connection or their message gives way."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path

    from bot.playground import RequestRecord

LONG = "word " * 400
VOTES = "select vote from votes order by user_id"


async def test_a_battle_killed_while_models_write_is_voided_and_its_card_says_so(tmp_path: Path) -> None:
    async with scene(tmp_path, reply=LONG) as arena:
        async with connected_bot(arena) as process:
            card = await arena.battle()
            await arena.until(card, "Both models are writing")
            process.kill()
            await process.wait()

        async with connected_bot(arena):
            await arena.until(card, "was called off")

        assert "restarted" in card.text
        assert arena.installation.rows("select state, voided from battles") == [("voided", "restarted")]


@pytest.mark.parametrize("after", [False, True])
async def test_an_acknowledgement_that_was_lost_on_its_way_or_whose_answer_was_keeps_nothing_up(
    tmp_path: Path, *, after: bool
) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena):
        callback = "/interactions/{interaction_id}/{interaction_token}/callback"
        arena.playground.faults.add("POST", callback, drop=True, after=after)
        card = await arena.battle()
        await arena.until(card, "Vote with the reactions below")


@pytest.mark.parametrize("after", [False, True])
async def test_a_card_of_which_nobody_knows_whether_it_was_posted_is_taken_back_and_its_member_told(
    tmp_path: Path, *, after: bool
) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena):
        edits = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"
        arena.playground.faults.add("PATCH", edits, drop=True, after=after)
        people, world = arena.playground.people, arena.playground.world
        told = await people.slash(arena.members[0], arena.channel, "battle", prompt="Why?").told()
        finished = "select voided, redrawn_at is not null from battles"
        await arena.installation.until(finished, [("not_posted", 1)])
        await world.until(lambda: all(each.ephemeral for each in world.messages.every))

        assert told.ephemeral
        assert "Something went wrong" in told.text
        assert "a battle failed" not in arena.installation.log()


async def test_a_stopped_bot_exits_cleanly_and_leaves_its_ballots_to_the_next(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        people = arena.playground.people
        async with arena.installation.command("run") as process:
            await arena.playground.ready()
            card = await arena.battle()
            await arena.until(card, "Your last reaction counts")
            people.react(arena.members[1], card, "🤝")
            process.terminate()
            async with asyncio.timeout(60):
                status = await process.wait()

        async with connected_bot(arena):
            people.react(arena.members[2], card, "👎")
            people.press(arena.members[0], card, "arena:close:1")
            await arena.until(card, "🤝 1 · 👎 1")

        assert status == 0
        assert arena.installation.rows("select state, votes_tie, votes_both_bad from battles") == [
            ("closed", 1, 1)
        ]


async def test_votes_cast_while_the_gateway_was_away_are_counted_once_it_is_back(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena):
        playground, people = arena.playground, arena.playground.people
        card = await arena.battle()
        await arena.until(card, "Your last reaction counts")
        people.react(arena.members[1], card, "🅰️")
        await arena.installation.until(VOTES, [("a",)])

        playground.gateway.delay = 0.0
        await playground.gateway.drop(forget=True)
        people.unreact(arena.members[1], card, "🅰️")
        people.react(arena.members[2], card, "🅱️")

        await arena.installation.until(VOTES, [(None,), ("b",)])
        people.press(arena.members[0], card, "arena:close:1")
        await arena.until(card, "🅱️ 1")


async def test_a_deleted_message_voids_its_battle_once(tmp_path: Path) -> None:
    async with scene(tmp_path, voting_seconds=10) as arena, connected_bot(arena):
        playground = arena.playground
        card = await arena.battle()
        await arena.until(card, "Your last reaction counts")

        playground.world.messages.delete(card)
        await arena.installation.until("select state from battles", [("voided",)])
        asked = playground.requests.total

        await arena.battle()
        assert arena.installation.rows("select voided from battles where battle_id = 1") == [
            ("message_gone",)
        ]
        assert not [each for each in playground.requests if each.number > asked and str(card.id) in each.path]


async def test_a_new_session_looks_after_ten_open_ballots_at_a_time(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena):
        playground, world = arena.playground, arena.playground.world
        channels = [world.create_channel(arena.guild, f"room-{number}") for number in range(12)]
        for channel in channels:
            await playground.people.slash(arena.members[0], channel, "battle", prompt="Why?").finished()
        await arena.installation.until("select count(*) from battles where state = 'voting'", [(12,)])
        cards = [card for channel in channels for card in channel.messages.values()]
        await world.until(lambda: all(len(card.reactions) == 4 for card in cards))
        look = "/channels/{channel_id}/messages/{message_id}"
        slow = playground.faults.add("GET", look, times=12, delay=2.0)
        waiting: list[int] = []

        def listen(record: RequestRecord) -> None:
            if (record.method, record.template) == ("GET", look):
                waiting.append(slow.times)

        playground.requests.observers.append(listen)
        await playground.gateway.drop(forget=True)
        await arena.installation.until_true(lambda: len(waiting) == 12)

    assert waiting[0] == 2


async def test_a_card_that_was_posted_while_the_storage_failed_says_that_its_battle_is_off(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena):
        arena.installation.change(
            "create trigger trouble before update of message_id on battles"
            " begin select raise(abort, 'disk I/O error'); end"
        )
        card = await arena.battle()
        await arena.until(card, "was called off")

        finished = "select state, voided, redrawn_at is not null from battles"
        await arena.installation.until(finished, [("voided", "bot_error", 1)])
