from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec
import pytest

from bot.config import Config, LocalModel, OpenAIModel, api_key, load, parse
from bot.errors import StartupError

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
MODEL = """
[[models]]
name = "Zephyrine"
protocol = "openai"
base_url = "http://localhost:11434/v1"
model = "zephyrine:7b"
"""


def model(**changes: str) -> str:
    """Return the table of a model with some lines replaced or added."""
    kept = [line for line in MODEL.splitlines() if line.partition(" = ")[0] not in changes]
    return "\n".join([*kept, *(f"{key} = {value}" for key, value in changes.items())]) + "\n"


def test_an_empty_file_is_a_config_with_all_defaults() -> None:
    config = parse("", source="config.toml")

    assert config == Config()
    assert config.battle.voting_seconds == 120
    assert config.storage.path == "arena.sqlite3"


def test_a_model_needs_only_a_name_a_protocol_and_where_it_is() -> None:
    (found,) = parse(MODEL, source="config.toml").models

    assert found == OpenAIModel(
        name="Zephyrine",
        base_url="http://localhost:11434/v1",
        model="zephyrine:7b",
    )
    assert found.enabled


def test_a_local_model_needs_only_a_name_and_a_path() -> None:
    text = '[[models]]\nname = "Pocket"\nprotocol = "local"\npath = "~/pocket.gguf"'

    (found,) = parse(text, source="config.toml").models

    assert found == LocalModel(name="Pocket", path="~/pocket.gguf")
    assert api_key(found, {}) is None


def test_two_models_cannot_share_a_name_whatever_its_case() -> None:
    with pytest.raises(StartupError, match="two models are named 'ZEPHYRINE'"):
        parse(MODEL + model(name='"ZEPHYRINE"'), source="config.toml")


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match=r"config\.toml: no such file; `arena-bot init`"):
        load(tmp_path / "config.toml")


def test_a_file_may_begin_with_the_mark_that_windows_puts_there(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[battle]\nvoting_seconds = 60\n", encoding="utf-8-sig")

    assert load(path).battle.voting_seconds == 60


def test_a_file_that_is_not_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(StartupError, match="cannot be read"):
        load(path)


def test_a_key_is_read_from_the_variable_that_the_config_names() -> None:
    (found,) = parse(model(api_key_env='"ZEPHYRINE_KEY"'), source="config.toml").models

    assert api_key(found, {"ZEPHYRINE_KEY": " sk-1 "}) == "sk-1"


def test_a_model_without_a_variable_has_no_key() -> None:
    (found,) = parse(MODEL, source="config.toml").models

    assert api_key(found, {}) is None


@pytest.mark.parametrize("environment", [{}, {"ZEPHYRINE_KEY": ""}, {"ZEPHYRINE_KEY": "   "}])
def test_a_missing_key_names_the_model_and_the_variable(environment: dict[str, str]) -> None:
    (found,) = parse(model(api_key_env='"ZEPHYRINE_KEY"'), source="config.toml").models

    with pytest.raises(StartupError, match="model 'Zephyrine': api_key_env names ZEPHYRINE_KEY"):
        api_key(found, environment)


@pytest.mark.parametrize("key", ["sk 1", "sk-ä", "sk\u200b1", "sk\n1"])
def test_a_key_that_no_header_could_carry_is_refused_without_being_told(key: str) -> None:
    (found,) = parse(model(api_key_env='"ZEPHYRINE_KEY"'), source="config.toml").models

    with pytest.raises(StartupError) as refused:
        api_key(found, {"ZEPHYRINE_KEY": key})
    assert key not in str(refused.value)


def test_the_example_file_loads() -> None:
    config = load(EXAMPLE)

    assert config.models


def test_the_example_file_shows_every_key_of_every_table() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    shown = set(tomllib.loads(text.replace("\n# ", "\n#"))) | {"models"}
    keys = {
        field.name
        for table in msgspec.structs.fields(Config)
        if isinstance(table.type, type) and issubclass(table.type, msgspec.Struct)
        for field in msgspec.structs.fields(table.type)
    } | {field.name for kind in (OpenAIModel, LocalModel) for field in msgspec.structs.fields(kind)}

    assert shown == {table.name for table in msgspec.structs.fields(Config)}
    assert [key for key in sorted(keys) if f"{key} =" not in text] == []


@pytest.mark.parametrize(
    "twin",
    [
        "Sky\u00a0Blüe",
        "Sky  Blüe",
        "Sky\u200b Blüe",
        "Sky Blu\u0308e",
        "Sky Blüe\ufe0f",
        "Sky Blüe\u180b",
        "SKY BLÜE",
        "Ｓky Blüe",
    ],
)
def test_names_that_look_the_same_are_refused_like_namesakes(twin: str) -> None:
    text = model(name='"Sky Blüe"') + model(name=f'"{twin}"')

    with pytest.raises(StartupError, match="two models are named"):
        parse(text, source="config.toml")
