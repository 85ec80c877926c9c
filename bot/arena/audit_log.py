"""The record of what a moderator did, written in the transaction that does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.audit import AuditAction, AuditEntry, Change
from bot.storage import audit_log

if TYPE_CHECKING:
    from bot.domain.audit import Actor
    from bot.storage.database import Connection


async def record(
    connection: Connection, actor: Actor, action: AuditAction, at: float, *changes: Change
) -> AuditEntry:
    """Keep, and return, what was changed; `at` in Unix seconds. For changes that are not to a model."""
    entry = AuditEntry(actor.guild_id, at, actor.user_id, action, changes=changes)
    await audit_log.add(connection, entry)
    return entry
