"""What the HTTP protocols differ in; `bot.backends.http.backend` does the rest alike for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.backends.base import ChatMessage, Failure
    from bot.backends.http.endpoint import Service
    from bot.backends.protocols.habits import Asking
    from bot.backends.protocols.json_values import Fields
    from bot.backends.transcript import Transcript


class ProtocolAdapter(Protocol):
    """One protocol, as one model is asked in it."""

    accept: str
    """The content types that are asked for."""
    usual_trouble: Failure
    """What an error means whose kind is not said."""

    page_size: str
    """The query that asks for a list of models in as few pages as there are."""

    limits: Sequence[str]
    """What the longest reply is called, the name to be tried first at the beginning."""

    def __init__(self, service: Service) -> None: ...

    @property
    def url(self) -> str: ...

    @property
    def models_url(self) -> str:
        """Where the server says which models it has."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """What goes with every request, the key included."""
        ...

    def request(self, conversation: tuple[ChatMessage, ...], asking: Asking) -> object:
        """Return what is sent, as msgspec encodes it."""
        ...

    def take(self, document: Fields, transcript: Transcript) -> None:
        """Understand one object of an answer, which is no error; raises `BackendError`."""
        ...

    def models(self, document: Fields) -> Iterable[str]:
        """Read the names of models out of what `models_url` answers, but not of those that cannot chat."""
        ...

    def has_models(self, document: Fields) -> bool:
        """Tell a list of models, be it an empty one, from anything else."""
        ...

    def next_page(self, document: Fields) -> str:
        """Return the query of the page after this one of the list; nothing where it is the last."""
        ...
