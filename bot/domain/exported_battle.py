"""Decided battles with their votes: as much of them as an export may know, and as a file tells of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.battle import BattleState, Side, Turn, UnratedReason, VoidReason

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.battle import FinishReason
    from bot.domain.draws import NamedDrawing
    from bot.domain.vote import Vote


UNKNOWN_MOMENT = 0.0
"""When a battle was held whose file does not say it."""


@dataclass(frozen=True, slots=True)
class ExportedSide:
    """A model on a side, under its public name; see `Contestant` for the units."""

    model: str
    reply: str
    finish: FinishReason
    first_token_seconds: float | None
    total_seconds: float | None
    input_tokens: int | None
    output_tokens: int | None
    cost: float | None
    leak: str | None
    rating_before: float | None
    rating_after: float | None
    is_hidden: bool
    """A moderator hid all that this side said, and so it is left out."""


@dataclass(frozen=True, slots=True)
class ExportedVote:
    """A vote that stands; its `vote` is `None` where nobody can read it."""

    user_id: int
    vote: Vote | None
    at: float
    is_excluded: bool
    """A moderator took the member's votes out."""


@dataclass(frozen=True, slots=True)
class ExportedBattle:
    """A decided battle. Times are Unix seconds; votes are in the order in which they were cast."""

    battle_id: int
    asker_id: int | None
    """`None` where the member wanted to be forgotten."""
    has_texts: bool
    """Otherwise prompt and replies were deleted, and are empty."""
    prompt: str
    locale: str
    state: BattleState
    unrated: UnratedReason | None
    voided: VoidReason | None
    void_note: str | None
    has_image: bool
    """The prompt came with one; it is not kept, so nobody can judge the replies any more."""
    season: int
    origin: str | None
    """The format of the file that it was imported from, if it was."""
    drawn_probability: float
    is_tournament: bool
    is_secret: bool
    """Members voted with buttons, unseen."""
    drawing: NamedDrawing | None
    opened_at: float
    voting_at: float | None
    readable_at: float | None
    """Before then nobody can have read both of the first replies."""
    closes_at: float | None
    closed_at: float | None
    categories: tuple[str, ...]
    """Their keys, with a moderators' category by its name: `own:Haiku`."""
    a: ExportedSide
    b: ExportedSide
    turns: tuple[Turn, ...]
    """Those after the first."""
    votes: tuple[ExportedVote, ...]

    @property
    def characters(self) -> int:
        """The number of characters in all prompts and replies."""
        texts = (turn.prompt for turn in self.turns), *map(self.replies, Side)
        return len(self.prompt) + sum(len(text) for each in texts for text in each)

    def replies(self, side: Side) -> list[str]:
        """Return what one side said, turn by turn."""
        first = self.a if side is Side.A else self.b
        return [first.reply, *(turn.answer(side).reply for turn in self.turns)]


@dataclass(frozen=True, slots=True)
class CastVote:
    """A vote that was cast elsewhere, at a time in Unix seconds."""

    vote: Vote
    at: float


@dataclass(frozen=True, slots=True)
class ImportedBattle:
    """A battle as a file tells of it; `model_a` and `model_b` are model ids here, times Unix seconds."""

    source_id: str
    """Of at most 32 characters; in one server it is imported once."""
    model_a: int
    model_b: int
    asker_id: int
    opened_at: float
    closed_at: float
    locale: str
    categories: frozenset[str]
    prompt: str | None
    """`None` where the file has no texts."""
    replies: tuple[str, str]
    turns: tuple[Turn, ...]
    """Those after the first."""
    votes: Mapping[int, CastVote]
    """By the number of who cast it."""
