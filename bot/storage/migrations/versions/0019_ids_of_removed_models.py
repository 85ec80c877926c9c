"""ids of removed models"""

import json

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('removed_models',
    sa.Column('model_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('guild_id', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['guild_id'], ['guilds.guild_id'], name=op.f('fk_removed_models_guild_id')),
    sa.PrimaryKeyConstraint('model_id', name=op.f('pk_removed_models'))
    )
    # Of those that are gone, the chances that they had still tell, and the record of what moderators did.
    connection = op.get_bind()
    known = set(connection.scalars(sa.text('select model_id from models')))
    told = connection.execute(sa.text('select model_id, guild_id from audit where model_id is not null'))
    gone = {model_id: guild_id for model_id, guild_id in told if model_id not in known}
    found = connection.execute(sa.text(
        'select distinct guild_id, chances from draws join battles on battles.battle_id = draws.battle_id'
        ' where chances is not null'
    ))
    for guild_id, chances in found:
        gone.update((int(model), guild_id) for model in json.loads(chances) if int(model) not in known)
    for model_id, guild_id in gone.items():
        connection.execute(sa.text('insert into removed_models (model_id, guild_id) values (:model, :guild)'),
                           {'model': model_id, 'guild': guild_id})


def downgrade() -> None:
    op.drop_table('removed_models')
