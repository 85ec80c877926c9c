"""Reading of decided battles for exports, in batches.

What must not leave the server is not even read: ids of channels and messages, who opted out or was
forgotten, and of a masked model its name, its costs (prices tell models apart) and what gave it away. Of
what a moderator hid nothing is told.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import case, func, select

from bot.domain import rules as house_rules
from bot.domain.battle import BattleState, FinishReason, Side, Turn, UnratedReason, VoidReason
from bot.domain.exported_battle import ExportedBattle, ExportedSide, ExportedVote
from bot.domain.vote import LOWEST_NOBODY, Vote, is_nobody
from bot.storage import battle_categories, battle_texts, categories, draws, tournament_matches, turns
from bot.storage.battles import DECIDED
from bot.storage.categories import OWN_PREFIX
from bot.storage.models import names as model_names
from bot.storage.schema import battles, contestants, export_opt_outs, models
from bot.storage.schema import votes as vote_rows
from bot.storage.votes import COUNTING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence

    from sqlalchemy import ColumnElement, Row, Select

    from bot.domain.draws import NamedDrawing
    from bot.storage.categories import OwnCategory
    from bot.storage.connections.awaited import AsyncConnection

    Rows = Sequence[Row[tuple[object, ...]]]

BATCH_BATTLES = 200
_DISCORD_ID = re.compile(r"\d{15,20}")


@dataclass(frozen=True, slots=True)
class Selection:
    """A choice of a guild's decided battles: only rated ones, only those that have their texts, or all."""

    guild_id: int
    rated_only: bool
    with_texts_only: bool = False

    @property
    def states(self) -> tuple[BattleState, ...]:
        """Return the states they are in: never an open one, for nobody may learn yet who fights."""
        return (BattleState.CLOSED,) if self.rated_only else DECIDED


class ExportSize(NamedTuple):
    """Numbers of the battles that an export reads, and of votes on them."""

    battles: int
    votes: int


async def size(connection: AsyncConnection, selection: Selection) -> ExportSize:
    """Count the battles that are read, and the votes on them; those of who opted out may be among these."""
    found, cast = (select(func.count()).select_from(each.subquery()) for each in _counted(selection))
    return ExportSize(await connection.scalar(found) or 0, await connection.scalar(cast) or 0)


async def exceeds(connection: AsyncConnection, selection: Selection, most: int) -> bool:
    """Tell whether there are more battles and votes together, without counting far beyond that."""
    counts = [
        await connection.scalar(select(func.count()).select_from(each.limit(most + 1).subquery())) or 0
        for each in _counted(selection)
    ]
    return sum(counts) > most


def _counted(selection: Selection) -> tuple[Select[tuple[int]], Select[tuple[int]]]:
    """Select the battles, and the votes on them."""
    found = select(battles.c.battle_id).where(battles.c.state.in_(selection.states), *_selected(selection))
    cast = found.join(vote_rows, vote_rows.c.battle_id == battles.c.battle_id).where(*COUNTING)
    return found, cast


async def read(
    connection: AsyncConnection, selection: Selection
) -> AsyncGenerator[list[ExportedBattle], None]:
    """Read the battles in batches, the oldest first; none is held longer than its batch.

    A batch has a bounded number of characters as well, so their numbers are read before the texts are.
    """
    own = {each.key: each for each in await categories.of_guild(connection, selection.guild_id)}
    masks = await _masks(connection, selection.guild_id)
    public = await model_names(connection, selection.guild_id)
    last = 0
    while sizes := await _sizes_after(connection, selection, last):
        last, _ = sizes[-1]
        for ids in battle_texts.in_parts(sizes):
            yield await _battles(connection, selection.guild_id, ids, own, masks, public)


async def _battles(
    connection: AsyncConnection,
    guild_id: int,
    ids: Sequence[int],
    own: Mapping[str, OwnCategory],
    masks: Mapping[str, str],
    public: Mapping[int, str],
) -> list[ExportedBattle]:
    found = await connection.execute(
        select(battles).where(battles.c.battle_id.in_(ids)).order_by(battles.c.battle_id)
    )
    seats = await _seats(connection, ids)
    cast = await _votes(connection, guild_id, ids)
    joined = await battle_categories.of_battles(connection, battles.c.battle_id.in_(ids))
    matched = await tournament_matches.of_battles(connection, battles.c.battle_id.in_(ids))
    drawings = await draws.of_battles(connection, ids)
    followed = await turns.of_battles(connection, battles.c.battle_id.in_(ids))
    return [
        _battle(
            row,
            (seats[row.battle_id, Side.A], seats[row.battle_id, Side.B]),
            tuple(followed[row.battle_id]),
            tuple(cast[row.battle_id]),
            tuple(_category_name(key, own) for key in joined[row.battle_id]),
            _scrubbed(row.void_note, masks),
            drawings[row.battle_id].named(public) if row.battle_id in drawings else None,
            is_tournament=row.battle_id in matched,
        )
        for row in found
    ]


def _selected(selection: Selection) -> list[ColumnElement[bool]]:
    return [
        battles.c.guild_id == selection.guild_id,
        battles.c.asker_id.not_in(_opted_out(selection.guild_id)),
        *([battles.c.unrated.is_(None)] if selection.rated_only else []),
        *([battles.c.texts_removed_at.is_(None)] if selection.with_texts_only else []),
    ]


def _opted_out(guild_id: int) -> Select[tuple[int]]:
    return select(export_opt_outs.c.user_id).where(export_opt_outs.c.guild_id == guild_id)


async def _sizes_after(connection: AsyncConnection, selection: Selection, last: int) -> list[tuple[int, int]]:
    """Return the next battles; one state after the other, for the index has each in the order of ids."""
    statement = (
        select(battles.c.battle_id, battle_texts.size_of_battle())
        .where(battles.c.battle_id > last, *_selected(selection))
        .order_by(battles.c.battle_id)
        .limit(BATCH_BATTLES)
    )
    found = [
        (battle_id, size)
        for state in selection.states
        for battle_id, size in await connection.execute(statement.where(battles.c.state == state))
    ]
    return sorted(found)[:BATCH_BATTLES]


async def _seats(connection: AsyncConnection, ids: Sequence[int]) -> dict[tuple[int, Side], ExportedSide]:
    is_public = models.c.code_name.is_(None)
    is_shown = contestants.c.hidden_at.is_(None)
    rows = await connection.execute(
        select(
            contestants.c.battle_id,
            contestants.c.side,
            func.coalesce(models.c.code_name, models.c.name),
            case((is_shown, contestants.c.reply), else_=""),
            contestants.c.finish,
            contestants.c.first_token_seconds,
            contestants.c.total_seconds,
            contestants.c.input_tokens,
            contestants.c.output_tokens,
            case((is_public, contestants.c.cost)),
            case((is_public & is_shown, contestants.c.leak)),
            contestants.c.rating_before,
            contestants.c.rating_after,
            contestants.c.hidden_at.is_not(None),
        )
        .join(models, models.c.model_id == contestants.c.model_id)
        .where(contestants.c.battle_id.in_(ids))
    )
    return {
        (battle_id, Side(side)): ExportedSide(model, reply, FinishReason(finish), *rest)
        for battle_id, side, model, reply, finish, *rest in rows
    }


async def _votes(
    connection: AsyncConnection, guild_id: int, ids: Sequence[int]
) -> defaultdict[int, list[ExportedVote]]:
    rows = await connection.execute(
        select(
            vote_rows.c.battle_id,
            vote_rows.c.user_id,
            vote_rows.c.vote,
            vote_rows.c.changed_at,
            vote_rows.c.excluded,
        )
        .where(
            vote_rows.c.battle_id.in_(ids),
            vote_rows.c.vote.is_not(None) | vote_rows.c.unclear,
            ~vote_rows.c.user_id.between(LOWEST_NOBODY, -1),
            vote_rows.c.uncounted.is_(None),
            vote_rows.c.user_id.not_in(_opted_out(guild_id)),
        )
        .order_by(vote_rows.c.battle_id, vote_rows.c.changed_at)
    )
    found: defaultdict[int, list[ExportedVote]] = defaultdict(list)
    for battle_id, user_id, vote, changed_at, excluded in rows:
        found[battle_id].append(ExportedVote(user_id, Vote(vote) if vote else None, changed_at, excluded))
    return found


def _category_name(key: str, own: Mapping[str, OwnCategory]) -> str:
    """Return a category's key, with a moderators' category by its name."""
    return f"{OWN_PREFIX}{own[key].name}" if key in own else key


async def _masks(connection: AsyncConnection, guild_id: int) -> dict[str, str]:
    """Return the code names of the models that are masked, by their true names."""
    rows = await connection.execute(
        select(models.c.name, models.c.code_name).where(
            models.c.guild_id == guild_id, models.c.code_name.is_not(None)
        )
    )
    return {name: code_name for name, code_name in rows if code_name}


def _scrubbed(note: str | None, masks: Mapping[str, str]) -> str | None:
    """Take out of a moderator's note what they may say and an export may not: true names and ids."""
    if note is None:
        return None
    for name, code_name in masks.items():
        note = re.sub(re.escape(name), lambda _, shown=code_name: shown, note, flags=re.IGNORECASE)
    return _DISCORD_ID.sub("…", note)


def _shown(turn: Turn, a: ExportedSide, b: ExportedSide) -> Turn:
    """Leave out of a turn what is hidden."""
    answers = (
        replace(answer, reply="") if seat.is_hidden else answer for answer, seat in ((turn.a, a), (turn.b, b))
    )
    return Turn(turn.number, turn.prompt, *answers)


def _battle(
    row: Row[tuple[object, ...]],
    seats: tuple[ExportedSide, ExportedSide],
    followed: tuple[Turn, ...],
    cast: tuple[ExportedVote, ...],
    joined: tuple[str, ...],
    note: str | None,
    drawing: NamedDrawing | None,
    *,
    is_tournament: bool,
) -> ExportedBattle:
    return ExportedBattle(
        battle_id=row.battle_id,
        asker_id=None if is_nobody(row.asker_id) else row.asker_id,
        has_texts=row.texts_removed_at is None,
        prompt=row.prompt,
        locale=row.locale,
        state=BattleState(row.state),
        unrated=UnratedReason(row.unrated) if row.unrated else None,
        voided=VoidReason(row.voided) if row.voided else None,
        void_note=note,
        has_image=row.image_kind is not None,
        season=row.season,
        origin=row.origin,
        drawn_probability=row.drawn_probability,
        is_tournament=is_tournament,
        is_secret=house_rules.decode(row.rules).ballot == "secret",
        drawing=drawing,
        opened_at=row.opened_at,
        voting_at=row.voting_at,
        readable_at=row.readable_at,
        closes_at=row.closes_at,
        closed_at=row.closed_at,
        categories=joined,
        a=seats[0],
        b=seats[1],
        turns=tuple(_shown(turn, *seats) for turn in followed),
        votes=cast,
    )
