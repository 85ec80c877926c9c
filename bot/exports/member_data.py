"""Dossiers: what is kept of a member in a server, as a file for that member."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeVar
from zipfile import ZIP_DEFLATED, ZipFile

from bot.domain.member_data import MemberKey
from bot.errors import ArenaError
from bot.exports.columns import moment
from bot.exports.in_thread import apart
from bot.exports.member_data_file import (
    MemberDataFile,
    MemberDataHead,
    battle_record,
    change_record,
    report_record,
    suggestion_record,
    vote_record,
)
from bot.i18n import N_
from bot.storage import member_data, opt_outs

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from bot.exports.member_data_file import AnyRecord
    from bot.storage.database import Connection, Database

T = TypeVar("T")

FILE_NAME = "arena-bot-data.json"


class MemberDataExports:
    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock
        self._attaching = asyncio.Lock()

    async def write(self, member: MemberKey, path: Path) -> None:
        """Write all that is kept at one moment into a new file; raises `OSError` where that cannot be."""
        file = await apart(MemberDataFile, path)
        try:
            async with self._database.read() as connection:
                await self._fill(connection, member, file)
        finally:
            await apart(file.close)

    @asynccontextmanager
    async def attachment(self, guild_id: int, user_id: int, most_bytes: int) -> AsyncGenerator[Path]:
        """Write a file that is gone again afterwards, packed where it is large.

        Raises `ArenaError` where it is too large for Discord all the same.
        """
        member = MemberKey(guild_id, user_id)
        async with self._attaching:
            with TemporaryDirectory(prefix="arena-data-") as folder:
                path = Path(folder) / FILE_NAME
                await self.write(member, path)
                if path.stat().st_size > most_bytes:
                    path = await apart(_packed, path)
                if path.stat().st_size > most_bytes:
                    raise _too_large(member)
                yield path

    async def _fill(self, connection: Connection, member: MemberKey, file: MemberDataFile) -> None:
        head = MemberDataHead(
            server=str(member.guild_id),
            member=str(member.user_id),
            written_at=moment(self._clock()),
            left_out_of_exports=await opt_outs.holds(connection, *member),
            battles_that_will_forget_you=list(await member_data.to_forget(connection, member)),
        )
        await apart(file.add_head, head)
        await _add(file, "battles", member_data.asked(connection, member), battle_record)
        await _add(file, "votes", member_data.cast(connection, member), vote_record)
        await _add(file, "reports", member_data.reported(connection, member), report_record)
        await _add(file, "suggestions", member_data.suggested(connection, member), suggestion_record)
        await _add(file, "changes", member_data.changed(connection, member), change_record)


async def _add(
    file: MemberDataFile,
    name: str,
    batches: AsyncGenerator[list[T], None],
    record: Callable[[T], AnyRecord],
) -> None:
    await apart(file.begin, name)
    async with aclosing(batches):
        async for batch in batches:
            await apart(file.add, map(record, batch))


def _packed(path: Path) -> Path:
    packed = path.with_suffix(".zip")
    with ZipFile(packed, "x", ZIP_DEFLATED) as archive:
        archive.write(path, path.name)
    return packed


def _too_large(member: MemberKey) -> ArenaError:
    return ArenaError(
        N_(
            "Your data is too large for Discord. The operator of this bot can write it on the command line:"
            " `arena-bot member-data --guild {guild} --member {member} --out .`"
        ),
        guild=member.guild_id,
        member=member.user_id,
    )
