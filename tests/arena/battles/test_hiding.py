from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.arena.battles.request import Asker
from bot.arena.voting.message import CardState
from bot.domain.audit import Actor
from bot.domain.battle import BattleState, Side, VoidReason
from bot.domain.report import Reply
from bot.errors import MessageGoneError, MessageUnavailableError
from bot.storage import hidden_replies
from bot.storage.database import Database
from tests.arena.battles.test_battles import ASKER, GUILD, pair, services
from tests.arena.waiting import until
from tests.cards import PlainCard
from tests.competitors import competitor

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractAsyncContextManager

    import pytest

    from bot.arena.battles.card import PartialReply
    from bot.domain.battle import Battle
    from bot.storage.database import Connection
    from tests.arena.battles.test_battles import BattleServices
    from tests.arena.conftest import Clock

MONA = Actor(GUILD, 77)
REPLY = Reply(1, Side.A)
NOTHING, A = frozenset[Side](), frozenset({Side.A})


@dataclass(slots=True)
class SlowCard(PlainCard):
    """Records what was hidden of each drawing; while `gate` is closed, a drawing is on its way."""

    drawings: list[tuple[CardState, frozenset[Side]]] = field(
        default_factory=list[tuple[CardState, frozenset[Side]]]
    )
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    begun: int = 0

    async def show_replies(self, battle: Battle, replies: Mapping[Side, PartialReply]) -> None:
        await self._draw(CardState.REPLIES, battle)
        await PlainCard.show_replies(self, battle, replies)

    async def show_ballot(self, battle: Battle) -> None:
        await self._draw(CardState.BALLOT, battle)
        await PlainCard.show_ballot(self, battle)

    async def show_end(self, battle: Battle) -> None:
        await self._draw(CardState.END, battle)
        await PlainCard.show_end(self, battle)

    async def _draw(self, state: CardState, battle: Battle) -> None:
        self.begun += 1
        await self.gate.wait()  # that of its own beginning: a later drawing may have another
        self.drawings.append((state, battle.hidden))


def open_card() -> SlowCard:
    card = SlowCard()
    card.gate.set()
    return card


async def a_while() -> None:
    """Let happen what would happen although it should wait."""
    for _ in range(1000):
        await asyncio.sleep(0)


async def hide(here: BattleServices) -> None:
    ruling = await here.arena.reports.hide(MONA, REPLY)
    here.arena.supervisor.redraw(ruling.battle)


async def test_hiding_redraws_an_open_ballot(database: Database, clock: Clock) -> None:
    card = open_card()
    async with services(database, clock, pair(), card) as here:
        await here.hold_until_the_ballot()
        await hide(here)
        await until(lambda: (CardState.BALLOT, A) in card.drawings)

        assert card.drawings[-2:] == [(CardState.BALLOT, NOTHING), (CardState.BALLOT, A)]


async def test_a_reply_that_is_hidden_while_the_models_write_on_stays_hidden(
    database: Database, clock: Clock
) -> None:
    card, go_on = open_card(), asyncio.Event()
    competitors = [
        competitor(name, "Rude.", later=("Ruder", go_on, "!")) for name in ("Zephyrine", "Quillon")
    ]
    async with services(database, clock, competitors, card) as here:
        await here.hold_until_the_ballot()
        turn = asyncio.create_task(here.arena.battles.follow_up(1, Asker(ASKER), "And?", "token"))
        await until(lambda: card.drawings[-1][0] is CardState.REPLIES)
        await hide(here)
        await until(lambda: (CardState.REPLIES, A) in card.drawings)
        go_on.set()
        await turn
        await until(lambda: card.drawings[-1][0] is CardState.BALLOT)
        await here.until_the_end()

        hidden = card.drawings[card.drawings.index((CardState.REPLIES, A)) :]
        assert {state for state, _ in hidden} == set(CardState)
        assert all(sides == A for _, sides in hidden)


async def test_no_frame_of_the_replies_asks_the_database(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = Database.read
    reads: list[CardState | None] = []

    def counted(self: Database) -> AbstractAsyncContextManager[Connection]:
        reads.append(card.drawings[-1][0] if card.drawings else None)
        return reading(self)

    card, steps = open_card(), [asyncio.Event() for _ in range(5)]
    said = [piece for step in steps for piece in ("Word. ", step)]
    async with services(
        database, clock, [competitor(name, *said) for name in ("Zephyrine", "Quillon")], card
    ) as here:
        await here.hold()
        await until(lambda: bool(card.drawings))
        await a_while()
        monkeypatch.setattr(Database, "read", counted)
        for step in steps[:-1]:
            drawn = len(card.drawings)
            step.set()
            clock.passed += 2
            await until(lambda drawn=drawn: len(card.drawings) > drawn)

        assert reads == []
        steps[-1].set()


async def test_a_reply_that_is_hidden_while_a_frame_asks_what_is_hidden_stays_hidden(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    card, answered, go_on = open_card(), asyncio.Event(), asyncio.Event()
    sides = hidden_replies.sides

    async def late(connection: Connection, battle_id: int) -> frozenset[Side]:
        found = await sides(connection, battle_id)
        await answered.wait()
        return found

    said = ("Rude. ", go_on, "Ruder.")
    async with services(
        database, clock, [competitor(name, *said) for name in ("Zephyrine", "Quillon")], card
    ) as here:
        monkeypatch.setattr(hidden_replies, "sides", late)
        await here.hold()
        await a_while()
        await hide(here)
        await a_while()
        answered.set()
        await until(lambda: (CardState.REPLIES, A) in card.drawings)
        go_on.set()
        await until(lambda: card.drawings[-1][0] is CardState.BALLOT)

        hidden = card.drawings[card.drawings.index((CardState.REPLIES, A)) :]
        assert all(sides == A for _, sides in hidden)


async def test_a_reply_that_is_hidden_while_the_end_is_on_its_way_ends_hidden(
    database: Database, clock: Clock
) -> None:
    card = open_card()
    async with services(database, clock, pair(), card) as here:
        await here.hold_until_the_ballot()
        fast, card.gate = card.gate, (slow := asyncio.Event())
        begun = card.begun
        here.arena.battles.end_early(1, ASKER, moderator=False)
        await until(lambda: card.begun > begun)
        card.gate = fast
        await hide(here)
        await a_while()
        slow.set()
        await until(lambda: len(card.ends) > 1)
        await here.stored()

        assert card.drawings[-2:] == [(CardState.END, NOTHING), (CardState.END, A)]


async def test_a_vote_that_ends_while_the_notice_is_on_its_way_is_shown_ended(
    database: Database, clock: Clock
) -> None:
    card = open_card()
    async with services(database, clock, pair(), card) as here:
        await here.hold_until_the_ballot()
        card.gate.clear()
        begun = card.begun
        await hide(here)
        await until(lambda: card.begun > begun)
        here.arena.battles.end_early(1, ASKER, moderator=False)
        card.gate.set()
        await here.stored()

        assert card.drawings[-2:] == [(CardState.BALLOT, A), (CardState.END, A)]


async def test_two_rulings_at_once_are_both_on_the_card(database: Database, clock: Clock) -> None:
    card = open_card()
    async with services(database, clock, pair(), card) as here:
        await here.hold_until_the_ballot()
        await here.until_the_end()
        await here.stored()
        card.gate.clear()
        voided = await here.arena.rulings.void(MONA, 1, "Spam")
        hidden = await here.arena.reports.hide(MONA, REPLY)
        here.arena.supervisor.redraw(hidden.battle)
        here.arena.supervisor.redraw(voided.battle)
        card.gate.set()
        await here.stored()

        last = card.ends[-1]
        assert (last.hidden, last.voided, last.void_note) == (A, VoidReason.MODERATOR, "Spam")


async def test_a_notice_that_discord_does_not_take_is_offered_again(database: Database, clock: Clock) -> None:
    card = open_card()
    async with services(database, clock, pair(), card) as here:
        await here.hold_until_the_ballot()
        ballots = len(card.drawings)
        card.troubles.append(MessageUnavailableError("503"))
        await hide(here)
        runner = here.arena.supervisor.runner(1)
        assert runner
        await until(lambda: runner.retries.is_waiting)
        await asyncio.sleep(0)  # it waits from here on
        clock.passed += 6.0
        await until(lambda: len(card.drawings) == ballots + 2)

        assert card.drawings[ballots:] == [(CardState.BALLOT, A)] * 2


async def test_a_card_that_is_gone_when_its_reply_is_hidden_is_left_to_the_end_of_the_vote(
    database: Database, clock: Clock
) -> None:
    card = open_card()
    async with services(database, clock, pair(), card) as here:
        await here.hold_until_the_ballot()
        card.troubles.append(MessageGoneError(VoidReason.MESSAGE_GONE))
        await hide(here)
        await until(lambda: not card.troubles)
        await here.until_the_end()

        assert (await here.stored()).state is BattleState.CLOSED


async def test_a_bot_that_stops_before_it_hid_a_reply_of_a_decided_battle_does_so_when_it_starts(
    database: Database, clock: Clock
) -> None:
    async with services(database, clock, pair()) as here:
        await here.hold_until_the_ballot()
        await here.until_the_end()
        await here.stored()
        await here.arena.reports.hide(MONA, REPLY)
    card = open_card()
    async with services(database, clock, pair(), card) as here:
        await here.arena.supervisor.restore()
        here.arena.supervisor.resume(lambda _guild_id: True)
        await here.stored()

    assert card.drawings == [(CardState.END, A)]
