"""A vote as a file tells of it, and what the formats have in common."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from bot.arena.categories.rules import CODE, FOLLOW_UP, IMAGE, LANGUAGE_PREFIX, LONG, MIXED, UNKNOWN
from bot.domain.vote import Vote
from bot.imports.languages import language_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Value: TypeAlias = "str | int | float | bool | datetime | list[Value] | dict[str, Value] | None"
Record: TypeAlias = "Mapping[str, Value]"

LATEST = datetime(2100, 1, 1, tzinfo=UTC).timestamp()
MILLISECONDS = 1e11
"""A number of seconds so large would be thousands of years from now."""

WINNERS = {
    "model_a": Vote.A,
    "model_b": Vote.B,
    "tie": Vote.TIE,
    "both_bad": Vote.BOTH_BAD,
    "bothbad": Vote.BOTH_BAD,
    "tie (bothbad)": Vote.BOTH_BAD,
    "tie (both bad)": Vote.BOTH_BAD,
}
_BUILT_IN = {CODE, FOLLOW_UP, IMAGE, LONG, MIXED, UNKNOWN}


class RefusedBecause(StrEnum):
    """Kinds of reasons why a row is not imported, as a summary lists them."""

    NOT_UNDERSTOOD = "not understood"
    NO_WINNER = "no winner that is known"
    NO_TIME = "a time that is none"
    NO_OPPONENT = "no other model beside it"
    NOT_BLIND = "names were shown"
    NO_NAME = "a name that no model can have"
    MASKED = "a name of a masked model"


class RowRefusedError(Exception):
    """Says why a row is not imported."""

    def __init__(self, kind: RefusedBecause, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Conversation:
    """Prompts with the replies of both sides, turn by turn; none where the file has no texts."""

    prompts: tuple[str, ...] = ()
    replies_a: tuple[str, ...] = ()
    replies_b: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceVote:
    """One vote on one pair, by the names and ids of the source."""

    battle: str
    """Votes on the same pair that share it were cast on the same replies."""
    voter: str
    """Somebody of the source; a vote of whom nobody knows is somebody's of its own."""
    model_a: str
    model_b: str
    vote: Vote
    at: float | None
    """In Unix seconds, where the file says it."""
    asker: str | None = None
    locale: str = ""
    categories: frozenset[str] = frozenset()
    conversation: Conversation = Conversation()


class SourcePart(msgspec.Struct, frozen=True):
    type: str = ""
    text: str | None = None


class SourceMessage(msgspec.Struct, frozen=True):
    role: str
    content: str | list[SourcePart] | None = None

    @property
    def said(self) -> str:
        if isinstance(self.content, list):
            return "".join(part.text or "" for part in self.content)
        return self.content or ""


def conversation(a: Sequence[SourceMessage] | None, b: Sequence[SourceMessage] | None) -> Conversation:
    """Join what both sides were asked and said, as far as both go."""
    turns = list(zip(_exchanges(a or ()), _exchanges(b or ()), strict=False))
    return Conversation(
        tuple(asked for (asked, _), _ in turns),
        tuple(said for (_, said), _ in turns),
        tuple(said for _, (_, said) in turns),
    )


def _exchanges(messages: Iterable[SourceMessage]) -> list[tuple[str, str]]:
    """Return each prompt with its reply; what else was sent is left out."""
    found: list[tuple[str, str]] = []
    asked: str | None = None
    for message in messages:
        if message.role == "user":
            asked = message.said
        elif message.role == "assistant" and asked is not None:
            found.append((asked, message.said))
            asked = None
    return found


def winner(said: Value) -> Vote:
    """Understand who won; raises `RowRefusedError`."""
    found = WINNERS.get(said.strip().casefold()) if isinstance(said, str) else None
    if found is None:
        reason = f"winner is {shown(said)}, not model_a, model_b, tie or both_bad"
        raise RowRefusedError(RefusedBecause.NO_WINNER, reason)
    return found


def moment(said: Value, field: str) -> float | None:
    """Understand a time; raises `RowRefusedError`."""
    if said is None or said == "":
        return None
    found = _seconds(said)
    if found is None or not math.isfinite(found) or not 0 <= found < LATEST:
        raise RowRefusedError(RefusedBecause.NO_TIME, f"{field} is {shown(said)}, which is no time")
    return found


def _seconds(said: Value) -> float | None:
    match said:
        case bool():
            return None
        case int() | float():
            return said / 1000 if abs(said) > MILLISECONDS else float(said)
        case datetime():
            return (said if said.tzinfo else said.replace(tzinfo=UTC)).timestamp()
        case str():
            return _written_seconds(said.strip())
        case _:
            return None


def _written_seconds(said: str) -> float | None:
    try:
        return _seconds(float(said))
    except ValueError:
        pass
    try:
        return _seconds(datetime.fromisoformat(said))
    except ValueError:
        return None


def language_category(said: str | None) -> frozenset[str]:
    """Return the category of a language that is given as a code or by its English name, if it is one."""
    code = language_code(said or "")
    return frozenset({f"{LANGUAGE_PREFIX}{code}"} if code else ())


def own_categories(keys: Iterable[str]) -> frozenset[str]:
    """Return those of an export's categories that every server has."""
    return frozenset(
        key
        for key in keys
        if key in _BUILT_IN
        or (key.startswith(LANGUAGE_PREFIX) and language_category(key.removeprefix(LANGUAGE_PREFIX)))
    )


def digest(*parts: str) -> str:
    """Return a short name for things that are told apart by these."""
    text = "\0".join(part.replace("\0", "\0\0") for part in parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def shown(said: Value) -> str:
    """Return the beginning of a value, for a line of the report."""
    text = repr(said)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


MOST_SHOWN = 60
