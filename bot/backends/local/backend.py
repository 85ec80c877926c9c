"""Models that run on this machine: any GGUF file, through llama.cpp."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from bot.backends.base import BackendError, ChatMessage, Failure
from bot.backends.http.deadlines import ReplyDeadlines
from bot.backends.http.framing import Document
from bot.backends.places import QueueDeadline
from bot.backends.protocols.complaints import ServerComplaint
from bot.backends.protocols.documents import objects
from bot.backends.protocols.openai import take
from bot.backends.protocols.openai_request import OpenAIMessage, OpenAIRequest, StreamOptions
from bot.backends.reasoning import ThinkingHabit
from bot.backends.transcript import Transcript

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from bot.backends.base import Event, Generation
    from bot.backends.http.sessions import HttpLimits
    from bot.backends.local.engine import LocalEngine
    from bot.backends.local.process import ModelProcess
    from bot.backends.places import PlaceRequest

_DETAIL_CHARS = 300


@dataclass(frozen=True, slots=True)
class Sampling:
    """How llama.cpp draws words, beside the temperature; `None` leaves a thing to it."""

    top_p: float | None = None
    repeat_penalty: float | None = None
    seed: int | None = None
    """Without one, each reply is drawn anew."""


class _LocalRequest(OpenAIRequest, frozen=True, kw_only=True, omit_defaults=True):
    # The chunks between two steps of a long prompt are where llama.cpp can be told to stop.
    return_progress: bool
    top_p: float | None = None
    repeat_penalty: float | None = None
    seed: int | None = None


class _Overflow(msgspec.Struct, frozen=True, tag_field="type", tag="exceed_context_size_error"):
    n_prompt_tokens: int
    n_ctx: int


class _OverflowChunk(msgspec.Struct, frozen=True):
    error: _Overflow


_overflow_decoder = msgspec.json.Decoder(_OverflowChunk)


class LocalBackend:
    """One model: a file, perhaps shared with others, and how it is asked."""

    def __init__(
        self,
        engine: LocalEngine,
        *,
        limits: HttpLimits,
        generation: Generation,
        sampling: Sampling | None = None,
    ) -> None:
        self._engine = engine
        self._limits = limits
        self._generation = generation
        self._sampling = sampling or Sampling()
        self._thinking = ThinkingHabit()

    async def reply(
        self, conversation: tuple[ChatMessage, ...], guild_id: int = 0
    ) -> AsyncGenerator[Event, None]:
        clock = ReplyDeadlines.start(self._limits)
        process = await self._loaded(clock)
        self._thinking.see_template(process.templated_question)
        with process.places.join(guild_id) as turn:
            async with aclosing(turn.wait(QueueDeadline(self._limits.queue_seconds))) as waits:
                async for waiting in waits:
                    yield waiting
                    clock = ReplyDeadlines.start(self._limits)
            async with aclosing(self._stream(process, turn, conversation, clock)) as events:
                async for event in events:
                    yield event

    async def _stream(
        self,
        process: ModelProcess,
        turn: PlaceRequest,
        conversation: tuple[ChatMessage, ...],
        clock: ReplyDeadlines,
    ) -> AsyncGenerator[Event, None]:
        transcript = Transcript(self._limits.max_reply_chars, self._thinking)
        async with process.ask(self._request(conversation), turn) as chunks:
            clock = clock.of_request()
            while chunk := await chunks.read(clock):
                life = transcript.life
                _take(transcript, chunk)
                for event in transcript.fetch():
                    yield event
                if transcript.life > life:
                    clock.expect_piece()
        if not transcript.is_whole(streams=True):
            raise BackendError(Failure.BROKE_OFF, "llama.cpp gave up in the middle of the reply")
        for event in transcript.end():
            yield event

    async def _loaded(self, clock: ReplyDeadlines) -> ModelProcess:
        try:
            async with clock.timeout():
                return await self._engine.process()
        except TimeoutError as exc:
            raise clock.expired() from exc

    def _request(self, conversation: tuple[ChatMessage, ...]) -> bytes:
        generation, sampling = self._generation, self._sampling
        messages = [OpenAIMessage(message.role, message.content) for message in conversation]
        if generation.system_prompt is not None:
            messages.insert(0, OpenAIMessage("system", generation.system_prompt))
        return msgspec.json.encode(
            _LocalRequest(
                "",
                messages,
                stream=True,
                stream_options=StreamOptions(include_usage=True),
                temperature=generation.temperature,
                max_tokens=generation.max_output_tokens,
                return_progress=True,
                top_p=sampling.top_p,
                repeat_penalty=sampling.repeat_penalty,
                seed=sampling.seed,
            )
        )


def _take(transcript: Transcript, chunk: bytes) -> None:
    if chunk.startswith(b'{"error"'):
        _refuse_overflow(chunk)
    try:
        usual = Failure.BROKE_OFF if transcript.has_begun else Failure.BAD_ANSWER
        for document in objects(Document(chunk), usual):
            if document:
                take(document, transcript)
    except ServerComplaint as exc:
        message = " ".join(exc.complaint.message.split())[:_DETAIL_CHARS]
        raise BackendError(exc.complaint.failure, f"error in the answer: {message}") from exc


def _refuse_overflow(chunk: bytes) -> None:
    try:
        overflow = _overflow_decoder.decode(chunk).error
    except msgspec.ValidationError:
        return
    raise BackendError(
        Failure.PROMPT_TOO_LONG,
        f"the prompt takes {overflow.n_prompt_tokens} tokens, the model's context holds {overflow.n_ctx}",
    )
