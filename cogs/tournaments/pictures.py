"""What the picture of a tournament shows.

Of a match that is not decided it shows no more than of any other: nobody can see which one is being played.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.arena.tournaments.bracket import bracket_of
from bot.domain.tournament import MatchOutcome
from bot.pictures.specs import Bout, BracketPicture, BracketSeat, Highlight, Round
from cogs.ui.round_names import round_name

if TYPE_CHECKING:
    from bot.arena.tournaments.bracket import Bracket
    from bot.domain.battle import Place
    from bot.domain.tournament import MatchResult, Tournament
    from bot.i18n import Translations
    from bot.pictures.specs import Theme


def bracket_picture(tournament: Tournament, theme: Theme, texts: Translations) -> BracketPicture:
    _ = texts.gettext
    bracket = bracket_of(tournament)
    champion = tournament.entrant(bracket.champion).name if bracket.champion else None
    return BracketPicture(
        _("Tournament"),
        _("Seeded by rating; the numbers at the right are votes"),
        tuple(_round(tournament, bracket, places, texts) for places in bracket.rounds),
        Highlight(_("Champion"), champion) if champion else None,
        theme,
    )


def _round(tournament: Tournament, bracket: Bracket, places: list[Place], texts: Translations) -> Round:
    bouts = tuple(None if bracket.is_bye(place) else _bout(tournament, bracket, place) for place in places)
    return Round(round_name(places[0].of, texts), bouts)


def _bout(tournament: Tournament, bracket: Bracket, place: Place) -> Bout:
    result = tournament.results.get(place)
    top, bottom = (_seat(tournament, seed, result) for seed in bracket.sides(place))
    return Bout(top, bottom)


def _seat(tournament: Tournament, seed: int | None, result: MatchResult | None) -> BracketSeat:
    if seed is None:
        return BracketSeat()
    name = tournament.entrant(seed).name
    if result is None:
        return BracketSeat(str(seed), name)
    won = seed == result.winner
    votes = (
        str(result.votes_won if won else result.votes_lost) if result.outcome is MatchOutcome.VOTES else ""
    )
    return BracketSeat(str(seed), name, votes, not won)
