from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arena.matchmaking.named_models import folded
from bot.arena.models.breaker import CircuitBreakers
from bot.arena.models.roster import Entry, GuildRoster
from bot.arena.ratings.bradley_terry import Rating
from bot.arena.ratings.leaderboards import Standing
from bot.arena.tournaments.entrants import entrants, read_names, seeding
from bot.domain.model import Model, ModelState
from bot.errors import ArenaError
from tests.competitors import competitor

NAMES = ("Zephyrine", "Quillon", "Mistral, small", "GPT-4", "月の光", "Aurelian")
RATINGS = {1: 1000.0, 2: 1100.0, 3: 1000.0, 4: 1300.0, 5: 900.0, 6: 1200.0}
BEST_FIRST = (4, 6, 2, 1, 3, 5)
ORDER = {model: place for place, model in enumerate(BEST_FIRST)}


def roster(count: int = len(NAMES), **states: ModelState) -> GuildRoster:
    bench = CircuitBreakers(3, lambda: 0.0)
    return GuildRoster(
        Entry(
            Model(number, 10, name, states.get(name, ModelState.ENABLED)), one, bench.watch(one.backend, name)
        )
        for number, name in enumerate(NAMES[:count], 1)
        for one in [competitor(name)]
    )


def standing(model: int, island: int = 0) -> Standing:
    return Standing(
        None, NAMES[model - 1], Rating(model, RATINGS[model], 10.0), retired=False, price=None, island=island
    )


def test_the_best_rated_come_first() -> None:
    assert seeding(map(standing, RATINGS)) == ORDER


def test_groups_that_never_met_take_turns() -> None:
    places = seeding([standing(1), standing(2), standing(3, 1), standing(4, 1), standing(5), standing(6, 2)])

    assert sorted(places, key=places.__getitem__) == [2, 4, 6, 1, 3, 5]


@pytest.mark.parametrize(("entered", "count"), [("4", 4), (" 5 ", 5), ("６", 6), (None, 6)])
def test_a_number_means_so_many_of_the_best(entered: str | None, count: int) -> None:
    assert entrants(entered, roster(), ORDER) == BEST_FIRST[:count]


def test_models_that_cannot_answer_are_left_out() -> None:
    models = roster(Quillon=ModelState.DISABLED)

    assert entrants("4", models, ORDER) == (4, 6, 1, 3)


def test_names_are_seeded_by_rating() -> None:
    chosen = entrants("zephyrine / Mistral, small、月の光 , gpt-4", roster(), ORDER)

    assert chosen == (4, 1, 3, 5)


@pytest.mark.parametrize(
    ("entered", "complaint"),
    [
        ("3", "has 4 to 16 models"),
        ("17", "has 4 to 16 models"),
        ("99999999999999999999", "has 4 to 16 models"),
        ("7", r"Only 6 models can answer here at the moment\. Please choose a number from 4 to 6\."),
        ("Zephyrine / Quillon / GPT-4", "has 4 to 16 models"),
        ("Zephyrine / Quillon / GPT-4 / Nobody", "no model named Nobody"),
        ("Zephyrine / Quillon / GPT-4 / quillon", "can take part once"),
        ("Zephyrine / Quillon / GPT-4 / Aurelia", r"Did you mean Aurelian\?"),
        ("four", "no model named four"),
        (" / ", "no model named"),
    ],
)
def test_what_makes_no_tournament_is_said(entered: str, complaint: str) -> None:
    with pytest.raises(ArenaError, match=complaint):
        entrants(entered, roster(), ORDER)


def test_a_named_model_that_does_not_fight_is_refused() -> None:
    models = roster(Quillon=ModelState.RETIRED)

    with pytest.raises(ArenaError, match="Quillon is retired"):
        entrants("Zephyrine / Quillon / GPT-4 / Aurelian", models, ORDER)


def test_a_server_with_too_few_models_is_told_how_many_it_has() -> None:
    with pytest.raises(ArenaError, match="needs 4 models that can answer, and this server has 3"):
        entrants(None, roster(3), ORDER)


words = st.text("ab/,、 ", min_size=1, max_size=4).map(str.strip).filter(bool)


@given(st.lists(words, min_size=1, max_size=7, unique_by=folded), st.data())
def test_a_list_is_read_as_it_was_written(names: list[str], data: st.DataObject) -> None:
    known = {folded(name): number for number, name in enumerate(names)}
    chosen = data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=5))
    written = tuple(known[folded(name)] for name in chosen)
    readings = read_names(" / ".join(chosen), known)

    assert written in readings or len(readings) == 2
    assert len(readings) == 1 or any(set(name) & set("/,、") for name in names)
