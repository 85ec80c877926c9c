"""The audit log: who changed what in a guild, and when. Entries are added, never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import func, insert, select

from bot.domain.audit import AuditAction, AuditEntry, Change
from bot.storage.schema import audit

if TYPE_CHECKING:
    from bot.storage.connections.awaited import AsyncConnection

_changes = msgspec.json.Decoder(tuple[Change, ...])


async def add(connection: AsyncConnection, entry: AuditEntry) -> None:
    await connection.execute(
        insert(audit).values(
            guild_id=entry.guild_id,
            at=entry.at,
            actor_id=entry.actor_id,
            action=entry.action,
            model_id=entry.model_id,
            name=entry.name,
            shown_as=entry.shown_as,
            changes=msgspec.json.encode(entry.changes).decode(),
        )
    )


async def latest(connection: AsyncConnection, guild_id: int, *, offset: int, most: int) -> list[AuditEntry]:
    """Return entries, the newest first."""
    rows = await connection.execute(
        select(audit)
        .where(audit.c.guild_id == guild_id)
        .order_by(audit.c.audit_id.desc())
        .offset(offset)
        .limit(most)
    )
    return [
        AuditEntry(
            guild_id=row.guild_id,
            at=row.at,
            actor_id=row.actor_id,
            action=AuditAction(row.action),
            model_id=row.model_id,
            name=row.name,
            shown_as=row.shown_as,
            changes=_changes.decode(row.changes),
        )
        for row in rows
    ]


async def count(connection: AsyncConnection, guild_id: int) -> int:
    return await connection.scalar(select(func.count()).where(audit.c.guild_id == guild_id)) or 0
