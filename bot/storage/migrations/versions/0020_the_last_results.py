"""the last results"""

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
        batch_op.create_index('ix_battles_first_drawn_at', ['first_drawn_at'], unique=False, sqlite_where=sa.text('first_drawn_at is not null'), postgresql_where=sa.text('first_drawn_at is not null'))


def downgrade() -> None:
    with op.batch_alter_table('battles', schema=None, recreate=IN_PLACE) as batch_op:
        batch_op.drop_index('ix_battles_first_drawn_at', sqlite_where=sa.text('first_drawn_at is not null'), postgresql_where=sa.text('first_drawn_at is not null'))
