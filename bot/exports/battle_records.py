"""The formats `jsonl` and `battles`: one row a decided battle, rated or not, with all that is known of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from bot.exports.columns import WINNERS, asker, language, moment, moment_if_any, voter, votes

if TYPE_CHECKING:
    from bot.domain.battle import Answer
    from bot.domain.draws import NamedDrawing
    from bot.domain.exported_battle import ExportedBattle, ExportedSide, ExportedVote
    from bot.exports.pseudonyms import Pseudonyms


class VoteRecord(msgspec.Struct, frozen=True):
    """Two kinds are not counted: excluded ones, and those where `vote` is `None`, for nobody can read them.

    `is_fast`: before both replies could be read; `None` where that is not known.
    """

    id: str
    member: str
    vote: str | None
    voted_at: datetime
    is_excluded: bool
    is_fast: bool | None


class SideRecord(msgspec.Struct, frozen=True):
    """Times are seconds since the models were asked, costs US dollars."""

    model: str
    reply: str | None
    hidden: bool
    cut_off: bool
    finish: str
    first_token_seconds: float | None
    total_seconds: float | None
    input_tokens: int | None
    output_tokens: int | None
    cost: float | None
    leak: str | None
    rating_before: float | None
    rating_after: float | None


class AnswerRecord(msgspec.Struct, frozen=True):
    reply: str
    cut_off: bool
    finish: str
    input_tokens: int | None
    output_tokens: int | None


class TurnRecord(msgspec.Struct, frozen=True):
    prompt: str
    a: AnswerRecord
    b: AnswerRecord


class ChanceRecord(msgspec.Struct, frozen=True):
    model: str
    chance: float


class DrawRecord(msgspec.Struct, frozen=True):
    """`chances` is a list: keyed by names, every server and every year would have other columns."""

    a: str | None
    b: str | None
    chances: list[ChanceRecord] | None
    failed: tuple[str, ...]
    stepped_in: tuple[str, ...]


class BattleRecord(msgspec.Struct, frozen=True):
    """`asker` is `None` where the member wanted to be forgotten, a text where it was deleted."""

    id: str
    asker: str | None
    prompt: str | None
    has_image: bool
    locale: str
    language: str
    categories: tuple[str, ...]
    season: int
    origin: str | None
    drawn_probability: float
    is_tournament: bool
    draw: DrawRecord | None
    """`None` for a pair that was chosen by hand, or met in a tournament."""
    state: str
    is_rated: bool
    unrated: str | None
    voided: str | None
    void_note: str | None
    opened_at: datetime
    voting_at: datetime | None
    closes_at: datetime | None
    closed_at: datetime | None
    a: SideRecord
    b: SideRecord
    turns: list[TurnRecord]
    """Those after the first."""
    votes: list[VoteRecord]


def record(battle: ExportedBattle, pseudonyms: Pseudonyms) -> BattleRecord:
    return BattleRecord(
        id=pseudonyms.battle(battle.battle_id),
        has_image=battle.has_image,
        asker=asker(battle, pseudonyms),
        prompt=battle.prompt if battle.has_texts else None,
        locale=battle.locale,
        language=language(battle.categories),
        categories=battle.categories,
        season=battle.season,
        origin=battle.origin,
        drawn_probability=battle.drawn_probability,
        is_tournament=battle.is_tournament,
        draw=None if battle.drawing is None else _draw(battle.drawing),
        state=battle.state,
        is_rated=battle.voided is None and battle.unrated is None,
        unrated=battle.unrated,
        voided=battle.voided,
        void_note=battle.void_note,
        opened_at=moment(battle.opened_at),
        voting_at=moment_if_any(battle.voting_at),
        closes_at=moment_if_any(battle.closes_at),
        closed_at=moment_if_any(battle.closed_at),
        a=_side(battle.a, has_reply=battle.has_texts),
        b=_side(battle.b, has_reply=battle.has_texts),
        turns=[TurnRecord(turn.prompt, _answer(turn.a), _answer(turn.b)) for turn in battle.turns],
        votes=[
            _vote(vote_id, voter(battle, cast, pseudonyms), cast, battle.readable_at)
            for vote_id, cast in votes(battle, pseudonyms)
        ],
    )


def _draw(drawing: NamedDrawing) -> DrawRecord:
    chances = drawing.chances
    return DrawRecord(
        a=drawing.a,
        b=drawing.b,
        chances=None if chances is None else [ChanceRecord(*chance) for chance in chances.items()],
        failed=drawing.failed,
        stepped_in=drawing.stepped_in,
    )


def _side(seat: ExportedSide, *, has_reply: bool) -> SideRecord:
    return SideRecord(
        model=seat.model,
        hidden=seat.is_hidden,
        reply=seat.reply if has_reply else None,
        cut_off=not seat.finish.is_natural,
        finish=seat.finish,
        first_token_seconds=seat.first_token_seconds,
        total_seconds=seat.total_seconds,
        input_tokens=seat.input_tokens,
        output_tokens=seat.output_tokens,
        cost=seat.cost,
        leak=seat.leak,
        rating_before=seat.rating_before,
        rating_after=seat.rating_after,
    )


def _answer(answer: Answer) -> AnswerRecord:
    return AnswerRecord(
        answer.reply, not answer.finish.is_natural, answer.finish, answer.input_tokens, answer.output_tokens
    )


def _vote(vote_id: str, member: str, cast: ExportedVote, readable_at: float | None) -> VoteRecord:
    return VoteRecord(
        vote_id,
        member,
        WINNERS[cast.vote] if cast.vote else None,
        moment(cast.at),
        cast.is_excluded,
        None if readable_at is None else cast.at < readable_at,
    )
