from __future__ import annotations

from bot.config import Config, LocalModel, OpenAIModel
from bot.fighters import open_workshop
from tests.behaviour.place import KEYRING


async def test_a_model_is_given_away_by_its_name_its_served_id_and_its_aliases() -> None:
    served = OpenAIModel(
        name="Aurora", base_url="http://localhost:1/v1", model="example/aurora-9", aliases=("Boreal X1",)
    )
    local = LocalModel(name="Small", path="/models/tiny-3-instruct.gguf")

    async with open_workshop(Config(models=(served, local)), KEYRING) as workshop:
        names = [fighter.gives_away for fighter in workshop.operators()]

    assert names == [("Aurora", "example/aurora-9", "Boreal X1"), ("Small", "tiny-3-instruct")]


async def test_a_masked_model_is_given_away_by_its_code_name_too() -> None:
    model = OpenAIModel(name="Aurora", base_url="http://localhost:1/v1", model="aurora-9")

    async with open_workshop(Config(models=(model,)), KEYRING) as workshop:
        masked = next(iter(workshop.operators())).under("Kestrel")

    assert masked.gives_away == ("Aurora", "aurora-9", "Kestrel")
