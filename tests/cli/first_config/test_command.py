"""`arena-bot init` over real servers: what is found, what is asked, and what is written."""

from __future__ import annotations

import asyncio
import os
import pty
import sys
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
import pytest
from aiohttp import web

from bot import config
from bot.backends.protocols.providers import Provider
from bot.cli.first_config.command import InitOrder, Surroundings, write_first_config
from bot.cli.first_config.discovery import local_offers
from bot.config import HttpModel
from bot.errors import StartupError
from tests.cli.test_main import arena_bot

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Sequence
    from pathlib import Path

    from bot.cli.first_config.discovery import Offer

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

KEY = "sk-made-up-0123456789"
OLLAMA = Provider("ollama", "Ollama", "ollama", "")
LLAMA_CPP = Provider("llamacpp", "llama.cpp", "openai", "")
OPENROUTER = Provider("openrouter", "OpenRouter", "openai", "", "OPENROUTER_API_KEY")
LISTS = {
    "/api/tags": {"models": [{"name": "sky:latest"}, {"name": "sea:4b"}]},
    "/v1/models": {"object": "list", "data": [{"id": f"maker/model-{number}"} for number in range(30)]},
}


async def lists(request: web.Request) -> web.StreamResponse:
    return web.json_response(LISTS[request.path])


@asynccontextmanager
async def serving(handler: Handler) -> AsyncGenerator[str]:
    app = web.Application()
    app.router.add_get("/{path:.*}", handler)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    try:
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()


def is_empty(folder: Path) -> bool:
    return not any(folder.iterdir())


def is_private(file: Path) -> bool:
    return file.stat().st_mode & 0o077 == 0


def at(url: str, *providers: Provider) -> list[Provider]:
    """Return the providers as they listen on this test's server."""
    return [replace(each, base_url=url + ("/v1" if each.protocol == "openai" else "")) for each in providers]


async def interviewed(
    path: Path,
    providers: Sequence[Provider],
    typed: Sequence[str] = (),
    *,
    lang: str = "en",
    has_terminal: bool = True,
    force: bool = False,
    yes: bool = False,
    **environment: str,
) -> list[str]:
    """Answer the questions in turn; returns those that were asked. At the end of `typed` the input ends."""
    asked: list[str] = []
    answers = iter(typed)
    loop = asyncio.get_running_loop()

    def read(prompt: str) -> str:
        asked.append(prompt)
        try:
            return next(answers)
        except StopIteration:
            raise EOFError from None

    def run(work: Coroutine[None, None, list[Offer]]) -> list[Offer]:
        return asyncio.run_coroutine_threadsafe(work, loop).result()

    here = Surroundings(providers, environment, run, has_terminal, read)
    await asyncio.to_thread(write_first_config, InitOrder(path, lang, force, yes), here)
    return asked


async def test_models_of_this_machine_and_of_a_hosted_api_are_found_and_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "config.toml"
    typed = ["123456789012345678", "1", "y", "2 model-29", "60", "ja"]
    async with serving(lists) as url:
        asked = await interviewed(path, at(url, OLLAMA, OPENROUTER), typed, OPENROUTER_API_KEY=KEY)

    found, said = config.load(path), capsys.readouterr().out
    assert found.discord.servers == (123456789012345678,)
    assert (found.battle.voting_seconds, found.battle.language) == (60, "ja")
    assert [
        (each.name, each.model, each.api_key_env) for each in found.models if isinstance(each, HttpModel)
    ] == [
        ("sea:4b", "sea:4b", None),
        ("model-1", "maker/model-1", "OPENROUTER_API_KEY"),
        ("model-29", "maker/model-29", "OPENROUTER_API_KEY"),
    ]
    assert len(asked) == len(typed)
    assert "… and 10 more" in said
    assert "with 3 models" in said
    assert KEY not in said + path.read_text(encoding="utf-8")


async def test_enter_takes_what_is_on_this_machine_and_nothing_that_costs(tmp_path: Path) -> None:
    async with serving(lists) as url:
        providers = at(url, OLLAMA, LLAMA_CPP, OPENROUTER)
        await interviewed(tmp_path / "config.toml", providers, [""] * 7, OPENROUTER_API_KEY=KEY)

    models = config.load(tmp_path / "config.toml").models
    assert [each.name for each in models] == [
        *("sea:4b", "sky"),
        *("model-0", "model-1", "model-10", "model-11"),
    ]


async def test_nobody_is_asked_with_yes_and_keys_are_not_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with serving(lists) as url:
        asked = await interviewed(
            tmp_path / "config.toml",
            at(url, OLLAMA, OPENROUTER),
            yes=True,
            has_terminal=False,
            OPENROUTER_API_KEY=KEY,
        )

    assert asked == []
    assert [each.name for each in config.load(tmp_path / "config.toml").models] == ["sea:4b", "sky"]
    assert "OPENROUTER_API_KEY is set. Models of OpenRouter cost money" in capsys.readouterr().out


async def test_an_api_without_a_list_is_asked_for_by_id(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def refuse(_request: web.Request) -> web.StreamResponse:
        return web.json_response({"error": {"message": f"bad key {KEY}\x1b[2J"}}, status=401)

    async with serving(refuse) as url:
        typed = ["", "y", "mistral-small", "", ""]
        await interviewed(tmp_path / "config.toml", at(url, OPENROUTER), typed, OPENROUTER_API_KEY=KEY)

    said = capsys.readouterr().out
    assert [each.name for each in config.load(tmp_path / "config.toml").models] == ["mistral-small"]
    assert "OpenRouter gives no list of its models: HTTP 401: bad key ***[2J" in said
    assert "\x1b" not in said
    assert "A battle needs two models" in said


async def test_servers_that_are_no_model_servers_are_not_offered() -> None:
    async def page(_request: web.Request) -> web.StreamResponse:
        return web.Response(text="<html>It works!</html>", content_type="text/html")

    async def silence(_request: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError

    async def flood(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        while True:
            await response.write(b'{"data": [' + b" " * 1_000_000)

    async with serving(page) as a, serving(silence) as b, serving(flood) as c, serving(lists) as d:
        found = await local_offers([*at(a, OLLAMA), *at(b, LLAMA_CPP), *at(c, LLAMA_CPP), *at(d, OLLAMA)])

    assert [offer.models for offer in found] == [("sea:4b", "sky:latest")]


async def test_with_nothing_to_find_it_says_how_to_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await interviewed(tmp_path / "config.toml", [], ["", "", ""])

    said = capsys.readouterr().out
    assert "Start Ollama, or set for example OPENROUTER_API_KEY" in said
    assert config.load(tmp_path / "config.toml").models == ()


@pytest.mark.parametrize("typed", [[], [""], ["", ""]])
async def test_where_the_input_ends_nothing_is_written(tmp_path: Path, typed: list[str]) -> None:
    with pytest.raises(StartupError, match="nothing was written"):
        await interviewed(tmp_path / "config.toml", [], typed)

    assert is_empty(tmp_path)


async def test_a_file_that_is_there_stays_unless_it_is_to_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("# mine\n", encoding="utf-8")

    with pytest.raises(StartupError, match="--force replaces it"):
        await interviewed(path, [], [""] * 3)
    assert path.read_text(encoding="utf-8") == "# mine\n"

    await interviewed(path, [], [""] * 3, force=True)
    assert "arena-bot init" in path.read_text(encoding="utf-8")


async def test_questions_are_in_japanese_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with serving(lists) as url:
        asked = await interviewed(tmp_path / "config.toml", at(url, OLLAMA), [""] * 4, lang="ja")

    said = capsys.readouterr().out
    for text in (*asked, *said.splitlines()):
        assert any(ord(letter) > 0x3000 for letter in text) or text.startswith("  "), text


async def test_without_a_terminal_it_says_what_helps(tmp_path: Path) -> None:
    status, _, err = await arena_bot(tmp_path, "init")

    assert status == 2
    assert err == (
        "arena-bot: init asks questions, and there is no terminal here: --yes takes what it finds instead\n"
    )
    assert is_empty(tmp_path)


PROGRAM = """
import sys
import msgspec
from bot.backends.protocols import providers
providers.PROVIDERS = msgspec.json.decode(sys.argv.pop(), type=tuple[providers.Provider, ...])
from bot.__main__ import main
main()
"""


async def test_the_program_asks_on_a_terminal(tmp_path: Path) -> None:
    async with serving(lists) as url:
        known = msgspec.json.encode(at(url, OLLAMA)).decode()
        ours, theirs = pty.openpty()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", PROGRAM, "init", known),
            cwd=tmp_path,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)
        os.write(ours, b"nonsense\n\n2\n30\nen\n")
        status = await asyncio.wait_for(process.wait(), 60)
        said = os.read(ours, 1 << 16).decode()
        os.close(ours)

    assert status == 0, said
    assert "“nonsense” is not the id of a server" in said
    assert "sky" in config.load(tmp_path / "config.toml").models[0].name
    assert is_private(tmp_path / "config.toml")
