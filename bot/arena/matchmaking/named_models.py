"""Pairs of models that are chosen, not drawn; pure."""

from __future__ import annotations

import re
from difflib import get_close_matches
from itertools import permutations
from typing import TYPE_CHECKING

from bot.arena.matchmaking.availability import check_ready
from bot.errors import ArenaError
from bot.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.arena.models.roster import Entry, GuildRoster

    Pair = tuple[int, int]

SEPARATOR = re.compile(r"[/／,，、]")
MOST_COMPARED = 200
"""Characters of what was typed; comparing takes a time that grows with their square."""

IDS = re.compile(r"(\d{1,18}):(\d{1,18})", re.ASCII)


def write_pair(one: Entry, other: Entry) -> str:
    """Return the pair in a form that cannot be misread, whatever the models are called."""
    return f"{one.model.model_id}:{other.model.model_id}"


def read_pair(entered: str, roster: GuildRoster) -> Pair:
    """Return which two models are meant by `Zephyrine / Quillon`, under the names that everyone sees.

    Names may hold separators themselves: what can be read in two ways is refused.
    """
    written = IDS.fullmatch(entered.strip())
    readings = _by_id(written, roster) if written else _by_name(entered, roster)
    if len(readings) != 1:
        raise ArenaError(
            N_("It is not clear which two models you mean. Please choose a pair that is offered.")
        )
    (pair,) = readings
    if len(set(pair)) == 1:
        raise ArenaError(N_("A model cannot meet itself. Please name two different ones."))
    check_ready(roster, pair)
    return pair


def _by_id(written: re.Match[str], roster: GuildRoster) -> set[Pair]:
    return {(int(written[1]), int(written[2]))} & set(permutations(roster.names, 2))


def _by_name(entered: str, roster: GuildRoster) -> set[Pair]:
    """Return all pairs that can be meant; raises `ArenaError` where there is none."""
    names = {folded(name): model_id for model_id, name in roster.names.items()}
    written = folded(entered)
    halves = (
        (written[: at.start()].strip(), written[at.end() :].strip()) for at in SEPARATOR.finditer(written)
    )
    readings = {(names[one], names[other]) for one, other in halves if one in names and other in names}
    if not readings:
        raise _unread(entered, roster)
    return readings


def _unread(entered: str, roster: GuildRoster) -> ArenaError:
    """Name the model that is unknown, where it is plain which of them is."""
    names = set(map(folded, roster.names.values()))
    parts = [part.strip() for part in SEPARATOR.split(entered)]
    unknown = [part for part in parts if folded(part) not in names]
    if len(parts) == 2 and all(parts) and unknown:  # noqa: PLR2004 - a pair
        return unknown_model(unknown[0], roster.names.values())
    return ArenaError(N_("Please name two models with a / between them, or choose a pair that is offered."))


def unknown_model(entered: str, names: Iterable[str]) -> ArenaError:
    """Refuse a name that no model has, with the one that looks most like it, or where the names are."""
    by_folded = {folded(name): name for name in names}
    if near := get_close_matches(folded(entered)[:MOST_COMPARED], by_folded, n=1):
        return ArenaError(
            N_("This server has no model named {name}. Did you mean {near}?"),
            name=entered,
            near=by_folded[near[0]],
        )
    return ArenaError(
        N_("This server has no model named {name}. /models list shows those that it has."), name=entered
    )


def folded(text: str) -> str:
    """Return a name so that it is found whatever its case and its spaces are."""
    return " ".join(text.split()).casefold()
