"""Scoring again: what is corrected, its effect, who applied it."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime, append_only_ddl

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

APPEND_ONLY = ('key_request', 'rescoring_effect', 'rescoring_change')


def upgrade() -> None:
    op.create_table('correction_head',
        sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('applied', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_correction_head'))
    )
    op.create_table('key_request',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('item_version_id', sa.Integer(), nullable=False),
        sa.Column('reason', sa.String(length=500), nullable=False),
        sa.Column('decided_by', sa.String(length=80), nullable=False),
        sa.Column('asked_by', sa.String(length=60), nullable=False),
        sa.Column('asked_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['item_version_id'], ['item_version.id'], name=op.f('fk_key_request_item_version_id_item_version')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_key_request')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_key_request_item_version_id'), 'key_request', ['item_version_id'], unique=False)
    op.create_table('rescoring_run',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(length=20), nullable=False),
        sa.Column('item_version_id', sa.Integer(), nullable=True),
        sa.Column('key_version_id', sa.Integer(), nullable=True),
        sa.Column('session_id', sa.Integer(), nullable=True),
        sa.Column('reason', sa.String(length=500), nullable=False),
        sa.Column('decided_by', sa.String(length=80), nullable=False),
        sa.Column('proposed_by_id', sa.Integer(), nullable=True),
        sa.Column('proposed_at', UTCDateTime(), nullable=False),
        sa.Column('state', sa.String(length=20), nullable=False),
        sa.Column('applied_no', sa.Integer(), nullable=True),
        sa.Column('applied_at', UTCDateTime(), nullable=True),
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.CheckConstraint("(kind = 'key_corrected') = (key_version_id IS NOT NULL)", name=op.f('ck_rescoring_run_key_version_id')),
        sa.CheckConstraint("(kind IN ('item_struck', 'key_corrected')) = (item_version_id IS NOT NULL)", name=op.f('ck_rescoring_run_item_version_id')),
        sa.CheckConstraint("(kind IN ('marks_changed', 'session')) = (session_id IS NOT NULL)", name=op.f('ck_rescoring_run_session_id')),
        sa.CheckConstraint("(state = 'applied') = (applied_at IS NOT NULL)", name=op.f('ck_rescoring_run_applied_at')),
        sa.CheckConstraint("(state = 'applied') = (applied_no IS NOT NULL)", name=op.f('ck_rescoring_run_applied_no')),
        sa.CheckConstraint("kind IN ('item_struck', 'key_corrected', 'marks_changed', 'session')", name=op.f('ck_rescoring_run_kind')),
        sa.CheckConstraint("state IN ('proposed', 'signed', 'applied', 'withdrawn')", name=op.f('ck_rescoring_run_state')),
        sa.ForeignKeyConstraint(['item_version_id'], ['item_version.id'], name=op.f('fk_rescoring_run_item_version_id_item_version')),
        sa.ForeignKeyConstraint(['key_version_id'], ['key_version.id'], name=op.f('fk_rescoring_run_key_version_id_key_version')),
        sa.ForeignKeyConstraint(['proposed_by_id'], ['staff.id'], name=op.f('fk_rescoring_run_proposed_by_id_staff')),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_rescoring_run_session_id_exam_session')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_rescoring_run')),
        sa.UniqueConstraint('applied_no', name=op.f('uq_rescoring_run_applied_no'))
    )
    op.create_index(op.f('ix_rescoring_run_item_version_id'), 'rescoring_run', ['item_version_id'], unique=False)
    op.create_index(op.f('ix_rescoring_run_session_id'), 'rescoring_run', ['session_id'], unique=False)
    op.create_index(op.f('ix_rescoring_run_state'), 'rescoring_run', ['state'], unique=False)
    op.create_table('rescoring_effect',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('run_id', sa.Integer(), nullable=False),
        sa.Column('basis', sa.String(length=64), nullable=False),
        sa.Column('summary', sa.JSON(), nullable=False),
        sa.Column('n_changes', sa.Integer(), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('made_at', UTCDateTime(), nullable=False),
        sa.Column('asked_by', sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(['run_id'], ['rescoring_run.id'], name=op.f('fk_rescoring_effect_run_id_rescoring_run')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_rescoring_effect')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_rescoring_effect_run_id'), 'rescoring_effect', ['run_id'], unique=False)
    op.create_table('rescoring_change',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('effect_id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('section_id', sa.Integer(), nullable=False),
        sa.Column('subject', sa.String(length=40), nullable=False),
        sa.Column('score_id', sa.Integer(), nullable=False),
        sa.Column('percent_before', sa.Double(), nullable=False),
        sa.Column('compared_before', sa.String(length=12), nullable=False),
        sa.Column('grade_before', sa.String(length=40), nullable=False),
        sa.Column('after', sa.JSON(none_as_null=True), nullable=True),
        sa.Column('compared_after', sa.String(length=12), nullable=False),
        sa.Column('grade_after', sa.String(length=40), nullable=False),
        sa.Column('right_before', sa.Boolean(), nullable=False),
        sa.Column('right_after', sa.Boolean(), nullable=False),
        sa.Column('is_kept', sa.Boolean(), nullable=False),
        sa.Column('problem', sa.String(length=40), nullable=True),
        sa.CheckConstraint('problem IS NULL OR is_kept', name=op.f('ck_rescoring_change_problem')),
        sa.ForeignKeyConstraint(['effect_id'], ['rescoring_effect.id'], name=op.f('fk_rescoring_change_effect_id_rescoring_effect')),
        sa.ForeignKeyConstraint(['score_id'], ['score.id'], name=op.f('fk_rescoring_change_score_id_score')),
        sa.ForeignKeyConstraint(['section_id'], ['section.id'], name=op.f('fk_rescoring_change_section_id_section')),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_rescoring_change_session_id_exam_session')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_rescoring_change')),
        sa.UniqueConstraint('effect_id', 'section_id', name=op.f('uq_rescoring_change_effect_id_section_id')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_rescoring_change_session_id'), 'rescoring_change', ['session_id'], unique=False)
    op.execute("INSERT INTO correction_head (id, applied) VALUES (1, 0)")
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[0]:
            op.execute(statement)


def downgrade() -> None:
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[1]:
            op.execute(statement)
    op.drop_table("rescoring_change")
    op.drop_table("rescoring_effect")
    op.drop_table("rescoring_run")
    op.drop_table("key_request")
    op.drop_table("correction_head")
