"""The formats `csv` and `parquet`, one row a vote, one column a fact, and `evalica`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from bot.domain.vote import Vote
from bot.exports.columns import (
    CODE,
    FOLLOW_UP,
    LONG,
    WINNERS,
    asker,
    counted,
    language,
    moment,
    moment_if_any,
    voter,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.exported_battle import ExportedBattle
    from bot.exports.pseudonyms import Pseudonyms

_FASTCHAT_WINNERS = WINNERS | {Vote.BOTH_BAD: "tie (bothbad)"}
_EVALICA_WINNERS = {Vote.A: "left", Vote.B: "right", Vote.TIE: "tie", Vote.BOTH_BAD: "tie"}


class VoteRow(msgspec.Struct, frozen=True):
    """`asker` is `None` where the member wanted to be forgotten, a text where it was deleted.

    The five before the last say by FastChat's names what its reports look for.
    """

    vote_id: str
    battle_id: str
    vote_order: int
    member: str
    asker: str | None
    model_a: str
    model_b: str
    winner: str
    opened_at: datetime
    voted_at: datetime
    closed_at: datetime | None
    season: int
    language: str
    is_code: bool
    is_long: bool
    is_follow_up: bool
    has_image: bool
    categories: str
    """A JSON array, for a name may hold any separator."""
    locale: str
    drawn_probability: float
    is_tournament: bool
    prompt: str | None
    reply_a: str | None
    reply_b: str | None
    hidden_a: bool
    hidden_b: bool
    cut_off_a: bool
    cut_off_b: bool
    finish_a: str
    finish_b: str
    first_token_seconds_a: float | None
    first_token_seconds_b: float | None
    total_seconds_a: float | None
    total_seconds_b: float | None
    input_tokens_a: int | None
    input_tokens_b: int | None
    output_tokens_a: int | None
    output_tokens_b: int | None
    cost_a: float | None
    cost_b: float | None
    rating_before_a: float | None
    rating_before_b: float | None
    rating_after_a: float | None
    rating_after_b: float | None
    tstamp: float
    judge: str
    turn: int | None
    """How many there are; `None` where texts were deleted, and with them those after the first."""
    anony: bool
    fastchat_winner: str
    origin: str | None


class EvalicaRow(msgspec.Struct, frozen=True):
    """A vote in the three columns that evalica's command line reads; it knows no bad replies."""

    left: str
    right: str
    winner: str


def rows(battle: ExportedBattle, pseudonyms: Pseudonyms) -> Iterator[VoteRow]:
    """Yield a row for each vote."""
    a, b, tags = battle.a, battle.b, battle.categories
    battle_id = pseudonyms.battle(battle.battle_id)
    for order, (vote_id, cast, vote) in enumerate(counted(battle, pseudonyms), start=1):
        member = voter(battle, cast, pseudonyms)
        yield VoteRow(
            vote_id=vote_id,
            battle_id=battle_id,
            vote_order=order,
            member=member,
            asker=asker(battle, pseudonyms),
            model_a=a.model,
            model_b=b.model,
            winner=WINNERS[vote],
            opened_at=moment(battle.opened_at),
            voted_at=moment(cast.at),
            closed_at=moment_if_any(battle.closed_at),
            season=battle.season,
            language=language(tags),
            is_code=CODE in tags,
            is_long=LONG in tags,
            is_follow_up=FOLLOW_UP in tags,
            has_image=battle.has_image,
            categories=msgspec.json.encode(tags).decode(),
            locale=battle.locale,
            drawn_probability=battle.drawn_probability,
            is_tournament=battle.is_tournament,
            hidden_a=a.is_hidden,
            hidden_b=b.is_hidden,
            prompt=battle.prompt if battle.has_texts else None,
            reply_a=a.reply if battle.has_texts else None,
            reply_b=b.reply if battle.has_texts else None,
            cut_off_a=not a.finish.is_natural,
            cut_off_b=not b.finish.is_natural,
            finish_a=a.finish,
            finish_b=b.finish,
            first_token_seconds_a=a.first_token_seconds,
            first_token_seconds_b=b.first_token_seconds,
            total_seconds_a=a.total_seconds,
            total_seconds_b=b.total_seconds,
            input_tokens_a=a.input_tokens,
            input_tokens_b=b.input_tokens,
            output_tokens_a=a.output_tokens,
            output_tokens_b=b.output_tokens,
            cost_a=a.cost,
            cost_b=b.cost,
            rating_before_a=a.rating_before,
            rating_before_b=b.rating_before,
            rating_after_a=a.rating_after,
            rating_after_b=b.rating_after,
            tstamp=float(int(cast.at)),
            judge=member,
            turn=1 + len(battle.turns) if battle.has_texts else None,
            anony=True,  # no vote on a rated battle was cast with the names shown
            fastchat_winner=_FASTCHAT_WINNERS[vote],
            origin=battle.origin,
        )


def evalica_rows(battle: ExportedBattle, pseudonyms: Pseudonyms) -> Iterator[EvalicaRow]:
    for _, _, vote in counted(battle, pseudonyms):
        yield EvalicaRow(battle.a.model, battle.b.model, _EVALICA_WINNERS[vote])
