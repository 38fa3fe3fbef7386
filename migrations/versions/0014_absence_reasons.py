"""Valid reasons for absences: recorded by the office with paper and decision, withdrawn by a later row."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime, append_only_ddl

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

APPEND_ONLY = ("absence_reason",)


def upgrade() -> None:
    op.create_table('absence_reason',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('reason', sa.String(length=40), nullable=False),
        sa.Column('evidence', sa.String(length=40), nullable=False),
        sa.Column('paper', sa.String(length=300), nullable=False),
        sa.Column('decision', sa.String(length=60), nullable=False),
        sa.Column('ruling', sa.JSON(), nullable=False),
        sa.Column('supersedes_id', sa.Integer(), nullable=True),
        sa.Column('recorded_by', sa.String(length=60), nullable=False),
        sa.Column('recorded_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_absence_reason_session_id_exam_session')),
        sa.ForeignKeyConstraint(['supersedes_id'], ['absence_reason.id'], name=op.f('fk_absence_reason_supersedes_id_absence_reason')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_absence_reason')),
        sa.UniqueConstraint('supersedes_id', name=op.f('uq_absence_reason_supersedes_id')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_absence_reason_session_id'), 'absence_reason', ['session_id'], unique=False)
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[0]:
            op.execute(statement)


def downgrade() -> None:
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[1]:
            op.execute(statement)
    op.drop_table('absence_reason')
