from __future__ import annotations

import json
import logging
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import discord
import pytest
import structlog

from bot import logs

if TYPE_CHECKING:
    from collections.abc import Generator

    import aiohttp

TOKEN = "MTA.made-up.discord_token"
KEY = "sk-" + "a1B2c3D4" * 20
INTERACTION = "aW50ZXJhY3Rpb246MTIzNDU2Nzg5MDEyMzQ1Njc4"
SECRETS = (TOKEN, KEY, INTERACTION)


@pytest.fixture(autouse=True)
def logging_as_before() -> Generator[None]:
    """Give pytest its handlers back, and other tests the defaults of structlog."""
    root = logging.getLogger()
    alembic = logging.getLogger("alembic")
    handlers, level, alembics = root.handlers[:], root.level, alembic.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    alembic.setLevel(alembics)
    structlog.reset_defaults()


both_formats = pytest.mark.parametrize("as_json", [False, True], ids=["terminal", "json"])


def fail_with(token: str, key: str) -> None:
    """Raise an error whose frame and message hold secrets."""
    webhook = f"https://discord.com/api/v10/webhooks/123/{INTERACTION}/messages/@original"
    raise RuntimeError(f"404 of {webhook} for {token} and {key}")


@both_formats
def test_secrets_do_not_stand_in_what_is_logged(*, as_json: bool, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(as_json=as_json, secrets=[TOKEN, KEY])
    structlog.get_logger("bot").info("connecting", token=TOKEN, header=f"Bearer {KEY}")
    logging.getLogger("aiohttp").warning("request to %s with %s", "host", KEY)
    written = capsys.readouterr().err

    assert "connecting" in written
    assert "request to host with ***" in written
    assert not [secret for secret in SECRETS if secret in written]


@both_formats
def test_secrets_do_not_stand_in_tracebacks(*, as_json: bool, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(as_json=as_json, secrets=[TOKEN, KEY])
    for logger in (structlog.get_logger("bot"), logging.getLogger("discord")):
        try:
            fail_with(TOKEN, KEY)
        except RuntimeError:
            logger.exception("failed")
    written = capsys.readouterr().err

    assert written.count("RuntimeError") >= 2
    assert "/webhooks/123/***" in written
    assert not [secret for secret in SECRETS if secret[:12] in written]


@both_formats
def test_an_interactions_token_is_struck_out_of_every_address(
    *, as_json: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(as_json=as_json)
    logging.getLogger("discord").warning("POST /interactions/123/%s/callback is late", INTERACTION)
    written = capsys.readouterr().err

    assert "/interactions/123/***/callback is late" in written
    assert INTERACTION not in written


def test_json_logs_are_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(as_json=True, secrets=[KEY])
    structlog.get_logger("bot").info("battle voided", battle=7)
    logging.getLogger("discord").warning("gateway\nlost")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    assert [line["event"] for line in lines] == ["battle voided", "gateway\nlost"]
    assert lines[0]["battle"] == 7
    assert [line["level"] for line in lines] == ["info", "warning"]


def test_an_empty_secret_strikes_nothing_out(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(as_json=False, secrets=["", KEY])
    structlog.get_logger("bot").info("all is well")

    assert "all is well" in capsys.readouterr().err


def test_a_secret_that_begins_with_another_is_struck_out_whole(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(as_json=False, secrets=["sk-1", "sk-12345"])
    structlog.get_logger("bot").info("key sk-12345 used")

    assert "key *** used" in capsys.readouterr().err


@both_formats
def test_nothing_in_what_is_logged_moves_the_cursor_or_turns_the_text(
    *, as_json: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(as_json=as_json)
    forged = "Model\n2026-01-01 [info] all is well\x1b[2K\u202egnp\r"
    structlog.get_logger("bot").warning("a model failed", model=forged)
    logging.getLogger("discord").warning("who is %s", forged)
    try:
        fail_with(forged, "")
    except RuntimeError:
        structlog.get_logger("bot").exception("failed")
    written = capsys.readouterr().err

    assert "\\u202egnp" in written
    assert not [line for line in written.splitlines() if line.startswith("2026-01-01")]
    assert not [character for character in "\x1b\u202e\r" if character in written]


@both_formats
def test_an_interactions_token_is_struck_out_wherever_it_stands(
    *, as_json: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(as_json=as_json)
    structlog.get_logger("bot").warning("lost", token=INTERACTION)

    assert INTERACTION[20:] not in capsys.readouterr().err


@both_formats
def test_what_discord_quotes_of_a_refused_request_is_not_logged(
    *, as_json: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(as_json=as_json)
    said = {
        "code": 50035,
        "message": "Invalid Form Body",
        "errors": {
            "components": {"_errors": [{"message": 'Value "What did Fukuzawa write?" is not a thing.'}]},
            "content": {"_errors": [{"message": "Must be 4000 or fewer in length."}]},
        },
    }
    response = SimpleNamespace(status=400, reason="Bad Request")
    refusal = discord.HTTPException(cast("aiohttp.ClientResponse", response), said)
    log = structlog.get_logger("bot")
    log.warning("Discord refused a card", error=str(refusal))
    log.error("a battle failed", exc_info=refusal)
    written = capsys.readouterr().err

    assert written.count("In components: Value ") == 2
    assert written.count("Must be 4000 or fewer in length.") == 2
    assert "Fukuzawa" not in written
