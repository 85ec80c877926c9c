"""The words of the arena, as types; everything else is written in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.domain.rules import DEFAULT_RULES, BattleRules

if TYPE_CHECKING:
    from bot.domain.image import Image, ImageKind
    from bot.domain.tournament import Match


class Side(StrEnum):
    """One of the two seats of a battle."""

    A = "a"
    B = "b"

    @property
    def other(self) -> Side:
        return Side.B if self is Side.A else Side.A


class Vote(StrEnum):
    """What a member can say of a battle; the values are those of the public arena data sets."""

    A = "a"
    B = "b"
    TIE = "tie"
    BOTH_BAD = "both_bad"


class BattleState(StrEnum):
    """How far a battle has come; the last two are final."""

    GENERATING = "generating"
    VOTING = "voting"
    CLOSED = "closed"
    VOIDED = "voided"


class VoidReason(StrEnum):
    """Why a battle does not count; its votes are kept. Only what a moderator took out can come back."""

    RESTARTED = "restarted"
    MODELS_FAILED = "models_failed"
    MESSAGE_GONE = "message_gone"
    CHANNEL_GONE = "channel_gone"
    GUILD_GONE = "guild_gone"
    NO_PERMISSION = "no_permission"
    NOT_POSTED = "not_posted"
    BOT_ERROR = "bot_error"
    MODERATOR = "moderator"


class UnratedReason(StrEnum):
    """Why a battle that was held does not count towards the ratings."""

    ASKED_IDENTITY = "asked_identity"
    LEAK = "leak"
    CHANNEL = "channel"
    CHOSEN = "chosen"
    FEW_VOTES = "few_votes"
    TOURNAMENT = "tournament"


class Uncounted(StrEnum):
    """Why a vote that was cast, and is kept, does not count."""

    ASKER = "asker"
    NEW_ACCOUNT = "new_account"
    NEW_MEMBER = "new_member"
    UNKNOWN = "unknown"
    """Nobody has told yet since when the voter is a member."""


class ModelState(StrEnum):
    """Whether a model can be drawn; a retired one keeps its history and its place on the leaderboard."""

    ENABLED = "enabled"
    DISABLED = "disabled"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Model:
    """What a server's leaderboard ranks.

    `settings` are those of a model that its moderators brought, as JSON, and `sealed` are its encrypted
    credentials; an operator's model has neither, its settings stand in config.toml.
    """

    model_id: int
    guild_id: int
    name: str
    state: ModelState = ModelState.ENABLED
    code_name: str | None = None
    settings: str | None = field(default=None, repr=False)
    sealed: str | None = field(default=None, repr=False)
    family: str | None = None
    """Variants of one model share it, and do not meet."""

    @property
    def shown(self) -> str:
        """The name that may be said in public: of a masked model, only its code name."""
        return self.code_name or self.name

    @property
    def is_own(self) -> bool:
        """The server's moderators brought it."""
        return self.settings is not None


@dataclass(frozen=True, slots=True)
class Tally:
    """The counted votes of one battle."""

    a: int = 0
    b: int = 0
    tie: int = 0
    both_bad: int = 0

    @property
    def votes(self) -> int:
        return self.a + self.b + self.tie + self.both_bad

    @property
    def score_a(self) -> float:
        """The votes won by side A, with ties and both-bad as half a win."""
        return self.a + (self.tie + self.both_bad) / 2

    @property
    def winner(self) -> Vote | None:
        """The choice that most members made, a tie where several share that place, `None` without votes."""
        if not self.votes:
            return None
        most = max(map(self.count, Vote))
        leading = [vote for vote in Vote if self.count(vote) == most]
        return leading[0] if len(leading) == 1 else Vote.TIE

    def count(self, vote: Vote) -> int:
        return {Vote.A: self.a, Vote.B: self.b, Vote.TIE: self.tie, Vote.BOTH_BAD: self.both_bad}[vote]


@dataclass(frozen=True, slots=True)
class Contestant:
    """A model on a side, with its reply. Times are seconds since the models were asked, costs US dollars."""

    side: Side
    model_id: int
    model: str
    reply: str = ""
    cut_off: bool = False
    first_token_seconds: float | None = None
    total_seconds: float | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost: float | None = None
    leak: str | None = None
    rating_before: float | None = None
    rating_after: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What one side said in a turn after the first; tokens as its server counted them."""

    reply: str = ""
    cut_off: bool = False
    input_tokens: int | None = None
    output_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What was asked and answered after the first prompt; `number` is 2 for the first of these."""

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
    interaction_token: str | None = field(default=None, repr=False)
    unrated: UnratedReason | None = None
    voided: VoidReason | None = None
    tally: Tally = Tally()
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

    @property
    def is_revealed(self) -> bool:
        """Everyone may know who fought."""
        return self.state is BattleState.CLOSED or self.voided is VoidReason.MODERATOR

    image_kind: ImageKind | None = None
    """Of the image that belongs to the prompt, where there is one."""

    image: Image | None = field(default=None, repr=False)
    """It is kept nowhere else, so after a restart it is gone."""

    @property
    def lost_image(self) -> bool:
        """The models could not be shown any more what the conversation is about."""
        return self.image_kind is not None and self.image is None

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

    def last_cut_off(self, side: Side) -> bool:
        return self.turns[-1].answer(side).cut_off if self.turns else self.contestant(side).cut_off

    def exchanges(self, side: Side) -> list[tuple[str, str]]:
        """Return each prompt with the side's reply, the first one first."""
        first = (self.prompt, self.contestant(side).reply)
        return [first, *((turn.prompt, turn.answer(side).reply) for turn in self.turns)]


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A member whose votes do not count, since `excluded_at` (Unix seconds), and the moderator's reason."""

    user_id: int
    excluded_at: float
    actor_id: int
    reason: str


@dataclass(frozen=True, slots=True)
class PastBattle:
    """A battle that was decided, as a list shows it: without the replies, and `prompt` is its beginning.

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
