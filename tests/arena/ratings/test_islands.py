"""Groups of models that never met, and what a board makes of them."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.arena.models.roster import Entry, GuildRoster
from bot.arena.ratings.bradley_terry import fit
from bot.arena.ratings.islands import islands
from bot.arena.ratings.leaderboards import ranking, standings
from bot.arena.ratings.ranks import is_ranked
from bot.config import BattleDefaults
from bot.domain.model import Model
from bot.domain.vote import Tally
from tests.arena.ratings.test_bradley_terry import running_sums

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.arena.ratings.bradley_terry import Ratings
    from tests.arena.ratings.test_bradley_terry import Battle

MODELS = range(1, 9)
RULES = BattleDefaults(min_votes_ranked=2, min_battles_ranked=1)
ROSTER = GuildRoster([Entry(Model(model, 1, f"Model {model}")) for model in MODELS])
EVEN = Tally(a=3, b=2)

meetings = st.lists(
    st.tuples(st.sampled_from(MODELS), st.sampled_from(MODELS), st.integers(0, 2)).filter(
        lambda drawn: drawn[0] != drawn[1]
    ),
    max_size=12,
).map(lambda drawn: [(a, b, Tally(a=votes)) for a, b, votes in drawn])


def fitted(battles: Sequence[Battle]) -> Ratings:
    return fit(MODELS, running_sums(battles))


@given(meetings)
def test_two_models_are_in_one_group_where_a_chain_of_battles_leads_from_one_to_the_other(
    battles: list[Battle],
) -> None:
    group = {model: {model} for model in MODELS}
    for a, b, tally in battles:
        if tally.votes:
            joined = group[a] | group[b]
            for model in joined:
                group[model] = joined
    ratings = fitted(battles)
    ranked = {row.model for row in ratings.rows if is_ranked(row, RULES)}

    found = islands(ratings, ranked)

    assert set(found) == {frozenset(each) for each in group.values() if each & ranked}
    assert len(found) == len(set(found))
    sizes = [len(each & ranked) for each in found]
    assert sizes == sorted(sizes, reverse=True)


@given(meetings)
def test_each_group_has_ranks_of_its_own(battles: list[Battle]) -> None:
    found = ranking(fitted(battles), ROSTER, RULES)
    shown = standings(fitted(battles), ROSTER, RULES)

    assert [each.rating for each in shown] == [*found.ranked, *found.provisional]
    for number, group in enumerate(found.islands):
        ranks = [each.rank for each in shown if each.rank and each.island == number]
        assert len(ranks) == len(group)
        assert all(1 <= rank.best <= rank.worst <= len(group) for rank in ranks)


def test_the_largest_group_is_the_board_and_of_two_alike_the_one_with_more_votes() -> None:
    big = [(1, 2, EVEN), (2, 3, EVEN)]
    busy, quiet = [(6, 7, EVEN), (6, 7, EVEN)], [(4, 5, EVEN)]

    found = ranking(fitted([*quiet, *busy, *big]), ROSTER, RULES)

    assert [{row.model for row in group} for group in found.islands] == [{1, 2, 3}, {6, 7}, {4, 5}]
    assert {row.model for row in found.provisional} == {8}


def test_a_model_without_a_rank_joins_those_who_met_it() -> None:
    bridge = [(2, 8, Tally(a=1)), (3, 8, Tally())]

    apart = ranking(fitted([(1, 2, EVEN), (3, 4, EVEN), *bridge]), ROSTER, RULES)
    joined = ranking(fitted([(1, 2, EVEN), (3, 4, EVEN), *bridge, (3, 8, Tally())]), ROSTER, RULES)
    met = ranking(
        fitted([(1, 2, EVEN), (3, 4, EVEN), (2, 8, Tally(a=1)), (8, 3, Tally(a=1))]),
        ROSTER,
        BattleDefaults(min_votes_ranked=3, min_battles_ranked=1),
    )

    assert len(apart.islands) == len(joined.islands) == 2
    assert len(met.islands) == 1
    assert 8 not in {row.model for row in met.ranked}


def test_the_intervals_of_a_group_do_not_depend_on_how_far_it_is_from_another() -> None:
    """A board of two models beside a group of many is as sure of them as without that group."""
    alone = [(1, 2, Tally(a=30, b=20))] * 20
    many = [(a, b, Tally(a=30, b=20)) for a in (3, 4, 5) for b in (6, 7, 8)] * 20

    before = {row.model: row for row in chain(*ranking(fitted(alone), ROSTER, RULES).islands)}
    beside = {row.model: row for row in chain(*ranking(fitted([*alone, *many]), ROSTER, RULES).islands)}

    for model in (1, 2):
        assert beside[model].rating == pytest.approx(before[model].rating, abs=1e-6)
        assert beside[model].half_width == pytest.approx(before[model].half_width, rel=0.2)
