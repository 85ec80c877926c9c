"""All stored sums of a guild beside what its rows make them, counted one row after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.storage import draw_recounts, pair_recounts
from bot.storage.recounts.differences import differences

if TYPE_CHECKING:
    from bot.storage.database import Connection, Database

TALLIES = """
    select battle_id from battles join (
        select battles.battle_id as id,
            count(*) filter (where vote = 'a' and uncounted is null and not excluded) as a,
            count(*) filter (where vote = 'b' and uncounted is null and not excluded) as b,
            count(*) filter (where vote = 'tie' and uncounted is null and not excluded) as tie,
            count(*) filter (where vote = 'both_bad' and uncounted is null and not excluded) as both_bad,
            count(*) filter (where unclear and uncounted is null and not excluded) as unclear,
            count(*) filter (where (vote is not null or unclear) and uncounted is not null and not excluded)
                as uncounted
        from battles left join votes on votes.battle_id = battles.battle_id
            and (state = 'closed' or voided = 'moderator')
        group by battles.battle_id
    ) on id = battle_id
    where (a, b, tie, both_bad, unclear, uncounted)
        <> (votes_a, votes_b, votes_tie, votes_both_bad, votes_unclear, votes_uncounted)
"""
VOTERS = """
    with counted as (
        select category, season, user_id, count(*) as votes from (
            select category, season, case when user_id >= -4611686018427387904 and user_id < 0
                then -1 else user_id end as user_id
            from votes join battles on battles.battle_id = votes.battle_id join (
                select battle_id as id, 'all' as category from battles
                union all select battle_id, category from battle_categories
            ) on id = battles.battle_id
            where guild_id = {guild} and state = 'closed' and unrated is null
                and vote is not null and uncounted is null and not excluded
        ) group by category, season, user_id
    ), kept as (select category, season, user_id, votes from voters where guild_id = {guild})
    select * from (select * from counted except select * from kept)
    union all select * from (select * from kept except select * from counted)
"""
MARKS = """
    select battles.battle_id from votes join battles on battles.battle_id = votes.battle_id
    where user_id > 0 and excluded <> (
        (state = 'closed' or voided = 'moderator') and exists (
            select 1 from excluded_voters
            where excluded_voters.user_id = votes.user_id and excluded_voters.guild_id = battles.guild_id
        )
    )
"""


async def wrong_sums(database: Database, guild_id: int) -> list[str]:
    """Name each kind of sum that is not what it should be."""
    async with database.read() as connection:
        kinds = {
            "pairs": await pair_recounts.stored(connection, guild_id)
            == await pair_recounts.counted(connection, guild_id),
            "draws": await draw_recounts.stored(connection, guild_id)
            == await draw_recounts.counted(connection, guild_id),
            "voters": not await _rows(connection, VOTERS.format(guild=guild_id)),
            "tallies": not await _rows(connection, TALLIES),
            "marks of excluded votes": not await _rows(connection, MARKS),
            "what a check compares": not [wrong async for wrong in differences(connection, guild_id)],
        }
    return [kind for kind, is_right in kinds.items() if not is_right]


async def _rows(connection: Connection, statement: str) -> list[object]:
    return [*(await connection.exec_driver_sql(statement)).all()]
