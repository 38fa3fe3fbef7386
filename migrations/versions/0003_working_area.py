"""The working area beside the steps of a session: one row a step, changed until the step is left (DC-13)."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('working',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('section_id', sa.Integer(), nullable=False),
        sa.Column('seq', sa.Integer(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(length=36), nullable=False),
        sa.Column('content_sealed', sa.LargeBinary(), nullable=False),
        sa.Column('saved_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['section_id'], ['section.id'], name=op.f('fk_working_section_id_section')),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_working_session_id_exam_session')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_working')),
        sa.UniqueConstraint('section_id', 'seq', name=op.f('uq_working_section_id_seq')),
    )


def downgrade() -> None:
    op.drop_table('working')
