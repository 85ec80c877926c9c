"""Where a model is served, and what its server wants to be told."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.backends.http.secret import Secret

# The exchange itself decides how a request is framed and what answers it understands.
_FRAMING = frozenset(
    {
        *("accept", "accept-encoding", "connection", "content-encoding", "content-length", "content-type"),
        *("expect", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"),
    }
)
_SECRET_CHARS = 8
_FIXED_FIELDS = frozenset({"model", "messages", "contents", "stream"})


@dataclass(frozen=True, slots=True)
class Service:
    """One model at one endpoint; headers may hold credentials, so nothing of them is ever printed."""

    base_url: str
    model: str
    api_key: Secret | None = None
    max_concurrent: int = 4
    extra_headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    extra_body: Mapping[str, object] = field(default_factory=dict[str, object], repr=False)

    def __post_init__(self) -> None:
        """Raise `ValueError` where the extras would break a request or ask for something else."""
        for name, value in self.extra_headers.items():
            if re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name) is None:
                raise ValueError(f"extra_headers: {name!r} is no name of a header")
            if name.lower() in _FRAMING:
                raise ValueError(f"extra_headers: {name} is set by the bot itself")
            if re.fullmatch(r"[ -~]*", value) is None:
                raise ValueError(f"extra_headers: the value of {name} must be printable ASCII")
        if fixed := _FIXED_FIELDS.intersection(self.extra_body):
            raise ValueError(f"extra_body: {min(fixed)} is set by the bot itself")

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no error may repeat.

        Shorter values are dummies (`EMPTY`, `1`), and would tear every text apart without hiding anything.
        """
        keys = (self.api_key.reveal(),) if self.api_key else ()
        return tuple(each for each in (*keys, *self.extra_headers.values()) if len(each) >= _SECRET_CHARS)

    def root(self, *versions: str) -> str:
        """Return the base URL without a slash, and without one of the version segments at its end."""
        url = self.base_url.rstrip("/")
        for version in versions:
            url = url.removesuffix(f"/{version}")
        return url
