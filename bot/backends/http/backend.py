"""Models behind an HTTP API: one request a reply, its answer streamed, whatever the protocol."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import msgspec

from bot.backends.base import BackendError, Failure, TextPiece
from bot.backends.http.exchange import Endpoint, ReplyDeadlines
from bot.backends.http.framing import unreadable
from bot.backends.protocols.protocol import ServerComplaint
from bot.backends.transcript import Transcript

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    import aiohttp

    from bot.backends.base import ChatMessage, Event, Generation
    from bot.backends.http.endpoint import Service
    from bot.backends.http.exchange import HttpAnswer
    from bot.backends.http.framing import Framing
    from bot.backends.http.sessions import HttpLimits
    from bot.backends.protocols.protocol import Complaint, ProtocolAdapter

_OK = 200
_REDIRECTS = range(300, 400)
# FastAPI, and so many a home-made server, says 422 where OpenAI says 400.
_BAD_REQUESTS = (400, 422)


class HttpBackend:
    """One model at one endpoint."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        service: Service,
        limits: HttpLimits,
        generation: Generation,
        protocol: type[ProtocolAdapter],
    ) -> None:
        self._wire = protocol(service, generation)
        self._service = service
        self._limits = limits
        self._endpoint = Endpoint(session, self._wire.url, self._headers(), service.secrets)
        self._places = asyncio.Semaphore(service.max_concurrent)

    async def reply(self, conversation: tuple[ChatMessage, ...]) -> AsyncGenerator[Event, None]:
        clock = ReplyDeadlines.start(self._limits)
        async with self._place(clock), self._ask(conversation, clock.expect_first_token()) as answer:
            transcript = Transcript(self._limits.max_reply_chars)
            framing = self._framing(answer)
            read = answer.read
            while not transcript.is_done and (chunk := await read()):
                if text := self._take(framing.feed(chunk), transcript):
                    yield TextPiece(text)
                if transcript.has_begun:
                    answer.see_first_token()
                if transcript.finish_reason:
                    # Only the usage may follow: a server that forgets to hang up must not spoil the reply.
                    read = answer.read_soon
            if not transcript.is_done and (text := self._take(framing.end(), transcript)):
                yield TextPiece(text)
            if framing.streams and not transcript.is_done and transcript.finish_reason is None:
                raise BackendError(Failure.BAD_ANSWER, "the stream was cut")
            for event in transcript.end():
                yield event

    @asynccontextmanager
    async def _place(self, clock: ReplyDeadlines) -> AsyncGenerator[None, None]:
        try:
            async with clock.timeout():
                await self._places.acquire()
        except TimeoutError as exc:
            raise clock.expired() from exc
        try:
            yield
        finally:
            self._places.release()

    @asynccontextmanager
    async def _ask(
        self, conversation: tuple[ChatMessage, ...], clock: ReplyDeadlines
    ) -> AsyncGenerator[HttpAnswer, None]:
        while True:
            sent = self._body(conversation)
            async with self._endpoint.post(sent, clock) as answer:
                if answer.status == _OK:
                    yield answer
                    return
                if answer.status in _REDIRECTS:
                    raise BackendError(Failure.BAD_ANSWER, f"HTTP {answer.status}: redirect refused")
                complaint = self._wire.complaint(answer.status, await answer.read_error())
            # Another reply may have made the protocol adapt while this one waited.
            adapted = self._wire.adapt(complaint) or sent != self._body(conversation)
            if answer.status not in _BAD_REQUESTS or not adapted:
                raise self._refused(answer, complaint)

    def _headers(self) -> dict[str, str]:
        accepted = ", ".join(self._wire.framings)
        return {
            "Content-Type": "application/json",
            "Accept": accepted,
            **self._wire.headers,
            **self._service.extra_headers,
        }

    def _body(self, conversation: tuple[ChatMessage, ...]) -> bytes:
        request = self._wire.request(conversation)
        if not self._service.extra_body:
            return msgspec.json.encode(request)
        document: dict[str, object] = msgspec.to_builtins(request)
        return msgspec.json.encode(document | dict(self._service.extra_body))

    def _framing(self, answer: HttpAnswer) -> Framing:
        framing = self._wire.framings.get(answer.content_type)
        if framing is None:
            raise BackendError(
                Failure.BAD_ANSWER, f"content type {self._endpoint.quote(answer.content_type)}"
            )
        return framing(self._limits.max_event_bytes)

    def _take(self, documents: Sequence[str | bytes], transcript: Transcript) -> str:
        text: list[str] = []
        try:
            for document in documents:
                if transcript.is_done:
                    break
                text.append(self._wire.take(document, transcript))
        except (msgspec.DecodeError, UnicodeDecodeError) as exc:
            raise unreadable(exc) from exc
        except ServerComplaint as exc:
            complaint = exc.complaint
            message = f"error in the answer: {self._endpoint.quote(complaint.message)}"
            raise BackendError(complaint.failure, message, retry_after=complaint.retry_after) from exc
        return "".join(text)

    def _refused(self, answer: HttpAnswer, complaint: Complaint) -> BackendError:
        return BackendError(
            complaint.failure,
            f"HTTP {answer.status}: {self._endpoint.quote(complaint.message)}",
            retry_after=complaint.retry_after if answer.retry_after is None else answer.retry_after,
        )
