"""Which models take part in a tournament; pure."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from bot.arena.matchmaking.availability import check_ready
from bot.arena.matchmaking.named_models import SEPARATOR, folded, unknown_model
from bot.domain.tournament import LEAST, MOST
from bot.errors import ArenaError
from bot.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.arena.models.roster import GuildRoster
    from bot.arena.ratings.leaderboards import Standing

USUAL = 8
MOST_READINGS = 2
"""More need not be known than that there is more than one."""


def entrants(entered: str | None, roster: GuildRoster, order: Mapping[int, int]) -> tuple[int, ...]:
    """Return who takes part, in the `order` of `seeding`.

    A number means that many of the best that are ready, nothing the usual number of them, anything else is
    read as names with separators between.
    """
    ready = _in_order(roster.seeming_ready(), order)
    if len(ready) < LEAST:
        raise ArenaError(
            N_(
                "A tournament needs {least} models that can answer, and this server has {count} now."
                " Moderators see why in /models list, and add models with /models add."
            ),
            least=LEAST,
            count=len(ready),
        )
    number = unicodedata.normalize("NFKC", entered or str(min(USUAL, len(ready)))).strip()
    if not number.isdecimal():
        return _in_order(_named(entered or "", roster), order)
    _check_count(int(number[:9]))
    if int(number) > len(ready):
        raise ArenaError(
            N_(
                "Only {count} models can answer here at the moment. Please choose a number from {least} to"
                " {count}."
            ),
            least=LEAST,
            count=len(ready),
        )
    return tuple(ready[: int(number)])


def seeding(standings: Iterable[Standing]) -> dict[int, int]:
    """Return the place of each model, the best rated first.

    Groups that never met take turns, the largest first: the ratings of one say nothing of another's.
    """
    groups: dict[int, list[Standing]] = {}
    for standing in sorted(standings, key=lambda each: (-each.rating.rating, each.rating.model)):
        groups.setdefault(standing.island, []).append(standing)
    turns = sorted(
        (at, island, standing.rating.model)
        for island, group in groups.items()
        for at, standing in enumerate(group)
    )
    return {model: place for place, (_, _, model) in enumerate(turns)}


def read_names(entered: str, names: Mapping[str, int]) -> list[tuple[int, ...]]:
    """Return how a list can be read, two ways at most; `names` are folded, and may hold separators."""
    text = folded(entered)
    ends = [*(found.span() for found in SEPARATOR.finditer(text)), (len(text), len(text))]
    starts = [0, *(end for _, end in ends[:-1])]
    ways: list[list[tuple[int, ...]]] = [[] for _ in starts]
    for first in reversed(range(len(starts))):
        for last in range(first, len(ends)):
            model_id = names.get(text[starts[first] : ends[last][0]].strip())
            if model_id is None:
                continue
            rests = ways[last + 1] if last + 1 < len(starts) else [()]
            ways[first] += [(model_id, *rest) for rest in rests]
        ways[first] = ways[first][:MOST_READINGS]
    return ways[0]


def _named(entered: str, roster: GuildRoster) -> Sequence[int]:
    names = {folded(name): model_id for model_id, name in roster.names.items()}
    readings = read_names(entered, names)
    if len(readings) > 1:
        raise ArenaError(
            N_(
                "It is not clear which models you mean: names here have separators in them. Please enter how"
                " many of the best rated take part."
            )
        )
    if not readings:
        parts = [part.strip() for part in SEPARATOR.split(entered)]
        unknown = next((part for part in parts if folded(part) not in names), entered)
        raise unknown_model(unknown, roster.names.values())
    _check_count(len(readings[0]))
    if len(set(readings[0])) < len(readings[0]):
        raise ArenaError(N_("A model can take part once. Please name each model once."))
    check_ready(roster, readings[0])
    return readings[0]


def _in_order(models: Sequence[int], order: Mapping[int, int]) -> tuple[int, ...]:
    return tuple(sorted(models, key=order.__getitem__))


def _check_count(count: int) -> None:
    if not LEAST <= count <= MOST:
        raise ArenaError(N_("A tournament has {least} to {most} models."), least=LEAST, most=MOST)
