"""Imports: files of votes that were cast elsewhere, written as a season that is over, a batch at a time.

Each batch is a transaction of its own, so that a running bot waits for none of them long. What was imported
before is not added again: where an import breaks off, it is repeated.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from bot.domain.battle import Answer, Turn
from bot.domain.exported_battle import UNKNOWN_MOMENT, CastVote, ImportedBattle
from bot.domain.model import Model, ModelState
from bot.domain.vote import stranger
from bot.errors import StartupError
from bot.exports.in_thread import apart
from bot.imports import fastchat, lmarena, openwebui
from bot.imports.formats import ImportFormat
from bot.imports.names import ModelNames
from bot.imports.report import ImportReport
from bot.imports.source import RefusedBecause, RowRefusedError, digest, shown
from bot.storage import imports, models, seasons

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from bot.imports.files import FileRow, SourceFile
    from bot.imports.source import Record, SourceVote
    from bot.storage.database import Connection, Database

LONGEST_LOCALE = 16


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """What is imported: into which server and season, and what models are called there."""

    guild_id: int
    format: ImportFormat
    season: str
    mapping: Mapping[str, str] = field(default_factory=dict[str, str])
    with_names: bool = False
    """Votes too that were cast with the names of the models shown."""


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """Told of each row that is refused, and after each batch how far the file was read."""

    refused: Callable[[int, str], None]
    read: Callable[[int], None]


@dataclass(frozen=True, slots=True)
class _ParsedRow:
    number: int
    votes: list[SourceVote]
    refused: RowRefusedError | None = None


class Imports:
    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock

    async def run(self, order: ImportOrder, source: SourceFile, progress: ImportProgress) -> ImportReport:
        """Import a file; raises `StartupError` where it breaks off, or the season is the server's own."""
        report = ImportReport()
        async with self._database.read() as connection:
            await _check_season(connection, order)
        batches = source.batches()
        while (parsed := await apart(_next, batches, order)) is not None:
            rows, read = parsed
            async with self._database.write() as connection:
                await self._add(connection, order, rows, report, progress)
            progress.read(read)
        return report

    async def _add(
        self,
        connection: Connection,
        order: ImportOrder,
        rows: Sequence[_ParsedRow],
        report: ImportReport,
        progress: ImportProgress,
    ) -> None:
        now, told = self._clock(), _Battles(order.format)
        here = _Models(connection, order, now, report)
        await here.read()
        for row in rows:
            report.rows += 1
            try:
                if row.refused:
                    raise row.refused
                for vote in row.votes:
                    told.add(vote, await here.pair(vote))
            except RowRefusedError as exc:
                report.refused[exc.kind] += 1
                progress.refused(row.number, str(exc))
        if not told:
            return
        season = await seasons.imported(connection, order.guild_id, order.season)
        season = season or await seasons.add_imported(connection, order.guild_id, order.season, now)
        added = await imports.add(connection, season, order.format, told.under(season.voter_key), now)
        report.battles += added.battles
        report.votes += added.votes
        report.known_votes += added.known_votes + told.repeated


async def _check_season(connection: Connection, order: ImportOrder) -> None:
    """Raise `StartupError` where another season has the name already."""
    if await seasons.imported(connection, order.guild_id, order.season):
        return
    taken = {season.name.casefold() for season in await seasons.ended(connection, order.guild_id)}
    if order.season.casefold() in taken:
        raise StartupError(f"--season {order.season}: this server has another season of that name")


def _next(batches: Iterator[list[FileRow]], order: ImportOrder) -> tuple[list[_ParsedRow], int] | None:
    batch = next(batches, None)
    return None if batch is None else ([_parsed(row, order) for row in batch], batch[-1].read)


def _parsed(row: FileRow, order: ImportOrder) -> _ParsedRow:
    if row.record is None:
        return _ParsedRow(row.number, [], RowRefusedError(RefusedBecause.NOT_UNDERSTOOD, row.problem))
    try:
        votes = _votes(row.record, order)
        _check_characters(votes)
        return _ParsedRow(row.number, votes)
    except (msgspec.ValidationError, msgspec.DecodeError) as exc:
        return _ParsedRow(row.number, [], RowRefusedError(RefusedBecause.NOT_UNDERSTOOD, str(exc)))
    except RowRefusedError as exc:
        return _ParsedRow(row.number, [], exc)


def _check_characters(votes: Iterable[SourceVote]) -> None:
    """Refuse what JSON can say and no text can hold."""
    for vote in votes:
        texts = vote.conversation
        said = (vote.model_a, vote.model_b, *texts.prompts, *texts.replies_a, *texts.replies_b)
        try:
            "".join((*said, vote.battle, vote.voter, vote.asker or "", vote.locale)).encode()
        except UnicodeEncodeError as exc:
            raise RowRefusedError(RefusedBecause.NOT_UNDERSTOOD, "it holds half a character") from exc


def _votes(record: Record, order: ImportOrder) -> list[SourceVote]:
    match order.format:
        case ImportFormat.LMARENA:
            return lmarena.votes(record)
        case ImportFormat.FASTCHAT:
            return fastchat.votes(record, with_names=order.with_names)
        case ImportFormat.OPENWEBUI:
            return openwebui.votes(record, with_names=order.with_names)


class _Models:
    """The models of a server in one transaction; those that it lacks are added, retired, with no backend."""

    def __init__(self, connection: Connection, order: ImportOrder, now: float, report: ImportReport) -> None:
        self._connection = connection
        self._order = order
        self._now = now
        self._report = report

    async def read(self) -> None:
        known = await models.of_guild(self._connection, self._order.guild_id)
        self._names = ModelNames(known, self._order.mapping)

    async def pair(self, vote: SourceVote) -> tuple[int, int]:
        """Return both models; raises `RowRefusedError`, and then none was added."""
        names = (vote.model_a, vote.model_b)
        a, b = (self._names.find(name) for name in names)
        called = [self._names.called(name) for name in names]
        if a == b and (a is not None or self._names.same(*called)):
            raise RowRefusedError(RefusedBecause.NO_OPPONENT, f"{shown(called[0])} stands against itself")
        return await self._found(a, vote.model_a), await self._found(b, vote.model_b)

    async def _found(self, known: int | None, name: str) -> int:
        if known is not None:
            if self._names.called(name) not in self._report.new_models:
                self._report.known_models.add(name)
            return known
        called = self._names.called(name)
        origin = self._order.format
        new = Model(0, self._order.guild_id, called, ModelState.RETIRED, origin=origin)
        model_id = await models.add(self._connection, new, self._now)
        self._names.added(called, model_id)
        self._report.new_models.add(called)
        return model_id


class _Battles:
    """The votes of a batch, by the battles that they were cast on."""

    def __init__(self, origin: ImportFormat) -> None:
        self._origin = origin
        self._votes: defaultdict[tuple[str, str, str], dict[str, SourceVote]] = defaultdict(dict)
        self._pairs: dict[tuple[str, str, str], tuple[int, int]] = {}
        self.repeated = 0
        """Votes that were there twice."""

    def __len__(self) -> int:
        return len(self._pairs)

    def add(self, vote: SourceVote, pair: tuple[int, int]) -> None:
        battle = (vote.battle, vote.model_a, vote.model_b)
        self._pairs[battle] = pair
        self.repeated += vote.voter in self._votes[battle]
        self._votes[battle].setdefault(vote.voter, vote)

    def under(self, voter_key: bytes) -> list[ImportedBattle]:
        """Return the battles, with voters hashed under a key."""
        return [
            _battle(digest(self._origin, *battle), pair, self._votes[battle], voter_key)
            for battle, pair in self._pairs.items()
        ]


def _battle(
    source_id: str, pair: tuple[int, int], cast: Mapping[str, SourceVote], voter_key: bytes
) -> ImportedBattle:
    first = next(iter(cast.values()))
    times = [_time(vote) for vote in cast.values()]
    texts = first.conversation
    asked = list(zip(texts.prompts, texts.replies_a, texts.replies_b, strict=True))
    return ImportedBattle(
        source_id=source_id,
        model_a=pair[0],
        model_b=pair[1],
        asker_id=stranger(voter_key, f"asker {first.asker or source_id}"),
        opened_at=min(times),
        closed_at=max(times),
        locale=first.locale[:LONGEST_LOCALE],
        categories=first.categories,
        prompt=asked[0][0] if asked else None,
        replies=asked[0][1:] if asked else ("", ""),
        turns=tuple(_turns(asked[1:])),
        votes={stranger(voter_key, voter): CastVote(vote.vote, _time(vote)) for voter, vote in cast.items()},
    )


def _time(vote: SourceVote) -> float:
    return UNKNOWN_MOMENT if vote.at is None else vote.at


def _turns(asked: Iterable[tuple[str, str, str]]) -> Iterator[Turn]:
    for number, (prompt, a, b) in enumerate(asked, start=2):
        yield Turn(number, prompt, Answer(a), Answer(b))
