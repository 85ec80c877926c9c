"""An image goes to each protocol's server in the way that its documentation shows."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

import msgspec
import pytest

from bot.backends.base import ChatMessage
from bot.domain.image import Image, ImageKind
from tests.backends.asking import backend
from tests.backends.fault_server import FaultServer, stream
from tests.backends.protocols.dialects import ALL, IMAGES
from tests.images import picture

if TYPE_CHECKING:
    from collections.abc import Mapping

    import aiohttp

    from tests.backends.fault_server import Body

pytestmark = pytest.mark.parametrize("name", list(ALL))
SMALL = {"PNG": "image/png", "JPEG": "image/jpeg"}


async def sent(
    session: aiohttp.ClientSession,
    server: FaultServer,
    name: str,
    conversation: tuple[ChatMessage, ...],
    extra_body: Mapping[str, object] | None = None,
) -> list[Body]:
    """Return the conversation as the server got it."""
    dialect = ALL[name]
    server.answer(stream(*dialect.whole("Red."), content_type=dialect.content_type))
    model = backend(session, server, protocol=dialect.wire, extra_body=extra_body)
    async for _ in model.reply(conversation):
        pass
    said = server.bodies[-1]["contents" if name == "gemini" else "messages"]
    return msgspec.convert(said, list[dict[str, object]])


def question(content: bytes, kind: ImageKind = ImageKind.PNG) -> ChatMessage:
    return ChatMessage("user", "What is this?", Image(kind, 640, 480, content))


@pytest.mark.parametrize("file_format", list(SMALL))
async def test_an_image_stands_before_the_words(
    session: aiohttp.ClientSession, server: FaultServer, name: str, file_format: str
) -> None:
    content = picture(file_format)

    (message,) = await sent(session, server, name, (question(content, ImageKind[file_format]),))

    assert message == IMAGES[name](SMALL[file_format], b64encode(content).decode())


async def test_further_fields_of_the_request_leave_the_image_as_it_is(
    session: aiohttp.ClientSession, server: FaultServer, name: str
) -> None:
    content = picture()

    (message,) = await sent(session, server, name, (question(content),), {"seed": 7})

    assert message == IMAGES[name]("image/png", b64encode(content).decode())
    assert server.bodies[-1]["seed"] == 7


async def test_the_image_stays_with_its_message_when_the_conversation_goes_on(
    session: aiohttp.ClientSession, server: FaultServer, name: str
) -> None:
    content = picture()
    turns = (question(content), ChatMessage("assistant", "Red."), ChatMessage("user", "How red?"))

    first, *others = await sent(session, server, name, turns)

    assert first == IMAGES[name]("image/png", b64encode(content).decode())
    assert b64encode(content).decode() not in str(others)
    assert "How red?" in str(others[1])


async def test_a_prompt_without_an_image_is_sent_as_ever(
    session: aiohttp.ClientSession, server: FaultServer, name: str
) -> None:
    (message,) = await sent(session, server, name, (ChatMessage("user", "Why?"),))

    plain = {"role": "user", "parts": [{"text": "Why?"}]}
    assert message == (plain if name == "gemini" else {"role": "user", "content": "Why?"})


async def test_an_image_at_the_limit_arrives_whole(
    session: aiohttp.ClientSession, server: FaultServer, name: str
) -> None:
    content = (picture() + bytes(3_900_000))[:3_900_000]

    (message,) = await sent(session, server, name, (question(content),))

    assert message == IMAGES[name]("image/png", b64encode(content).decode())
