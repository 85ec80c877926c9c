"""The messages of OpenAI's chat completions, as far as the bot reads and writes them.

What OpenAI documents is wider than this, what servers send is looser: nearly every field may be
missing or null, and unknown ones are ignored.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from bot.domain.image import Image


class TextPart(msgspec.Struct, frozen=True, tag_field="type", tag="text"):
    text: str


class ImageUrl(msgspec.Struct, frozen=True):
    url: str


class ImagePart(msgspec.Struct, frozen=True, tag_field="type", tag="image_url"):
    image_url: ImageUrl

    @classmethod
    def of(cls, image: Image) -> ImagePart:
        """Write the image into its address, so that no server has to fetch it."""
        return cls(ImageUrl(f"data:{image.kind.media_type};base64,{b64encode(image.content).decode()}"))


class OpenAIMessage(msgspec.Struct, frozen=True):
    role: Literal["system", "user", "assistant"]
    content: str | list[ImagePart | TextPart]


class StreamOptions(msgspec.Struct, frozen=True):
    include_usage: bool


class OpenAIRequest(msgspec.Struct, frozen=True, omit_defaults=True):
    model: str
    messages: list[OpenAIMessage]
    stream: bool
    stream_options: StreamOptions | None = None
    temperature: float | None = None
    max_tokens: int | None = None
    max_completion_tokens: int | None = None


class ContentPart(msgspec.Struct, frozen=True):
    """Mistral's reasoning models write their content in parts, the thinking among them."""

    type: str = ""
    text: str = ""


class OpenAIDelta(msgspec.Struct, frozen=True):
    content: str | list[ContentPart] | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None

    @property
    def text(self) -> str:
        if isinstance(self.content, list):
            return "".join(part.text for part in self.content if part.type == "text")
        return self.content or ""

    @property
    def has_begun(self) -> bool:
        """The model works, be it that it only reasons yet."""
        return bool(self.content or self.reasoning_content or self.reasoning)


class OpenAIChoice(msgspec.Struct, frozen=True):
    """`delta` in a stream, `message` in a single answer."""

    index: int | None = None
    delta: OpenAIDelta | None = None
    message: OpenAIDelta | None = None
    finish_reason: str | None = None


class OpenAITokenCount(msgspec.Struct, frozen=True):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class OpenAIError(msgspec.Struct, frozen=True):
    """`code` is a name at OpenAI, an HTTP status at vLLM, llama.cpp and OpenRouter."""

    message: str | None = None
    type: str | None = None
    code: int | str | None = None


class OpenAIChunk(msgspec.Struct, frozen=True):
    """One event of a stream, or the only body of an answer that is none."""

    choices: list[OpenAIChoice] | None = None
    usage: OpenAITokenCount | None = None
    error: OpenAIError | str | None = None


class ErrorBody(msgspec.Struct, frozen=True):
    """OpenAI's shape (and Ollama's, a bare string), or older vLLM's, which has no envelope."""

    error: OpenAIError | str | None = None
    message: str | None = None
    type: str | None = None
    code: int | str | None = None

    def unwrap(self) -> OpenAIError:
        match self.error:
            case OpenAIError():
                return self.error
            case str():
                return OpenAIError(self.error)
            case None:
                return OpenAIError(self.message, self.type, self.code)
