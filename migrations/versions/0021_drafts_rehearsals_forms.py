"""Drafts of blueprints with the year's commission, rehearsals on simulated candidates, and linear forms."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime, append_only_ddl

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

APPEND_ONLY = ("content_commission", "rehearsal", "form_set", "exam_form")


def upgrade() -> None:
    op.create_table('content_commission',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('year', sa.Integer(), nullable=False),
        sa.Column('order_no', sa.String(length=60), nullable=False),
        sa.Column('members', sa.JSON(), nullable=False),
        sa.Column('entered_at', UTCDateTime(), nullable=False),
        sa.Column('entered_by', sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_content_commission')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_content_commission_year'), 'content_commission', ['year'], unique=False)
    op.create_table('blueprint_draft',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('subject', sa.String(length=40), nullable=False),
        sa.Column('year', sa.Integer(), nullable=False),
        sa.Column('state', sa.String(length=20), nullable=False),
        sa.Column('fields', sa.JSON(), nullable=False),
        sa.Column('rehearsal_id', sa.Integer(), nullable=True),
        sa.Column('blueprint_id', sa.Integer(), nullable=True),
        sa.Column('saved_at', UTCDateTime(), nullable=False),
        sa.Column('saved_by', sa.String(length=60), nullable=False),
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'proposed', 'approved', 'discarded')", name=op.f('ck_blueprint_draft_state')),
        sa.CheckConstraint("(state = 'approved') = (blueprint_id IS NOT NULL)", name=op.f('ck_blueprint_draft_blueprint_id')),
        sa.ForeignKeyConstraint(['blueprint_id'], ['blueprint.id'], name=op.f('fk_blueprint_draft_blueprint_id_blueprint')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_blueprint_draft')),
    )
    op.create_table('rehearsal',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('subject', sa.String(length=40), nullable=False),
        sa.Column('calibration_run_id', sa.Integer(), nullable=False),
        sa.Column('blueprint_draft_id', sa.Integer(), nullable=True),
        sa.Column('blueprint_id', sa.Integer(), nullable=True),
        sa.Column('pool_id', sa.Integer(), nullable=True),
        sa.Column('spec', sa.JSON(), nullable=False),
        sa.Column('plan', sa.JSON(), nullable=False),
        sa.Column('report', sa.JSON(), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('made_at', UTCDateTime(), nullable=False),
        sa.Column('made_by', sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(['blueprint_draft_id'], ['blueprint_draft.id'], name=op.f('fk_rehearsal_blueprint_draft_id_blueprint_draft')),
        sa.ForeignKeyConstraint(['blueprint_id'], ['blueprint.id'], name=op.f('fk_rehearsal_blueprint_id_blueprint')),
        sa.ForeignKeyConstraint(['calibration_run_id'], ['calibration_run.id'], name=op.f('fk_rehearsal_calibration_run_id_calibration_run')),
        sa.ForeignKeyConstraint(['pool_id'], ['pool.id'], name=op.f('fk_rehearsal_pool_id_pool')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_rehearsal')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_rehearsal_blueprint_draft_id'), 'rehearsal', ['blueprint_draft_id'], unique=False)
    op.create_index(op.f('ix_rehearsal_blueprint_id'), 'rehearsal', ['blueprint_id'], unique=False)
    op.create_table('form_set',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('pool_id', sa.Integer(), nullable=False),
        sa.Column('purpose', sa.String(length=10), nullable=False),
        sa.Column('plan', sa.JSON(), nullable=False),
        sa.Column('proof', sa.JSON(), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('made_at', UTCDateTime(), nullable=False),
        sa.Column('made_by', sa.String(length=60), nullable=False),
        sa.CheckConstraint("purpose IN ('paper', 'makeup')", name=op.f('ck_form_set_purpose')),
        sa.ForeignKeyConstraint(['pool_id'], ['pool.id'], name=op.f('fk_form_set_pool_id_pool')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_form_set')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_form_set_pool_id'), 'form_set', ['pool_id'], unique=False)
    op.create_table('exam_form',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('form_set_id', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('positions', sa.JSON(), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(['form_set_id'], ['form_set.id'], name=op.f('fk_exam_form_form_set_id_form_set')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_exam_form')),
        sa.UniqueConstraint('form_set_id', 'number', name=op.f('uq_exam_form_form_set_id_number')),
        info={'append_only': True}
    )
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[0]:
            op.execute(statement)


def downgrade() -> None:
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[1]:
            op.execute(statement)
    for table in ("exam_form", "form_set", "rehearsal", "blueprint_draft", "content_commission"):
        op.drop_table(table)
