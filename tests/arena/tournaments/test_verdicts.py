from __future__ import annotations

from dataclasses import replace

import pytest

from bot.arena.tournaments.bracket import verdict
from bot.domain.battle import Battle, BattleState, Contestant, Place, Side, VoidReason
from bot.domain.tournament import Attempt, Entrant, MatchOutcome, MatchResult
from bot.domain.vote import Tally

PLACE = Place(4, 1)
PAIR = (Entrant(2, 20, "Zephyrine"), Entrant(3, 30, "Quillon"))


def battle(tally: Tally | None = None, *, a: int = 30, b: int = 20) -> Battle:
    """Make a battle of the pair that was closed; without a tally, one that was called off."""
    made = Battle(
        battle_id=1,
        guild_id=10,
        channel_id=20,
        message_id=30,
        asker_id=40,
        prompt="Why?",
        locale="en",
        state=BattleState.CLOSED,
        opened_at=0.0,
        a=Contestant(Side.A, a, "A"),
        b=Contestant(Side.B, b, "B"),
        tally=tally or Tally(),
    )
    return made if tally else replace(made, state=BattleState.VOIDED, voided=VoidReason.RESTARTED)


def played(*battles: Battle) -> MatchResult | None:
    return verdict(PLACE, PAIR, [Attempt(each, PLACE, None) for each in battles])


def failed(*models: int) -> MatchResult | None:
    return verdict(PLACE, PAIR, [Attempt(battle(), PLACE, model) for model in models])


@pytest.mark.parametrize(("tally", "winner"), [(Tally(a=3, b=1, tie=2), 3), (Tally(a=1, b=4, both_bad=1), 2)])
def test_the_side_with_most_votes_goes_on(tally: Tally, winner: int) -> None:
    won, lost = max(tally.a, tally.b), min(tally.a, tally.b)

    assert played(battle(tally)) == MatchResult(PLACE, winner, MatchOutcome.VOTES, won, lost)


@pytest.mark.parametrize("tally", [Tally(), Tally(a=1, b=1), Tally(tie=3, a=1), Tally(both_bad=2)])
def test_without_a_winner_they_meet_once_more_and_then_the_better_seed_goes_on(tally: Tally) -> None:
    drawn = battle(tally) if tally.votes else replace(battle(Tally(a=1)), tally=Tally())

    assert played(drawn) is None
    assert played(drawn, drawn) == MatchResult(PLACE, 2, MatchOutcome.SEED)


def test_a_winner_after_a_draw_goes_on_whatever_the_seed() -> None:
    assert played(battle(Tally(tie=1)), battle(Tally(a=1))) == MatchResult(PLACE, 3, MatchOutcome.VOTES, 1, 0)


def test_battles_that_were_called_off_are_no_draws() -> None:
    assert played(battle(), battle(Tally(tie=1)), battle()) is None


def test_a_battle_that_a_moderator_took_out_has_no_winner() -> None:
    taken_out = replace(battle(Tally(a=5)), state=BattleState.VOIDED, voided=VoidReason.MODERATOR)

    assert played(taken_out) is None


@pytest.mark.parametrize(("loser", "winner"), [(20, 3), (30, 2)])
def test_a_model_that_fails_twice_gives_way(loser: int, winner: int) -> None:
    assert failed(loser) is None
    assert failed(loser, loser) == MatchResult(PLACE, winner, MatchOutcome.WALKOVER)
    assert failed(20, 30) is None
    assert failed(20, 30, loser) == MatchResult(PLACE, winner, MatchOutcome.WALKOVER)


def test_a_match_that_cannot_be_held_goes_to_the_better_seed_in_the_end() -> None:
    assert played(*[battle()] * 5) is None
    assert played(*[battle()] * 6) == MatchResult(PLACE, 2, MatchOutcome.SEED)
