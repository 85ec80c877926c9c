"""Which model here a name of a source means."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, cast

from bot.domain.model import folded
from bot.errors import StartupError
from bot.imports.source import RefusedBecause, RowRefusedError, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from bot.domain.model import Model

LONGEST = 80


class ModelNames:
    """A server's models by their names, in the reading that a person could not tell apart.

    `mapping` says for names of the source what the model is called here.
    """

    def __init__(self, models: Iterable[Model], mapping: Mapping[str, str]) -> None:
        self._mapping = mapping
        self._public: dict[str, int] = {}
        self._masked: dict[str, int] = {}
        for model in models:
            for name in filter(None, (model.name, model.code_name)):
                (self._masked if model.code_name else self._public)[folded(name)] = model.model_id

    def find(self, name: str) -> int | None:
        """Return the model; `None` where it has to be added. Raises `RowRefusedError`."""
        here = folded(self.called(name))
        if name in self._mapping:
            return self._masked.get(here) or self._public.get(here)
        if here in self._masked:
            raise RowRefusedError(
                RefusedBecause.MASKED,
                f"{shown(name)} is a name of a model that is masked here; map it if that one is meant",
            )
        return self._public.get(here)

    def called(self, name: str) -> str:
        """Return what a model is called here; raises `RowRefusedError` where it cannot be."""
        found = " ".join(self._mapping.get(name, name).split())
        if not folded(found):
            raise RowRefusedError(RefusedBecause.NO_NAME, "a model has no name")
        if len(found) > LONGEST:
            raise RowRefusedError(
                RefusedBecause.NO_NAME,
                f"{shown(found)} is longer than {LONGEST} characters; map it to a name",
            )
        return found

    @staticmethod
    def same(one: str, other: str) -> bool:
        """Tell whether two names are one to a reader."""
        return folded(one) == folded(other)

    def added(self, name: str, model_id: int) -> None:
        self._public[folded(name)] = model_id


def read_mapping(path: Path) -> dict[str, str]:
    """Read a TOML file in which each line says: their name = our name; raises `StartupError`."""
    try:
        with path.open("rb") as file:
            found = tomllib.load(file)
    except OSError as exc:
        raise StartupError(f"--models {path}: {exc.strerror or exc}") from exc
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise StartupError(f"--models {path}: {exc}") from exc
    wrong = [name for name, value in found.items() if not isinstance(value, str) or not folded(value)]
    if wrong:
        raise StartupError(f"--models {path}: {wrong[0]!r} must be mapped to a name in quotes")
    return cast("dict[str, str]", found)
