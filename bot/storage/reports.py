"""Reports of replies by members, and the messages that tell moderators of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, func, insert, select

from bot.domain.battle import Side
from bot.domain.report import Notice, Reply, Report
from bot.storage.dialects import upsert, without_index
from bot.storage.schema import battles, report_notices, reports

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from bot.storage.connections.awaited import AsyncConnection


async def add(connection: AsyncConnection, reply: Reply, report: Report) -> None:
    """Keep a report, the member's first of this reply."""
    await connection.execute(
        insert(reports).values(
            battle_id=reply.battle_id,
            side=reply.side,
            user_id=report.user_id,
            reason=report.reason,
            reported_at=report.at,
        )
    )


async def of_reply(connection: AsyncConnection, reply: Reply) -> list[Report]:
    """Return the reports of a reply, the first one first."""
    rows = await connection.execute(
        select(reports.c.user_id, reports.c.reason, reports.c.reported_at)
        .where(reports.c.battle_id == reply.battle_id, reports.c.side == reply.side)
        .order_by(reports.c.reported_at, reports.c.user_id)
    )
    return [Report(*row) for row in rows]


async def is_by(connection: AsyncConnection, reply: Reply, user_id: int) -> bool:
    """Tell whether the member has reported the reply."""
    found = await connection.scalar(
        select(func.count()).where(
            reports.c.battle_id == reply.battle_id,
            reports.c.side == reply.side,
            reports.c.user_id == user_id,
        )
    )
    return bool(found)


async def made_since(connection: AsyncConnection, guild_id: int, user_id: int, moment: float) -> list[float]:
    """Return when the member reported replies of the guild since then, the oldest first."""
    return list(
        await connection.scalars(
            select(reports.c.reported_at)
            .where(
                reports.c.user_id == user_id,
                reports.c.reported_at > moment,
                _is_of(guild_id),
            )
            .order_by(reports.c.reported_at)
        )
    )


async def latest(connection: AsyncConnection, guild_id: int, *, offset: int, most: int) -> list[Reply]:
    """Return the guild's reported replies, those first that were reported last."""
    rows = await connection.execute(
        select(reports.c.battle_id, reports.c.side)
        .where(_is_of(guild_id))
        .group_by(reports.c.battle_id, reports.c.side)
        .order_by(func.max(reports.c.reported_at).desc(), reports.c.battle_id.desc(), reports.c.side)
        .offset(offset)
        .limit(most)
    )
    return [Reply(battle_id, Side(side)) for battle_id, side in rows]


async def count(connection: AsyncConnection, guild_id: int) -> int:
    """Count the guild's reported replies."""
    replies = select(reports.c.battle_id, reports.c.side).where(_is_of(guild_id)).distinct().subquery()
    return await connection.scalar(select(func.count()).select_from(replies)) or 0


async def notice(connection: AsyncConnection, reply: Reply) -> Notice | None:
    """Return the message that tells of a reply's reports, if there is one."""
    rows = await connection.execute(
        select(report_notices.c.channel_id, report_notices.c.message_id, report_notices.c.reports).where(
            report_notices.c.battle_id == reply.battle_id, report_notices.c.side == reply.side
        )
    )
    row = rows.one_or_none()
    return None if row is None else Notice(*row)


async def set_notice(connection: AsyncConnection, reply: Reply, posted: Notice) -> None:
    row = {
        "battle_id": reply.battle_id,
        "side": reply.side,
        "channel_id": posted.channel_id,
        "message_id": posted.message_id,
        "reports": posted.reports,
    }
    await upsert(connection, report_notices, [row])


def _is_of(guild_id: int) -> ColumnElement[bool]:
    """Look each report's battle up; a join would have SQLite read all battles first."""
    return exists().where(
        battles.c.battle_id == reports.c.battle_id, without_index(battles.c.guild_id) == guild_id
    )
