"""Models that are not to write on: their servers see both connections closed, and at once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Literal, TypeAlias

import pytest

from bot.arena.battles.replies import ReplyStream
from bot.arena.battles.writing import Writing, WritingCancelledError
from bot.arena.models.roster import Competitor
from bot.arena.models.spending import Spending
from bot.backends.base import ChatMessage
from bot.backends.http.sessions import open_session
from bot.domain.battle import Side, VoidReason
from tests.arena.waiting import until
from tests.backends.asking import backend, limits
from tests.backends.fault_server import Handler, hang, serve, stream
from tests.backends.protocols.dialects import ALL, Dialect

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.arena.battles.card import PartialReply
    from bot.storage.database import Database
    from tests.arena.conftest import Clock

Moment: TypeAlias = Literal["before the first byte", "while they think", "while they write"]
MOMENTS: tuple[Moment, ...] = ("before the first byte", "while they think", "while they write")
PATIENT = limits(3600, 3600, 3600, stall=3600)


def conduct(dialect: Dialect, moment: Moment) -> Handler:
    if moment == "before the first byte":
        return hang
    piece = dialect.thought("Hm.") if moment == "while they think" else dialect.text("The sky is blue. " * 9)
    return stream(piece, then=hang, content_type=dialect.content_type)


async def show(_replies: Mapping[Side, PartialReply]) -> None:
    pass


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("dialect", ALL.values(), ids=ALL.keys())
async def test_both_connections_are_closed_in_no_time(
    database: Database, clock: Clock, dialect: Dialect, moment: Moment
) -> None:
    """The clock stands still: nothing that waits for any time at all could close them."""
    async with serve() as server, open_session() as session:
        server.answer(conduct(dialect, moment))
        model = Competitor("Zephyrine", backend(session, server, within=PATIENT, protocol=dialect.wire), ())
        writing = Writing(Spending(database, clock), patience=3600, pause=3600)
        replies = ReplyStream(
            dict.fromkeys(Side, (ChatMessage("user", "Why?"),)),
            dict.fromkeys(Side, model),
            lambda _side: None,
            patience=3600,
            pause=3600,
        )

        async def write() -> None:
            async with writing.under_way():
                await replies.run(show)

        task = asyncio.create_task(write())
        await until(lambda: server.running == 2)
        if moment == "while they write":
            await until(lambda: all(each.length for each in replies.replies_in_progress.values()))
        writing.cancel(VoidReason.CANCELLED)
        with pytest.raises(WritingCancelledError):
            await task
        await until(lambda: server.running == 0)

        assert clock.passed == 0
        assert server.gone.is_set()
