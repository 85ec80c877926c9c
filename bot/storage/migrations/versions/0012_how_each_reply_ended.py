"""how each reply ended"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


# Without a copy of the table, which would lose its check constraint.
IN_PLACE = 'never'


def upgrade() -> None:
    with op.batch_alter_table('contestants', schema=None, recreate=IN_PLACE) as batch_op:
        batch_op.add_column(sa.Column('finish', sa.String(length=16), server_default='stop', nullable=False, comment='FinishReason'))
    with op.batch_alter_table('turns', schema=None, recreate=IN_PLACE) as batch_op:
        batch_op.add_column(sa.Column('finish_a', sa.String(length=16), server_default='stop', nullable=False))
        batch_op.add_column(sa.Column('finish_b', sa.String(length=16), server_default='stop', nullable=False))

    op.execute("update contestants set finish = 'length' where cut_off")
    op.execute("update turns set finish_a = 'length' where cut_off_a")
    op.execute("update turns set finish_b = 'length' where cut_off_b")

    with op.batch_alter_table('contestants', schema=None, recreate=IN_PLACE) as batch_op:
        batch_op.drop_column('cut_off')
    with op.batch_alter_table('turns', schema=None, recreate=IN_PLACE) as batch_op:
        batch_op.drop_column('cut_off_a')
        batch_op.drop_column('cut_off_b')


def downgrade() -> None:
    with op.batch_alter_table('contestants', schema=None, recreate=IN_PLACE) as batch_op:
        batch_op.add_column(sa.Column('cut_off', sa.Boolean(), server_default='0', nullable=False))
    with op.batch_alter_table('turns', schema=None, recreate=IN_PLACE) as batch_op:
        batch_op.add_column(sa.Column('cut_off_a', sa.Boolean(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('cut_off_b', sa.Boolean(), server_default='0', nullable=False))

    op.execute("update contestants set cut_off = true where finish in ('length', 'unknown')")
    op.execute("update turns set cut_off_a = true where finish_a in ('length', 'unknown')")
    op.execute("update turns set cut_off_b = true where finish_b in ('length', 'unknown')")

    with op.batch_alter_table('contestants', schema=None, recreate=IN_PLACE) as batch_op:
        batch_op.drop_column('finish')
    with op.batch_alter_table('turns', schema=None, recreate=IN_PLACE) as batch_op:
        batch_op.drop_column('finish_a')
        batch_op.drop_column('finish_b')
