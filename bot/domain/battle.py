"""Battles with their sides, turns and states."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from bot.domain.rules import DEFAULT_RULES, BattleRules
from bot.domain.vote import Tally, Vote

if TYPE_CHECKING:
    from bot.domain.image import Image, ImageKind


class Side(StrEnum):
    """One of the two seats of a battle."""

    A = "a"
    B = "b"

    @property
    def other(self) -> Side:
        return Side.B if self is Side.A else Side.A


class BattleState(StrEnum):
    """States of a battle, in their order; the last two are final."""

    GENERATING = "generating"
    VOTING = "voting"
    CLOSED = "closed"
    VOIDED = "voided"

    @property
    def is_final(self) -> bool:
        """The battle is decided; from then on only a moderator's ruling moves it between the last two."""
        return self in {BattleState.CLOSED, BattleState.VOIDED}


class VoidReason(StrEnum):
    """Reasons why a battle does not count; its votes are kept.

    Only what a moderator took out can come back.
    """

    RESTARTED = "restarted"
    MODELS_FAILED = "models_failed"
    PROMPT_TOO_LONG = "prompt_too_long"
    CROWDED = "crowded"
    """It waited too long until its models could be asked."""
    CANCELLED = "cancelled"
    """By the member who asked, while the models wrote."""
    MODERATOR_CANCELLED = "mod_cancelled"
    MESSAGE_GONE = "message_gone"
    CHANNEL_GONE = "channel_gone"
    GUILD_GONE = "guild_gone"
    NO_PERMISSION = "no_permission"
    NOT_POSTED = "not_posted"
    BOT_ERROR = "bot_error"
    MODERATOR = "moderator"


class UnratedReason(StrEnum):
    """Reasons why a battle that was held does not count towards the ratings."""

    ASKED_IDENTITY = "asked_identity"
    LEAK = "leak"
    CHANNEL = "channel"
    CHOSEN = "chosen"
    FEW_VOTES = "few_votes"
    TOURNAMENT = "tournament"
    REFUSED = "refused"
    CERTAIN_PAIR = "certain_pair"
    """A rematch for which no other two models were left: everyone could know who answers."""


class CardPart(StrEnum):
    """What a card shows of a battle besides the bot's own words; the sides stand for their replies."""

    PROMPT = "prompt"
    A = "a"
    B = "b"
    IMAGE = "image"


class FinishReason(StrEnum):
    """Why a reply ended."""

    STOP = "stop"
    LENGTH = "length"
    REFUSAL = "refusal"
    """The model declined; what it said instead is the reply."""
    UNKNOWN = "unknown"
    """The server gave a reason that nobody here has heard of: the reply may be whole or not."""

    @property
    def is_natural(self) -> bool:
        """The model said all that it wanted to say."""
        return self in (FinishReason.STOP, FinishReason.REFUSAL)


@dataclass(frozen=True, slots=True)
class Contestant:
    """A model on a side, with its reply. Times are seconds since the models were asked, costs US dollars."""

    side: Side
    model_id: int
    model: str
    reply: str = ""
    finish: FinishReason = FinishReason.STOP
    first_token_seconds: float | None = None
    total_seconds: float | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost: float | None = None
    leak: str | None = None
    rating_before: float | None = None
    rating_after: float | None = None
    is_provisional: bool = False
    """After the battle its model still had too few votes, or too few battles, to be ranked."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The reply of one side in a turn after the first; tokens as its server counted them."""

    reply: str = ""
    finish: FinishReason = FinishReason.STOP
    input_tokens: int | None = None
    output_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A prompt after the first one, with its two answers; `number` is 2 for the first of these."""

    number: int
    prompt: str
    a: Answer = Answer()
    b: Answer = Answer()

    def answer(self, side: Side) -> Answer:
        return self.a if side is Side.A else self.b


@dataclass(frozen=True, slots=True)
class Battle:
    """One prompt, two sides, and the turns that followed. Times are Unix seconds."""

    battle_id: int
    guild_id: int
    channel_id: int
    message_id: int | None
    asker_id: int
    prompt: str
    locale: str
    state: BattleState
    opened_at: float
    a: Contestant
    b: Contestant
    closes_at: float | None = None
    closed_at: float | None = None
    first_drawn_at: float | None = None
    """Since when the card shows the end; what follows the first time is done once."""
    interaction_token: str | None = field(default=None, repr=False)
    unrated: UnratedReason | None = None
    voided: VoidReason | None = None
    tally: Tally = field(default_factory=Tally)
    unclear: int = 0
    season: int = 1
    void_note: str | None = None
    """Why a moderator took it out of the ratings."""

    texts_removed_at: float | None = None
    """Since when prompt and replies are empty, because they were deleted."""

    turns: tuple[Turn, ...] = ()
    readable_at: float | None = None
    """Before then nobody can have read both of the first replies."""
    rules: BattleRules = DEFAULT_RULES
    uncounted: int = 0
    """Votes that these rules do not let count."""
    hidden: frozenset[Side] = frozenset()
    """The sides of which a moderator hides all that they said."""
    refused: frozenset[CardPart] = frozenset()
    """What Discord does not take; it is found out anew wherever a card is drawn."""

    @property
    def is_revealed(self) -> bool:
        """Everyone may know who fought."""
        return self.state is BattleState.CLOSED or self.voided is VoidReason.MODERATOR

    image_kind: ImageKind | None = None
    """Of the image that belongs to the prompt, where there is one."""

    image: Image | None = field(default=None, repr=False)
    """It is kept nowhere else, so after a restart it is gone."""

    image_id: int | None = None
    """Of the image on the card, as Discord told it with the card; after a restart it has to be asked."""

    @property
    def lost_image(self) -> bool:
        """The models could not be shown any more what the conversation is about."""
        return self.image_kind is not None and self.image is None

    @property
    def shows_image(self) -> bool:
        """The card shows the image: not where nobody knows whether Discord ever got it."""
        is_there = self.image_kind is not None and self.voided is not VoidReason.NOT_POSTED
        return is_there and CardPart.IMAGE not in self.refused

    match: Match | None = None
    """What it is for in a tournament."""

    def contestant(self, side: Side) -> Contestant:
        return self.a if side is Side.A else self.b

    @property
    def seeds(self) -> tuple[Vote, ...]:
        """The reactions that the bot puts under the card: none where members vote with buttons."""
        return () if self.rules.ballot == "secret" else tuple(Vote)

    @property
    def last_prompt(self) -> str:
        return self.turns[-1].prompt if self.turns else self.prompt

    def last_reply(self, side: Side) -> str:
        return self.turns[-1].answer(side).reply if self.turns else self.contestant(side).reply

    def last_finish(self, side: Side) -> FinishReason:
        return self.finishes(side)[-1]

    def finishes(self, side: Side) -> list[FinishReason]:
        """Return how each of the side's replies ended, in the order of `exchanges`."""
        return [self.contestant(side).finish, *(turn.answer(side).finish for turn in self.turns)]

    def exchanges(self, side: Side) -> list[tuple[str, str]]:
        """Return each prompt with the side's reply, the first one first."""
        first = (self.prompt, self.contestant(side).reply)
        return [first, *((turn.prompt, turn.answer(side).reply) for turn in self.turns)]


@dataclass(frozen=True, slots=True)
class PastBattle:
    """A decided battle as a list shows it: without the replies, and `prompt` is its beginning.

    It is `None` where the texts were deleted.
    """

    battle_id: int
    channel_id: int
    message_id: int | None
    prompt: str | None
    closed_at: float
    model_a: str
    model_b: str
    tally: Tally
    is_rated: bool
    is_voided: bool
    void_note: str | None
    has_image: bool


class Place(NamedTuple):
    """The place of a match: the round that begins with `of` models (2: the final), `slot` from the top."""

    of: int
    slot: int


class Match(NamedTuple):
    """The match of a tournament that a battle is held for; its prompt came from the members' queue."""

    tournament_id: int
    place: Place
    prompt_id: int
