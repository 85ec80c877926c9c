"""What servers say instead of an answer, or in the middle of one, told as a `Failure`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from bot.backends.base import Failure
from bot.backends.protocols.json_values import (
    UnreadableError,
    decode,
    fields,
    holds_more,
    is_list,
    is_object,
    items,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.backends.protocols.json_values import Fields

STATUSES = {
    401: Failure.AUTH,
    # Where an account has no money left: it is the account that must be looked after.
    402: Failure.AUTH,
    403: Failure.AUTH,
    404: Failure.NOT_FOUND,
    # Where a web page answers in place of the API.
    405: Failure.NOT_FOUND,
    408: Failure.TIMEOUT,
    413: Failure.PROMPT_TOO_LONG,
    429: Failure.RATE_LIMITED,
}
_FIRST_SERVER_ERROR = 500
_HTTP_ERROR = re.compile(r"[45][0-9][0-9]")
_NAMES: Mapping[str, Failure] = {
    **dict.fromkeys(
        (
            *("invalid_api_key", "authentication_error", "permission_error", "billing_error"),
            *("unauthenticated", "permission_denied", "api_key_invalid", "invalidapikey"),
        ),
        Failure.AUTH,
    ),
    **dict.fromkeys(("model_not_found", "not_found_error", "not_found", "notfounderror"), Failure.NOT_FOUND),
    **dict.fromkeys(
        (
            *("rate_limit_exceeded", "rate_limit_error", "insufficient_quota", "resource_exhausted"),
            *("throttling", "ratelimiterror", "too_many_requests"),
        ),
        Failure.RATE_LIMITED,
    ),
    **dict.fromkeys(
        (
            *("server_error", "overloaded_error", "api_error", "unavailable", "internal"),
            *("internal_error", "internal_server_error", "service_unavailable", "unavailable_error"),
        ),
        Failure.OVERLOADED,
    ),
    **dict.fromkeys(
        (
            "content_filter",
            "content_policy_violation",
            "responsibleaipolicyviolation",
            "data_inspection_failed",
        ),
        Failure.FILTERED,
    ),
    **dict.fromkeys(("timeout_error", "deadline_exceeded"), Failure.TIMEOUT),
    **dict.fromkeys(
        (
            *("exceed_context_size_error", "context_length_exceeded", "request_too_large"),
            *("string_above_max_length", "contextwindowexceedederror", "payload_too_large"),
        ),
        Failure.PROMPT_TOO_LONG,
    ),
}
_PROMPT_TOO_LONG = re.compile(
    r"context[ _-]?(?:length|size|window)|maximum context|prompt is too long|prompt too long"
    r"|(?:input|request|payload|entity|body) (?:is )?too (?:long|large)|too many (?:input )?tokens"
    r"|input token count.{0,40}exceeds|exceeds? the (?:maximum|model'?s?) (?:number of tokens|context|input)",
    re.IGNORECASE,
)
_NO_SUCH_MODEL = re.compile(
    r"model.{0,300}?(?:not found|does not exist|doesn't exist|not exist|is not available|not supported here)"
    r"|invalid model(?: name| id)?\b|unknown model|no such model|not a valid model"
    r"|\bnot found\b.{0,40}\bmodel",
    re.IGNORECASE | re.DOTALL,
)
# llama.cpp (as a 500), OpenRouter (as a 404), OpenAI, vLLM, LM Studio, Ollama and DeepSeek, in this order.
_NO_IMAGES = re.compile(
    r"image inputs? (?:is|are) not (?:supported|enabled|available)|endpoints found that support image"
    r"|image_url is only supported|not a multimodal model|at most 0 image"
    r"|(?:not|n't) support (?:images?|vision|multimodal)\b(?! (?:format|type|of))"
    r"|data required for image input|unknown variant `image_url`",
    re.IGNORECASE,
)
SAYS_ERROR = re.compile(r"error|exception|fail|timeout|traceback|overloaded", re.IGNORECASE)
_SIGN = re.compile(
    r"error|exception|failure|traceback|\b(?:detail|errno|err(?:_?(?:msg|code))?|fault)\b", re.IGNORECASE
)
_KINDS = ("type", "object", "status", "event", "__type")
_CODES = ("error_code", "errorCode")
_ANSWERS = ("choices", "candidates", "delta", "content_block", "usage", "usageMetadata", "promptFeedback")
_FINE = (None, "", 0, "0", 200, "200", "ok", "success", "OK", "Success", False)
_TEXTS = (
    *("message", "msg", "detail", "error", "error_message", "error_msg", "errorMessage", "err_msg"),
    *("errmsg", "err", "status_msg", "errors", "description", "exception", "fault", "faultstring", "title"),
    *("reason", "failure", "type", "code"),
)
_QUOTED_CHARS = 500
_QUOTED_ITEMS = 5
_MOST_VALUES = 1000


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a server says instead of an answer; `retry_after` in seconds."""

    failure: Failure
    message: str
    retry_after: float | None = None


class ServerComplaint(Exception):  # noqa: N818 - the server's, not ours
    """The server does not answer as asked; `status` is that of HTTP, `None` in the middle of an answer."""

    def __init__(self, complaint: Complaint, status: int | None = None) -> None:
        super().__init__(complaint.message)
        self.complaint = complaint
        self.status = status


def by_status(status: int, otherwise: Failure = Failure.BAD_ANSWER) -> Failure:
    # 529 too, which Anthropic and OpenRouter send where a model is overloaded.
    if status >= _FIRST_SERVER_ERROR:
        return Failure.OVERLOADED
    return STATUSES.get(status, otherwise)


def of_body(body: bytes, status: int, otherwise: Failure = Failure.BAD_ANSWER) -> Complaint:
    """Understand an answer that is none, in any of the known shapes; otherwise its text is the message."""
    try:
        document = decode(body)
    except UnreadableError:
        document = None
    if holds_more(document, _MOST_VALUES):
        document = None
    if is_list(document):
        document = next(iter(items(document)), None)
    found = fields(document)
    message = _message(found.get("error")) or _message(found) or body.decode(errors="replace")
    return _complaint(found, message, status, otherwise)


def in_answer(document: Fields, name: str, otherwise: Failure) -> Complaint | None:
    """Understand a document that says error in any usual way; `name` is that of its event, if it has one."""
    error = document.get("error")
    if not error and not any(_choice_errors(document)) and not _says_error(document, name):
        return None
    message = _message(error) or next(_choice_errors(document), "") or _message(document)
    return _complaint(document, message or _quote(document), None, otherwise)


def in_words(said: str, otherwise: Failure) -> Complaint:
    """Understand an error that is no JSON."""
    return Complaint(_classify((), said, None, otherwise), said[:_QUOTED_CHARS])


def _choice_errors(document: Fields) -> Iterator[str]:
    for choice in items(document.get("choices")):
        if error := fields(choice).get("error"):
            yield _message(error) or _quote(fields(error))


def _says_error(document: Fields, name: str) -> bool:
    kinds = [text(document.get(key)) for key in _KINDS]
    if name == "error" or any(kind.lower() in ("error", "failed") for kind in kinds):
        return True
    if fields(document.get("base_resp")).get("status_code") not in _FINE:
        return True
    if any(document.get(key) for key in _ANSWERS):
        return False
    if document.get("success") is False or document.get("ok") is False or any(_signs(document)):
        return True
    if any(map(SAYS_ERROR.search, kinds)) or _status_is_bad(document):
        return True
    words = [said for key in ("message", "msg") if (said := text(document.get(key)))]
    return bool(words) and (_code_is_bad(document) or any(map(SAYS_ERROR.search, words)))


def _signs(document: Fields) -> Iterator[str]:
    """Return the fields that only an error has; that there is none may be said as well, but in no object."""
    for key, value in document.items():
        if _SIGN.search(key) and ((value and value not in _FINE) or is_object(value)):
            yield key


def _status_is_bad(document: Fields) -> bool:
    statuses = (str(document.get(key)) for key in ("status", "statusCode", "status_code", "code"))
    return any(map(_HTTP_ERROR.fullmatch, statuses))


def _code_is_bad(document: Fields) -> bool:
    code = document.get("code")
    return isinstance(code, int | str) and code not in _FINE


def _complaint(document: Fields, message: str, status: int | None, otherwise: Failure) -> Complaint:
    error = fields(document.get("error")) or document
    codes = [str(code) for code in _codes(document) if isinstance(code, int | str)]
    if status is None:
        status = next((int(code) for code in codes if _HTTP_ERROR.fullmatch(code)), None)
    failure = _classify(tuple(code.lower() for code in codes), message, status, otherwise)
    delays = (_seconds(fields(detail).get("retryDelay")) for detail in items(error.get("details")))
    return Complaint(failure, message, next((delay for delay in delays if delay is not None), None))


def _codes(document: Fields) -> Iterator[object]:
    """Return all that may name the kind of an error, the closest to it first."""
    error = document.get("error")
    choices = [fields(choice).get("error") for choice in items(document.get("choices"))]
    for place in (error, *choices, document, document.get("base_resp")):
        found = fields(place)
        for key in ("code", "type", "__type", "status", "status_code", "statusCode", *_CODES):
            yield found.get(key)
        for detail in items(found.get("details")):
            yield fields(detail).get("reason")


def _classify(names: tuple[str, ...], message: str, status: int | None, otherwise: Failure) -> Failure:
    named = next((_NAMES[name] for name in names if name in _NAMES), None)
    if status in (401, 403, 429):
        return STATUSES[status]
    if named is Failure.PROMPT_TOO_LONG or _PROMPT_TOO_LONG.search(message[:_QUOTED_CHARS]):
        return Failure.PROMPT_TOO_LONG
    if _NO_IMAGES.search(message[:_QUOTED_CHARS]):
        return Failure.NO_IMAGES
    if (status is None or status < _FIRST_SERVER_ERROR) and _NO_SUCH_MODEL.search(message[:_QUOTED_CHARS]):
        return Failure.NOT_FOUND
    if status is None:
        return named or otherwise
    # A wrong key is a 400 at Gemini's, which only its details tell from a malformed request.
    return by_status(status, named or otherwise)


def _message(value: object, depth: int = 4) -> str:
    if isinstance(value, str) or not depth:
        return text(value)
    if is_list(value):
        return "; ".join(filter(None, (_message(item, depth - 1) for item in items(value)[:_QUOTED_ITEMS])))
    found = fields(value)
    said = next((said for key in _TEXTS if key in found and (said := _message(found[key], depth - 1))), "")
    return _with_place(said, found) if said else ""


def _with_place(message: str, found: Fields) -> str:
    """Add which parameter is meant, which FastAPI and OpenAI say apart from the words."""
    place = ".".join(str(step) for step in items(found.get("loc"))) or text(found.get("param"))
    return message if not place or place in message else f"{place}: {message}"


def _quote(document: Fields) -> str:
    try:
        return msgspec.json.encode(document)[:_QUOTED_CHARS].decode(errors="replace")
    except (RecursionError, UnicodeError):
        return f"an error with the fields {', '.join(document)}"


def _seconds(duration: object) -> float | None:
    """Read a duration as protobuf's JSON writes it, such as 39.5s."""
    found = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)s", text(duration))
    return float(found[1]) if found else None
