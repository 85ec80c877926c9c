"""What a model that moderators brought keeps: its settings, and its sealed credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.config import OwnModel

if TYPE_CHECKING:
    from bot.domain.model import Model


_decoder = msgspec.json.Decoder(OwnModel)


class Credentials(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a server is told so that it lets the bot in: never shown, and sealed where it is kept."""

    key: str | None = None
    headers: dict[str, str] = msgspec.field(default_factory=dict[str, str])

    def __repr__(self) -> str:
        return "Credentials(***)"

    def __bool__(self) -> bool:
        return bool(self.key or self.headers)


def read_settings(model: Model) -> OwnModel:
    """Return what moderators entered for a model of theirs, as it is stored."""
    return _decoder.decode(model.settings or "")
