"""A tournament in words, on sheets with its bracket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.arena.settings.durations import spelled
from bot.arena.tournaments.bracket import FINAL, bracket_of
from bot.domain.battle import Side
from bot.domain.tournament import MatchOutcome
from bot.i18n import N_
from bot.pictures.specs import Theme
from cogs.battles.card_buttons import suggest_button
from cogs.tournaments.pictures import bracket_picture
from cogs.ui.layout import Layout, fitting
from cogs.ui.picture_messages import PictureMessage, why_no_picture
from cogs.ui.round_names import round_name
from cogs.ui.sanitize import display_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.battle import Battle
    from bot.domain.tournament import MatchResult, Tournament
    from bot.i18n import Translations

FILE = "tournament.png"
LINES_LIMIT = 3000

OUTCOMES = {
    MatchOutcome.VOTES: N_("**{winner}** beats **{loser}** by {won} to {lost}"),
    MatchOutcome.SEED: N_("**{winner}** advances as the higher seed: no winner against **{loser}**"),
    MatchOutcome.WALKOVER: N_("**{winner}** advances without a vote: **{loser}** cannot answer"),
}
DRAW_RULE = N_(
    "Without a winner two models meet once more, later and with another prompt; "
    "then the higher seed advances."
)
SECRET = N_("Which match this is, and who is A, stays secret until the reveal.")


def start_message(tournament: Tournament, texts: Translations) -> PictureMessage:
    """Say who takes part and how it goes, when it begins."""
    _ = texts.gettext
    layout = Layout()
    count = len(tournament.entrants)
    heading = "## 🏟️ " + _("A tournament of {count} models").format(count=count)
    layout.add_text(heading + "\n" + _("It begins with the first prompt that is suggested."))
    picture = bracket_picture(tournament, Theme.DARK, texts)
    layout.add_picture(FILE, picture.title)
    layout.add_text("\n".join(f"-# {line}" for line in (_terms(tournament, texts), _(SECRET), _(DRAW_RULE))))
    layout.add_buttons(suggest_button(texts))
    return PictureMessage(layout, picture, FILE)


def results_message(
    tournament: Tournament, results: Sequence[MatchResult], texts: Translations
) -> PictureMessage:
    """Say how matches ended, and what comes next."""
    layout = Layout()
    lines = [_result_line(tournament, result, texts) for result in results]
    layout.add_text(f"## 🏟️ {_heading(tournament, texts)}\n{fitting(lines, texts, LINES_LIMIT)}")
    picture = bracket_picture(tournament, Theme.DARK, texts)
    layout.add_picture(FILE, picture.title)
    _add_outlook(layout, tournament, texts)
    return PictureMessage(layout, picture, FILE)


def whole_message(
    tournament: Tournament, theme: Theme, texts: Translations, *, may_draw: bool
) -> PictureMessage:
    """Show how a tournament stands, or how it went."""
    layout = Layout()
    lines = [_result_line(tournament, result, texts) for result in tournament.results.values()]
    nothing = texts.gettext("No match is decided yet.")
    layout.add_text(f"## 🏟️ {_heading(tournament, texts)}\n{fitting(lines, texts, LINES_LIMIT) or nothing}")
    picture = bracket_picture(tournament, theme, texts) if may_draw else None
    if picture:
        layout.add_picture(FILE, picture.title)
    else:
        layout.add_text(why_no_picture(texts))
    layout.add_text("-# " + _terms(tournament, texts))
    _add_outlook(layout, tournament, texts)
    return PictureMessage(layout, picture, FILE)


def draw_text(battle: Battle, texts: Translations) -> str:
    names = (display_name(battle.contestant(side).model) for side in Side)
    a, b = (f"**{name}**" for name in names)
    said = texts.gettext("🏟️ No winner between {a} and {b}.").format(a=a, b=b)
    return f"{said}\n-# {texts.gettext(DRAW_RULE)}"


def call_layout(texts: Translations) -> Layout:
    layout = Layout()
    layout.add_text("🏟️ " + texts.gettext("The next match of the tournament waits for a prompt."))
    layout.add_buttons(suggest_button(texts))
    return layout


def _heading(tournament: Tournament, texts: Translations) -> str:
    _ = texts.gettext
    if result := tournament.results.get(FINAL):
        name = display_name(tournament.entrant(result.winner).name)
        return _("🏆 {model} wins the tournament").format(model=name)
    return _("Tournament")


def _result_line(tournament: Tournament, result: MatchResult, texts: Translations) -> str:
    _ = texts.gettext
    sides = bracket_of(tournament).sides(result.place)
    (loser,) = (tournament.entrant(seed) for seed in sides if seed and seed != result.winner)
    said = _(OUTCOMES[result.outcome]).format(
        winner=display_name(tournament.entrant(result.winner).name),
        loser=display_name(loser.name),
        won=result.votes_won,
        lost=result.votes_lost,
    )
    return _("{label}: {text}").format(label=round_name(result.place.of, texts), text=said)


def _terms(tournament: Tournament, texts: Translations) -> str:
    _ = texts.gettext
    rated = _("Its matches are rated.") if tournament.is_rated else _("Its matches are not rated.")
    votes = _("A vote lasts {time}.").format(time=spelled(tournament.voting_seconds, texts))
    return f"{rated} {votes}"


def _add_outlook(layout: Layout, tournament: Tournament, texts: Translations) -> None:
    """Say what the tournament waits for, as long as it goes on."""
    if FINAL in tournament.results:
        return
    if not tournament.is_running:
        layout.add_text("-# " + texts.gettext("This tournament was stopped."))
        return
    waiting = texts.ngettext(
        "{count} prompt waits for a match.", "{count} prompts wait for a match.", tournament.waiting
    ).format(count=tournament.waiting)
    layout.add_text(f"-# {waiting}")
    layout.add_buttons(suggest_button(texts))
