"""imported battles"""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


# Nothing is copied, however long the history.
IN_PLACE = 'never'


def upgrade() -> None:
    op.create_table('imported_seasons',
    sa.Column('guild_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('voter_key', sa.String(length=64), nullable=False, comment='what voters are hashed with, as hex'),
    sa.ForeignKeyConstraint(['guild_id'], ['guilds.guild_id'], name=op.f('fk_imported_seasons_guild_id')),
    sa.PrimaryKeyConstraint('guild_id', 'number', name=op.f('pk_imported_seasons'))
    )
    op.create_table('imported_battles',
    sa.Column('guild_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('source_id', sa.String(length=32), nullable=False, comment='hash of the id that it has in its source'),
    sa.Column('battle_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['battle_id'], ['battles.battle_id'], name=op.f('fk_imported_battles_battle_id')),
    sa.ForeignKeyConstraint(['guild_id'], ['guilds.guild_id'], name=op.f('fk_imported_battles_guild_id')),
    sa.PrimaryKeyConstraint('guild_id', 'source_id', name=op.f('pk_imported_battles')),
    sa.UniqueConstraint('battle_id', name=op.f('uq_imported_battles_battle_id'))
    )
    with op.batch_alter_table('battles', schema=None, recreate=IN_PLACE) as batch_op:
        batch_op.add_column(sa.Column('origin', sa.String(length=16), nullable=True, comment='format of the file that it came in; null: it was held here'))
        batch_op.drop_index(batch_op.f('ix_battles_guild_id_closed_at'))
        batch_op.drop_index(batch_op.f('ix_battles_guild_id_opened_at'))
        batch_op.drop_index(batch_op.f('ix_battles_guild_id_texts_removed_at_closed_at'))
        batch_op.create_index(batch_op.f('ix_battles_guild_id_origin_closed_at'), ['guild_id', 'origin', 'closed_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_battles_guild_id_origin_opened_at'), ['guild_id', 'origin', 'opened_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_battles_guild_id_origin_texts_removed_at_closed_at'), ['guild_id', 'origin', 'texts_removed_at', 'closed_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_battles_guild_id_state_origin'), ['guild_id', 'state', 'origin'], unique=False)

    with op.batch_alter_table('models', schema=None, recreate=IN_PLACE) as batch_op:
        batch_op.add_column(sa.Column('origin', sa.String(length=16), nullable=True, comment='format of the file that brought its name; null: it came to fight'))



def downgrade() -> None:
    with op.batch_alter_table('models', schema=None, recreate=IN_PLACE) as batch_op:
        batch_op.drop_column('origin')

    with op.batch_alter_table('battles', schema=None, recreate=IN_PLACE) as batch_op:
        batch_op.drop_index(batch_op.f('ix_battles_guild_id_state_origin'))
        batch_op.drop_index(batch_op.f('ix_battles_guild_id_origin_texts_removed_at_closed_at'))
        batch_op.drop_index(batch_op.f('ix_battles_guild_id_origin_opened_at'))
        batch_op.drop_index(batch_op.f('ix_battles_guild_id_origin_closed_at'))
        batch_op.create_index(batch_op.f('ix_battles_guild_id_texts_removed_at_closed_at'), ['guild_id', 'texts_removed_at', 'closed_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_battles_guild_id_opened_at'), ['guild_id', 'opened_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_battles_guild_id_closed_at'), ['guild_id', 'closed_at'], unique=False)
        batch_op.drop_column('origin')

    op.drop_table('imported_battles')
    op.drop_table('imported_seasons')
