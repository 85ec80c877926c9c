"""Tournaments: models in single elimination, one battle after another in a channel."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.battle import Battle, Place

LEAST, MOST = 4, 16
"""Models of a tournament."""


class MatchOutcome(StrEnum):
    """Reasons why a model won: the vote, the better seed, or that the other one could not answer."""

    VOTES = "votes"
    SEED = "seed"
    WALKOVER = "walkover"


@dataclass(frozen=True, slots=True)
class MatchResult:
    """The end of a match; `winner` is a seed."""

    place: Place
    winner: int
    outcome: MatchOutcome
    votes_won: int = 0
    votes_lost: int = 0


@dataclass(frozen=True, slots=True)
class Entrant:
    """A model under its public name; seed 1 is the best rated."""

    seed: int
    model_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Tournament:
    """A tournament at this moment; entrants are in the order of their seeds."""

    tournament_id: int
    guild_id: int
    channel_id: int
    parent_id: int | None
    """The channel that a thread hangs from."""

    locale: str
    is_rated: bool
    voting_seconds: int
    is_running: bool
    entrants: tuple[Entrant, ...]
    results: Mapping[Place, MatchResult]
    unannounced: tuple[MatchResult, ...] = ()
    """Those of which the channel was not told yet."""

    battles: int = 0
    waiting: int = 0
    """Prompts in the queue."""

    called_after: int | None = None
    """It has asked for prompts since it had so many battles."""

    def entrant(self, seed: int) -> Entrant:
        return self.entrants[seed - 1]


class Attempt(NamedTuple):
    """One battle of a match, and which model failed in it, if one did."""

    battle: Battle
    place: Place
    failed_model_id: int | None


class Suggestion(NamedTuple):
    """A prompt in the queue of a tournament."""

    prompt_id: int
    author_id: int
    prompt: str
