"""What `arena-bot check` says of each model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.backends.fault_server import DONE, FaultServer, respond, serve, stream, text
from tests.cli.test_main import arena_bot, configure

if TYPE_CHECKING:
    from pathlib import Path


async def checked(folder: Path, server: FaultServer, more: str = "") -> str:
    """Return the line of the one model."""
    configure(
        folder,
        '[[models]]\nname = "Zephyrine"\nprotocol = "openai"\nmodel = "sky-7b"\n'
        f'base_url = "{server.url}"\n{more}',
    )
    _, out, _ = await arena_bot(folder, "check")
    return next(line for line in out.splitlines() if "model Zephyrine" in line)


async def test_check_shows_the_first_words_the_finish_what_was_left_out_and_the_address(
    tmp_path: Path,
) -> None:
    async with serve() as server:
        refused = respond(400, {"error": {"message": "temperature is not supported"}})
        server.answer(refused, stream(text("I am good\nat skies.", "model_length"), DONE))
        line = await checked(tmp_path, server, "temperature = 0.5\n")

    assert line.startswith(
        "ok    model Zephyrine: it says: I am good at skies.; finish: model_length (length)"
    )
    assert "asked without: temperature" in line
    assert line.endswith(f"(asked at {server.url}/chat/completions)")


async def test_check_names_the_models_that_the_server_has(tmp_path: Path) -> None:
    async with serve(models={"data": [{"id": "sky-8b"}]}) as server:
        server.answer(respond(400, {"detail": "Model not found"}))
        line = await checked(tmp_path, server)

    assert line.startswith(
        "FAIL  model Zephyrine: not_found: HTTP 400: Model not found; the server has sky-8b"
    )
    assert line.endswith(f"(asked at {server.url}/chat/completions)")


@pytest.mark.parametrize("works", [True, False])
async def test_check_asks_whether_v1_is_missing(tmp_path: Path, *, works: bool) -> None:
    async with serve() as server:
        here = server.url
        server.url = here.removesuffix("/v1")
        nothing = respond(404, b"<html>", content_type="text/html")
        server.answer(nothing, stream(text("I am here.", "stop"), DONE) if works else nothing)
        line = await checked(tmp_path, server)

    assert line.startswith("FAIL  model Zephyrine: not_found: HTTP 404")
    assert (f'is /v1 missing? It answers with base_url = "{here}"' in line) is works
    assert ("is /v1 missing at the end of base_url?" in line) is not works


async def test_check_does_not_ask_about_v1_where_it_is(tmp_path: Path) -> None:
    async with serve() as server:
        server.answer(respond(404, b"<html>", content_type="text/html"))
        line = await checked(tmp_path, server)

    assert "missing" not in line
    assert len(server.bodies) == 1


async def test_check_shows_an_image_in_full_size_and_names_what_limits_a_request(tmp_path: Path) -> None:
    async with serve() as server:
        server.answer(respond(413, b"<html>413 Request Entity Too Large</html>", content_type="text/html"))
        line = await checked(tmp_path, server, "accepts_images = true\n")

    assert len(str(server.bodies[0])) > 3_900_000
    assert "prompt_too_long: HTTP 413" in line
    assert "max_prompt_chars" in line


@pytest.mark.parametrize(
    ("told", "is_warned"),
    [
        ("", False),
        ("price_out = 1.0\n", True),
        ("price_out = 1.0\n[limits]\nusd_per_day = 5.0\n", False),
        ("price_out = 1.0\n[discord]\nservers = [1]\n", False),
    ],
    ids=["free", "open to all", "limited", "of named servers"],
)
async def test_check_warns_where_strangers_could_spend_the_operators_money(
    tmp_path: Path,
    told: str,
    is_warned: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    model = '[[models]]\nname = "{}"\nprotocol = "openai"\nmodel = "m"\nbase_url = "http://127.0.0.1:1"\n'
    configure(tmp_path, model.format("Quillon") + model.format("Zephyrine") + told)
    _, out, _ = await arena_bot(tmp_path, "check")
    (line,) = (line for line in out.splitlines() if " config: " in line)

    assert line.startswith("ok    config: 2 models can be drawn")
    assert ("whoever invites this bot spends what Zephyrine costs" in line) is is_warned
