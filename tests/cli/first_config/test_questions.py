"""What is typed is understood, or a clear word says why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.cli.first_config.questions import (
    Questions,
    language,
    models_of,
    server_ids,
    voting_seconds,
    yes_or_no,
)
from bot.errors import ArenaError
from bot.i18n import translations

if TYPE_CHECKING:
    from collections.abc import Callable

KNOWN = ("llama3.2:3b", "qwen3:4b", "qwen3:8b", "7")
SERVER = 123456789012345678


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("", ()),
        (f"{SERVER}", (SERVER,)),
        (f" {SERVER},{SERVER + 1}、{SERVER} ", (SERVER, SERVER + 1)),
    ],
)
def test_servers_are_named_by_their_ids(typed: str, ids: tuple[int, ...]) -> None:
    assert server_ids(typed) == ids


@pytest.mark.parametrize(
    "typed", ["my server", "123", "-1", "9" * 19, "１２３４５６７８９０１２３４５６７８", "\x1b[2J"]
)
def test_what_is_no_id_is_refused_with_the_way_to_one(typed: str) -> None:
    with pytest.raises(ArenaError, match="Copy Server ID") as refused:
        server_ids(typed)
    assert "\x1b" not in str(refused.value)


@pytest.mark.parametrize(
    ("typed", "models"),
    [
        ("", []),
        ("1", ["llama3.2:3b"]),
        ("3, 1", ["qwen3:8b", "llama3.2:3b"]),
        ("qwen3:4b qwen3:4b", ["qwen3:4b"]),
        ("LLAMA", ["llama3.2:3b"]),
        ("7", ["7"]),
    ],
)
def test_models_are_chosen_by_number_id_or_a_part_of_it(typed: str, models: list[str]) -> None:
    assert models_of(typed, KNOWN) == models


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("9", "There is no model “9” in the list"),
        ("0", "There is no model"),
        ("qwen3", "among them: qwen3:4b, qwen3:8b"),
        ("gpt\x1b[2J", "“gpt\\[2J”"),
    ],
)
def test_what_names_no_model_or_several_is_refused(typed: str, said: str) -> None:
    with pytest.raises(ArenaError, match=said):
        models_of(typed, KNOWN)


def test_without_a_list_an_id_is_taken_as_it_is_typed() -> None:
    assert models_of("mistral-small  o3", ()) == ["mistral-small", "o3"]
    with pytest.raises(ArenaError, match="cannot be the id"):
        models_of("a\x1b", ())


@pytest.mark.parametrize(
    ("understand", "right", "wrong"),
    [
        (voting_seconds, ["10", "604800"], ["9", "604801", "ten", "", "1e3", "-60", "１２０", "9" * 5000]),
        (language, ["auto", "en", "ja"], ["jp", "", "EN"]),
        (yes_or_no, ["y", "No", "はい"], ["maybe", ""]),
    ],
)
def test_only_what_the_config_takes_is_understood(
    understand: Callable[[str], object], right: list[str], wrong: list[str]
) -> None:
    for each in right:
        understand(each)
    for each in wrong:
        with pytest.raises(ArenaError):
            understand(each)


def test_it_is_asked_again_until_the_answer_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    typed = iter(["soon", "", "60"])
    asked: list[str] = []

    def read(prompt: str) -> str:
        asked.append(prompt)
        return next(typed)

    seconds = Questions(translations("en"), read).ask("How long?", "0", voting_seconds)

    assert seconds == 60
    assert asked == ["How long? [0] "] * 3
    assert capsys.readouterr().out.count("Please give a whole number") == 2


def test_nobody_is_asked_where_the_defaults_are_taken() -> None:
    def read(_prompt: str) -> str:
        raise AssertionError

    assert (
        Questions(translations("en"), read, takes_defaults=True).ask("How long?", "120", voting_seconds)
        == 120
    )
