"""What msgspec says of a value that does not fit, in words for who wrote it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

HTTP_ADDRESS = r"^https?://[^\s/?#@]+(/[^\s?#]*)?$"
GATEWAY_ADDRESS = r"^wss?://[^\s/?#]+[^\s?#]*$"
NAME = r"^\S(.*\S)?$"
HOST = r"^(\[[0-9a-f:]+\]|[a-z0-9]([a-z0-9._-]*[a-z0-9])?)(:[0-9]{1,5})?$"
LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
VARIABLE = r"^[A-Za-z_][A-Za-z0-9_]*$"

PATTERNS = {
    HTTP_ADDRESS: "an address such as http://localhost:11434/v1, without a query, a name or a password",
    GATEWAY_ADDRESS: "an address such as wss://gateway.example.org",
    NAME: "a name without spaces at its ends",
    VARIABLE: "the name of an environment variable",
    HOST: "a host such as gpu.lan, 192.168.1.5:11434 or [fd12::1], in lower case",
    LANGUAGE: "a language such as en, ja or pt-BR",
}
TYPES = {
    "int": "a whole number",
    "float": "a number",
    "str": "text in quotes",
    "bool": "true or false",
    "array": "a list in [ ]",
    "object": "a table",
}
BOUNDS = {">=": "at least", "<=": "at most", ">": "above", "<": "below"}

UNKNOWN = re.compile(r"Object contains unknown field `([^`]+)`")
MISSING = re.compile(r"Object missing required field `([^`]+)`")
INVALID = re.compile(r"Invalid (?:enum )?value '([^']*)'")
_ADDRESSED = {pattern.replace("\\", "\\\\"): words for pattern, words in PATTERNS.items()}
"""As msgspec quotes a pattern."""

_TWICE = {
    "Cannot overwrite a value": "this key is there already",
    "Cannot declare": "this table is there already: put its keys together",
}


def in_words(reason: str) -> str:
    """Say what a value must be; what msgspec says otherwise stays as it is."""
    if pattern := next((each for each in _ADDRESSED if each in reason), None):
        return f"must be {_ADDRESSED[pattern]}"
    for said, words in _SENTENCES:
        if found := said.search(reason):
            return words(found)
    return reason


def of_syntax(said: str) -> str:
    """Say what the reader of TOML stumbled at."""
    return next((words for beginning, words in _TWICE.items() if said.startswith(beginning)), said)


def _of_type(found: re.Match[str]) -> str:
    got = "a number with a point" if found[2] == "float" else TYPES.get(found[2], found[2])
    return f"must be {TYPES.get(found[1], found[1])}, and is {got}"


_SENTENCES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (UNKNOWN, lambda found: f"`{found[1]}` is not known here"),
    (MISSING, lambda found: f"`{found[1]}` is missing"),
    (INVALID, lambda found: f"{found[1]!r} is none of its values"),
    (re.compile(r"Expected `([a-z]+)(?: \| null)?`, got `([a-z]+)`"), _of_type),
    (
        re.compile(r"Expected `[a-z]+(?: \| null)?` (>=|<=|>|<) ([-0-9.]+)"),
        lambda found: f"must be {BOUNDS[found[1]]} {found[2].removesuffix('.0')}",
    ),
    (
        re.compile(r"Expected `[a-z]+(?: \| null)?` of length (>=|<=) ([0-9]+)"),
        lambda found: f"must have {BOUNDS[found[1]]} {found[2]} characters",
    ),
)
