"""How the stand-in writes JSON."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TypeVar

import msgspec

from bot.playground.errors import DiscordError, FormErrors, JsonObject, Refusal

T = TypeVar("T")

__all__ = ["JsonObject", "convert", "decode", "encode", "timestamp"]

STEP = re.compile(r"\w+")
_encoder = msgspec.json.Encoder()


def encode(value: object) -> bytes:
    return _encoder.encode(value)


def decode(content: bytes, kind: type[T]) -> T:
    """Read a request body; what does not fit its type is Discord's invalid form (50035)."""
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.ValidationError as exc:
        raise _invalid(exc) from exc
    except msgspec.DecodeError as exc:
        raise DiscordError(Refusal.INVALID_JSON) from exc


def convert(value: JsonObject, kind: type[T]) -> T:
    """Check a body that is decoded already in the same way."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as exc:
        raise _invalid(exc) from exc


def _invalid(error: msgspec.ValidationError) -> DiscordError:
    text, _, place = str(error).partition(" - at ")
    errors = FormErrors()
    errors.add(tuple(STEP.findall(place)), "BASE_TYPE_COERCE", text)
    return errors.refusal()


def timestamp(seconds: float) -> str:
    """ISO 8601 with microseconds and offset, as Discord writes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")
