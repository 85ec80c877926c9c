from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arena.matchmaking.named_models import read_pair, write_pair
from bot.arena.models.breaker import CircuitBreakers
from bot.arena.models.roster import Entry, GuildRoster
from bot.domain.model import Model, ModelState
from bot.errors import ArenaError
from tests.competitors import competitor

NAMES = ("Zephyrine", "Quillon", "Mistral, small", "GPT-4", "月の光")


def roster(*names: str, **states: ModelState) -> GuildRoster:
    """Make a server's models, numbered from 1; all are enabled but those whose state is given."""
    bench = CircuitBreakers(3, lambda: 0.0)
    return GuildRoster(
        Entry(
            Model(number, 10, name, states.get(name, ModelState.ENABLED)), one, bench.watch(one.backend, name)
        )
        for number, name in enumerate(names, 1)
        for one in [competitor(name)]
    )


@pytest.mark.parametrize(
    ("entered", "pair"),
    [
        ("Zephyrine / Quillon", (1, 2)),
        ("quillon/ZEPHYRINE", (2, 1)),
        ("  Zephyrine ,  GPT-4 ", (1, 4)),
        ("Mistral, small / Quillon", (3, 2)),
        ("Quillon, Mistral,  small", (2, 3)),
        ("月の光、Zephyrine", (5, 1)),
        ("月の光／gpt-4", (5, 4)),
        ("2:5", (2, 5)),
    ],
)
def test_two_names_are_read_as_a_pair(entered: str, pair: tuple[int, int]) -> None:
    assert read_pair(entered, roster(*NAMES)) == pair


@pytest.mark.parametrize(
    ("entered", "complaint"),
    [
        ("Zephyrine", "name two models"),
        ("Zephyrine /", "name two models"),
        ("/", "name two models"),
        ("Zephyrine / Quillon / GPT-4", "name two models"),
        ("Zephyrine / Nobody", "no model named Nobody. /models list shows those that it has"),
        ("Zephyrine / Quilon", r"no model named Quilon\. Did you mean Quillon\?"),
        ("ZEFYRINE / Quillon", r"no model named ZEFYRINE\. Did you mean Zephyrine\?"),
        ("Somebody / Quillon", "no model named Somebody"),
        ("Quillon / quillon", "cannot meet itself"),
        ("2:2", "not clear which two"),
        ("2:77", "not clear which two"),
    ],
)
def test_what_is_no_pair_is_said(entered: str, complaint: str) -> None:
    with pytest.raises(ArenaError, match=complaint):
        read_pair(entered, roster(*NAMES))


def test_names_that_can_be_read_in_two_ways_are_not_guessed_at() -> None:
    models = roster("A", "A / B", "B / C", "C")

    with pytest.raises(ArenaError, match="not clear which two"):
        read_pair("A / B / C", models)
    assert read_pair(write_pair(models[1], models[3]), models) == (1, 3)


@pytest.mark.parametrize(
    ("state", "complaint"),
    [(ModelState.RETIRED, "Quillon is retired"), (ModelState.DISABLED, "Quillon is switched off")],
)
def test_a_model_that_does_not_fight_is_refused(state: ModelState, complaint: str) -> None:
    models = roster("Zephyrine", "Quillon", Quillon=state)

    with pytest.raises(ArenaError, match=complaint):
        read_pair("Zephyrine / Quillon", models)


def test_a_model_that_cannot_be_asked_is_refused() -> None:
    models = GuildRoster([*roster("Zephyrine"), Entry(Model(2, 10, "Quillon", settings="{}"))])

    with pytest.raises(ArenaError, match="Quillon cannot be asked at the moment"):
        read_pair("Zephyrine / Quillon", models)


def test_a_masked_model_is_known_by_its_code_name_alone() -> None:
    bench, one = CircuitBreakers(3, lambda: 0.0), competitor("Quillon")
    masked = Model(2, 10, "Quillon", code_name="Mystery")
    models = GuildRoster([*roster("Zephyrine"), Entry(masked, one, bench.watch(one.backend, "Quillon"))])

    assert read_pair("Zephyrine / Mystery", models) == (1, 2)
    with pytest.raises(ArenaError, match="no model named Quillon"):
        read_pair("Zephyrine / Quillon", models)


def folded(name: str) -> str:
    return " ".join(name.split()).casefold()


words = st.text("abAB/, 、ß", min_size=1, max_size=5).map(str.strip).filter(bool)
servers = st.lists(words, min_size=2, max_size=6, unique_by=folded)


@given(servers)
def test_a_pair_is_read_as_it_was_written_or_not_at_all(names: list[str]) -> None:
    models = roster(*names)
    for one, other in product(range(1, len(names) + 1), repeat=2):
        if one == other:
            continue
        written = f"{names[one - 1]} / {names[other - 1]}"
        try:
            pair = read_pair(written, models)
        except ArenaError:
            pair = None
        is_plain = not any(set(name) & set("/,、") for name in names)
        assert pair == (one, other) or (pair is None and not is_plain), written
        assert read_pair(write_pair(models[one], models[other]), models) == (one, other)
