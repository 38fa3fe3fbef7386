"""What calibrations were asked for, what their runs found of the whole and of each item, and what was decided of it."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime, append_only_ddl

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

APPEND_ONLY = ("calibration_job", "calibration_report", "calibration_item", "calibration_decision")


def upgrade() -> None:
    op.create_table('calibration_job',
    sa.Column('task_id', sa.Integer(), nullable=False),
    sa.Column('spec', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['task_id'], ['task.id'], name=op.f('fk_calibration_job_task_id_task')),
    sa.PrimaryKeyConstraint('task_id', name=op.f('pk_calibration_job')),
    info={'append_only': True}
    )
    op.create_table('calibration_report',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('reference_run_id', sa.Integer(), nullable=True),
    sa.Column('design', sa.String(length=20), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('seed', sa.BigInteger(), nullable=False),
    sa.Column('lineage', sa.JSON(), nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['reference_run_id'], ['calibration_run.id'], name=op.f('fk_calibration_report_reference_run_id_calibration_run')),
    sa.ForeignKeyConstraint(['run_id'], ['calibration_run.id'], name=op.f('fk_calibration_report_run_id_calibration_run')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calibration_report')),
    sa.UniqueConstraint('run_id', name=op.f('uq_calibration_report_run_id')),
    info={'append_only': True}
    )
    op.create_table('calibration_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('item_version_id', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.String(length=20), nullable=False),
    sa.Column('model', sa.String(length=10), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.Column('flags', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['item_version_id'], ['item_version.id'], name=op.f('fk_calibration_item_item_version_id_item_version')),
    sa.ForeignKeyConstraint(['run_id'], ['calibration_run.id'], name=op.f('fk_calibration_item_run_id_calibration_run')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calibration_item')),
    sa.UniqueConstraint('run_id', 'item_version_id', name=op.f('uq_calibration_item_run_id_item_version_id')),
    info={'append_only': True}
    )
    op.create_table('calibration_decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('item_version_id', sa.Integer(), nullable=False),
    sa.Column('verdict', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('decided_by', sa.String(length=60), nullable=False),
    sa.Column('decided_at', UTCDateTime(), nullable=False),
    sa.Column('supersedes_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("verdict IN ('accepted', 'rejected')", name=op.f('ck_calibration_decision_verdict')),
    sa.ForeignKeyConstraint(['item_version_id'], ['item_version.id'], name=op.f('fk_calibration_decision_item_version_id_item_version')),
    sa.ForeignKeyConstraint(['run_id'], ['calibration_run.id'], name=op.f('fk_calibration_decision_run_id_calibration_run')),
    sa.ForeignKeyConstraint(['supersedes_id'], ['calibration_decision.id'], name=op.f('fk_calibration_decision_supersedes_id_calibration_decision')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calibration_decision')),
    sa.UniqueConstraint('supersedes_id', name=op.f('uq_calibration_decision_supersedes_id')),
    info={'append_only': True}
    )
    op.create_index('uq_calibration_decision_first', 'calibration_decision', ['run_id', 'item_version_id'], unique=True, sqlite_where=sa.text('supersedes_id IS NULL'), postgresql_where=sa.text('supersedes_id IS NULL'))
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[0]:
            op.execute(statement)


def downgrade() -> None:
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[1]:
            op.execute(statement)
    for table in ("calibration_decision", "calibration_item", "calibration_report", "calibration_job"):
        op.drop_table(table)
