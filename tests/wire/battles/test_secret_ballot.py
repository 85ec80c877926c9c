"""A secret ballot, and one reaction a member, with the real bot over the wire."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from bot.playground import Permission
from bot.playground.world.interactions.asking import Callback
from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from bot.playground import InteractionRecord, Message
    from tests.wire.processes import Installation
    from tests.wire.scenes import RunningBot

LONG = "word " * 300
VOTES = "select vote from votes order by user_id"
RESULT = "select state, votes_a, votes_b, votes_tie, votes_both_bad from battles"


def with_rule(arena: RunningBot, rule: str) -> None:
    arena.installation.edit("[battle]\n", f"[battle]\n{rule}\n")


def with_single_reactions(arena: RunningBot) -> None:
    """Have the bot take earlier reactions away, and let it."""
    with_rule(arena, "single_reaction = true")
    world = arena.playground.world
    world.set_overwrite(arena.channel, arena.guild.members[world.bot.id], allow=Permission.MANAGE_MESSAGES)


async def open_card(arena: RunningBot) -> Message:
    """Have a battle asked for, and wait until one can vote with its buttons."""
    card = await arena.battle()
    await arena.until(card, "Vote with the buttons below")
    await arena.installation.until("select closes_at is not null from battles", [(1,)])
    return card


def press(arena: RunningBot, number: int, card: Message, choice: str) -> InteractionRecord:
    """Have a member press a button of the first battle."""
    return arena.playground.people.press(arena.members[number], card, f"arena:vote:1:{choice}")


async def told(pressed: InteractionRecord) -> str:
    """Wait for what the member is told, however late."""
    await pressed.finished()
    assert pressed.message
    assert pressed.message.ephemeral
    return pressed.message.text


@contextmanager
def locked(installation: Installation) -> Generator[None]:
    """Let nobody else write to the database meanwhile."""
    with closing(sqlite3.connect(installation.database, isolation_level=None)) as database:
        database.execute("begin immediate")
        yield
        database.execute("rollback")


async def test_a_vote_that_was_acknowledged_outlives_a_kill_and_the_old_card_takes_more(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path) as arena:
        with_rule(arena, 'ballot = "secret"')
        async with connected_bot(arena) as process:
            card = await open_card(arena)
            first = await told(press(arena, 1, card, "a"))
            process.kill()
            await process.wait()
        kept = arena.installation.rows(VOTES)

        async with connected_bot(arena):
            second = await told(press(arena, 2, card, "a"))
            arena.playground.people.press(arena.members[0], card, "arena:close:1")
            await arena.until(card, "🅰️ 2 · 🅱️ 0 · 🤝 0 · 👎 0 (2 votes)")

        assert kept == [("a",)]
        assert first.startswith("Your vote: **🅰️ A is better**")
        assert second.startswith("Your vote: **🅰️ A is better**")
        assert arena.installation.rows(RESULT) == [("closed", 2, 0, 0, 0)]
        assert not [each for each in arena.playground.requests if "/reactions" in each.template]


async def test_a_vote_that_takes_long_to_save_is_answered_for_in_time(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        with_rule(arena, 'ballot = "secret"')
        async with connected_bot(arena):
            card = await open_card(arena)
            with locked(arena.installation):
                pressed = press(arena, 1, card, "tie")
                await pressed.answered()
                between = pressed.message.text if pressed.message else ""
            answer = await told(pressed)

        assert pressed.callback is Callback.DEFERRED_MESSAGE
        assert "Your vote" not in between
        assert answer.startswith("Your vote: **🤝 A tie**")
        assert arena.installation.rows(VOTES) == [("tie",)]


async def test_a_vote_that_cannot_be_saved_is_not_acknowledged_and_can_be_cast_again(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        with_rule(arena, 'ballot = "secret"')
        async with connected_bot(arena):
            card = await open_card(arena)
            arena.installation.change(
                "create trigger full before insert on votes begin select raise(abort, 'disk full'); end"
            )
            refused = await told(press(arena, 1, card, "a"))
            arena.installation.change("drop trigger full")
            accepted = await told(press(arena, 1, card, "a"))

        assert refused.startswith("Your vote could not be saved; nothing has changed.")
        assert accepted.startswith("Your vote: **🅰️ A is better**")
        assert arena.installation.rows(VOTES) == [("a",)]


async def test_a_vote_on_its_way_when_the_ballot_is_closed_is_acknowledged_and_counted(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path) as arena:
        with_rule(arena, 'ballot = "secret"')
        async with connected_bot(arena):
            card = await open_card(arena)
            with locked(arena.installation):
                pressed = press(arena, 1, card, "both_bad")
                closing_it = arena.playground.people.press(arena.members[0], card, "arena:close:1")
                await closing_it.finished()
                late = await told(press(arena, 2, card, "a"))
            answer = await told(pressed)
            await arena.until(card, "👎 1 (1 vote)")

        assert answer.startswith("Your vote: **👎 Both are bad**")
        assert late.startswith("This vote is not open any more.")
        assert arena.installation.rows(RESULT) == [("closed", 0, 0, 0, 1)]


async def test_members_vote_while_a_turn_is_written_and_a_kill_in_its_middle_loses_none(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path, reply=LONG) as arena:
        with_rule(arena, 'ballot = "secret"')
        people = arena.playground.people
        async with connected_bot(arena) as process:
            card = await open_card(arena)
            await told(press(arena, 1, card, "a"))
            form = people.press(arena.members[0], card, "arena:continue:1")
            await form.finished()
            await arena.fill_in(form, {"prompt": "And then?"})
            await arena.until(card, "Both models are writing")
            during = await told(press(arena, 2, card, "b"))
            process.kill()
            await process.wait()

        async with connected_bot(arena):
            await arena.until(card, "Vote with the buttons below")
            await told(press(arena, 2, card, "tie"))
            people.press(arena.members[0], card, "arena:close:1")
            await arena.until(card, "🅰️ 1 · 🅱️ 0 · 🤝 1 · 👎 0 (2 votes)")

        assert during.startswith("Your vote: **🅱️ B is better**\n-# You can change it until the vote ends.")
        assert "And then?" not in card.text


async def test_a_change_of_mind_leaves_one_reaction_under_the_card(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        with_single_reactions(arena)
        world, people, bob = arena.playground.world, arena.playground.people, arena.members[1]
        a, tie = (world.reactions.parse(emoji).key for emoji in ("🅰️", "🤝"))
        async with connected_bot(arena):
            card = await arena.battle()
            await arena.until(card, "Your last reaction counts")
            people.react(bob, card, "🅰️")
            people.react(bob, card, "🤝")
            await world.until(lambda: bob.id not in card.reactions[a].users)
            await arena.installation.until("select vote, paper from votes", [("tie", "tie||")])

        assert bob.id in card.reactions[tie].users


async def test_a_reaction_that_is_gone_already_hinders_no_later_cleanup(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        with_single_reactions(arena)
        world, people, bob = arena.playground.world, arena.playground.people, arena.members[1]
        b, tie = (world.reactions.parse(emoji).key for emoji in ("🅱️", "🤝"))
        gone = arena.playground.faults.add("DELETE", re.compile("/reactions/"), status=400, code=10014)
        async with connected_bot(arena):
            card = await arena.battle()
            await arena.until(card, "Your last reaction counts")
            for emoji in ("🅰️", "🅱️"):
                people.react(bob, card, emoji)
            await world.until(lambda: gone.times == 0)
            people.unreact(bob, card, "🅰️")
            people.react(bob, card, "🤝")
            await world.until(lambda: bob.id not in card.reactions[b].users)

        assert bob.id in card.reactions[tie].users
