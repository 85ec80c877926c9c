"""Members who vote and change their minds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.vote import Vote
from cogs.battles.vote_emoji import EMOJI

if TYPE_CHECKING:
    from random import Random

    from bot.playground import Guild, Member, Message, World


class ReactingCrowd:
    """Puts random reactions under cards and takes them off; remembers what each vote is in truth."""

    def __init__(self, world: World, guild: Guild, members: int, random: Random) -> None:
        self._world, self._guild = world, guild
        self._members = [self.newcomer() for _ in range(members)]
        self._random = random
        self._standing: dict[tuple[int, int], list[Vote]] = {}

    def newcomer(self) -> Member:
        return self._world.create_member(self._guild, "voter")

    def act(self, card: Message, member: Member | None = None) -> tuple[int, int]:
        """Let a member, or any, change one reaction; returns the message's and the member's id."""
        member = member or self._random.choice(self._members)
        vote = self._random.choice(list(Vote))
        standing = self._standing.setdefault((card.id, member.id), [])
        if vote in standing:
            standing.remove(vote)
            self._world.people.unreact(member, card, EMOJI[vote])
        else:
            standing.append(vote)
            self._world.people.react(member, card, EMOJI[vote])
        return card.id, member.id

    def vote(self, message_id: int, user_id: int) -> str | None:
        """Return what counts: the last of the member's reactions that still stand."""
        standing = self._standing[message_id, user_id]
        return standing[-1].value if standing else None

    def votes(self) -> dict[tuple[int, int], str | None]:
        return {place: self.vote(*place) for place in self._standing}
