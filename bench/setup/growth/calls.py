"""What the commands of the bot ask of the arena, as far as it looks into a server's past."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bench.setup.past import BUSIEST, END
from bot.arena.battles.request import BattleRequest
from bot.arena.ratings.board_filter import ALL_TIME, BoardFilter
from bot.arena.ratings.weeks import last_seven_days
from bot.domain.audit import Actor
from bot.domain.battle import Side
from bot.domain.report import Reply
from bot.errors import ArenaError
from bot.exports.formats import Format

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.arena.battles.card import CardAddress
    from bot.domain.battle import Battle
    from bot.services import Arena

GUILD, CHANNEL, MODEL = 1, 1, 3
MEMBER, ASKER = 7, 8
TURNED = 3
"""A page of the history that somebody turned to."""

ENOUGH_BYTES = 10**9
MODERATOR = Actor(GUILD, 1)


class Who(StrEnum):
    MEMBER = "member"
    MODERATOR = "moderator"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class PastCall:
    """`run` is told how often it was called before, so that it can do the same to another."""

    name: str
    who: Who
    run: Callable[[Arena, int], Awaitable[object]]


async def _battle(arena: Arena, number: int) -> None:
    """Draw and store a battle, and stop where its card would be posted."""

    async def stop(_battle: Battle) -> CardAddress:
        raise asyncio.CancelledError

    with suppress(asyncio.CancelledError):
        await arena.battles.start(BattleRequest(GUILD, CHANNEL, ASKER + number, "Why?", "en", None), stop)


async def _profile(arena: Arena, _number: int) -> object:
    return await arena.profiles.of((await arena.roster.of(GUILD))[MODEL])


async def _own_data(arena: Arena, _number: int) -> None:
    async with arena.member_data_exports.attachment(GUILD, MEMBER, ENOUGH_BYTES):
        pass


async def _export(arena: Arena, _number: int) -> None:
    """Write the file, or say that it is too large for Discord."""
    with suppress(ArenaError):
        async with arena.exports.attachment(GUILD, Format.CSV, ENOUGH_BYTES):
            pass


def _reported(number: int) -> Reply:
    return Reply(number + 1, Side.A)


_TREND, _EVER, _MONTH = BoardFilter(), BoardFilter(period=ALL_TIME), BoardFilter(period="30d")

CALLS = (
    PastCall("/battle", Who.MEMBER, _battle),
    PastCall("/leaderboard", Who.MEMBER, lambda arena, _: arena.leaderboards.board(GUILD)),
    PastCall("/leaderboard, all time", Who.MEMBER, lambda arena, _: arena.leaderboards.board(GUILD, _EVER)),
    PastCall("/leaderboard, 30 days", Who.MEMBER, lambda arena, _: arena.leaderboards.board(GUILD, _MONTH)),
    PastCall("/leaderboard, trend", Who.MEMBER, lambda arena, _: arena.trends.of(GUILD, _TREND)),
    PastCall("/models show", Who.MEMBER, _profile),
    PastCall("/history", Who.MEMBER, lambda arena, _: arena.histories.page(GUILD, TURNED)),
    PastCall(
        "/history, of a model",
        Who.MEMBER,
        lambda arena, _: arena.histories.page(GUILD, TURNED, model_id=MODEL),
    ),
    PastCall("/me", Who.MEMBER, lambda arena, _: arena.voters.of(GUILD, MEMBER)),
    PastCall("/me, busiest voter", Who.MEMBER, lambda arena, _: arena.voters.of(GUILD, BUSIEST)),
    PastCall("/recap", Who.MEMBER, lambda arena, _: arena.recaps.of(GUILD, last_seven_days(END))),
    PastCall("/about fairness", Who.MEMBER, lambda arena, _: arena.fairness.of(GUILD)),
    PastCall(
        "report a reply",
        Who.MEMBER,
        lambda arena, number: arena.reports.file(GUILD, _reported(number), MEMBER, ""),
    ),
    PastCall("/privacy", Who.MEMBER, lambda arena, _: arena.privacy.kept(GUILD, MEMBER)),
    PastCall("/privacy, file", Who.MEMBER, _own_data),
    PastCall("/privacy, delete", Who.MEMBER, lambda arena, number: arena.privacy.erase(GUILD, 100 + number)),
    PastCall("/reports", Who.MODERATOR, lambda arena, _: arena.reports.latest(GUILD, 0)),
    PastCall("/void, offered", Who.MODERATOR, lambda arena, _: arena.rulings.latest(GUILD, voided=False)),
    PastCall("/void", Who.MODERATOR, lambda arena, number: arena.rulings.void(MODERATOR, 100 + number, "")),
    PastCall("/unvoid, offered", Who.MODERATOR, lambda arena, _: arena.rulings.latest(GUILD, voided=True)),
    PastCall("/unvoid", Who.MODERATOR, lambda arena, number: arena.rulings.unvoid(MODERATOR, 100 + number)),
    PastCall("/votes audit", Who.MODERATOR, lambda arena, _: arena.audits.make(GUILD)),
    PastCall(
        "/votes exclude",
        Who.MODERATOR,
        lambda arena, number: arena.exclusions.exclude(MODERATOR, 200 + number, ""),
    ),
    PastCall(
        "/votes include",
        Who.MODERATOR,
        lambda arena, number: arena.exclusions.include(MODERATOR, 200 + number),
    ),
    PastCall("/export", Who.MODERATOR, _export),
    PastCall(
        "/season end",
        Who.MODERATOR,
        lambda arena, number: arena.seasons.end(MODERATOR, f"Season {number}"),
    ),
    PastCall("texts too old", Who.OPERATOR, lambda arena, _: arena.retention.sweep()),
    PastCall("weekly recaps due", Who.OPERATOR, lambda arena, _: arena.weekly.due()),
)
