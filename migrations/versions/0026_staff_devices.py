"""Browsers that staff signed in from before: wrong passwords typed there are counted apart from strangers'."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('staff_device',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('staff_id', sa.Integer(), nullable=False),
        sa.Column('token_digest', sa.String(length=64), nullable=False),
        sa.Column('seen_at', UTCDateTime(), nullable=False),
        sa.Column('failed', sa.Integer(), nullable=False),
        sa.Column('locked_until', UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_staff_device_staff_id_staff')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_device')),
        sa.UniqueConstraint('token_digest', name=op.f('uq_staff_device_token_digest'))
    )
    op.create_index(op.f('ix_staff_device_staff_id'), 'staff_device', ['staff_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_staff_device_staff_id'), table_name='staff_device')
    op.drop_table('staff_device')
