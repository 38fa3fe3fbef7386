"""Tasks that somebody asked for on a page, done outside the web process."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('task',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(length=40), nullable=False),
        sa.Column('subject', sa.String(length=80), nullable=False),
        sa.Column('arguments', sa.JSON(), nullable=False),
        sa.Column('state', sa.String(length=20), nullable=False),
        sa.Column('done', sa.Integer(), nullable=False),
        sa.Column('total', sa.Integer(), nullable=False),
        sa.Column('stage', sa.String(length=20), nullable=True),
        sa.Column('tries', sa.Integer(), nullable=False),
        sa.Column('result_id', sa.Integer(), nullable=True),
        sa.Column('failure', sa.String(length=80), nullable=True),
        sa.Column('failure_facts', sa.JSON(), nullable=True),
        sa.Column('asked_by', sa.String(length=60), nullable=False),
        sa.Column('asked_at', UTCDateTime(), nullable=False),
        sa.Column('beat_at', UTCDateTime(), nullable=True),
        sa.Column('ended_at', UTCDateTime(), nullable=True),
        sa.Column('version_id', sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name=op.f('ck_task_state')),
        sa.CheckConstraint("(state = 'done') = (result_id IS NOT NULL)", name=op.f('ck_task_result')),
        sa.CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name=op.f('ck_task_failure')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_task')),
    )
    op.create_index('ix_task_state', 'task', ['state', 'id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_task_state', table_name='task')
    op.drop_table('task')
