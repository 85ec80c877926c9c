"""One member's reactions on one ballot, or the choice pressed on a secret one, as a vote; pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.vote import Vote


@dataclass(frozen=True, slots=True)
class MemberBallot:
    """The reactions of one member that stand on the message; a reaction is in at most one of the three.

    Every change returns a new one. A member who took all reactions back holds `MemberBallot()` again.
    """

    standing: tuple[Vote, ...] = ()
    """In the order they were cast: the last one counts."""

    unordered: frozenset[Vote] = frozenset()
    """Cast while the bot was away, after one another in an order that nobody knows."""

    ignored: frozenset[Vote] = frozenset()
    """Cast before the ballot opened or after it closed."""

    cleared: Vote | None = None
    """The vote whose reaction a moderator removed, with all of its kind: it stands until another is cast."""

    @property
    def vote(self) -> Vote | None:
        if self.cleared:
            return self.cleared
        if self.standing:
            return self.standing[-1]
        if len(self.unordered) == 1:
            return next(iter(self.unordered))
        return None

    @property
    def unclear(self) -> bool:
        """Whether the member did vote, but no one can say what: such a member is not counted."""
        return not self.cleared and not self.standing and len(self.unordered) > 1

    @property
    def everything(self) -> frozenset[Vote]:
        """All reactions that stand on the message, whether they count or not."""
        return self.unordered.union(self.standing, self.ignored)

    @property
    def surpassed(self) -> frozenset[Vote]:
        """The reactions that a later one has made meaningless: all but the vote, if there is one."""
        return self.everything - {self.vote} if self.vote else frozenset()

    def press(self, vote: Vote) -> MemberBallot:
        """Record a press on a button, of which one at most stands: the same again takes it back."""
        return MemberBallot() if vote is self.vote else MemberBallot((vote,))

    def add(self, vote: Vote) -> MemberBallot:
        """Record a reaction seen live, within the voting time."""
        without = self.remove(vote)
        return replace(without, standing=(*without.standing, vote), cleared=None)

    def remove(self, vote: Vote) -> MemberBallot:
        return self._only(self.everything - {vote})

    def clear(self, votes: frozenset[Vote]) -> MemberBallot:
        """Take reactions off that the member did not take back: a vote that was among them stands."""
        left = self._only(self.everything - votes)
        return replace(left, cleared=self.vote) if self.vote in votes else left

    def ignore(self, vote: Vote) -> MemberBallot:
        """Record a reaction seen outside the voting time; it does not unmake a vote that already stands."""
        if vote in self.everything:
            return self
        return replace(self, ignored=self.ignored | {vote})

    def reconcile(self, seen: frozenset[Vote]) -> MemberBallot:
        """Accept what the message shows of this member after a time in which events may have been missed.

        A single new reaction was cast after all that were known, so it is last. Of several, nobody knows
        the last: the vote on record stays if its reaction does, and otherwise it is unclear.
        """
        kept = self._only(seen)
        new = seen - self.everything
        if len(new) == 1:
            return replace(kept, standing=(*kept.standing, *new), cleared=None)
        if not new:
            return kept
        return _with_unordered(replace(kept, cleared=None), new, on_record=self.vote)

    def _only(self, votes: frozenset[Vote]) -> MemberBallot:
        standing = tuple(vote for vote in self.standing if vote in votes)
        return MemberBallot(standing, self.unordered & votes, self.ignored & votes, self.cleared)

    def encode(self) -> str:
        """Write the choice as one short text, `standing|unordered|ignored`, for example `a,tie|b|`.

        A fourth part is there where a moderator cleared the vote's reaction.
        """
        cleared = ((self.cleared,),) if self.cleared else ()
        return "|".join(
            map(",".join, (self.standing, sorted(self.unordered), sorted(self.ignored), *cleared))
        )

    @classmethod
    def decode(cls, text: str) -> MemberBallot:
        """Read what `encode` wrote; anything else raises `ValueError`."""
        standing, unordered, ignored, *more = (_votes(part) for part in text.split("|"))
        ((cleared,),) = more or ((None,),)
        return cls(standing, frozenset(unordered), frozenset(ignored), cleared)


def _with_unordered(kept: MemberBallot, new: frozenset[Vote], on_record: Vote | None) -> MemberBallot:
    unordered = kept.unordered | new
    if on_record in kept.standing:
        return replace(kept, unordered=unordered)
    if on_record in kept.unordered:
        return replace(kept, standing=(on_record,), unordered=unordered - {on_record})
    return replace(kept, standing=(), unordered=unordered.union(kept.standing))


def _votes(text: str) -> tuple[Vote, ...]:
    return tuple(map(Vote, text.split(","))) if text else ()
