"""Chat completions, the protocol of OpenAI that most servers and gateways speak."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec

from bot.backends.base import BackendError, Failure, TextPiece
from bot.backends.exchange import Clock, Endpoint
from bot.backends.openai_failures import classify, read_error
from bot.backends.openai_reply import BodyReading, StreamReading, Transcript
from bot.backends.openai_wire import ChatMessage, Request, StreamOptions, WireError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    import aiohttp

    from bot.backends.base import Event, Generation, Message
    from bot.backends.exchange import Answer
    from bot.backends.network import Limits
    from bot.backends.secret import Secret

_OK = 200
_REDIRECTS = range(300, 400)
# FastAPI, and so many a home-made server, says 422 where OpenAI says 400.
_BAD_REQUESTS = (400, 422)


@dataclass(frozen=True, slots=True)
class Dialect:
    """The two parameters on which servers disagree."""

    stream_options: bool = True
    max_completion_tokens: bool = False

    def adapted_to(self, complaint: str) -> Dialect:
        if "stream_options" in complaint:
            return replace(self, stream_options=False)
        # OpenAI's newer models refuse max_tokens and name the other; Ollama ignores the other silently.
        if "max_completion_tokens" in complaint:
            return replace(self, max_completion_tokens=True)
        return self


class OpenAIBackend:
    """One model at one endpoint."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        base_url: str,
        model: str,
        *,
        api_key: Secret | None,
        limits: Limits,
        max_concurrent: int,
        generation: Generation,
    ) -> None:
        """`base_url` ends before /chat/completions, usually in /v1."""
        headers = {"Content-Type": "application/json", "Accept": "text/event-stream, application/json"}
        if api_key:
            headers["Authorization"] = f"Bearer {api_key.reveal()}"
        url = f"{base_url.rstrip('/')}/chat/completions"
        self._endpoint = Endpoint(session, url, headers, api_key)
        self._model = model
        self._limits = limits
        self._generation = generation
        self._places = asyncio.Semaphore(max_concurrent)
        self._dialect = Dialect()

    async def reply(self, conversation: tuple[Message, ...]) -> AsyncGenerator[Event, None]:
        clock = Clock.start(self._limits)
        async with self._place(clock), self._ask(conversation, clock.expect_first_token()) as answer:
            reading = self._reading(answer)
            read = answer.read
            while not reading.is_done and (chunk := await read()):
                if text := reading.feed(chunk):
                    yield TextPiece(text)
                if reading.transcript.has_begun:
                    answer.see_first_token()
                if reading.transcript.finish_reason:
                    # Only the usage may follow: a server that forgets to hang up must not spoil the reply.
                    read = answer.read_soon
            for event in reading.end():
                yield event

    @asynccontextmanager
    async def _place(self, clock: Clock) -> AsyncGenerator[None, None]:
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
    async def _ask(self, conversation: tuple[Message, ...], clock: Clock) -> AsyncGenerator[Answer, None]:
        # Kept here too: another reply may change the backend's while this one waits.
        dialect = self._dialect
        while True:
            async with self._endpoint.post(self._request(conversation, dialect), clock) as answer:
                if answer.status == _OK:
                    yield answer
                    return
                error = read_error(await answer.read_error())
            adapted = dialect.adapted_to(error.message or "")
            if answer.status not in _BAD_REQUESTS or adapted == dialect:
                raise self._refused(answer, error)
            self._dialect = dialect = adapted

    def _request(self, conversation: tuple[Message, ...], dialect: Dialect) -> bytes:
        generation = self._generation
        messages = [ChatMessage(message.role, message.content) for message in conversation]
        if generation.system_prompt is not None:
            messages.insert(0, ChatMessage("system", generation.system_prompt))
        return msgspec.json.encode(
            Request(
                self._model,
                messages,
                stream=True,
                stream_options=StreamOptions(include_usage=True) if dialect.stream_options else None,
                temperature=generation.temperature,
                max_tokens=None if dialect.max_completion_tokens else generation.max_output_tokens,
                max_completion_tokens=generation.max_output_tokens if dialect.max_completion_tokens else None,
            )
        )

    def _reading(self, answer: Answer) -> StreamReading | BodyReading:
        transcript = Transcript(self._limits.max_reply_chars, self._endpoint.quote)
        match answer.content_type:
            case "text/event-stream":
                return StreamReading(transcript, self._limits)
            case "application/json":
                return BodyReading(transcript, self._limits)
            case content_type:
                raise BackendError(Failure.BAD_ANSWER, f"content type {self._endpoint.quote(content_type)}")

    def _refused(self, answer: Answer, error: WireError) -> BackendError:
        if answer.status in _REDIRECTS:
            return BackendError(Failure.BAD_ANSWER, f"HTTP {answer.status}: redirect refused")
        return BackendError(
            classify(error, answer.status),
            f"HTTP {answer.status}: {self._endpoint.quote(error.message or '')}",
            retry_after=answer.retry_after,
        )
