"""ends that were drawn, and provisional ratings"""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


# Nothing is copied, however long the history.
IN_PLACE = 'never'


def upgrade() -> None:
    with op.batch_alter_table('battles', schema=None, recreate=IN_PLACE) as batch_op:
        batch_op.add_column(sa.Column('first_drawn_at', sa.Double(), nullable=True, comment='when the card first came to show the final state'))

    with op.batch_alter_table('contestants', schema=None, recreate=IN_PLACE) as batch_op:
        batch_op.add_column(sa.Column('provisional', sa.Boolean(), nullable=True, comment='whether its model was not ranked yet after the battle'))


def downgrade() -> None:
    with op.batch_alter_table('contestants', schema=None, recreate=IN_PLACE) as batch_op:
        batch_op.drop_column('provisional')

    with op.batch_alter_table('battles', schema=None, recreate=IN_PLACE) as batch_op:
        batch_op.drop_column('first_drawn_at')
