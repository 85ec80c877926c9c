"""Members who hold battles one after another in their channel, and know how each must end."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bench.setup.setting import CLOSE, PROMPT, close_button, is_decided, is_open
from bot.domain.vote import Vote
from bot.playground import DiscordError, PlaygroundError
from cogs.battles.vote_emoji import EMOJI

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from random import Random

    from bot.playground import Channel, Member, Message, Playground

VOTERS = 4
ANSWER_SECONDS = 6.0
LOOK_SECONDS = 2.0
PRESS_SECONDS = 3.0
PATIENCE = 120.0
"""Seconds for a ballot, and for a reveal: the bot may be cut off, killed and refused meanwhile."""

CALLED_OFF = "was called off"
CHANGES_MIND = 0.3
WITHDRAWS = 0.1


@dataclass
class ContestScore:
    """What became of the battles; `wrong` says each thing that should not have been."""

    revealed: int = 0
    voided: int = 0
    unanswered: int = 0
    unclear: int = 0
    turns: int = 0
    wrong: list[str] = field(default_factory=list[str])


@dataclass(frozen=True, slots=True)
class Counted:
    """What the bot's database says of one member's vote."""

    vote: str | None
    unclear: bool


class Contest:
    """Battles until there were enough, in as many channels as `fight` is called for."""

    def __init__(
        self,
        playground: Playground,
        database: Path,
        battles: int,
        random: Random,
        revealed: Callable[[], None],
        follow_ups: float = 0.0,
    ) -> None:
        """`follow_ups` is the share of battles whose models are asked on."""
        self.score = ContestScore()
        self._playground = playground
        self._database = database
        self._left = battles
        self._random = random
        self._revealed = revealed
        self._follow_ups = follow_ups
        self._is_over = False

    def stop(self) -> None:
        """Begin no battle more."""
        self._is_over = True

    async def fight(self, channel: Channel, members: Sequence[Member]) -> None:
        """Let the first member ask, all vote but the last, who is a bot, and the first one close."""
        while self._left > 0 and not self._is_over:
            self._left -= 1
            card = await self._open(channel, members[0])
            if card is None:
                self._left += 1
                continue
            cast = await self._vote(card, members)
            if self._random.random() < self._follow_ups:
                await self._ask_on(card, members[0])
            if await self._close(card, members[0]):
                self.score.revealed += 1
                self._revealed()
                self._judge(card, cast)

    async def _open(self, channel: Channel, asker: Member) -> Message | None:
        asked = self._playground.people.slash(asker, channel, "battle", prompt=PROMPT)
        with suppress(TimeoutError):
            await asked.finished(timeout=ANSWER_SECONDS)
        card = asked.message
        if card is None or asked.ephemeral or asked.thinking:
            self.score.unanswered += 1
            return None
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with suppress(TimeoutError):
                await self._playground.world.until(lambda: is_open(card), timeout=LOOK_SECONDS)
                return card
            if CALLED_OFF in card.text:
                self.score.voided += 1
                return None
            if card.id not in channel.messages:  # a refusal, which took back what everyone could see
                self.score.unanswered += 1
                return None
        self.score.wrong.append(f"{card.id}: no ballot within {PATIENCE:.0f} s: {card.text[:200]!r}")
        return None

    async def _vote(self, card: Message, members: Sequence[Member]) -> dict[int, list[Vote]]:
        """Return the reactions of each member that stand, the last one last."""
        people, random = self._playground.people, self._random
        *voters, bot = members
        people.react(bot, card, EMOJI[Vote.A])
        cast: dict[int, list[Vote]] = {}
        for member in voters:
            first, second = random.sample(list(Vote), 2)
            people.react(member, card, EMOJI[first])
            cast[member.id] = [first]
            await asyncio.sleep(random.random() / 10)
            if random.random() < CHANGES_MIND:
                people.react(member, card, EMOJI[second])
                cast[member.id].append(second)
            elif random.random() < WITHDRAWS:
                people.unreact(member, card, EMOJI[first])
                cast[member.id] = []
        return cast

    async def _ask_on(self, card: Message, asker: Member) -> None:
        """Ask both models a further question; where the bot is away, nobody waits for it."""
        people, number = self._playground.people, (close_button(card) or "").removeprefix(CLOSE)
        with suppress(PlaygroundError, DiscordError, TimeoutError):
            form = people.press(asker, card, f"arena:continue:{number}")
            await form.answered(timeout=PRESS_SECONDS)
            sent = people.submit_modal(asker, form, {"prompt": "And then?"})
            await sent.answered(timeout=PRESS_SECONDS)
            self.score.turns += 1

    async def _close(self, card: Message, asker: Member) -> bool:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if is_decided(card):
                return True
            with suppress(PlaygroundError, DiscordError):
                if button := close_button(card):
                    self._playground.people.press(asker, card, button)
            with suppress(TimeoutError):
                await self._playground.world.until(lambda: is_decided(card), timeout=PRESS_SECONDS)
        self.score.wrong.append(f"{card.id}: not revealed within {PATIENCE:.0f} s")
        return False

    def _judge(self, card: Message, cast: Mapping[int, Sequence[Vote]]) -> None:
        rows = self.rows(
            "select user_id, vote, unclear from votes join battles using (battle_id) where message_id = ?",
            card.id,
        )
        counted = {
            int(str(user)): Counted(str(vote) if vote else None, unclear=bool(unclear))
            for user, vote, unclear in rows
        }
        wrong, unclear = compare(cast, counted, card.text)
        self.score.unclear += unclear
        self.score.wrong += [f"{card.id}: {each}" for each in wrong]

    async def left(self, counting: str, seconds: float) -> int:
        """Wait until this statement counts nothing; returns what it counts once the time is over."""
        deadline = time.monotonic() + seconds
        while True:
            ((left,),) = self.rows(counting)
            if not left or time.monotonic() > deadline:
                return int(str(left))
            await asyncio.sleep(1)

    def rows(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self._database)) as database:
            return database.execute(statement, values).fetchall()


def compare(
    cast: Mapping[int, Sequence[Vote]], counted: Mapping[int, Counted], card: str
) -> tuple[list[str], int]:
    """Hold what was counted and shown against what members did; returns what differs, and unclear votes.

    Several reactions that came while the bot did not listen have no known order: not to count them is right.
    """
    wrong: list[str] = []
    tally: Counter[Vote] = Counter()
    unclear = 0
    for member, stands in cast.items():
        found = counted.get(member, Counted(None, unclear=False))
        if found.unclear and len(stands) > 1:
            unclear += 1
            continue
        truth = stands[-1] if stands else None
        if found != Counted(truth, unclear=False):
            wrong.append(f"{member} left {list(stands)}, counted was {found}")
        if truth:
            tally[truth] += 1
    wrong += [f"{member} has no vote, counted was one" for member in counted if member not in cast]
    line = " · ".join(f"{EMOJI[vote]} {tally[vote]}" for vote in Vote)
    if line not in card:
        wrong.append(f"the card does not say {line}: {card[-300:]!r}")
    return wrong, unclear
