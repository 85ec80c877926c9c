"""API keys that cannot be printed by accident."""

from __future__ import annotations

import re


class Secret:
    """An API key; only `reveal` gives it away."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        # A key read from a file often ends in a newline, which no HTTP header can carry.
        if re.fullmatch(r"[!-~]+", value) is None:
            raise ValueError("an API key must be printable ASCII without spaces, and not empty")
        self._value = value

    def __repr__(self) -> str:
        return "***"

    def reveal(self) -> str:
        return self._value
