"""Rows of the format `lmarena`: the public sets of 140,000 and of 55,000 votes, and this bot's own export."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.arena.categories.rules import CODE
from bot.domain.vote import Vote
from bot.imports.source import (
    Conversation,
    RefusedBecause,
    RowRefusedError,
    SourceMessage,
    SourceVote,
    conversation,
    language_category,
    moment,
    own_categories,
    winner,
)

if TYPE_CHECKING:
    from bot.imports.source import Record


class OwnTag(msgspec.Struct, frozen=True):
    categories: list[str] = []


class Tags(msgspec.Struct, frozen=True):
    """Of `category_tag`; what this bot writes there nobody else does."""

    own: OwnTag | None = msgspec.field(name="arena_bot_v1", default=None)


class PreferenceRow(msgspec.Struct, frozen=True):
    id: str | int
    model_a: str
    model_b: str
    winner: str | None = None
    winner_model_a: int = 0
    winner_model_b: int = 0
    winner_tie: int = 0
    evaluation_session_id: str | None = None
    conversation_a: list[SourceMessage] | None = None
    conversation_b: list[SourceMessage] | None = None
    prompt: str | None = None
    response_a: str | None = None
    response_b: str | None = None
    category_tag: Tags | None = None
    language: str | None = None
    is_code: bool = False


def votes(record: Record) -> list[SourceVote]:
    """Understand a row; raises `RowRefusedError` and `msgspec.ValidationError`."""
    row = msgspec.convert(record, PreferenceRow, strict=False)
    own = row.category_tag.own if row.category_tag else None
    if own is None:
        code = frozenset({CODE} if row.is_code else ())
        categories = language_category(row.language) | code
    else:
        categories = own_categories(own.categories)
    # In the public set a session goes on with other models: only here are its votes on one battle.
    session = row.evaluation_session_id if own else None
    return [
        SourceVote(
            battle=f"vote {row.id}" if session is None else f"session {session}",
            voter=f"vote {row.id}",
            model_a=row.model_a,
            model_b=row.model_b,
            vote=_winner(row),
            at=moment(record.get("timestamp") or record.get("tstamp"), "timestamp"),
            categories=categories,
            conversation=_conversation(row),
        )
    ]


def _winner(row: PreferenceRow) -> Vote:
    if row.winner is not None:
        return winner(row.winner)
    marked = [
        vote
        for vote, mark in (
            (Vote.A, row.winner_model_a),
            (Vote.B, row.winner_model_b),
            (Vote.TIE, row.winner_tie),
        )
        if mark
    ]
    if len(marked) != 1:
        raise RowRefusedError(
            RefusedBecause.NO_WINNER,
            "there is no winner, nor is one of winner_model_a, winner_model_b, winner_tie 1",
        )
    return marked[0]


def _conversation(row: PreferenceRow) -> Conversation:
    if row.conversation_a is not None:
        return conversation(row.conversation_a, row.conversation_b)
    if row.prompt is None:
        return Conversation()
    columns = [_texts(text or "") for text in (row.prompt, row.response_a, row.response_b)]
    return Conversation(*map(tuple, zip(*zip(*columns, strict=False), strict=True)))


def _texts(written: str) -> list[str]:
    """Return the turns of a column of the smaller set: a JSON array, or one text."""
    try:
        return [text or "" for text in msgspec.json.decode(written, type=list[str | None])]
    except (msgspec.DecodeError, msgspec.ValidationError):
        return [written]
