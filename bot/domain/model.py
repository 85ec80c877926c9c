"""Models that a leaderboard ranks."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum

# They have no glyph, and Unicode does not call them format characters or white space.
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
_BLANK = frozenset("\u2800")


class ModelState(StrEnum):
    """States of a model; a retired one keeps its history and its place on the leaderboard."""

    ENABLED = "enabled"
    DISABLED = "disabled"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Model:
    """A model of a server, which its leaderboard ranks.

    `settings` are those of a model that its moderators brought, as JSON, and `sealed` are its encrypted
    credentials; an operator's model has neither, its settings stand in config.toml.
    """

    model_id: int
    guild_id: int
    name: str
    state: ModelState = ModelState.ENABLED
    code_name: str | None = None
    settings: str | None = field(default=None, repr=False)
    sealed: str | None = field(default=None, repr=False)
    family: str | None = None
    """Variants of one model share it, and do not meet."""
    origin: str | None = None
    """The format of the file that brought its name, where that did not come to fight."""

    @property
    def shown(self) -> str:
        """The name that may be said in public: of a masked model, only its code name."""
        return self.code_name or self.name

    @property
    def is_own(self) -> bool:
        """The server's moderators brought it."""
        return self.settings is not None


def folded(name: str) -> str:
    """Reduce a name to what a reader can tell from another: no case, no form, no invisible characters."""
    shown = "".join(" " if _is_blank(each) else each for each in name if not _is_invisible(each))
    return " ".join(unicodedata.normalize("NFKC", shown.casefold()).casefold().split())


def _is_invisible(character: str) -> bool:
    variation = "VARIATION SELECTOR" in unicodedata.name(character, "")
    return unicodedata.category(character) == "Cf" or character in _INVISIBLE or variation


def _is_blank(character: str) -> bool:
    return character.isspace() or character in _BLANK or unicodedata.category(character) == "Cc"
