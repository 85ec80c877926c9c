"""images of prompts"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        'battles',
        sa.Column(
            'image_kind',
            sa.String(length=8),
            nullable=True,
            comment="of the prompt's image, if it has one; the image is not kept",
        ),
    )


def downgrade() -> None:
    op.drop_column('battles', 'image_kind')
