"""What an import did, or would do."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.imports.source import RefusedBecause


@dataclass(slots=True)
class ImportReport:
    rows: int = 0
    battles: int = 0
    votes: int = 0
    known_votes: int = 0
    """Votes that were imported before, or are in the file twice."""
    known_models: set[str] = field(default_factory=set[str])
    """By their names in the file."""
    new_models: set[str] = field(default_factory=set[str])
    """By their names here."""
    refused: Counter[RefusedBecause] = field(default_factory=Counter["RefusedBecause"])

    @property
    def refused_rows(self) -> int:
        return self.refused.total()
