"""Models behind an HTTP API: one request a reply, its answer streamed, whatever the protocol."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace
from difflib import get_close_matches
from itertools import islice
from typing import TYPE_CHECKING

import msgspec
import structlog

from bot.backends.base import BackendError, Failure
from bot.backends.discretion import without_quotations
from bot.backends.http.deadlines import ReplyDeadlines
from bot.backends.http.exchange import Endpoint
from bot.backends.http.framing import Sniffed
from bot.backends.places import Places, QueueDeadline
from bot.backends.protocols.complaints import ServerComplaint, of_body
from bot.backends.protocols.documents import is_done, objects
from bot.backends.protocols.habits import Habits, joined
from bot.backends.protocols.json_values import UnreadableError, decode, fields
from bot.backends.reasoning import ThinkingHabit
from bot.backends.transcript import Transcript

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    import aiohttp

    from bot.backends.base import ChatMessage, Event, Generation
    from bot.backends.http.connections import Connections
    from bot.backends.http.endpoint import Service
    from bot.backends.http.exchange import HttpAnswer
    from bot.backends.http.framing import Document
    from bot.backends.http.sessions import HttpLimits
    from bot.backends.protocols.protocol import ProtocolAdapter

_OK = 200
_REDIRECTS = range(300, 400)
# FastAPI, and so many a home-made server, says 422 where OpenAI says 400; llama.cpp says 500 where a template
# takes no system role. In the middle of an answer there is no status.
_MAY_ADAPT = (400, 422, 500, None)
_READABLE = frozenset({"text/event-stream", "text/plain", "application/octet-stream", ""})
_NAMED_MODELS = 10
# To be compared with the name of the wanted one, which takes long.
_MOST_MODELS = 500
_MOST_NAME_CHARS = 100
_OBJECTS_AT_A_TIME = 100

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class HttpBackend:
    """One model at one endpoint."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        service: Service,
        limits: HttpLimits,
        generation: Generation,
        protocol: type[ProtocolAdapter],
        connections: Connections,
        owner_id: int = 0,
    ) -> None:
        """`owner_id`: the Discord server whose model it is, if it is one's; its probes are asked for it."""
        self._wire = protocol(service)
        self._service = service
        self._limits = limits
        self._habits = Habits(generation, self._wire.limits)
        self._thinking = ThinkingHabit()
        self._endpoint = Endpoint(session, self._wire.url, self._headers(), service.secrets)
        self._places = Places(service.max_concurrent, *connections.to(self._wire.url))
        self._owner_id = owner_id
        self._forgets_ends = False

    async def reply(
        self, conversation: tuple[ChatMessage, ...], guild_id: int = 0
    ) -> AsyncGenerator[Event, None]:
        with self._places.join(guild_id or self._owner_id) as turn:
            async with aclosing(turn.wait(QueueDeadline(self._limits.queue_seconds))) as waits:
                async for waiting in waits:
                    yield waiting
            async with aclosing(self._ask(conversation)) as events:
                async for event in events:
                    yield event

    async def _ask(self, conversation: tuple[ChatMessage, ...]) -> AsyncGenerator[Event, None]:
        clock = ReplyDeadlines.start(self._limits)
        while True:
            body = await self._written(conversation)
            transcript = Transcript(self._limits.max_reply_chars, self._thinking)
            try:
                async with aclosing(self._exchange(body, clock, transcript)) as events:
                    async for event in events:
                        yield event
            except ServerComplaint as refused:
                if not transcript.has_begun and await self._adapts(refused, body, conversation):
                    continue
                error = await self._told(refused, transcript, clock)
            except BackendError as failed:
                error = failed
            else:
                return
            for event in transcript.fetch():  # what came in one read with the failure
                yield event
            error.usage = transcript.usage
            raise error from None

    async def _exchange(
        self, body: bytes, clock: ReplyDeadlines, transcript: Transcript
    ) -> AsyncGenerator[Event, None]:
        async with self._endpoint.post(body, clock.of_request()) as answer:
            await self._accept(answer)
            framing = Sniffed(self._limits.max_event_bytes)
            try:
                while not transcript.is_done and (part := await answer.read()):
                    life, was_settled = transcript.life, transcript.is_settled
                    await self._take(framing.feed(part), transcript, answer)
                    for event in transcript.fetch():
                        yield event
                    if transcript.is_settled:
                        if transcript.life > life or not was_settled:
                            answer.expect_end(is_forgotten=self._forgets_ends)
                    elif transcript.life > life:
                        answer.expect_piece()
                await self._take_last(framing.end(), transcript, answer)
            except (BackendError, ServerComplaint) as trouble:
                self._pass_over(trouble, transcript)
        if not transcript.is_whole(streams=framing.streams):
            raise BackendError(Failure.BROKE_OFF, "the stream was cut")
        for event in transcript.end(self._habits.left_out):
            yield event

    def _pass_over(self, trouble: BackendError | ServerComplaint, transcript: Transcript) -> None:
        """Raise what came before the end; behind it, nothing can lose the reply."""
        if not transcript.is_settled:
            raise trouble
        if isinstance(trouble, BackendError) and trouble.failure is Failure.TIMEOUT:
            self._forgets_ends = True

    async def _accept(self, answer: HttpAnswer) -> None:
        """Raise whatever is no answer."""
        if answer.status in _REDIRECTS:
            place = self._endpoint.quote(answer.location) or "nowhere"
            raise BackendError(Failure.BAD_ANSWER, f"HTTP {answer.status}: redirect to {place} refused")
        if answer.status != _OK:
            body = await answer.read_error()
            complaint = of_body(body, answer.status, self._wire.usual_trouble)
            if answer.retry_after is not None:
                complaint = replace(complaint, retry_after=answer.retry_after)
            raise ServerComplaint(complaint, answer.status)
        if answer.is_compressed:
            raise BackendError(Failure.BAD_ANSWER, "the answer is compressed, which nobody asked for")
        kind = answer.content_type
        if kind not in _READABLE and "json" not in kind:
            raise BackendError(Failure.BAD_ANSWER, f"content type {self._endpoint.quote(kind)}")

    async def _adapts(
        self, refused: ServerComplaint, body: bytes, conversation: tuple[ChatMessage, ...]
    ) -> bool:
        if refused.status not in _MAY_ADAPT:
            return False
        # Another reply may have learned it while this one waited.
        if body != await self._written(conversation):
            return True
        chars = sum(len(message.content) for message in conversation)
        changed = self._habits.learn(refused.complaint, _parameters(body), chars)
        if changed:
            said = without_quotations(self._endpoint.quote(refused.complaint.message), conversation)
            _log.warning(
                "a model is asked otherwise, as its server wants it",
                model=self._service.model,
                changed=changed,
                said=said,
            )
        return changed is not None

    def _headers(self) -> dict[str, str]:
        return {
            "Content-Type": "application/json",
            "Accept": self._wire.accept,
            **self._wire.headers,
            **self._service.extra_headers,
        }

    async def _written(self, conversation: tuple[ChatMessage, ...]) -> bytes:
        """Write the request, off the event loop where an image takes tens of milliseconds."""
        if any(message.image for message in conversation):
            return await asyncio.to_thread(self._body, conversation)
        return self._body(conversation)

    def _body(self, conversation: tuple[ChatMessage, ...]) -> bytes:
        asking = self._habits.asking
        request = self._wire.request(self._habits.worded(conversation), asking)
        if not self._service.extra_body:
            return msgspec.json.encode(request)
        document: dict[str, object] = msgspec.to_builtins(request)
        return msgspec.json.encode(joined(document, asking.extras(self._service.extra_body)))

    async def _take(self, documents: Sequence[Document], transcript: Transcript, answer: HttpAnswer) -> None:
        for document in documents:
            transcript.count_documents(self._limits.max_documents)
            if is_done(document):
                transcript.is_done = True
            if transcript.is_done:
                return
            for number, found in enumerate(objects(document, self._wire.usual_trouble), start=1):
                if found:
                    self._wire.take(found, transcript)
                if not number % _OBJECTS_AT_A_TIME:
                    transcript.count_documents(self._limits.max_documents, _OBJECTS_AT_A_TIME)
                    await answer.let_others()

    async def _take_last(
        self, documents: Sequence[Document], transcript: Transcript, answer: HttpAnswer
    ) -> None:
        """Take what no blank line and no newline ended; half a document means that the rest was lost."""
        try:
            await self._take(documents, transcript, answer)
        except BackendError as exc:
            if exc.failure is Failure.BAD_ANSWER and transcript.has_begun:
                raise BackendError(Failure.BROKE_OFF, "the stream was cut") from exc
            raise

    async def _told(
        self, refused: ServerComplaint, transcript: Transcript, clock: ReplyDeadlines
    ) -> BackendError:
        complaint, failure = refused.complaint, refused.complaint.failure
        if transcript.has_begun and failure in (Failure.BAD_ANSWER, Failure.NOT_FOUND):
            failure = Failure.BROKE_OFF
        where = "error in the answer" if refused.status is None else f"HTTP {refused.status}"
        there = await self._models(clock) if failure is Failure.NOT_FOUND else ""
        detail = f"{where}: {self._endpoint.quote(complaint.message)}{there}"
        return BackendError(failure, detail, retry_after=complaint.retry_after)

    async def _models(self, clock: ReplyDeadlines) -> str:
        """Say which models the server has, those first whose names are like the wanted one."""
        body = await self._endpoint.get(self._wire.models_url, clock)
        try:
            found = islice(self._wire.models(fields(decode(body))), _MOST_MODELS)
            names = [name[:_MOST_NAME_CHARS] for name in found]
        except UnreadableError:
            return ""
        alike = get_close_matches(self._service.model, names, _NAMED_MODELS, cutoff=0.3)
        named = list(dict.fromkeys([*alike, *names]))[:_NAMED_MODELS]
        more = f" and {len(names) - len(named)} more" if len(names) > len(named) else ""
        return f"; the server has {self._endpoint.quote(', '.join(named))}{more}" if named else ""


def _parameters(body: bytes) -> frozenset[str]:
    """Return the names of what was sent, also of what stands one level down."""
    sent = fields(decode(body))
    return frozenset(sent).union(*(fields(value) for value in sent.values()))
