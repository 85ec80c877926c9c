"""What becomes of a model's settings in a battle."""

from __future__ import annotations

import pytest

from bot.config import Config, parse
from bot.fighters import open_workshop
from bot.keyring import Keyring

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
    async with open_workshop(config(text), Keyring([])) as workshop:
        (fighter,) = workshop.operators()

    assert fighter.max_prompt_chars == most


async def test_the_operator_names_families() -> None:
    async with open_workshop(config(OLLAMA + 'family = "Comet"'), Keyring([])) as workshop:
        (fighter,) = workshop.operators()

    assert fighter.family == "Comet"
