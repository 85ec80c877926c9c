"""A crowd of members who vote at a human pace."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from bot.playground.errors import DiscordError, PlaygroundError
from bot.playground.world.messages.components import custom_ids

if TYPE_CHECKING:
    from random import Random

    from bot.playground.world.model import Channel, Member, Message
    from bot.playground.world.world import World

NAMES = (
    *("Ada", "Bruno", "Chidi", "Dana", "Emil", "Farah", "Goro", "Hana", "Ines", "Jonas"),
    *("Kiri", "Liang", "Mira", "Noor", "Olga", "Pablo", "Quinn", "Rosa", "さくら", "Tariq"),
    *("Uma", "Viktor", "Wanda", "Ximena", "ゆうた", "Zoe"),
)
JAPANESE_NAMES = (
    *("葵", "一真", "楓", "健太", "さくら", "翔", "すず", "大和", "千尋", "紬"),
    *("直樹", "七海", "晴", "ひなた", "芙美", "誠", "美月", "悠", "ゆうた", "凛"),
)
"""On a server whose language is Japanese."""

BETWEEN_VOTERS = 0.3
"""Seconds on average; people come in clusters."""

BUTTON, WRITING = ":vote:", ":cancel:"
"""What the id of a button says that is there to vote with, and of one that is there while models write."""

SECOND_THOUGHTS = 0.15
SECOND_THOUGHT_SECONDS = 1.0
SIDES = 2
FAVOUR = 4.0
"""How much more often people take one of the two sides than an escape."""


class Crowd:
    """Members who vote on the newest ballot, some of them twice."""

    def __init__(self, world: World, random: Random, *, pace: float = 1.0) -> None:
        self._world = world
        self._random = random
        self._pace = pace
        self._tasks: set[asyncio.Task[None]] = set()

    def vote(self, channel: Channel, count: int) -> None:
        """Begin to vote. Raises PlaygroundError where there is nothing to vote on."""
        ballot = self._newest_ballot(channel)
        task = asyncio.create_task(self._vote(ballot, self._voters(channel.guild_id, count)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def stop(self) -> None:
        for task in self._tasks:
            task.cancel()

    def _newest_ballot(self, channel: Channel) -> Message:
        for message in reversed(channel.messages.values()):
            is_writing = any(WRITING in each for each in custom_ids(message.components))
            if not is_writing and len(self._choices(message)) > 1:
                return message
        raise PlaygroundError("Nothing to vote on yet. Start with /battle.")

    def _choices(self, message: Message) -> list[str]:
        """List the emoji that the bot put there to vote with, or the ids of buttons that are for it."""
        bot = self._world.bot
        emoji = [each.emoji.name for each in message.reactions.values() if bot.id in each.users]
        return [each for each in custom_ids(message.components) if BUTTON in each] or emoji

    def _voters(self, guild_id: int, count: int) -> list[Member]:
        guild = self._world.guild(guild_id)
        known = {member.user.name: member for member in guild.members.values()}
        pool = JAPANESE_NAMES if guild.locale == "ja" else NAMES
        names = [
            pool[at % len(pool)] + (f" {at // len(pool) + 1}" * (at >= len(pool))) for at in range(count)
        ]
        return [known.get(name) or self._world.create_member(guild, name) for name in names]

    async def _vote(self, ballot: Message, voters: list[Member]) -> None:
        choices = self._choices(ballot)
        weights = [
            FAVOUR * (0.5 + self._random.random()) if at < SIDES else 1.0 for at in range(len(choices))
        ]
        async with asyncio.TaskGroup() as group:
            for voter in voters:
                await self._wait(BETWEEN_VOTERS)
                group.create_task(self._one(voter, ballot, self._random.choices(choices, weights, k=2)))

    async def _one(self, voter: Member, ballot: Message, choices: list[str]) -> None:
        """Vote; some then think again and leave their first reaction behind, as people do."""
        first, second = choices
        # The ballot may be over, or gone, by the time that a voter comes to it.
        with suppress(DiscordError, PlaygroundError):
            self._choose(voter, ballot, first)
            if second != first and self._random.random() < SECOND_THOUGHTS:
                await self._wait(SECOND_THOUGHT_SECONDS)
                self._choose(voter, ballot, second)

    def _choose(self, voter: Member, ballot: Message, choice: str) -> None:
        act = self._world.people.press if BUTTON in choice else self._world.people.react
        act(voter, ballot, choice)

    async def _wait(self, seconds: float) -> None:
        await asyncio.sleep(self._random.expovariate(1 / seconds) * self._pace)
