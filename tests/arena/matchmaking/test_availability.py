from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arena.battles.follow_ups import check_room, room_left
from bot.arena.matchmaking.availability import PromptNeeds, eligible
from bot.arena.matchmaking.odds import chances, pair_probabilities
from bot.arena.matchmaking.pairing import Pairing
from bot.arena.models.breaker import CircuitBreakers
from bot.arena.models.roster import Entry, GuildRoster
from bot.arena.ratings.bradley_terry import fit
from bot.domain.battle import Answer, Battle, BattleState, Contestant, Side, Turn
from bot.domain.model import Model, ModelState
from bot.errors import ArenaError
from tests.competitors import competitor

if TYPE_CHECKING:
    from collections.abc import Mapping

MODELS = (1, 2, 3, 4, 5)
RATINGS = fit(MODELS, {})

families = st.dictionaries(st.sampled_from(MODELS), st.sampled_from(["Llama", "llama", "Qwen"]))
limits = st.dictionaries(st.sampled_from(MODELS), st.integers(1, 100))


def roster(
    *,
    limits: Mapping[int, int] | None = None,
    families: Mapping[int, str] | None = None,
    of_operator: Mapping[int, str] | None = None,
    off: frozenset[int] = frozenset(),
) -> GuildRoster:
    """Make a server's models; families are those that moderators named, and those of the operator."""
    bench = CircuitBreakers(3, lambda: 0.0)
    entries: list[Entry] = []
    for number in MODELS:
        one = replace(
            competitor(f"Model {number}"),
            max_prompt_chars=(limits or {}).get(number),
            family=(of_operator or {}).get(number),
        )
        state = ModelState.DISABLED if number in off else ModelState.ENABLED
        model = Model(number, 10, one.name, state, family=(families or {}).get(number))
        entries.append(Entry(model, one, bench.watch(one.backend, one.name)))
    return GuildRoster(entries)


def battle(a: int, b: int, prompt: str, reply: str = "", *turns: Turn) -> Battle:
    seats = Contestant(Side.A, a, "A", reply), Contestant(Side.B, b, "B", reply)
    return Battle(1, 10, 20, 30, 40, prompt, "en", BattleState.VOTING, 0.0, *seats, turns=turns)


@given(families, limits, st.integers(0, 100), st.integers(0, 1000))
def test_who_is_drawn_or_steps_in_can_take_the_prompt_and_meets_no_sibling(
    families: dict[int, str], limits: dict[int, int], chars: int, seed: int
) -> None:
    models = roster(families=families, limits=limits)
    try:
        able = eligible(models, PromptNeeds(chars))
    except ArenaError:
        return
    odds = pair_probabilities(able, RATINGS, newcomer_votes=50, apart=models.siblings())
    pairing = Pairing(models, odds, Random(seed))

    assert sum(odds.values()) == pytest.approx(1)
    for side in (Side.A, Side.B, Side.A, Side.B):
        i, j = pairing.sides.values()
        assert i != j
        assert families.get(i, "i").casefold() != families.get(j, "j").casefold()
        assert min(limits.get(i, 100), limits.get(j, 100)) >= chars
        pairing.replace(side)


@given(families, st.sets(st.sampled_from(MODELS), min_size=2))
def test_every_pair_but_siblings_has_its_share(families: dict[int, str], models: set[int]) -> None:
    apart = roster(families=families).siblings()
    left = [(i, j) for i in sorted(models) for j in sorted(models) if i < j and (i, j) not in apart]
    if not left:
        return
    odds = pair_probabilities(sorted(models), RATINGS, newcomer_votes=50, apart=apart)

    assert list(odds) == left
    assert min(odds.values()) >= 0.2 / len(left)
    assert sum(chances(odds).values()) == pytest.approx(2)


def test_a_newcomer_whose_only_rivals_are_its_siblings_upsets_nothing() -> None:
    models = roster(families={1: "Llama", 2: "Llama"})
    ratings = fit(MODELS, {})

    odds = pair_probabilities([1, 2, 3], ratings, newcomer_votes=50, apart=models.siblings())

    assert odds == {(1, 3): pytest.approx(0.5), (2, 3): pytest.approx(0.5)}


def test_families_of_the_operator_and_of_moderators_both_count() -> None:
    models = roster(families={1: "llama", 3: "Qwen"}, of_operator={2: "Llama", 1: "Qwen"})

    assert models.siblings() == {(1, 2), (1, 3)}


def test_too_few_models_are_counted() -> None:
    with pytest.raises(ArenaError, match="this server has 1 at the moment"):
        eligible(roster(off=frozenset({1, 2, 3, 4})), PromptNeeds(10))


def test_that_only_siblings_are_left_is_said() -> None:
    with pytest.raises(ArenaError, match="siblings do not meet"):
        eligible(roster(families=dict.fromkeys(MODELS, "Llama")), PromptNeeds(10))


def test_the_longest_prompt_that_two_can_take_is_named() -> None:
    models = roster(limits={1: 50, 2: 40, 3: 30, 4: 20, 5: 10}, families={1: "Llama", 2: "llama"})

    assert eligible(models, PromptNeeds(30)) == [1, 2, 3]
    with pytest.raises(ArenaError, match=r"has 31 characters.* has 30"):
        eligible(models, PromptNeeds(31))


def test_one_model_without_a_limit_does_not_make_a_pair() -> None:
    models = roster(limits={1: 50, 2: 40, 3: 30, 4: 20})

    with pytest.raises(ArenaError, match=r"has 51 characters.* has 50"):
        eligible(models, PromptNeeds(51))


def test_without_limits_a_conversation_has_room() -> None:
    assert room_left(roster(), battle(1, 2, "Why?")) is None
    check_room(roster(), battle(1, 2, "Why?"), "x" * 10_000)


def test_room_is_what_the_longer_conversation_leaves_of_the_smallest_limit() -> None:
    turn = Turn(2, "12345", Answer("1"), Answer("123"))

    assert room_left(roster(limits={1: 100, 5: 40}), battle(1, 2, "1234", "12", turn)) == 40 - 4 - 2 - 5 - 3


@pytest.mark.parametrize(("a", "b"), [(1, 2), (2, 3), (4, 1)])
def test_room_is_the_same_whoever_could_have_been_drawn(a: int, b: int) -> None:
    models = roster(limits={1: 60, 5: 3})

    assert room_left(models, battle(a, b, "1234", "12")) == 60 - 6


def test_a_model_of_the_battle_limits_it_even_when_it_was_switched_off() -> None:
    models = roster(limits={1: 60}, off=frozenset({1}))

    assert room_left(models, battle(1, 2, "1234")) == 56
    assert room_left(models, battle(3, 2, "1234")) is None


def test_a_prompt_that_has_no_room_is_refused_with_what_there_is() -> None:
    models, held = roster(limits={5: 10}), battle(1, 2, "1234")
    check_room(models, held, "123456")

    with pytest.raises(ArenaError, match="room for 6 more characters, and your prompt has 7"):
        check_room(models, held, "1234567")
    with pytest.raises(ArenaError, match="as long as the models here can take"):
        check_room(models, battle(1, 2, "1234", "123456"), "1")
