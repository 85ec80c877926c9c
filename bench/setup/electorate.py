"""A simulated electorate: honest members, coin-flippers and contrarians, who vote on battles of ten models.

Honest members vote as in `bench.setup.history` (Davidson's ties, an effect of each battle that its voters
share), each with a taste of their own for each model, and with habits of their own for ties and both-bad.
Members vote equally often, five on a battle. Pairs are drawn by the server's own matchmaking, or uniformly.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bench.coverage import truth
from bench.setup.history import BATTLE_EFFECT, TIES, VOTES_A_BATTLE, VoteArrays, sums_of
from bot.arena.matchmaking.odds import pair_probabilities
from bot.arena.ratings.bradley_terry import POINTS_PER_LOGIT, fit

if TYPE_CHECKING:
    from numpy.random import Generator

    from bot.arena.ratings.bradley_terry import Ratings
    from bot.arena.ratings.games import Floats

Ints = NDArray[np.int64]

MODELS = 10
PAIRS = np.array(list(combinations(range(MODELS), 2)))
NEWCOMER_VOTES = 30
GROWTH = 1.1
"""The ratings that pairs are drawn by are fitted anew whenever there are so many times more battles."""

TIE_HABITS = 0.8
"""Standard deviation of the logarithm of a member's ν, and of the logit of both-bad among their ties."""


class VoterKind(IntEnum):
    HONEST = 0
    COIN_OF_FOUR = 1
    COIN_OF_TWO = 2
    CONTRARIAN = 3


@dataclass(frozen=True, slots=True)
class Spread:
    name: str
    spread: float = 125.0
    """Standard deviation of the ratings on the board of honest members without tastes, in points."""
    taste: float = 0.3
    """Standard deviation of what a member adds to the strength of each model, in logits."""
    battle_effect: float = BATTLE_EFFECT
    members: tuple[int, int, int, int] = (90, 3, 3, 4)
    """Of each kind."""
    is_uniform: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class VotingServer:
    """G battles in order: models on their sides, (G,), who voted, and what (0 to 3), both (G, 5)."""

    kinds: Ints
    a: Ints
    b: Ints
    who: Ints
    choice: Ints

    def upto(self, votes: int) -> VotingServer:
        """Return what it was when members had so many votes each."""
        end = len(self.kinds) * votes // VOTES_A_BATTLE
        return replace(self, a=self.a[:end], b=self.b[:end], who=self.who[:end], choice=self.choice[:end])

    def tallies(self) -> Ints:
        return np.stack([(self.choice == choice).sum(axis=1) for choice in range(4)], axis=-1)

    def rate(self) -> Ratings:
        return fit(range(MODELS), sums_of(VoteArrays(self.a, self.b, self.tallies()), MODELS))


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """What members are like: kinds, their strengths of the models, their ν and share of both-bad."""

    kinds: Ints
    strengths: Floats
    ties: Floats
    both_bad: Floats

    def vote(self, random: Generator, who: Ints, a: Ints, b: Ints, effect: Floats) -> Ints:
        """Return what the members choose, shape (battles, 5)."""
        d = self.strengths[who, a[:, None]] - self.strengths[who, b[:, None]] + effect[:, None]
        kinds = self.kinds[who]
        w = np.exp(np.where(kinds == VoterKind.CONTRARIAN, -d, d) / 2)
        ties, both_bad = self.ties[who], self.both_bad[who]
        parts = np.stack((w, 1 / w, ties * (1 - both_bad), ties * both_bad), axis=-1)
        parts[kinds == VoterKind.COIN_OF_FOUR] = 1
        parts[kinds == VoterKind.COIN_OF_TWO] = (1, 1, 0, 0)
        limits = parts.cumsum(axis=-1) / parts.sum(axis=-1, keepdims=True)
        return (random.random((*who.shape, 1)) > limits[..., :3]).sum(axis=-1)


def strengths(random: Generator, spread: float) -> Floats:
    """Draw true strengths whose board, in the long run, spreads so many points."""
    drawn = random.normal(size=MODELS)
    drawn = (drawn - drawn.mean()) / drawn.std()
    low, high = 0.0, 4.0
    for _ in range(20):
        middle = (low + high) / 2
        is_narrow = truth(middle * drawn).std() * POINTS_PER_LOGIT < spread
        low, high = (middle, high) if is_narrow else (low, middle)
    return low * drawn


def members(random: Generator, setting: Spread) -> Members:
    kinds = np.repeat(np.arange(len(VoterKind)), setting.members)
    tastes = random.normal(0, setting.taste, (len(kinds), MODELS))
    return Members(
        kinds,
        strengths(random, setting.spread) + tastes,
        TIES * np.exp(random.normal(0, TIE_HABITS, len(kinds))),
        1 / (1 + np.exp(random.normal(0, TIE_HABITS, len(kinds)))),
    )


def hold(random: Generator, setting: Spread, votes: int) -> VotingServer:
    """Let every member vote so often."""
    those = members(random, setting)
    everyone = len(those.kinds)
    battles = everyone * votes // VOTES_A_BATTLE
    who = np.concatenate([random.permutation(everyone) for _ in range(votes)])
    server = VotingServer(
        those.kinds,
        np.zeros(battles, np.int64),
        np.zeros(battles, np.int64),
        who[: battles * VOTES_A_BATTLE].reshape(battles, VOTES_A_BATTLE),
        np.zeros((battles, VOTES_A_BATTLE), np.int64),
    )
    held = 0
    while held < battles:
        end = min(battles, max(held + 10, int(held * GROWTH)))
        now = slice(held, end)
        drawn = PAIRS[random.choice(len(PAIRS), end - held, p=odds(server, held, setting))]
        server.a[now], server.b[now] = random.permuted(drawn, axis=1).T
        effect = random.normal(0, setting.battle_effect, end - held)
        server.choice[now] = those.vote(random, server.who[now], server.a[now], server.b[now], effect)
        held = end
    return server


def odds(server: VotingServer, held: int, setting: Spread) -> Floats:
    """Return the chance of each pair to be drawn after so many battles."""
    if setting.is_uniform or not held:
        return np.full(len(PAIRS), 1 / len(PAIRS))
    so_far = replace(server, a=server.a[:held], b=server.b[:held], choice=server.choice[:held])
    chances = pair_probabilities(range(MODELS), so_far.rate(), newcomer_votes=NEWCOMER_VOTES)
    return np.array([chances[i, j] for i, j in PAIRS.tolist()])
