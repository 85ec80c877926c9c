"""The operator's keys, with which the credentials of moderators' models are sealed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bot.deferred import Deferred
from bot.errors import ArenaError, StartupError
from bot.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cryptography import fernet
else:
    fernet = Deferred("cryptography.fernet")

VARIABLE = "ARENA_SECRET_KEYS"


class Keyring:
    """The first key seals, every key opens."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Raise a `StartupError` where a key is none; it does not repeat the key."""
        self.keys = tuple(keys)
        try:
            self._fernet = fernet.MultiFernet([fernet.Fernet(key) for key in keys]) if keys else None
        except ValueError as exc:
            raise StartupError(
                f"{VARIABLE}: one of its keys is not 32 bytes in URL-safe base64; `arena-bot new-key` prints"
                " a fresh one"
            ) from exc

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Keyring:
        return cls(environment.get(VARIABLE, "").replace(",", " ").split())

    def __repr__(self) -> str:
        return "Keyring(***)"

    @property
    def can_seal(self) -> bool:
        return self._fernet is not None

    def seal(self, text: str) -> str:
        return self._known().encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Raise `ArenaError` where none of the keys fits."""
        try:
            return self._known().decrypt(sealed).decode()
        except fernet.InvalidToken as exc:
            raise _unreadable() from exc

    def rotate(self, sealed: str) -> str:
        """Seal anew with the first key what any of them opens."""
        try:
            return self._known().rotate(sealed).decode()
        except fernet.InvalidToken as exc:
            raise _unreadable() from exc

    def _known(self) -> fernet.MultiFernet:
        if self._fernet is None:
            raise _unreadable()
        return self._fernet


def new_key() -> str:
    return fernet.Fernet.generate_key().decode()


def _unreadable() -> ArenaError:
    return ArenaError(
        N_("The stored API key cannot be read: the operator's ARENA_SECRET_KEYS do not hold the key for it.")
    )
