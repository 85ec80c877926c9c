"""The first schema"""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('guilds',
    sa.Column('guild_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('first_seen_at', sa.Double(), nullable=False),
    sa.PrimaryKeyConstraint('guild_id', name=op.f('pk_guilds'))
    )
    op.create_table('registered_commands',
    sa.Column('application_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('application_id', name=op.f('pk_registered_commands'))
    )
    op.create_table('battles',
    sa.Column('battle_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('guild_id', sa.BigInteger(), nullable=False),
    sa.Column('channel_id', sa.BigInteger(), nullable=False),
    sa.Column('message_id', sa.BigInteger(), nullable=True),
    sa.Column('asker_id', sa.BigInteger(), nullable=False),
    sa.Column('prompt', sa.Text(), nullable=False),
    sa.Column('locale', sa.String(length=16), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('opened_at', sa.Double(), nullable=False),
    sa.Column('voting_at', sa.Double(), nullable=True),
    sa.Column('closes_at', sa.Double(), nullable=True),
    sa.Column('closed_at', sa.Double(), nullable=True),
    sa.Column('redrawn_at', sa.Double(), nullable=True, comment='when the card last came to show the final state'),
    sa.Column('interaction_token', sa.Text(), nullable=True, comment='kept while the card can only be reached through it'),
    sa.Column('drawn_probability', sa.Double(), nullable=False),
    sa.Column('unrated', sa.String(length=16), nullable=True),
    sa.Column('voided', sa.String(length=16), nullable=True),
    sa.Column('votes_a', sa.Integer(), server_default='0', nullable=False),
    sa.Column('votes_b', sa.Integer(), server_default='0', nullable=False),
    sa.Column('votes_tie', sa.Integer(), server_default='0', nullable=False),
    sa.Column('votes_both_bad', sa.Integer(), server_default='0', nullable=False),
    sa.Column('votes_unclear', sa.Integer(), server_default='0', nullable=False),
    sa.CheckConstraint("state in ('generating', 'voting', 'closed', 'voided')", name=op.f('ck_battles_state')),
    sa.ForeignKeyConstraint(['guild_id'], ['guilds.guild_id'], name=op.f('fk_battles_guild_id')),
    sa.PrimaryKeyConstraint('battle_id', name=op.f('pk_battles')),
    sa.UniqueConstraint('message_id', name=op.f('uq_battles_message_id'))
    )
    with op.batch_alter_table('battles', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_battles_guild_id_state'), ['guild_id', 'state'], unique=False)
        batch_op.create_index('ix_battles_unfinished', ['state', 'redrawn_at'], unique=False)

    op.create_table('models',
    sa.Column('model_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('guild_id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('created_at', sa.Double(), nullable=False),
    sa.ForeignKeyConstraint(['guild_id'], ['guilds.guild_id'], name=op.f('fk_models_guild_id')),
    sa.PrimaryKeyConstraint('model_id', name=op.f('pk_models')),
    sa.UniqueConstraint('guild_id', 'name', name=op.f('uq_models_guild_id_name'))
    )
    op.create_table('contestants',
    sa.Column('battle_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('side', sa.String(length=1), nullable=False),
    sa.Column('model_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reply', sa.Text(), server_default='', nullable=False),
    sa.Column('cut_off', sa.Boolean(), server_default='0', nullable=False),
    sa.Column('first_token_seconds', sa.Double(), nullable=True),
    sa.Column('total_seconds', sa.Double(), nullable=True),
    sa.Column('input_tokens', sa.Integer(), nullable=True),
    sa.Column('output_tokens', sa.Integer(), nullable=True),
    sa.Column('leak', sa.Text(), nullable=True),
    sa.Column('rating_before', sa.Double(), nullable=True),
    sa.Column('rating_after', sa.Double(), nullable=True),
    sa.CheckConstraint("side in ('a', 'b')", name=op.f('ck_contestants_side')),
    sa.ForeignKeyConstraint(['battle_id'], ['battles.battle_id'], name=op.f('fk_contestants_battle_id')),
    sa.ForeignKeyConstraint(['model_id'], ['models.model_id'], name=op.f('fk_contestants_model_id')),
    sa.PrimaryKeyConstraint('battle_id', 'side', name=op.f('pk_contestants'))
    )
    with op.batch_alter_table('contestants', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contestants_model_id'), ['model_id'], unique=False)

    op.create_table('pair_sums',
    sa.Column('guild_id', sa.BigInteger(), nullable=False),
    sa.Column('category', sa.String(length=64), nullable=False),
    sa.Column('model_i', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('model_j', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('battles', sa.Integer(), nullable=False),
    sa.Column('votes', sa.Integer(), nullable=False),
    sa.Column('score', sa.Double(), nullable=False),
    sa.Column('q', sa.Double(), nullable=False),
    sa.Column('r', sa.Double(), nullable=False),
    sa.Column('u', sa.Integer(), nullable=False),
    sa.Column('wins_i', sa.Integer(), nullable=False),
    sa.Column('wins_j', sa.Integer(), nullable=False),
    sa.Column('ties', sa.Integer(), nullable=False),
    sa.Column('both_bad', sa.Integer(), nullable=False),
    sa.CheckConstraint('model_i < model_j', name=op.f('ck_pair_sums_order')),
    sa.ForeignKeyConstraint(['guild_id'], ['guilds.guild_id'], name=op.f('fk_pair_sums_guild_id')),
    sa.ForeignKeyConstraint(['model_i'], ['models.model_id'], name=op.f('fk_pair_sums_model_i')),
    sa.ForeignKeyConstraint(['model_j'], ['models.model_id'], name=op.f('fk_pair_sums_model_j')),
    sa.PrimaryKeyConstraint('guild_id', 'category', 'model_i', 'model_j', name=op.f('pk_pair_sums'))
    )
    op.create_table('votes',
    sa.Column('battle_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('vote', sa.String(length=8), nullable=True, comment='null: withdrawn, or unclear'),
    sa.Column('unclear', sa.Boolean(), nullable=False),
    sa.Column('paper', sa.String(length=64), nullable=False, comment='the reactions that stand, as Paper.encode'),
    sa.Column('changed_at', sa.Double(), nullable=False),
    sa.CheckConstraint("vote in ('a', 'b', 'tie', 'both_bad')", name=op.f('ck_votes_vote')),
    sa.ForeignKeyConstraint(['battle_id'], ['battles.battle_id'], name=op.f('fk_votes_battle_id')),
    sa.PrimaryKeyConstraint('battle_id', 'user_id', name=op.f('pk_votes'))
    )


def downgrade() -> None:
    op.drop_table('votes')
    op.drop_table('pair_sums')
    with op.batch_alter_table('contestants', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contestants_model_id'))

    op.drop_table('contestants')
    op.drop_table('models')
    with op.batch_alter_table('battles', schema=None) as batch_op:
        batch_op.drop_index('ix_battles_unfinished')
        batch_op.drop_index(batch_op.f('ix_battles_guild_id_state'))

    op.drop_table('battles')
    op.drop_table('registered_commands')
    op.drop_table('guilds')
