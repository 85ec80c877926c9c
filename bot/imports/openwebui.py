"""Rows of the format `openwebui`: the feedback that Open WebUI exports (Admin Panel, Evaluations)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.domain.vote import Vote
from bot.imports.source import Conversation, RefusedBecause, RowRefusedError, SourceVote, moment, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.imports.source import Record

NOT_BLIND = "the names were shown (no arena model answered); --with-names takes such votes too"
RATINGS = {"1": Vote.A, "-1": Vote.B}


class FeedbackRating(msgspec.Struct, frozen=True):
    model_id: str | None = None
    sibling_model_ids: list[str] | None = None
    rating: str | int | float | None = None


class FeedbackMeta(msgspec.Struct, frozen=True):
    arena: bool | None = None
    message_id: str | None = None


class FeedbackMessage(msgspec.Struct, frozen=True, rename="camel"):
    content: str = ""
    parent_id: str | None = None
    children_ids: list[str] = []
    model: str | None = None
    selected_model_id: str | None = None


class ChatHistory(msgspec.Struct, frozen=True):
    messages: dict[str, FeedbackMessage] = {}


class ChatBody(msgspec.Struct, frozen=True):
    history: ChatHistory = ChatHistory()


class ChatRow(msgspec.Struct, frozen=True):
    chat: ChatBody = ChatBody()


class Snapshot(msgspec.Struct, frozen=True):
    chat: ChatRow | None = None


class Feedback(msgspec.Struct, frozen=True):
    id: str
    type: str = "rating"
    user_id: str | None = None
    data: FeedbackRating | None = None
    meta: FeedbackMeta | None = None


class WithSnapshot(msgspec.Struct, frozen=True):
    snapshot: Snapshot | None = None


def votes(record: Record, *, with_names: bool) -> list[SourceVote]:
    """Understand a rating as Open WebUI's leaderboard does: the model won or lost against each sibling.

    Raises `RowRefusedError` and `msgspec.ValidationError`.
    """
    row = msgspec.convert(record, Feedback, strict=False)
    if row.type != "rating" or row.data is None or not row.data.model_id:
        raise RowRefusedError(RefusedBecause.NO_OPPONENT, "it rates no model")
    meta = row.meta or FeedbackMeta()
    model, siblings = row.data.model_id, dict.fromkeys(row.data.sibling_model_ids or ())
    others = [sibling for sibling in siblings if sibling != model]
    if not others:
        raise RowRefusedError(
            RefusedBecause.NO_OPPONENT, "it rates a reply that stood beside no other model's"
        )
    if not meta.arena and not with_names:
        raise RowRefusedError(RefusedBecause.NOT_BLIND, NOT_BLIND)
    vote, messages = _rating(row.data), _messages(record)
    at = moment(record.get("updated_at") or record.get("created_at"), "updated_at")
    return [
        SourceVote(
            battle=f"feedback {row.id}",
            voter=f"vote {row.id}" if row.user_id is None else f"voter {row.user_id}",
            model_a=model,
            model_b=other,
            vote=vote,
            at=at,
            asker=None if row.user_id is None else f"voter {row.user_id}",
            conversation=_conversation(messages, meta.message_id or "", other),
        )
        for other in others
    ]


def _rating(data: FeedbackRating) -> Vote:
    found = RATINGS.get(str(data.rating))
    if found is None:
        raise RowRefusedError(RefusedBecause.NO_WINNER, f"rating is {shown(data.rating)}, neither 1 nor -1")
    return found


def _messages(record: Record) -> Mapping[str, FeedbackMessage]:
    """Return the messages of the chat by their ids: none where there is no chat that can be understood."""
    try:
        found = msgspec.convert(record, WithSnapshot, strict=False).snapshot
    except msgspec.ValidationError:
        return {}
    return found.chat.chat.history.messages if found and found.chat else {}


def _conversation(messages: Mapping[str, FeedbackMessage], message_id: str, other: str) -> Conversation:
    """Return the prompt with both replies to it, where the chat has all three."""
    rated = messages.get(message_id)
    asked = messages.get(rated.parent_id or "") if rated else None
    if rated is None or asked is None:
        return Conversation()
    beside = (messages[child] for child in asked.children_ids if child != message_id and child in messages)
    reply = next((each.content for each in beside if (each.selected_model_id or each.model) == other), None)
    return Conversation() if reply is None else Conversation((asked.content,), (rated.content,), (reply,))
