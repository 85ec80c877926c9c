"""The gettext catalogues, read from their `.po` files, so that no build step can leave them stale."""

from __future__ import annotations

import gettext
import io
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

LANGUAGES = ("en", "ja")
DEFAULT = "en"

Translations: TypeAlias = gettext.NullTranslations


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translated later"
    """Mark a message for the catalogue where it is not yet known who will read it."""
    return message


def translations(locale: str | None) -> Translations:
    """Return the catalogue for a Discord locale such as `ja` or `en-GB`; English where there is none."""
    return _load(language_of(locale))


def sentences(*found: str) -> str:
    """Put sentences into one line; Japanese has no space after its full stop."""
    return " ".join(filter(None, found)).replace("。 ", "。")


def language_of(locale: str | None) -> str:
    language = (locale or DEFAULT).partition("-")[0]
    return language if language in LANGUAGES else DEFAULT


def read_catalogues() -> None:
    """Read all of them now; each takes some tens of milliseconds."""
    for language in LANGUAGES:
        _load(language)


def sources() -> Iterator[bytes]:
    """Yield what the catalogues were read from, or will be."""
    return (_source(language).read_bytes() for language in LANGUAGES)


def _source(language: str) -> Traversable:
    return resources.files("bot") / "locales" / language / "LC_MESSAGES" / "arena.po"


@cache
def _load(language: str) -> Translations:
    from babel.messages.mofile import write_mo  # noqa: PLC0415 - big, and needed once
    from babel.messages.pofile import read_po  # noqa: PLC0415 - as above

    compiled = io.BytesIO()
    with _source(language).open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
