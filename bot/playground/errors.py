"""What Discord says when it refuses."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from pathlib import Path

JsonObject: TypeAlias = dict[str, object]
"""A JSON object on its way out. What comes in is decoded into structs instead."""


class Refusal(Enum):
    """Discord's refusals as (HTTP status, error code, message)."""

    UNAUTHORIZED = (401, 0, "401: Unauthorized")
    UNKNOWN_APPLICATION = (404, 10002, "Unknown Application")
    UNKNOWN_CHANNEL = (404, 10003, "Unknown Channel")
    UNKNOWN_GUILD = (404, 10004, "Unknown Guild")
    UNKNOWN_MEMBER = (404, 10007, "Unknown Member")
    UNKNOWN_MESSAGE = (404, 10008, "Unknown Message")
    UNKNOWN_ROLE = (404, 10011, "Unknown Role")
    UNKNOWN_USER = (404, 10013, "Unknown User")
    UNKNOWN_EMOJI = (400, 10014, "Unknown Emoji")
    UNKNOWN_WEBHOOK = (404, 10015, "Unknown Webhook")
    UNKNOWN_INTERACTION = (404, 10062, "Unknown interaction")
    UNKNOWN_COMMAND = (404, 10063, "Unknown application command")
    EXPLICIT_CONTENT = (400, 20009, "Explicit content cannot be sent to the desired recipient(s)")
    # Seen with 400, and with 403 (BilliAlpha/discord-transfer#18): the documentation has no status.
    MAX_REACTIONS = (403, 30010, "Maximum number of reactions reached (20)")
    MAX_COMMANDS = (400, 30032, "Maximum number of application commands reached (100)")
    MAX_OLD_EDITS = (
        429,
        30046,
        "Maximum number of edits to messages older than 1 hour reached. Try again later",
    )
    TOO_LARGE = (413, 40005, "Request entity too large")
    ALREADY_ACKNOWLEDGED = (400, 40060, "Interaction has already been acknowledged.")
    MISSING_ACCESS = (403, 50001, "Missing Access")
    NOT_THE_AUTHOR = (403, 50005, "Cannot edit a message authored by another user")
    EMPTY_MESSAGE = (400, 50006, "Cannot send an empty message")
    MISSING_PERMISSIONS = (403, 50013, "Missing Permissions")
    BULK_DELETE_COUNT = (
        400,
        50016,
        "Provided too few or too many messages to delete. Must provide at least 2 and fewer than 100.",
    )
    INVALID_WEBHOOK_TOKEN = (401, 50027, "Invalid Webhook Token")
    TOO_OLD_TO_BULK_DELETE = (
        400,
        50034,
        "You can only bulk delete messages that are under 14 days old.",
    )
    INVALID_FORM = (400, 50035, "Invalid Form Body")
    # Seen with 400 (victornpb/undiscord#399), and reported with 403.
    WRONG_CHANNEL_TYPE = (400, 50024, "Cannot execute action on this channel type")
    ARCHIVED_THREAD = (403, 50083, "Thread is archived")
    INVALID_JSON = (400, 50109, "The request body contains invalid JSON.")
    REACTION_BLOCKED = (403, 90001, "Reaction blocked")
    THREAD_EXISTS = (400, 160004, "A thread has already been created for this message")
    LOCKED_THREAD = (403, 160005, "Thread is locked")
    AUTOMOD = (400, 200000, "Message was blocked by automatic moderation")
    HARMFUL_LINK = (400, 240000, "Message blocked by harmful links filter")


class PlaygroundError(Exception):
    """A simulated person tried what Discord's own client would not let them do."""


class SnapshotError(Exception):
    """A saved world cannot be read or written. What is on the disk was left alone."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class DiscordError(Exception):
    """A refusal on its way to the bot (or, in the same words, to a simulated person)."""

    def __init__(
        self,
        refusal: Refusal,
        errors: JsonObject | None = None,
        *,
        retry_after: float | None = None,
        status: int | None = None,
    ) -> None:
        usual, self.code, self.message = refusal.value
        self.status = status or usual
        self.refusal = refusal
        self.errors = errors
        self.retry_after = retry_after
        super().__init__(f"{self.status} (error code: {self.code}): {self.message} {errors or ''}".rstrip())

    def payload(self) -> JsonObject:
        body: JsonObject = {"message": self.message, "code": self.code}
        if self.errors is not None:
            body["errors"] = self.errors
        if self.retry_after is not None:
            body |= {"retry_after": self.retry_after, "global": False}
        return body


class FormErrors:
    """Collects what is wrong with a form, in Discord's nested shape."""

    def __init__(self) -> None:
        self._found: list[JsonObject] = []
        self._inside: dict[str, FormErrors] = {}

    def __bool__(self) -> bool:
        return bool(self._found or self._inside)

    def add(self, path: tuple[str | int, ...], code: str, message: str) -> None:
        node = self
        for step in path:
            node = node._inside.setdefault(str(step), FormErrors())
        node._found.append({"code": code, "message": message})  # noqa: SLF001 - likewise

    def payload(self) -> JsonObject:
        # What is wrong with a place hides what is wrong within it: Discord never says both.
        if self._found:
            return {"_errors": self._found}
        return {step: inside.payload() for step, inside in self._inside.items()}

    def length(self, path: tuple[str | int, ...], text: str | None, low: int, high: int) -> None:
        """Complain when the text, if there is one, is not between `low` and `high` characters long."""
        if text is None or low <= len(text) <= high:
            return
        if low:
            self.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")
        else:
            self.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer in length.")

    def raise_if_any(self) -> None:
        if self:
            raise self.refusal()

    def refusal(self) -> DiscordError:
        return DiscordError(Refusal.INVALID_FORM, self.payload())
