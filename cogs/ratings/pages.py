"""The pages of a leaderboard, in each of its styles."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.arena.ratings.board_filter import OVERALL, THIS_SEASON, BoardFilter
from bot.domain.vote import Vote
from bot.i18n import N_
from cogs.battles.vote_emoji import EMOJI
from cogs.ratings.pictures import (
    front,
    group_headings,
    matrix_blocks,
    matrix_picture,
    priced,
    ratings_picture,
    trend_picture,
    value_picture,
)
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
    BoardStyle.VALUE: N_("Ratings against prices"),
}

NO_PRICES = N_(
    "No model here has a known price. Prices come from the bot's operator, or from whoever brought the model."
)


NEVER_MET = N_(
    "Groups never met, not even by way of others: which is better is unknown. Ranks and the average of 1000"
    " are each group's own."
)
NO_BATTLES = N_("No rated battles yet.")
NOT_OVER_TIME = N_("Ratings over time are kept of what was held on this server.")


@dataclass(frozen=True, slots=True)
class Pages:
    """Lays pages out: whose words are used, what the view is called, and whether pictures may be attached."""

    theme: Theme
    texts: Translations
    names: ViewNames
    may_draw: bool

    def ratings(self, board: Board, number: int) -> PictureMessage:
        """Lay out one page of the board in words, and the picture around it."""
        _ = self.texts.gettext
        pages = max(1, -(-len(board.standings) // PAGE_ROWS))
        number = min(number, pages - 1)
        rows = board.standings[number * PAGE_ROWS : (number + 1) * PAGE_ROWS]
        title = self._title(_("Leaderboard"), board.view)
        picture = (
            ratings_picture(board, number * PAGE_ROWS, title, self.theme, self.texts)
            if rows and self.may_draw
            else None
        )
        lines = [
            f"### {heading}\n{standing_line(row, self.texts)}" if heading else standing_line(row, self.texts)
            for heading, row in zip(group_headings(board, rows, self.texts), rows, strict=True)
        ]
        layout = Layout()
        layout.add_section(
            _heading(title, number, pages), "\n".join(lines or [_nothing(board.view, self.texts)])
        )
        if board.islands > 1:
            layout.add_text(f"-# {_(NEVER_MET)}")
        self._finish(layout, board, picture)
        self._add_page_buttons(layout, board.view, BoardStyle.RATINGS, number, pages)
        return PictureMessage(layout, picture, FILE)

    def matrix(self, board: Board, number: int) -> PictureMessage:
        """Lay out one block of the matrix; what the picture says cannot be said in words."""
        blocks = matrix_blocks(board)
        number = min(number, max(0, len(blocks) - 1))
        title = self._title(self.texts.gettext(STYLES[BoardStyle.MATRIX]), board.view)
        picture = (
            matrix_picture(board, blocks[number], title, self.theme, self.texts)
            if blocks and self.may_draw
            else None
        )
        layout = Layout()
        layout.add_text(_heading(title, number, len(blocks)))
        if not blocks:
            layout.add_text(_nothing(board.view, self.texts))
        self._finish(layout, board, picture)
        self._add_page_buttons(layout, board.view, BoardStyle.MATRIX, number, len(blocks))
        return PictureMessage(layout, picture, FILE)

    def trend(self, board: Board, trend: Trend) -> PictureMessage:
        """Lay out the ratings of the best models over time."""
        title = self._title(self.texts.gettext(STYLES[BoardStyle.TREND]), board.view)
        picture = None
        if trend.moments and self.may_draw:
            picture = trend_picture(board, trend, title, self.theme, self.texts)
        layout = Layout()
        layout.add_text(_heading(title, 0, 1))
        if not trend.moments:
            layout.add_text(self.texts.gettext(NOT_OVER_TIME if board.battles else NO_BATTLES))
        self._name_those_apart(layout, board)
        self._finish(layout, board, picture, is_empty=not trend.moments)
        return PictureMessage(layout, picture, FILE)

    def value(self, board: Board) -> PictureMessage:
        """Lay out ratings against prices, and name the models that nothing beats in both."""
        _ = self.texts.gettext
        title = self._title(_(STYLES[BoardStyle.VALUE]), board.view)
        standings = priced(board)
        layout = Layout()
        if not standings:
            layout.add_text(_heading(title, 0, 1))
            layout.add_text(_(NO_PRICES))
            return PictureMessage(layout, None, FILE)
        picture = value_picture(standings, title, self.theme, self.texts) if self.may_draw else None
        lines = [_priced_line(standing, self.texts) for standing in front(standings)]
        about = _("No other model is both better and as cheap:")
        layout.add_section(_heading(title, 0, 1), "\n".join([about, *lines]))
        self._name_those_apart(layout, board)
        self._finish(layout, board, picture)
        return PictureMessage(layout, picture, FILE)

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

    def _finish(
        self, layout: Layout, board: Board, picture: Picture | None, *, is_empty: bool = False
    ) -> None:
        """Add the picture, or why there is none, and what the board rests on."""
        _ = self.texts.gettext
        if picture:
            layout.add_picture(FILE, picture.title)
        elif board.standings and not is_empty:
            layout.add_text(why_no_picture(self.texts))
        layout.add_text(f"-# {_basis(board, self.texts)}")

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


def _nothing(view: BoardFilter, texts: Translations) -> str:
    if view.is_plain:
        return texts.gettext("There are no models here yet.")
    return texts.gettext(NO_BATTLES)


def _basis(board: Board, texts: Translations) -> str:
    """Say how many battles, votes and voters there are, since when, and where the method is explained."""
    _ = texts.gettext
    battles = texts.ngettext("{count} battle", "{count} battles", board.battles).format(count=board.battles)
    votes = texts.ngettext("{count} vote", "{count} votes", board.votes).format(count=board.votes)
    voters = texts.ngettext("{count} member", "{count} members", board.voters).format(count=board.voters)
    counted = _("{battles}, {votes}").format(battles=battles, votes=votes)
    if board.since is not None:
        counted = _("{battles}, {votes} of {voters} since {since}").format(
            battles=battles, votes=votes, voters=voters, since=f"<t:{board.since:.0f}:D>"
        )
    explained = _(
        "Rating ± its interval (95%); a rank such as 1–3 means that the votes do not tell these places apart"
        " yet: /about ratings"
    )
    return f"{counted}\n-# {explained}"


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
    facts = [
        f"**{rating.rating:.0f}** ± {rating.half_width:.0f}",
        texts.ngettext("{count} battle", "{count} battles", rating.battles).format(count=rating.battles),
        texts.ngettext("{count} vote", "{count} votes", rating.votes).format(count=rating.votes),
    ]
    if rating.win_rate is not None:
        facts.append(_("wins {percent}%").format(percent=round(100 * rating.win_rate)))
    facts += bad_mark(rating, texts)
    return f"{place} {name}\n-# {' · '.join(facts)}"
