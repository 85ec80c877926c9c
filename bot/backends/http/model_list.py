"""The list of models that an API gives of its own, for who wants to choose one of them."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.backends.base import BackendError, Failure
from bot.backends.http.deadlines import ReplyDeadlines
from bot.backends.http.exchange import Endpoint
from bot.backends.places import Places, QueueDeadline
from bot.backends.protocols.complaints import of_body
from bot.backends.protocols.json_values import UnreadableError, decode, fields, is_object

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    import aiohttp

    from bot.backends.http.connections import Connections
    from bot.backends.http.endpoint import Service
    from bot.backends.http.exchange import HttpAnswer
    from bot.backends.http.sessions import HttpLimits
    from bot.backends.protocols.json_values import Fields
    from bot.backends.protocols.protocol import ProtocolAdapter

MOST_MODELS = 1000
MOST_NAME_CHARS = 200
"""As many as `model` may have in the config."""

_OK = 200
_REDIRECTS = range(300, 400)
_SECONDS = 20.0
# OpenRouter describes each of its hundreds of models with about two thousand characters.
_MOST_BYTES = 4 << 20
# Each is at least one value in memory: a list of a thousand models has some ten thousand.
_MOST_BRACKETS = 100_000
_MOST_PAGES = 5
_SAID_BYTES = 600
_NO_LIST = "a list of models was asked for, and this is none"
# Parts of the names of models that answer no prompt with text. They come last; no name says it for certain.
_OTHERS = (
    *("embed", "whisper", "tts", "dall-e", "moderation", "rerank", "transcri", "realtime", "sora", "imagen"),
    *("gpt-image", "stable-diffusion", "guard", "ocr", "veo-", "babbage", "davinci"),
)


class ModelList:
    """What one API has, asked for with the same guards as a reply."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        service: Service,
        limits: HttpLimits,
        protocol: type[ProtocolAdapter],
        connections: Connections,
        owner_id: int = 0,
    ) -> None:
        """`owner_id`: the Discord server that wants to know."""
        self._wire = protocol(service)
        self._limits = _shortened(limits)
        headers = {"Accept": "application/json", **self._wire.headers, **service.extra_headers}
        self._endpoint = Endpoint(session, self._wire.url, headers, service.secrets)
        self._secrets = service.secrets
        self._places = Places(1, *connections.to(self._wire.models_url))
        self._owner_id = owner_id

    async def read(self) -> tuple[str, ...]:
        """Return the names, those first that look as if they could chat; raises `BackendError`."""
        with self._places.join(self._owner_id) as turn:
            async with aclosing(turn.wait(QueueDeadline(self._limits.queue_seconds))) as waits:
                async for _ in waits:
                    pass
            return tuple(in_order(await self._pages()))

    async def _pages(self) -> set[str]:
        clock, found, query = ReplyDeadlines.start(self._limits), set[str](), self._wire.page_size
        for _ in range(_MOST_PAGES):
            page = await self._page(query, clock)
            for name in usable(self._wire.models(page), self._secrets):
                found.add(name)
                if len(found) == MOST_MODELS:
                    return found
            if not (more := self._wire.next_page(page)):
                break
            query = f"{self._wire.page_size}&{more}"
        return found

    async def _page(self, query: str, clock: ReplyDeadlines) -> Fields:
        url = f"{self._wire.models_url}?{query}" if query else self._wire.models_url
        async with self._endpoint.ask(url, clock.of_request()) as answer:
            await self._accept(answer)
            body = bytearray()
            while part := await answer.read():
                body += part
                if len(body) > _MOST_BYTES:
                    raise BackendError(Failure.TOO_LONG, f"a list of more than {_MOST_BYTES} bytes")
        return self._understood(bytes(body), answer)

    async def _accept(self, answer: HttpAnswer) -> None:
        if answer.status in _REDIRECTS:
            place = self._endpoint.quote(answer.location) or "nowhere"
            raise BackendError(Failure.BAD_ANSWER, f"HTTP {answer.status}: redirect to {place} refused")
        if answer.status != _OK:
            complaint = of_body(await answer.read_error(), answer.status, self._wire.usual_trouble)
            detail = f"HTTP {answer.status}: {self._endpoint.quote(complaint.message)}"
            raise BackendError(complaint.failure, detail, retry_after=answer.retry_after)
        if answer.is_compressed:
            raise BackendError(Failure.BAD_ANSWER, "the answer is compressed, which nobody asked for")

    def _understood(self, body: bytes, answer: HttpAnswer) -> Fields:
        if body.count(b"{") + body.count(b"[") > _MOST_BRACKETS:
            raise BackendError(Failure.TOO_LONG, f"a list with more than {_MOST_BRACKETS} brackets")
        try:
            document = decode(body)
        except UnreadableError as exc:
            kind = self._endpoint.quote(answer.content_type)
            raise BackendError(Failure.BAD_ANSWER, f"{_NO_LIST}: {exc} ({kind})") from exc
        if not is_object(document) or not self._wire.has_models(fields(document)):
            said = self._endpoint.quote(body[:_SAID_BYTES].decode(errors="replace"))
            raise BackendError(Failure.BAD_ANSWER, f"{_NO_LIST}: {said}")
        return fields(document)


def _shortened(limits: HttpLimits) -> HttpLimits:
    """Nobody waits for a list as long as for a reply."""
    return replace(
        limits,
        first_token_seconds=min(limits.first_token_seconds, _SECONDS),
        total_seconds=min(limits.total_seconds, _SECONDS),
        queue_seconds=min(limits.queue_seconds, _SECONDS),
    )


def usable(names: Iterable[str], secrets: Collection[str] = ()) -> Iterator[str]:
    """Leave out what could not be the name of a model here, and what repeats a key."""
    for name in names:
        is_name = 0 < len(name) <= MOST_NAME_CHARS and name.isprintable() and name == name.strip()
        if is_name and not any(secret in name for secret in secrets):
            yield name


def in_order(names: Iterable[str]) -> list[str]:
    """Sort by name, what most likely answers no prompt at the end."""
    return sorted(names, key=lambda name: (_seems_no_chat(name.lower()), name.casefold(), name))


def _seems_no_chat(name: str) -> bool:
    return any(each in name for each in _OTHERS)
