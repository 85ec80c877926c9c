from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from bot.arena.battles.deps import BattleDeps
from bot.arena.battles.images.memory import let_images_go
from bot.arena.battles.runner import BattleRunner
from bot.arena.models.spending import Spending
from bot.arena.voting.ballots import Ballots
from bot.config import Config
from bot.domain.battle import Battle, BattleState, Contestant, Side
from bot.domain.image import Image, ImageKind
from bot.domain.pauses import USUAL
from tests.cards import PlainCard

if TYPE_CHECKING:
    from bot.storage.database import Database
    from tests.arena.conftest import Clock

MEGABYTE = Image(ImageKind.PNG, 640, 480, bytes(1_000_000))


def runners(database: Database, clock: Clock, *states: BattleState) -> list[BattleRunner]:
    """Return one for each battle with an image, the oldest first."""
    rules = BattleDeps(
        database, Ballots(database, clock, USUAL), Config(), clock, USUAL, Spending(database, clock)
    )
    a, b = (Contestant(side, 1, "Zephyrine") for side in Side)
    return [
        BattleRunner(rules, _battle(number, state, a, b), PlainCard())
        for number, state in enumerate(states, 1)
    ]


def _battle(number: int, state: BattleState, a: Contestant, b: Contestant) -> Battle:
    return Battle(
        number, 2, 3, 4, 5, "Why?", "en-US", state, 0.0, a, b, image_kind=ImageKind.PNG, image=MEGABYTE
    )


def lost(found: list[BattleRunner]) -> list[int]:
    return [runner.battle.battle_id for runner in found if runner.battle.lost_image]


async def test_as_many_images_stay_as_fit(database: Database, clock: Clock) -> None:
    found = runners(database, clock, *[BattleState.VOTING] * 3)

    let_images_go(found, 3_000_000)

    assert lost(found) == []


async def test_the_oldest_images_go_first_in_whatever_order_they_come(
    database: Database, clock: Clock
) -> None:
    found = runners(database, clock, *[BattleState.VOTING] * 5)

    let_images_go(Random(1).sample(found, 5), 2_000_000)

    assert lost(found) == [1, 2, 3]


async def test_models_at_work_keep_their_image(database: Database, clock: Clock) -> None:
    found = runners(database, clock, BattleState.GENERATING, BattleState.VOTING, BattleState.VOTING)

    let_images_go(found, 1_000_000)

    assert lost(found) == [2]
