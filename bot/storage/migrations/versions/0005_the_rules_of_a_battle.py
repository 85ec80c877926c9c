"""the rules of a battle"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('battles') as batch:
        batch.add_column(
            sa.Column('rules', sa.Text(), server_default='{}', nullable=False, comment='JSON of BattleRules')
        )
        batch.add_column(sa.Column('votes_uncounted', sa.Integer(), server_default='0', nullable=False))
    with op.batch_alter_table('votes') as batch:
        batch.add_column(sa.Column('uncounted', sa.String(16), nullable=True, comment='why it does not count'))
