"""Who may change a server's arena, what a day may cost there, and the record of every change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec import structs

from bot.arena.settings import guild_settings
from bot.arena.settings.kinds import MOST_LISTED, text_of
from bot.domain.audit import AuditAction, AuditEntry, Change
from bot.errors import ArenaError
from bot.i18n import N_
from bot.storage import audit_log, models

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from bot.arena.settings.guild_settings import GuildSettings, RoleAllowance
    from bot.arena.settings.kinds import Value
    from bot.arena.settings.known_settings import KnownSettings
    from bot.domain.audit import Actor
    from bot.storage.database import Database

PAGE_ENTRIES = 10


@dataclass(frozen=True, slots=True)
class AuditPage:
    """One page of the record, the newest entry first."""

    entries: tuple[AuditEntry, ...]
    page: int
    pages: int


class GuildSettingsService:
    def __init__(self, database: Database, known: KnownSettings, clock: Callable[[], float]) -> None:
        self._database = database
        self._known = known
        self._clock = clock

    def settings(self, guild_id: int) -> GuildSettings:
        return self._known.of(guild_id)

    def is_manager(self, guild_id: int, role_ids: Collection[int]) -> bool:
        """Tell whether one of the roles is the one that was named for it."""
        return self.settings(guild_id).manager_role_id in role_ids

    def require(self, guild_id: int, role_ids: Collection[int], *, manages_guild: bool) -> None:
        if manages_guild or self.is_manager(guild_id, role_ids):
            return
        role_id = self.settings(guild_id).manager_role_id
        if role_id is not None:
            raise ArenaError(
                N_("Only members with Manage Server or the role {role} can do that."), role=f"<@&{role_id}>"
            )
        raise ArenaError(
            N_("Only members with Manage Server can do that. They can let a role do it too: /models access")
        )

    async def set_manager_role(self, actor: Actor, role_id: int | None) -> AuditEntry:
        return await self._set(actor, AuditAction.ACCESS, manager_role_id=role_id)

    async def set_limits(
        self,
        actor: Actor,
        *,
        usd_per_day: float | None,
        battles_per_day: int | None,
        concurrent_battles: int | None,
    ) -> AuditEntry | None:
        """Set what is not `None`; 0 lifts a limit. Returns nothing where there is nothing to set."""
        limits = {
            "usd_per_day": usd_per_day,
            "battles_per_day": battles_per_day,
            "concurrent_battles": concurrent_battles,
        }
        entered = {name: value or None for name, value in limits.items() if value is not None}
        return await self._set(actor, AuditAction.LIMITS, **entered) if entered else None

    async def change(self, actor: Actor, changed: Mapping[str, Value]) -> AuditEntry | None:
        """Set fields of the server's settings; `None` goes back to the default.

        Returns nothing where all is so already.
        """
        unset: dict[str, Value] = {"battle_channel_ids": (), "battle_role_ids": (), "rated_channel_ids": ()}
        unset["role_allowances"] = ()
        entered = {field: unset.get(field) if value is None else value for field, value in changed.items()}
        return await self._edit(actor, AuditAction.SETTINGS, lambda own: structs.replace(own, **entered))

    async def allow_role(
        self, actor: Actor, role_id: int, allowance: RoleAllowance | None
    ) -> AuditEntry | None:
        """Give a role a pace of its own, another one than it had, or none any more."""

        def allowed(own: GuildSettings) -> GuildSettings:
            others = [each for each in own.role_allowances if each.role_id != role_id]
            if allowance and len(others) >= MOST_LISTED:
                raise ArenaError(
                    N_(
                        "{count} roles have a pace of their own, which is the most. To free one, choose its"
                        " role and leave both fields empty."
                    ),
                    count=MOST_LISTED,
                )
            return structs.replace(own, role_allowances=(*others, *([allowance] if allowance else ())))

        return await self._edit(actor, AuditAction.SETTINGS, allowed)

    async def history(self, guild_id: int, page: int) -> AuditPage:
        async with self._database.read() as connection:
            count = await audit_log.count(connection, guild_id)
            pages = max(1, -(-count // PAGE_ENTRIES))
            page = min(page, pages - 1)
            found = await audit_log.latest(
                connection, guild_id, offset=page * PAGE_ENTRIES, most=PAGE_ENTRIES
            )
        return AuditPage(tuple(found), page, pages)

    async def _set(self, actor: Actor, action: AuditAction, **entered: float | None) -> AuditEntry:
        entry = await self._edit(actor, action, lambda own: structs.replace(own, **entered))
        return entry or AuditEntry(actor.guild_id, self._clock(), actor.user_id, action)

    async def _edit(
        self, actor: Actor, action: AuditAction, edit: Callable[[GuildSettings], GuildSettings]
    ) -> AuditEntry | None:
        """Read, change and write in one transaction, so that nobody's change is lost to another's."""
        async with self._database.write() as connection:
            await models.ensure_guild(connection, actor.guild_id, self._clock())
            before = await guild_settings.read(connection, actor.guild_id)
            after = edit(before)
            changes = _between(before, after)
            if not changes:
                return None
            await guild_settings.write(connection, actor.guild_id, after)
            entry = AuditEntry(actor.guild_id, self._clock(), actor.user_id, action, changes=changes)
            await audit_log.add(connection, entry)
        self._known.keep(actor.guild_id, after)
        return entry


def _between(before: GuildSettings, after: GuildSettings) -> tuple[Change, ...]:
    return tuple(
        Change(field, text_of(field, getattr(before, field)), text_of(field, getattr(after, field)))
        for field in before.__struct_fields__
        if getattr(before, field) != getattr(after, field)
    )
