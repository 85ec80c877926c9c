"""Codes of languages, from what public data sets call them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, cast

from babel import Locale, UnknownLocaleError

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def language_code(said: str) -> str | None:
    """Return the code of a language that is given by its code or its English name; `None` for any other."""
    said = said.strip().casefold()
    code = said if said in _names() else _codes().get(said)
    return code if code and _can_be_named(code) else None


@cache
def _names() -> dict[str, str]:
    names = cast("Mapping[str, str]", Locale.parse("en").languages)
    return {code: name for code, name in names.items() if code.isalpha()}


@cache
def _codes() -> dict[str, str]:
    return {name.casefold(): code for code, name in _names().items()}


def _can_be_named(code: str) -> bool:
    """Tell whether leaderboards can call it something."""
    try:
        Locale.parse(code)
    except UnknownLocaleError:
        return False
    return True
