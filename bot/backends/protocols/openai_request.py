"""What a chat completion is asked with, as OpenAI documents it and the bot needs it."""

from __future__ import annotations

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
        return cls(ImageUrl(f"data:{image.kind.media_type};base64,{image.base64}"))


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
