"""What stands between the bot and the network."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.backends.http.secret import Secret
from bot.backends.http.sessions import parse_retry_after
from tests.backends.asking import answer_of, backend
from tests.backends.fault_server import DONE, FaultServer, respond, stream, text

if TYPE_CHECKING:
    import aiohttp

_NOW = datetime(2015, 10, 21, 7, 28, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        ("0.5", 0.5),
        ("Wed, 21 Oct 2015 07:28:30 GMT", 30),
        ("Wed, 21 Oct 2015 07:28:30 -0000", 30),
        ("Wed, 21 Oct 2015 07:00:00 GMT", 0),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("9" * 5000, None),
        ("Wed, 99 Oct 2015 07:28:30 GMT", None),
    ],
)
def test_retry_after_is_understood(value: str, seconds: float | None) -> None:
    assert parse_retry_after(value, _NOW) == seconds


@given(st.text() | st.from_regex(r"\w{3}, \d{1,2} \w{3} \d{1,9} \d\d:\d\d:\d\d [+-]?\w{1,9}", fullmatch=True))
def test_no_retry_after_breaks_the_parser(value: str) -> None:
    seconds = parse_retry_after(value, _NOW)

    assert seconds is None or seconds >= 0


async def test_cookies_are_forgotten(session: aiohttp.ClientSession, server: FaultServer) -> None:
    server.answer(respond(503, b"", {"Set-Cookie": "a=b"}), stream(text("Hi", "stop"), DONE))
    async with session.post(server.url, data=b"{}"):
        pass

    await answer_of(backend(session, server))

    assert "Cookie" not in server.headers[1]


def test_a_secret_does_not_show() -> None:
    secret = Secret("sk-1")

    assert f"{secret} {secret!r} {[secret]}" == "*** *** [***]"
    assert secret.reveal() == "sk-1"


@pytest.mark.parametrize("value", ["", "sk-1\n", "sk 1", "sk-日本"])
def test_a_key_that_no_header_can_carry_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="API key"):
        Secret(value)
