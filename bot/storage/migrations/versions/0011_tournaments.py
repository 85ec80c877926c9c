"""tournaments"""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('tournaments',
    sa.Column('tournament_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('guild_id', sa.BigInteger(), nullable=False),
    sa.Column('channel_id', sa.BigInteger(), nullable=False),
    sa.Column('parent_id', sa.BigInteger(), nullable=True, comment='of a thread: the channel that it hangs from'),
    sa.Column('running_in', sa.BigInteger(), nullable=True, comment='its channel, until it is over: one at a time'),
    sa.Column('locale', sa.String(length=16), nullable=False),
    sa.Column('is_rated', sa.Boolean(), nullable=False),
    sa.Column('voting_seconds', sa.Integer(), nullable=False),
    sa.Column('started_at', sa.Double(), nullable=False),
    sa.Column('ended_at', sa.Double(), nullable=True),
    sa.Column('called_after', sa.Integer(), nullable=True, comment='it asks for prompts since it had so many battles'),
    sa.ForeignKeyConstraint(['guild_id'], ['guilds.guild_id'], name=op.f('fk_tournaments_guild_id')),
    sa.PrimaryKeyConstraint('tournament_id', name=op.f('pk_tournaments')),
    sa.UniqueConstraint('running_in', name=op.f('uq_tournaments_running_in'))
    )
    with op.batch_alter_table('tournaments', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_tournaments_guild_id_channel_id'), ['guild_id', 'channel_id'], unique=False)

    op.create_table('tournament_battles',
    sa.Column('battle_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('tournament_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('of', sa.Integer(), nullable=False),
    sa.Column('slot', sa.Integer(), nullable=False),
    sa.Column('prompt_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('failed_model_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='the one that could not answer'),
    sa.Column('settled', sa.Boolean(), nullable=False, comment='the match knows of its end'),
    sa.ForeignKeyConstraint(['battle_id'], ['battles.battle_id'], name=op.f('fk_tournament_battles_battle_id')),
    sa.ForeignKeyConstraint(['tournament_id'], ['tournaments.tournament_id'], name=op.f('fk_tournament_battles_tournament_id')),
    sa.PrimaryKeyConstraint('battle_id', name=op.f('pk_tournament_battles'))
    )
    with op.batch_alter_table('tournament_battles', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_tournament_battles_tournament_id'), ['tournament_id'], unique=False)

    op.create_table('tournament_matches',
    sa.Column('tournament_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('of', sa.Integer(), autoincrement=False, nullable=False, comment='models its round begins with'),
    sa.Column('slot', sa.Integer(), autoincrement=False, nullable=False, comment='0 for the top one'),
    sa.Column('winner', sa.Integer(), nullable=False, comment='a seed'),
    sa.Column('outcome', sa.String(length=16), nullable=False),
    sa.Column('votes_won', sa.Integer(), nullable=False),
    sa.Column('votes_lost', sa.Integer(), nullable=False),
    sa.Column('decided_at', sa.Double(), nullable=False),
    sa.Column('announced', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['tournament_id'], ['tournaments.tournament_id'], name=op.f('fk_tournament_matches_tournament_id')),
    sa.PrimaryKeyConstraint('tournament_id', 'of', 'slot', name=op.f('pk_tournament_matches'))
    )
    op.create_table('tournament_models',
    sa.Column('tournament_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('seed', sa.Integer(), autoincrement=False, nullable=False, comment='1: the best rated'),
    sa.Column('model_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['model_id'], ['models.model_id'], name=op.f('fk_tournament_models_model_id')),
    sa.ForeignKeyConstraint(['tournament_id'], ['tournaments.tournament_id'], name=op.f('fk_tournament_models_tournament_id')),
    sa.PrimaryKeyConstraint('tournament_id', 'seed', name=op.f('pk_tournament_models'))
    )
    with op.batch_alter_table('tournament_models', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_tournament_models_model_id'), ['model_id'], unique=False)

    op.create_table('tournament_prompts',
    sa.Column('prompt_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('tournament_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('author_id', sa.BigInteger(), nullable=False),
    sa.Column('prompt', sa.Text(), nullable=False),
    sa.Column('added_at', sa.Double(), nullable=False),
    sa.ForeignKeyConstraint(['tournament_id'], ['tournaments.tournament_id'], name=op.f('fk_tournament_prompts_tournament_id')),
    sa.PrimaryKeyConstraint('prompt_id', name=op.f('pk_tournament_prompts')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('tournament_prompts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_tournament_prompts_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_tournament_prompts_tournament_id'), ['tournament_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('tournament_prompts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_tournament_prompts_tournament_id'))
        batch_op.drop_index(batch_op.f('ix_tournament_prompts_author_id'))

    op.drop_table('tournament_prompts')
    with op.batch_alter_table('tournament_models', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_tournament_models_model_id'))

    op.drop_table('tournament_models')
    op.drop_table('tournament_matches')
    with op.batch_alter_table('tournament_battles', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_tournament_battles_tournament_id'))

    op.drop_table('tournament_battles')
    with op.batch_alter_table('tournaments', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_tournaments_guild_id_channel_id'))

    op.drop_table('tournaments')
