"""Logging: readable on a terminal, JSON on request, and never a secret in either."""

from __future__ import annotations

import logging
import re
import sys
from io import StringIO
from typing import TYPE_CHECKING, cast

import structlog
from structlog.tracebacks import ExceptionDictTransformer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

    from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger

INTERACTION_TOKEN = re.compile(r"(/(?:webhooks|interactions)/\d+/|aW50ZXJhY3Rpb246)[\w.~-]{20,}")
"""In addresses, and anywhere else by its beginning: that of an encoded `interaction:`."""

UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
"""What moves the cursor, ends the line, hides, or turns the direction of a text on the reader's screen."""


REFUSED_FIELD = re.compile(r"(\bIn [\w.]+: [^\"'“‘`\n]*)[\"'“‘`].*")
"""What Discord says is wrong in a request, up to where it quotes what members or models wrote."""


def visible(text: str) -> str:
    """Return a text from outside with what the eye cannot see written out as in Python."""
    return UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def configure(*, as_json: bool, secrets: Iterable[str] = (), level: str = "INFO") -> None:
    """Send structlog's and the libraries' records to stderr through one formatter.

    `secrets` are struck out of everything written, tracebacks of libraries included.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    rendering: list[Processor] = (
        [
            # Without the local variables: they hold keys, and cut them where the Redactor knows them no more.
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            _unquoted,
            structlog.processors.JSONRenderer(),
        ]
        if as_json
        else [
            _unquoted,
            _all_visible,
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=_visible_traceback),
        ]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *rendering,
                Redactor(secrets),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _unquoted(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Leave out what Discord quotes of a request that it refuses."""
    return {name: _without_quotes(value) for name, value in event.items()}


def _without_quotes(value: object) -> object:
    match value:
        case str():
            return REFUSED_FIELD.sub(r"\1…", value)
        case dict():
            return {name: _without_quotes(each) for name, each in cast("dict[str, object]", value).items()}
        case list():
            return [_without_quotes(each) for each in cast("list[object]", value)]
        case _:
            return value


def _all_visible(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {name: visible(value) if isinstance(value, str) else value for name, value in event.items()}


def _visible_traceback(file: TextIO, failure: ExcInfo) -> None:
    """Write a traceback, indented: an exception's message may hold anything, also what looks like a log."""
    written = StringIO()
    structlog.dev.plain_traceback(written, failure)
    lines = REFUSED_FIELD.sub(r"\1…", written.getvalue()).split("\n")
    file.write("\n".join(f"  {visible(line)}" for line in lines))


class Redactor:
    """The last processor: works on the finished line, so nothing gets past it inside a traceback."""

    def __init__(self, secrets: Iterable[str]) -> None:
        known = sorted({secret for secret in secrets if secret}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, _logger: WrappedLogger, _method: str, line: str | bytes | EventDict) -> str:
        text = INTERACTION_TOKEN.sub(r"\1***", str(line))
        return self._known.sub("***", text) if self._known else text
