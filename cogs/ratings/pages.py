"""The pages of a leaderboard, in each of its styles."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.arena.ratings.board_filter import OVERALL, THIS_SEASON, BoardFilter
from bot.domain.vote import Vote
from bot.i18n import N_
from cogs.battles.vote_emoji import EMOJI
from cogs.ratings.imprints import Source, board_imprint, counted
from cogs.ratings.pictures import (
    BoardLook,
    front,
    group_headings,
    matrix_blocks,
    matrix_picture,
    priced,
    ratings_picture,
    trend_picture,
    value_picture,
)
from cogs.ui.alt_texts import alt_text
from cogs.ui.layout import Button, Layout
from cogs.ui.picture_messages import PictureMessage, why_no_picture
from cogs.ui.sanitize import display_name, short_name

if TYPE_CHECKING:
    from bot.arena.ratings.bradley_terry import Rating
    from bot.arena.ratings.leaderboards import Board, Standing
    from bot.arena.ratings.trends import Trend
    from bot.i18n import Translations
    from bot.pictures.specs import Picture, Theme
    from cogs.ratings.board_filter import ViewNames

PAGE_ROWS = 15
NAME_LIMIT = 97
"""Characters of a name with its escapes: so many let a page with all its facts fit into one message."""

FILE = "leaderboard.png"


class BoardStyle(StrEnum):
    RATINGS = "ratings"
    MATRIX = "matrix"
    TREND = "trend"
    VALUE = "value"


STYLES = {
    BoardStyle.RATINGS: N_("Ratings with their intervals"),
    BoardStyle.MATRIX: N_("Who beats whom"),
    BoardStyle.TREND: N_("Ratings over time"),
    BoardStyle.VALUE: N_("Rating and price"),
}

NO_PRICES = N_(
    "No model here has a known price. Prices come from the bot's operator, or from whoever brought the model."
)


NEVER_MET = N_(
    "Groups never met, not even by way of others: which is better is unknown. Ranks and the average of 1000"
    " are each group's own."
)
NO_MODELS = N_("There are no models here yet.")
INVITATION = N_("No votes yet. Ask something with /battle: the votes on its replies rank the models.")
EXPLANATION = N_("± is the 95% range. “1–3” means anywhere from 1st to 3rd. More: /about ratings")
NOT_OVER_TIME = N_("Ratings over time are kept only for battles held on this server.")


@dataclass(frozen=True, slots=True)
class Pages:
    """Lays pages out: in whose words, what the view is called, of which server, and with pictures or not."""

    theme: Theme
    texts: Translations
    names: ViewNames
    source: Source
    may_draw: bool

    def ratings(self, board: Board, number: int) -> PictureMessage:
        """Lay out one page of the board in words, and the picture around it."""
        _ = self.texts.gettext
        pages = max(1, -(-len(board.standings) // PAGE_ROWS))
        number = min(number, pages - 1)
        if not board.votes:
            return self._empty(board, _("Leaderboard"))
        rows = board.standings[number * PAGE_ROWS : (number + 1) * PAGE_ROWS]
        title = self._title(_("Leaderboard"), board.view)
        look = self._look(board, _("Leaderboard"))
        picture = ratings_picture(board, number * PAGE_ROWS, look) if self.may_draw else None
        lines = [
            f"### {heading}\n{standing_line(row, self.texts)}" if heading else standing_line(row, self.texts)
            for heading, row in zip(group_headings(board, rows, self.texts), rows, strict=True)
        ]
        layout = Layout()
        layout.add_section(_heading(title, number, pages), "\n".join(lines))
        if board.islands > 1:
            layout.add_text(f"-# {_(NEVER_MET)}")
        self._finish(layout, board, picture)
        self._add_page_buttons(layout, board.view, BoardStyle.RATINGS, number, pages)
        return PictureMessage(layout, picture, FILE)

    def matrix(self, board: Board, number: int) -> PictureMessage:
        """Lay out one block of the matrix; what the picture says cannot be said in words."""
        style, blocks = self.texts.gettext(STYLES[BoardStyle.MATRIX]), matrix_blocks(board)
        if not blocks:
            return self._empty(board, style)
        number = min(number, len(blocks) - 1)
        look = self._look(board, style)
        picture = matrix_picture(board, blocks[number], look) if self.may_draw else None
        layout = Layout()
        layout.add_text(_heading(self._title(style, board.view), number, len(blocks)))
        self._finish(layout, board, picture)
        self._add_page_buttons(layout, board.view, BoardStyle.MATRIX, number, len(blocks))
        return PictureMessage(layout, picture, FILE)

    def trend(self, board: Board, trend: Trend) -> PictureMessage:
        """Lay out the ratings of the best models over time."""
        style = self.texts.gettext(STYLES[BoardStyle.TREND])
        if not board.votes:
            return self._empty(board, style)
        drawn = trend.moments and self.may_draw
        picture = trend_picture(board, trend, self._look(board, style)) if drawn else None
        layout = Layout()
        layout.add_text(_heading(self._title(style, board.view), 0, 1))
        if not trend.moments:
            layout.add_text(self.texts.gettext(NOT_OVER_TIME))
            return PictureMessage(layout, None, FILE)
        self._name_those_apart(layout, board)
        self._finish(layout, board, picture)
        return PictureMessage(layout, picture, FILE)

    def value(self, board: Board) -> PictureMessage:
        """Lay out ratings against prices, and name the models that nothing beats in both."""
        _ = self.texts.gettext
        style, standings = _(STYLES[BoardStyle.VALUE]), priced(board)
        title = self._title(style, board.view)
        layout = Layout()
        if not standings:
            layout.add_text(_heading(title, 0, 1))
            layout.add_text(_(NO_PRICES))
            return PictureMessage(layout, None, FILE)
        if not board.votes:
            return self._empty(board, style)
        picture = value_picture(standings, self._look(board, style)) if self.may_draw else None
        lines = [_priced_line(standing, self.texts) for standing in front(standings)]
        about = _("No other model is both better and as cheap:")
        layout.add_section(_heading(title, 0, 1), "\n".join([about, *lines]))
        self._name_those_apart(layout, board)
        self._finish(layout, board, picture)
        return PictureMessage(layout, picture, FILE)

    def _look(self, board: Board, style: str) -> BoardLook:
        imprint = board_imprint(board, self.names, self.source, self.texts)
        return BoardLook(style, imprint, self.theme, self.texts)

    def _empty(self, board: Board, style: str) -> PictureMessage:
        """Invite to the battles that a board is made of."""
        layout = Layout()
        layout.add_text(_heading(self._title(style, board.view), 0, 1))
        unknown = board.view.is_plain and not board.standings
        layout.add_text(self.texts.gettext(NO_MODELS if unknown else INVITATION))
        return PictureMessage(layout, None, FILE)

    def _name_those_apart(self, layout: Layout, board: Board) -> None:
        """Say who is left out where models are compared across a picture."""
        apart = [standing for standing in board.standings if standing.island]
        if apart:
            names = [f"**{short_name(standing.name, NAME_LIMIT)}**" for standing in apart]
            left_out = self.texts.gettext("Left out, because they never met the others: {names}")
            listed = self.texts.gettext(", ").join(names[:PAGE_ROWS]) + "…" * (len(names) > PAGE_ROWS)
            layout.add_text("-# " + left_out.format(names=listed))

    def _title(self, title: str, view: BoardFilter) -> str:
        """Name what the board is about, unless it is what everyone means."""
        parts = [title]
        if view.category != OVERALL:
            parts.append(self.names.category(view.category, self.texts))
        if view.period != THIS_SEASON:
            parts.append(self.names.period(view.period, self.texts))
        return " · ".join(parts)

    def _finish(self, layout: Layout, board: Board, picture: Picture | None) -> None:
        """Add the picture, or why there is none, and what the board rests on."""
        _ = self.texts.gettext
        if picture:
            layout.add_picture(FILE, alt_text(picture))
        elif not self.may_draw:
            layout.add_text(why_no_picture(self.texts))
        since = None if board.since is None else f"<t:{board.since:.0f}:D>"
        layout.add_text(f"-# {counted(board, since, self.texts)}\n-# {_(EXPLANATION)}")

    def _add_page_buttons(
        self, layout: Layout, view: BoardFilter, style: BoardStyle, number: int, pages: int
    ) -> None:
        _ = self.texts.gettext
        what = f"{style}:{self.theme}:{view.period}:{view.category}"
        layout.add_page_buttons(
            Button(label=_("Previous page"), custom_id=f"arena:board:{number - 1}:{what}"),
            Button(label=_("Next page"), custom_id=f"arena:board:{number + 1}:{what}"),
            number,
            pages,
        )


def _heading(title: str, number: int, pages: int) -> str:
    title = display_name(title)
    return f"## 🏆 {title} ({number + 1}/{pages})" if pages > 1 else f"## 🏆 {title}"


def _priced_line(standing: Standing, texts: Translations) -> str:
    price = f"${standing.price:.6g}" if standing.price else texts.gettext("free")
    rating, name = standing.rating, short_name(standing.name, NAME_LIMIT)
    facts = [f"**{name}**", price, f"**{rating.rating:.0f}** ± {rating.half_width:.0f}"]
    return " · ".join([*facts, *bad_mark(rating, texts)])


def bad_mark(rating: Rating, texts: Translations) -> list[str]:
    """Say where most votes found both replies bad, that the rating is not taken for praise."""
    if not rating.is_mostly_bad:
        return []
    percent = round(100 * rating.both_bad / rating.votes)
    return [f"{EMOJI[Vote.BOTH_BAD]} " + texts.gettext("both bad {percent}%").format(percent=percent)]


def standing_line(standing: Standing, texts: Translations) -> str:
    _ = texts.gettext
    rating = standing.rating
    place = f"**{standing.rank}.**" if standing.rank else _("(provisional)")
    name = f"**{short_name(standing.name, NAME_LIMIT)}**"
    name = _("{name} (retired)").format(name=name) if standing.retired else name
    if not rating.votes:
        nothing = _("no votes yet")
        return f"{place} {name}\n-# {nothing}"
    facts = [
        f"**{rating.rating:.0f}** ± {rating.half_width:.0f}",
        texts.ngettext("{count} battle", "{count} battles", rating.battles).format(count=rating.battles),
        texts.ngettext("{count} vote", "{count} votes", rating.votes).format(count=rating.votes),
    ]
    if rating.win_rate is not None:
        facts.append(_("wins {percent}%").format(percent=round(100 * rating.win_rate)))
    facts += bad_mark(rating, texts)
    return f"{place} {name}\n-# {' · '.join(facts)}"
