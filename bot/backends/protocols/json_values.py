"""JSON as servers write it, read without judging what decides nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias, cast

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Fields: TypeAlias = "Mapping[str, object]"

MOST_TOKENS = 10**9
REASONS = ("finish_reason", "finishReason", "stop_reason", "stopReason", "done_reason", "doneReason")
"""What the reason of the end is called; gateways between two protocols keep the other's name."""
_NOTHING: Fields = {}
_UNREAD = frozenset(
    {"logprobs", "prompt_logprobs", "logprobsResult", "token_ids", "prompt_token_ids", "tokens", "context"}
)


class UnreadableError(ValueError):
    """It is no JSON, or none that anybody means: deeper nested or with longer numbers than Python takes."""


def decode(document: str | bytes) -> object:
    try:
        return msgspec.json.decode(document)
    except (msgspec.DecodeError, UnicodeError):
        return _decode_loosely(document)
    except RecursionError as exc:
        raise UnreadableError("nested too deep") from exc


def _decode_loosely(document: str | bytes) -> object:
    """Take what only the standard library does: half a surrogate pair, NaN, control characters in texts."""
    try:
        return json.loads(document, strict=False, parse_int=float)
    except (ValueError, RecursionError) as exc:
        raise UnreadableError("not JSON") from exc


def fields(value: object) -> Fields:
    """Return an object's fields; none of anything else."""
    return cast("Fields", value) if isinstance(value, dict) else _NOTHING


def items(value: object) -> Sequence[object]:
    return cast("list[object]", value) if isinstance(value, list) else ()


def named(names: Sequence[str], *places: Fields) -> list[object]:
    """Return what the fields of these names hold, as far as they are there."""
    return [place[name] for place in places for name in names if name in place]


def holds_more(value: object, most: int) -> bool:
    """Tell whether an object or a list holds more values than that, those not counted that nobody reads."""
    rest, found = [value], 0
    while rest:
        held = rest.pop()
        inner = [each for key, each in fields(held).items() if key not in _UNREAD] or items(held)
        found += len(inner)
        if found > most:
            return True
        rest += inner
    return False


def is_object(value: object) -> bool:
    return isinstance(value, dict)


def is_list(value: object) -> bool:
    return isinstance(value, list)


def text(value: object) -> str:
    return value if isinstance(value, str) else ""


def tokens(value: object) -> int | None:
    """Return a count of tokens if it is a sane one: whole, and not beyond any bill."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 0 <= value <= MOST_TOKENS and value == int(value) else None


def is_first(index: object) -> bool:
    """Tell whether a choice is the one that was asked for; many servers do not number them."""
    return index in (None, 0, "0", "")
