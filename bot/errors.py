"""Errors whose message is safe and useful to show, and what stops the process at start."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.domain.battle import VoidReason


class Moment(float):
    """A point in time (Unix seconds), which each reader is told in their own way."""

    __slots__ = ()


class ArenaError(Exception):
    """Something a member should be told, in their language.

    `template` is a message of the catalogue (marked with `N_`); `values` fill its braces. Those that are
    texts come from members, models or servers.
    """

    def __init__(self, template: str, **values: str | int | Moment) -> None:
        super().__init__(template.format(**values))
        self.template = template
        self.values = values


class ModelAbsentError(ArenaError):
    """A certain model was to fight and cannot; the message names it, so it is for who chose it alone."""


class StartupError(Exception):
    """The operator must mend something before the bot can run: one clear line, exit status 2."""


class MessageGoneError(Exception):
    """The place where a battle is shown is gone or closed to the bot, for good."""

    def __init__(self, reason: VoidReason) -> None:
        super().__init__(reason)
        self.reason = reason


class MessageUnavailableError(Exception):
    """Discord did not do what was asked, but may later."""


class MessageRefusedError(Exception):
    """Discord does not take what was to be shown; something else it may take.

    `is_filtered` says that a filter of texts or images refused it.
    """

    def __init__(self, reason: str, *, is_filtered: bool) -> None:
        super().__init__(reason)
        self.is_filtered = is_filtered


class ReactionsFullError(MessageRefusedError):
    """The message has as many kinds of reaction as one can have."""


class OvertakenError(Exception):
    """Somebody else changed the state of a battle first; nothing of the transaction was kept."""


class StorageError(Exception):
    """The database could not be read or written; nothing of the transaction was kept."""
