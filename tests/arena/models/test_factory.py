"""What becomes of a model's settings in a battle."""

from __future__ import annotations

import pytest

from bot.arena.models.factory import open_factory
from bot.arena.models.keyring import Keyring
from bot.config import Config, LocalModel, OpenAIModel, parse
from tests.behaviour.place import KEYRING

OLLAMA = (
    '[[models]]\nname = "Zephyrine"\nprotocol = "ollama"\nbase_url = "http://localhost:11434"\nmodel = "z"\n'
)
LOCAL = '[[models]]\nname = "Pocket"\nprotocol = "local"\npath = "~/pocket.gguf"\ncontext_tokens = 4000\n'


def config(text: str) -> Config:
    return parse(text, source="config.toml")


@pytest.mark.parametrize(
    ("text", "most"),
    [
        (OLLAMA, None),
        (OLLAMA + "max_prompt_chars = 8000", 8000),
        (LOCAL, 9000),
        (LOCAL + "max_output_tokens = 500", 10_500),
        (LOCAL + "max_output_tokens = 5000", 6000),
        (LOCAL + "max_prompt_chars = 100000", 100_000),
    ],
)
async def test_a_model_takes_what_its_config_says_and_a_local_one_what_its_context_holds(
    text: str, most: int | None
) -> None:
    async with open_factory(config(text), Keyring([])) as factory:
        (competitor,) = factory.operators()

    assert competitor.max_prompt_chars == most


async def test_the_operator_names_families() -> None:
    async with open_factory(config(OLLAMA + 'family = "Comet"'), Keyring([])) as factory:
        (competitor,) = factory.operators()

    assert competitor.family == "Comet"


async def test_a_model_is_given_away_by_its_name_its_served_id_and_its_aliases() -> None:
    served = OpenAIModel(
        name="Aurora", base_url="http://localhost:1/v1", model="example/aurora-9", aliases=("Boreal X1",)
    )
    local = LocalModel(name="Small", path="/models/tiny-3-instruct.gguf")

    async with open_factory(Config(models=(served, local)), KEYRING) as factory:
        names = [competitor.gives_away for competitor in factory.operators()]

    assert names == [("Aurora", "example/aurora-9", "Boreal X1"), ("Small", "tiny-3-instruct")]


async def test_a_masked_model_is_given_away_by_its_code_name_too() -> None:
    model = OpenAIModel(name="Aurora", base_url="http://localhost:1/v1", model="aurora-9")

    async with open_factory(Config(models=(model,)), KEYRING) as factory:
        masked = next(iter(factory.operators())).under("Kestrel")

    assert masked.gives_away == ("Aurora", "aurora-9", "Kestrel")
