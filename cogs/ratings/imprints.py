"""Where a picture is from: people post it in other places, where nothing else says so."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from bot.arena.ratings.board_filter import OVERALL
from bot.pictures.specs import Imprint

if TYPE_CHECKING:
    import discord

    from bot.arena.ratings.leaderboards import Board
    from bot.i18n import Translations
    from cogs.ratings.board_filter import ViewNames


class Source(NamedTuple):
    """The name of a server, and the moment at which it is looked at."""

    server: str
    now: float


def server_name(guild: discord.Guild | None) -> str:
    return guild.name if guild else ""


def board_imprint(board: Board, names: ViewNames, source: Source, texts: Translations) -> Imprint:
    """Say whose board it is, of which day, and what of which season or category was counted."""
    view = board.view
    parts = [names.period(view.period, texts)]
    if view.category != OVERALL:
        parts.append(names.category(view.category, texts))
    since = None if board.since is None else _day(board.since, texts)
    basis = " · ".join([*parts, counted(board, since, texts)])
    return Imprint(source.server, _day(source.now, texts), basis)


def counted(board: Board, since: str | None, texts: Translations) -> str:
    """Say how many battles, votes and voters there are; `since` is as it is written."""
    _ = texts.gettext
    battles = texts.ngettext("{count} battle", "{count} battles", board.battles).format(count=board.battles)
    votes = texts.ngettext("{count} vote", "{count} votes", board.votes).format(count=board.votes)
    voters = texts.ngettext("{count} member", "{count} members", board.voters).format(count=board.voters)
    if since is None:
        return _("{battles}, {votes}").format(battles=battles, votes=votes)
    return _("{battles}, {votes} of {voters} since {since}").format(
        battles=battles, votes=votes, voters=voters, since=since
    )


def _day(moment: float, texts: Translations) -> str:
    from babel.dates import format_date  # noqa: PLC0415 - big, and only pictures need it

    day = datetime.fromtimestamp(moment, UTC).date()
    return format_date(day, "medium", locale=texts.info().get("language", "en"))
