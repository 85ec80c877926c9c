"""weights of battles"""

from math import sqrt

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

TABLES = {'pair_days': ('day', 'season'), 'pair_sums': ('season',)}
WEIGHTS = ('weight', 'weighted', 'squares')
GRID = 2.0**20

# What each rated battle says, seen from the model with the lower id; `doubled` is twice that model's score.
SEEN = """
create temporary table seen as
select guild_id, battle_id, season, day, i, j, n, doubled from (
    select battles.guild_id, battles.battle_id, battles.season, {day} as day,
        case when a.model_id < b.model_id then a.model_id else b.model_id end as i,
        case when a.model_id < b.model_id then b.model_id else a.model_id end as j,
        votes_a + votes_b + votes_tie + votes_both_bad as n,
        2 * case when a.model_id < b.model_id then votes_a else votes_b end
            + votes_tie + votes_both_bad as doubled
    from battles
    join contestants a on a.battle_id = battles.battle_id and a.side = 'a'
    join contestants b on b.battle_id = battles.battle_id and b.side = 'b'
    where state = 'closed' and unrated is null and closed_at is not null
) as decided
where n > 0
"""
IN_CATEGORIES = """
select battle_id, 'all' as category from seen
union all
select battle_categories.battle_id, battle_categories.category from battle_categories
"""


def _rounded(value: float) -> float:
    return round(value * GRID) / GRID


def _weights(n: int, doubled: int) -> tuple[float, float, float]:
    """As in `bot.domain.pair_sums.of_one`."""
    root = sqrt(n)
    weight, less = _rounded(root), min(doubled / 2, n - doubled / 2)
    weighted, squares = _rounded(less / root), _rounded(less * less / n)
    if doubled == n:
        return weight, weight / 2, n / 4
    if doubled < n:
        return weight, weighted, squares
    return weight, weight - weighted, n - 2 * less + squares


def _weigh_results() -> None:
    """Make a table of what a battle weighs, by its votes and twice its score: there are few such results."""
    connection = op.get_bind()
    connection.execute(sa.text(
        'create temporary table results (n integer not null, doubled integer not null,'
        ' weight double precision not null, weighted double precision not null,'
        ' squares double precision not null, primary key (n, doubled))'
    ))
    found = connection.execute(sa.text('select distinct n, doubled from seen')).all()
    rows = [dict(zip(('n', 'doubled', *WEIGHTS), (n, doubled, *_weights(n, doubled)), strict=True))
            for n, doubled in found]
    if rows:
        connection.execute(sa.text('insert into results values (:n, :doubled, :weight, :weighted, :squares)'), rows)


def _fill(table: str, scopes: tuple[str, ...]) -> None:
    keys = ('guild_id', 'category', *scopes, 'model_i', 'model_j')
    added = ', '.join(f'sum({name})' for name in WEIGHTS)
    # With a type for each column: without, an index on them finds nothing.
    types = {'guild_id': 'bigint', 'category': 'varchar(64)'}
    columns = ', '.join(f'{key} {types.get(key, "integer")} not null' for key in keys)
    sums = ', '.join(f'{name} double precision not null' for name in WEIGHTS)
    op.execute(f'create temporary table new_{table} ({columns}, {sums}, primary key ({", ".join(keys)}))')
    op.execute(f'insert into new_{table} ({", ".join((*keys, *WEIGHTS))})'
               f' select seen.guild_id, category, {", ".join(scopes)}, i, j, {added}'
               f' from seen join ({IN_CATEGORIES}) as joined on joined.battle_id = seen.battle_id'
               ' join results on results.n = seen.n and results.doubled = seen.doubled'
               f' group by seen.guild_id, category, {", ".join(scopes)}, i, j')
    same = ' and '.join(f'new_{table}.{key} = {table}.{key}' for key in keys)
    values = ', '.join(f'{name} = coalesce((select {name} from new_{table} where {same}), 0)' for name in WEIGHTS)
    op.execute(f'update {table} set {values}')
    op.execute(f'drop table new_{table}')


def upgrade() -> None:
    comments = ('a battle of n votes weighs the root of n', 'the score by that weight', 'of the weighted scores')
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name, comment in zip(WEIGHTS, comments, strict=True):
                batch_op.add_column(sa.Column(name, sa.Double(), server_default='0', nullable=False, comment=comment))
            batch_op.drop_column('q')
            batch_op.drop_column('r')

    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    day = 'cast(closed_at / 86400 as integer)' if is_sqlite else 'cast(floor(closed_at / 86400) as integer)'
    op.execute(SEEN.format(day=day))
    op.execute('create unique index ix_seen on seen (battle_id)')
    _weigh_results()
    for table, scopes in TABLES.items():
        _fill(table, scopes)
    op.execute('drop table results')
    op.execute('drop table seen')
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in WEIGHTS:
                batch_op.alter_column(name, existing_type=sa.Double(), existing_nullable=False, server_default=None)


def downgrade() -> None:
    # The squares by which intervals were told can be had by `arena-bot recompute` alone.
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in WEIGHTS:
                batch_op.drop_column(name)
            batch_op.add_column(sa.Column('q', sa.Double(), server_default='0', nullable=False))
            batch_op.add_column(sa.Column('r', sa.Double(), server_default='0', nullable=False))
