"""What an OpenAI-compatible server says when it does not answer, told as a `Failure`."""

from __future__ import annotations

import msgspec

from bot.backends.base import Failure
from bot.backends.protocols.openai_wire import ErrorBody, OpenAIError
from bot.backends.protocols.protocol import by_status

_NAMES = {
    "invalid_api_key": Failure.AUTH,
    "authentication_error": Failure.AUTH,
    "model_not_found": Failure.NOT_FOUND,
    "rate_limit_exceeded": Failure.RATE_LIMITED,
    "rate_limit_error": Failure.RATE_LIMITED,
    "insufficient_quota": Failure.RATE_LIMITED,
    "server_error": Failure.OVERLOADED,
    "overloaded_error": Failure.OVERLOADED,
    "content_filter": Failure.FILTERED,
    "content_policy_violation": Failure.FILTERED,
}

_body_decoder = msgspec.json.Decoder(ErrorBody)


def read_error(body: bytes) -> OpenAIError:
    """Understand any of the known shapes; otherwise the message is the body's text."""
    try:
        error = _body_decoder.decode(body).unwrap()
    except (msgspec.DecodeError, UnicodeDecodeError):
        error = OpenAIError()
    return error if error.message else OpenAIError(body.decode(errors="replace"), error.type, error.code)


def classify(error: OpenAIError, status: int | None = None) -> Failure:
    """`status`: that of HTTP, or `None` for an error inside an answer that began with a 200."""
    if status is None and isinstance(error.code, int):
        status = error.code
    names = (str(error.code), error.type or "")
    named = next((_NAMES[name] for name in names if name in _NAMES), Failure.BAD_ANSWER)
    return named if status is None else by_status(status, named)
