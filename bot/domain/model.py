"""Models that a leaderboard ranks."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


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

    @property
    def shown(self) -> str:
        """The name that may be said in public: of a masked model, only its code name."""
        return self.code_name or self.name

    @property
    def is_own(self) -> bool:
        """The server's moderators brought it."""
        return self.settings is not None
