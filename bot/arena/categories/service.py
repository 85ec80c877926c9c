"""A server's categories: those that the rules assign, and those that its moderators made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.arena.audit_log import record
from bot.domain.audit import AuditAction, Change
from bot.errors import ArenaError
from bot.i18n import N_
from bot.storage import categories, models, pairs

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from bot.domain.audit import Actor, AuditEntry
    from bot.storage.categories import OwnCategory
    from bot.storage.database import Connection, Database

MOST = 20


@dataclass(frozen=True, slots=True)
class Shelf:
    """The categories of a server: `own` are its moderators', `battles` counts the rated ones of each key."""

    own: tuple[OwnCategory, ...]
    battles: dict[str, int]
    channels: dict[int, int]
    """By channel: the id of the category that it is bound to."""

    def open(self) -> list[OwnCategory]:
        return [category for category in self.own if category.is_open]

    def names(self) -> dict[str, str]:
        """Return the names of the moderators' categories by their keys."""
        return {category.key: category.name for category in self.own}

    def find(self, named: str) -> OwnCategory | None:
        """Find a category by its key or its name, in whatever case."""
        return next(
            (each for each in self.own if named == each.key or named.casefold() == each.name.casefold()), None
        )


class GuildCategories:
    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock
        self._open: dict[int, list[OwnCategory]] = {}

    async def load(self) -> None:
        """Read which are open, once, before the first command comes."""
        async with self._database.read() as connection:
            self._open = await categories.open_ones(connection)

    def open_in(self, guild_id: int) -> list[OwnCategory]:
        """Return those that moderators made and that are open, for what cannot wait for the database."""
        return self._open.get(guild_id, [])

    async def of(self, guild_id: int) -> Shelf:
        async with self._database.read() as connection:
            return Shelf(
                tuple(await categories.of_guild(connection, guild_id)),
                await pairs.categories(connection, guild_id),
                await categories.channels(connection, guild_id),
            )

    @staticmethod
    async def joined(
        connection: Connection,
        guild_id: int,
        channel_ids: Collection[int],
        chosen: str | None,
        kept: Collection[str] = (),
    ) -> frozenset[str]:
        """Return the server's own that a new battle belongs to; raises `ArenaError` where there is no such.

        `channel_ids` are the channel and, of a thread, the one that it hangs from; of the categories `kept`
        from an earlier battle it joins those of the server's own that are still open.
        """
        own = await categories.of_guild(connection, guild_id)
        bound = await categories.bound(connection, guild_id, channel_ids) if own else set[int]()
        joined = {category.key for category in own if category.category_id in bound}
        joined |= {category.key for category in own if category.is_open and category.key in kept}
        if chosen is not None:
            category = Shelf(tuple(own), {}, {}).find(chosen)
            if category is None or not category.is_open:
                raise _unknown(chosen, own)
            joined.add(category.key)
        return frozenset(joined)

    async def add(self, actor: Actor, name: str) -> AuditEntry:
        """Make a category, or let battles join one again that was closed."""
        name = " ".join(name.split())
        if not name:
            raise ArenaError(N_("A category needs a name."))
        async with self._database.write() as connection:
            await models.ensure_guild(connection, actor.guild_id, self._clock())
            own = await categories.of_guild(connection, actor.guild_id)
            known = Shelf(tuple(own), {}, {}).find(name)
            if known and known.is_open:
                raise ArenaError(
                    N_("There is a category of this name already: {name}. Please choose another name."),
                    name=known.name,
                )
            if sum(each.is_open for each in own) >= MOST:
                raise ArenaError(
                    N_(
                        "A server can have {most} categories of its own. Please close one first: /categories"
                        " close"
                    ),
                    most=MOST,
                )
            if known:
                await categories.set_open(connection, known.category_id, is_open=True)
            else:
                await categories.add(connection, actor.guild_id, name)
            change = Change("category", None, known.name if known else name)
            entry = await record(connection, actor, AuditAction.CATEGORY_OPENED, self._clock(), change)
        await self._reload(actor.guild_id)
        return entry

    async def close(self, actor: Actor, name: str) -> AuditEntry:
        """Let no new battle join a category; its board stays."""
        async with self._database.write() as connection:
            category = await _open_one(connection, actor, name)
            await categories.set_open(connection, category.category_id, is_open=False)
            change = Change("category", category.name, None)
            entry = await record(connection, actor, AuditAction.CATEGORY_CLOSED, self._clock(), change)
        await self._reload(actor.guild_id)
        return entry

    async def _reload(self, guild_id: int) -> None:
        self._open[guild_id] = (await self.of(guild_id)).open()

    async def bind(self, actor: Actor, channel_id: int, name: str | None) -> AuditEntry:
        """Let every battle of a channel and its threads belong to a category, or to none."""
        async with self._database.write() as connection:
            await models.ensure_guild(connection, actor.guild_id, self._clock())
            category = await _open_one(connection, actor, name) if name is not None else None
            await categories.bind(connection, channel_id, category.category_id if category else None)
            changes = (
                Change("channel", None, str(channel_id)),
                Change("category", None, category.name if category else None),
            )
            return await record(connection, actor, AuditAction.CATEGORY_BOUND, self._clock(), *changes)


async def _open_one(connection: Connection, actor: Actor, name: str) -> OwnCategory:
    own = await categories.of_guild(connection, actor.guild_id)
    category = Shelf(tuple(own), {}, {}).find(name)
    if category is None or not category.is_open:
        raise _unknown(name, own)
    return category


def _unknown(name: str, own: Iterable[OwnCategory]) -> ArenaError:
    """Refuse a name that no open category has, with those that there are."""
    known = [category.name for category in own if category.is_open]
    if not known:
        return ArenaError(
            N_("This server has no category named {name}. Moderators make one with /categories add."),
            name=name,
        )
    return ArenaError(
        N_("This server has no category named {name}. You can choose: {known}"),
        name=name,
        known=" · ".join(known),
    )
