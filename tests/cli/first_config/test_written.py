"""Whatever the answers are, the file says them, and the bot reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import config
from bot.backends.protocols.providers import PROVIDERS
from bot.cli.first_config.written import Answers, PickedModel, named, put, text_of
from bot.config import HttpModel
from bot.errors import StartupError

if TYPE_CHECKING:
    from pathlib import Path

    from bot.backends.protocols.providers import Provider

OPENROUTER = next(each for each in PROVIDERS if each.id == "openrouter")
OLLAMA = next(each for each in PROVIDERS if each.id == "ollama")

# As a list or a person may name a model.
MODEL_IDS = st.text(min_size=1, max_size=200).filter(lambda text: text.isprintable() and text == text.strip())


@given(
    servers=st.lists(st.integers(1, 2**63 - 1), max_size=3),
    models=st.lists(st.tuples(st.sampled_from(PROVIDERS), MODEL_IDS), max_size=5),
    seconds=st.integers(10, 604_800),
    language=st.sampled_from(["auto", "en", "ja"]),
)
def test_the_file_says_what_was_answered(
    servers: list[int], models: list[tuple[Provider, str]], seconds: int, language: str
) -> None:
    chosen: list[PickedModel] = []
    for provider, model in models:
        chosen.append(named(provider, model, [each.name for each in chosen]))

    found = config.parse(
        text_of(Answers(tuple(servers), tuple(chosen), seconds, language)), source="config.toml"
    )

    assert found.discord.servers == tuple(servers)
    assert (found.battle.voting_seconds, found.battle.language) == (seconds, language)
    assert [
        (each.model, each.base_url, each.api_key_env) for each in found.models if isinstance(each, HttpModel)
    ] == [(each.model, each.provider.base_url, each.provider.key_env) for each in chosen]


@pytest.mark.parametrize(
    ("model", "taken", "name"),
    [
        ("mistralai/mistral-small", [], "mistral-small"),
        ("llama3.2:latest", [], "llama3.2"),
        ("sky", ["SKY"], "sky (OpenRouter)"),
        ("sky", ["sky", "Sky (OpenRouter)"], "sky 2"),
        ("a/", [], "a/"),
        ('quo"te\\', [], 'quo"te\\'),
    ],
)
def test_a_name_is_short_and_nobody_elses(model: str, taken: list[str], name: str) -> None:
    assert named(OPENROUTER, model, taken).name == name


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.mkdir()

    with pytest.raises(StartupError, match="cannot be written"):
        put(path, Answers(models=(named(OLLAMA, "sky", []),)))

    assert list(tmp_path.iterdir()) == [path]


def test_a_file_without_models_shows_how_to_add_one(tmp_path: Path) -> None:
    put(tmp_path / "config.toml", Answers())

    text = (tmp_path / "config.toml").read_text(encoding="utf-8")
    shown = text.replace("\n# [[models]]", "\n[[models]]")
    uncommented = "\n".join(
        line.removeprefix("# ")
        if line.startswith(("# name", "# protocol", "# base_url", "# model "))
        else line
        for line in shown.splitlines()
    )
    assert config.parse(text, source="").models == ()
    assert len(config.parse(uncommented, source="").models) == 1
