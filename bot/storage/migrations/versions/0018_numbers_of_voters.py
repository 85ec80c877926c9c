"""numbers of voters"""

import sqlalchemy as sa
from alembic import op

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

# Members below 0 and not below this were forgotten, and are one.
LOWEST_NOBODY = -(2**62)
COUNTED = """
insert into voters (guild_id, category, season, user_id, votes)
select battles.guild_id, {category}, battles.season,
    case when user_id between {lowest} and -1 then -1 else user_id end as member, count(*)
from battles join votes on votes.battle_id = battles.battle_id{joined}
where state = 'closed' and unrated is null and vote is not null and uncounted is null and not excluded
group by battles.guild_id, {group}battles.season, member
"""
IN_CATEGORIES = ' join battle_categories on battle_categories.battle_id = battles.battle_id'


def upgrade() -> None:
    op.create_table('voters',
    sa.Column('guild_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('category', sa.String(length=64), nullable=False),
    sa.Column('season', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('user_id', sa.BigInteger(), autoincrement=False, nullable=False, comment='-1: all who were forgotten'),
    sa.Column('votes', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['guild_id'], ['guilds.guild_id'], name=op.f('fk_voters_guild_id')),
    sa.PrimaryKeyConstraint('guild_id', 'category', 'season', 'user_id', name=op.f('pk_voters'))
    )
    op.execute(COUNTED.format(category="'all'", group='', joined='', lowest=LOWEST_NOBODY))
    category = 'battle_categories.category'
    op.execute(COUNTED.format(category=category, group=f'{category}, ', joined=IN_CATEGORIES, lowest=LOWEST_NOBODY))
    with op.batch_alter_table('voters', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_voters_guild_id_user_id'), ['guild_id', 'user_id'], unique=False)


def downgrade() -> None:
    op.drop_table('voters')
