"""Checks of results before release, and what was decided on them."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime, append_only_ddl

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

APPEND_ONLY = ("control_decision", "control_finding", "control_run", "controlled_session")


def upgrade() -> None:
    op.create_table('control_run',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('sitting_id', sa.Integer(), nullable=False),
        sa.Column('task_id', sa.Integer(), nullable=False),
        sa.Column('asked_by', sa.String(length=60), nullable=False),
        sa.Column('seen_at', UTCDateTime(), nullable=False),
        sa.Column('facts', sa.JSON(), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('made_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_control_run_sitting_id_sitting')),
        sa.ForeignKeyConstraint(['task_id'], ['task.id'], name=op.f('fk_control_run_task_id_task')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_control_run')),
        sa.UniqueConstraint('task_id', name=op.f('uq_control_run_task_id')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_control_run_sitting_id'), 'control_run', ['sitting_id'], unique=False)
    op.create_table('control_finding',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('run_id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(length=120), nullable=False),
        sa.Column('kind', sa.String(length=12), nullable=False),
        sa.Column('subject', sa.String(length=40), nullable=False),
        sa.Column('group_id', sa.Integer(), nullable=True),
        sa.Column('p', sa.Double(), nullable=True),
        sa.Column('figures', sa.JSON(), nullable=False),
        sa.CheckConstraint("kind IN ('similar', 'fit', 'rapid', 'fast_right', 'jump')", name=op.f('ck_control_finding_kind')),
        sa.ForeignKeyConstraint(['group_id'], ['organisation.id'], name=op.f('fk_control_finding_group_id_organisation')),
        sa.ForeignKeyConstraint(['run_id'], ['control_run.id'], name=op.f('fk_control_finding_run_id_control_run')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_control_finding')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_control_finding_name'), 'control_finding', ['name'], unique=False)
    op.create_index(op.f('ix_control_finding_run_id'), 'control_finding', ['run_id'], unique=False)
    op.create_table('control_decision',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('finding_id', sa.Integer(), nullable=False),
        sa.Column('verdict', sa.String(length=8), nullable=False),
        sa.Column('reason', sa.String(length=500), nullable=False),
        sa.Column('decided_by', sa.Integer(), nullable=False),
        sa.Column('decided_at', UTCDateTime(), nullable=False),
        sa.CheckConstraint("verdict IN ('hold', 'clear')", name=op.f('ck_control_decision_verdict')),
        sa.ForeignKeyConstraint(['decided_by'], ['staff.id'], name=op.f('fk_control_decision_decided_by_staff')),
        sa.ForeignKeyConstraint(['finding_id'], ['control_finding.id'], name=op.f('fk_control_decision_finding_id_control_finding')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_control_decision')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_control_decision_finding_id'), 'control_decision', ['finding_id'], unique=False)
    op.create_table('controlled_session',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('finding_id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['finding_id'], ['control_finding.id'], name=op.f('fk_controlled_session_finding_id_control_finding')),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_controlled_session_session_id_exam_session')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_controlled_session')),
        sa.UniqueConstraint('finding_id', 'session_id', name=op.f('uq_controlled_session_finding_id_session_id')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_controlled_session_session_id'), 'controlled_session', ['session_id'], unique=False)
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[0]:
            op.execute(statement)


def downgrade() -> None:
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[1]:
            op.execute(statement)
    for table in ("controlled_session", "control_decision", "control_finding", "control_run"):
        op.drop_table(table)
