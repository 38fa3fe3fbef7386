"""Computers that ask to go on with a test that another one holds, and what the proctor decided."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('device_claim',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(length=36), nullable=False),
        sa.Column('token_mac', sa.String(length=64), nullable=False),
        sa.Column('address', sa.String(length=45), nullable=False),
        sa.Column('browser', sa.String(length=200), nullable=False),
        sa.Column('asked_at', UTCDateTime(), nullable=False),
        sa.Column('verdict', sa.String(length=20), nullable=True),
        sa.Column('reason', sa.String(length=500), nullable=True),
        sa.Column('decided_by', sa.String(length=60), nullable=True),
        sa.Column('decided_at', UTCDateTime(), nullable=True),
        sa.Column('taken_at', UTCDateTime(), nullable=True),
        sa.CheckConstraint("verdict IN ('let_in', 'refused', 'set_aside')", name=op.f('ck_device_claim_verdict')),
        sa.CheckConstraint("(verdict IS NULL) = (decided_at IS NULL)", name=op.f('ck_device_claim_decided_at')),
        sa.CheckConstraint("taken_at IS NULL OR verdict = 'let_in'", name=op.f('ck_device_claim_taken_at')),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_device_claim_session_id_exam_session')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_device_claim')),
        sa.UniqueConstraint('session_id', 'key', name=op.f('uq_device_claim_session_id_key'))
    )


def downgrade() -> None:
    op.drop_table('device_claim')
