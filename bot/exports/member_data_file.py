"""One JSON document of all that is kept of a member, written piece by piece."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from bot.exports.columns import moment, moment_if_any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from bot.domain.battle import Answer, Turn
    from bot.domain.member_data import AskedBattle, OwnChange, OwnReport, OwnVote, StoredSide
    from bot.storage.tournament_prompts import WaitingPrompt


class MemberDataHead(msgspec.Struct, frozen=True):
    """Ids are texts, because a number of JSON cannot hold them everywhere."""

    server: str
    member: str
    written_at: datetime
    left_out_of_exports: bool
    battles_that_will_forget_you: list[int]


class OwnSide(msgspec.Struct, frozen=True):
    """All but the reply is `None` until the battle is decided. Seconds, and US dollars."""

    model: str | None
    reply: str | None
    cut_off: bool
    finish: str
    first_token_seconds: float | None
    total_seconds: float | None
    input_tokens: int | None
    output_tokens: int | None
    cost: float | None
    leak: str | None


class OwnAnswer(msgspec.Struct, frozen=True):
    reply: str
    cut_off: bool
    finish: str
    input_tokens: int | None
    output_tokens: int | None


class OwnTurn(msgspec.Struct, frozen=True):
    number: int
    prompt: str
    a: OwnAnswer
    b: OwnAnswer


class TallyRecord(msgspec.Struct, frozen=True):
    a: int
    b: int
    tie: int
    both_bad: int


class OwnBattle(msgspec.Struct, frozen=True):
    """`prompt` and replies are `None` where they were deleted."""

    number: int
    channel: str
    message: str | None
    state: str
    asked_at: datetime
    voting_at: datetime | None
    closes_at: datetime | None
    closed_at: datetime | None
    texts_deleted_at: datetime | None
    locale: str
    categories: tuple[str, ...]
    unrated: str | None
    voided: str | None
    prompt: str | None
    a: OwnSide
    b: OwnSide
    turns: list[OwnTurn]
    votes: TallyRecord | None


class OwnVoteRecord(msgspec.Struct, frozen=True):
    battle: int
    vote: str | None
    unclear: bool
    reactions: str
    changed_at: datetime


class ReportRecord(msgspec.Struct, frozen=True):
    battle: int
    side: str
    reason: str | None
    at: datetime


class SuggestionRecord(msgspec.Struct, frozen=True):
    prompt: str
    at: datetime


class ChangeRecord(msgspec.Struct, frozen=True):
    at: datetime
    action: str
    model: str | None
    fields: tuple[str, ...]


AnyRecord: TypeAlias = OwnBattle | OwnVoteRecord | ReportRecord | SuggestionRecord | ChangeRecord


class MemberDataFile:
    """Its head comes first, then its lists, one after another."""

    def __init__(self, path: Path) -> None:
        """Begin a file, which must not be there yet."""
        self._encoder = msgspec.json.Encoder()
        self._file = path.open("xb")
        self._end, self._separator = b"", b""

    def add_head(self, head: MemberDataHead) -> None:
        self._file.write(self._encoder.encode(head).removesuffix(b"}"))

    def begin(self, name: str) -> None:
        """Begin a list, which ends the one before."""
        self._file.write(self._end + f',\n"{name}": ['.encode())
        self._end, self._separator = b"\n]", b"\n"

    def add(self, records: Iterable[AnyRecord]) -> None:
        for record in records:
            self._file.write(self._separator + self._encoder.encode(record))
            self._separator = b",\n"

    def close(self) -> None:
        with self._file:
            self._file.write(self._end + b"}\n")


def battle_record(battle: AskedBattle) -> OwnBattle:
    has_texts = battle.texts_removed_at is None
    return OwnBattle(
        number=battle.battle_id,
        channel=str(battle.channel_id),
        message=None if battle.message_id is None else str(battle.message_id),
        state=battle.state,
        asked_at=moment(battle.opened_at),
        voting_at=moment_if_any(battle.voting_at),
        closes_at=moment_if_any(battle.closes_at),
        closed_at=moment_if_any(battle.closed_at),
        texts_deleted_at=moment_if_any(battle.texts_removed_at),
        locale=battle.locale,
        categories=battle.categories,
        unrated=battle.unrated,
        voided=battle.voided,
        prompt=battle.prompt if has_texts else None,
        a=_side(battle.a, has_reply=has_texts),
        b=_side(battle.b, has_reply=has_texts),
        turns=[_turn(turn) for turn in battle.turns],
        votes=battle.tally and TallyRecord(**asdict(battle.tally)),
    )


def vote_record(vote: OwnVote) -> OwnVoteRecord:
    return OwnVoteRecord(vote.battle_id, vote.vote, vote.unclear, vote.reactions, moment(vote.changed_at))


def report_record(report: OwnReport) -> ReportRecord:
    return ReportRecord(report.battle_id, report.side, report.reason, moment(report.at))


def suggestion_record(waiting: WaitingPrompt) -> SuggestionRecord:
    return SuggestionRecord(waiting.prompt, moment(waiting.added_at))


def change_record(change: OwnChange) -> ChangeRecord:
    return ChangeRecord(moment(change.at), change.action, change.model, change.fields)


def _side(seat: StoredSide, *, has_reply: bool) -> OwnSide:
    return OwnSide(
        model=seat.model,
        reply=seat.reply if has_reply else None,
        cut_off=not seat.finish.is_natural,
        finish=seat.finish,
        first_token_seconds=seat.first_token_seconds,
        total_seconds=seat.total_seconds,
        input_tokens=seat.input_tokens,
        output_tokens=seat.output_tokens,
        cost=seat.cost,
        leak=seat.leak,
    )


def _turn(turn: Turn) -> OwnTurn:
    return OwnTurn(turn.number, turn.prompt, _answer(turn.a), _answer(turn.b))


def _answer(answer: Answer) -> OwnAnswer:
    return OwnAnswer(
        answer.reply, not answer.finish.is_natural, answer.finish, answer.input_tokens, answer.output_tokens
    )
