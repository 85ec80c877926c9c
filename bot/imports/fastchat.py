"""Rows of the format `fastchat`: FastChat's cleaned battles, and this bot's own flat exports."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.arena.categories.rules import CODE
from bot.imports.source import (
    Conversation,
    RefusedBecause,
    RowRefusedError,
    SourceMessage,
    SourceVote,
    conversation,
    digest,
    language_category,
    moment,
    own_categories,
    winner,
)

if TYPE_CHECKING:
    from bot.imports.source import Record

NOT_BLIND = "the names were shown (anony is false); --with-names takes such votes too"

_categories = msgspec.json.Decoder(list[str])


class JudgedBattle(msgspec.Struct, frozen=True):
    """`question_id`, `judge` and conversations are FastChat's, the fields below them this bot's."""

    model_a: str
    model_b: str
    winner: str
    question_id: str | int | None = None
    judge: str | int | None = None
    anony: bool = True
    language: str | None = None
    conversation_a: list[SourceMessage] | None = None
    conversation_b: list[SourceMessage] | None = None

    battle_id: str | None = None
    vote_id: str | None = None
    asker: str | None = None
    locale: str | None = None
    categories: str | None = None
    is_code: bool = False
    prompt: str | None = None
    reply_a: str | None = None
    reply_b: str | None = None


def votes(record: Record, *, with_names: bool) -> list[SourceVote]:
    """Understand a row; raises `RowRefusedError` and `msgspec.ValidationError`."""
    row = msgspec.convert(record, JudgedBattle, strict=False)
    if not row.anony and not with_names:
        raise RowRefusedError(RefusedBecause.NOT_BLIND, NOT_BLIND)
    told = row.battle_id or row.question_id
    at = moment(record.get("voted_at") or record.get("tstamp"), "tstamp")
    # Without any id, rows that say the same are one.
    name = digest(row.model_a, row.model_b, row.winner, str(row.judge), str(at)) if told is None else told
    return [
        SourceVote(
            battle=f"battle {name}",
            voter=f"vote {row.vote_id or name}" if row.judge is None else f"voter {row.judge}",
            model_a=row.model_a,
            model_b=row.model_b,
            vote=winner(row.winner),
            at=at,
            asker=row.asker,
            locale=row.locale or "",
            categories=_categories_of(row),
            conversation=_conversation(row),
        )
    ]


def _categories_of(row: JudgedBattle) -> frozenset[str]:
    if row.categories is not None:
        return own_categories(_categories.decode(row.categories))
    return language_category(row.language) | frozenset({CODE} if row.is_code else ())


def _conversation(row: JudgedBattle) -> Conversation:
    if row.prompt is not None:
        return Conversation((row.prompt,), (row.reply_a or "",), (row.reply_b or "",))
    return conversation(row.conversation_a, row.conversation_b)
