"""results that something follows"""

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


# Nothing is copied, however long the history.
IN_PLACE = 'never'


def upgrade() -> None:
    with op.batch_alter_table('battles', schema=None, recreate=IN_PLACE) as batch_op:
        batch_op.add_column(sa.Column('aftermath_since', sa.Double(), nullable=True, comment='since when what follows its result is under way'))
        batch_op.create_index('ix_battles_in_aftermath', ['battle_id'], unique=False, sqlite_where=sa.text('aftermath_since is not null'), postgresql_where=sa.text('aftermath_since is not null'))


def downgrade() -> None:
    with op.batch_alter_table('battles', schema=None, recreate=IN_PLACE) as batch_op:
        batch_op.drop_index('ix_battles_in_aftermath', sqlite_where=sa.text('aftermath_since is not null'), postgresql_where=sa.text('aftermath_since is not null'))
        batch_op.drop_column('aftermath_since')
