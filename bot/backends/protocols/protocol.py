"""What the HTTP protocols differ in; `bot.backends.http_backend` does the rest alike for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.backends.base import Failure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.backends.base import ChatMessage, Generation
    from bot.backends.http.endpoint import Service
    from bot.backends.http.framing import Framing
    from bot.backends.transcript import Transcript

STATUSES = {
    401: Failure.AUTH,
    # Where an account has no money left: it is the account that must be looked after.
    402: Failure.AUTH,
    403: Failure.AUTH,
    404: Failure.NOT_FOUND,
    408: Failure.TIMEOUT,
    429: Failure.RATE_LIMITED,
}
_FIRST_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a server says instead of an answer; raised as it is by `ProtocolAdapter.take`."""

    failure: Failure
    message: str
    retry_after: float | None = None


class ServerComplaint(Exception):  # noqa: N818 - the server's, not ours
    """An error in the middle of an answer."""

    def __init__(self, complaint: Complaint) -> None:
        super().__init__(complaint.message)
        self.complaint = complaint


class ProtocolAdapter(Protocol):
    """One protocol. An object of it belongs to one model and remembers how its server wants to be asked."""

    framings: Mapping[str, type[Framing]]
    """By content type."""

    def __init__(self, service: Service, generation: Generation) -> None: ...

    @property
    def url(self) -> str: ...

    @property
    def headers(self) -> Mapping[str, str]:
        """What goes with every request, the key included."""
        ...

    def request(self, conversation: tuple[ChatMessage, ...]) -> object:
        """Return what is sent, as msgspec encodes it."""
        ...

    def take(self, document: str | bytes, transcript: Transcript) -> str:
        """Understand one document of an answer; returns the visible text that it adds.

        Raises `msgspec.DecodeError`, `ServerComplaint` and `BackendError`.
        """
        ...

    def complaint(self, status: int, body: bytes) -> Complaint:
        """Understand an answer that is none."""
        ...

    def adapt(self, complaint: Complaint) -> bool:
        """Ask otherwise from now on, if that may help; `False` where there is nothing to try."""
        ...


def by_status(status: int, otherwise: Failure = Failure.BAD_ANSWER) -> Failure:
    # 529 too, which Anthropic and OpenRouter send where a model is overloaded.
    if status >= _FIRST_SERVER_ERROR:
        return Failure.OVERLOADED
    return STATUSES.get(status, otherwise)
