"""The boundary of the tasks that go on by themselves."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Generator

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@contextmanager
def logged(event: str) -> Generator[None]:
    """Log what fails once, and let the task go on."""
    try:
        yield
    except Exception:  # noqa: BLE001 - the boundary of the task
        _log.exception(event)
