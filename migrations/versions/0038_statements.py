"""The ministry's approval, notices, statements and their codes, cases of attestation."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime, append_only_ddl

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

APPEND_ONLY = ("attestation_case", "final_notice", "result_approval", "statement", "statement_end")


def upgrade() -> None:
    op.create_table('result_approval',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('sitting_id', sa.Integer(), nullable=False),
        sa.Column('list_id', sa.Integer(), nullable=False),
        sa.Column('order_no', sa.String(length=60), nullable=False),
        sa.Column('organisation_id', sa.Integer(), nullable=False),
        sa.Column('appeals_ended_at', UTCDateTime(), nullable=False),
        sa.Column('told_by_at', UTCDateTime(), nullable=False),
        sa.Column('ruling', sa.JSON(), nullable=False),
        sa.Column('approved_by', sa.Integer(), nullable=False),
        sa.Column('approved_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['approved_by'], ['staff.id'], name=op.f('fk_result_approval_approved_by_staff')),
        sa.ForeignKeyConstraint(['list_id'], ['result_list.id'], name=op.f('fk_result_approval_list_id_result_list')),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_result_approval_organisation_id_organisation')),
        sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_result_approval_sitting_id_sitting')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_result_approval')),
        sa.UniqueConstraint('list_id', name=op.f('uq_result_approval_list_id')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_result_approval_sitting_id'), 'result_approval', ['sitting_id'], unique=False)
    op.create_table('attestation_case',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('approval_id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(length=10), nullable=False),
        sa.Column('chosen', sa.JSON(), nullable=False),
        sa.Column('papers', sa.JSON(), nullable=False),
        sa.Column('ruling', sa.JSON(), nullable=False),
        sa.Column('supersedes_id', sa.Integer(), nullable=True),
        sa.Column('recorded_by', sa.String(length=60), nullable=False),
        sa.Column('recorded_at', UTCDateTime(), nullable=False),
        sa.CheckConstraint("kind IN ('choice', 'admission')", name=op.f('ck_attestation_case_kind')),
        sa.ForeignKeyConstraint(['approval_id'], ['result_approval.id'], name=op.f('fk_attestation_case_approval_id_result_approval')),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_attestation_case_session_id_exam_session')),
        sa.ForeignKeyConstraint(['supersedes_id'], ['attestation_case.id'], name=op.f('fk_attestation_case_supersedes_id_attestation_case')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_attestation_case')),
        sa.UniqueConstraint('supersedes_id', name=op.f('uq_attestation_case_supersedes_id')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_attestation_case_approval_id'), 'attestation_case', ['approval_id'], unique=False)
    op.create_index(op.f('ix_attestation_case_session_id'), 'attestation_case', ['session_id'], unique=False)
    op.create_table('final_notice',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('approval_id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('recipient', sa.String(length=20), nullable=False),
        sa.Column('way', sa.String(length=20), nullable=False),
        sa.Column('told_on', sa.Date(), nullable=False),
        sa.Column('recorded_by', sa.String(length=60), nullable=False),
        sa.Column('recorded_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['approval_id'], ['result_approval.id'], name=op.f('fk_final_notice_approval_id_result_approval')),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_final_notice_session_id_exam_session')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_final_notice')),
        sa.UniqueConstraint('approval_id', 'session_id', 'recipient', name=op.f('uq_final_notice_approval_id_session_id_recipient')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_final_notice_session_id'), 'final_notice', ['session_id'], unique=False)
    op.create_table('statement',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('serial', sa.String(length=36), nullable=False),
        sa.Column('code_digest', sa.String(length=64), nullable=False),
        sa.Column('approval_id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('fingerprint', sa.String(length=64), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('organisation_id', sa.Integer(), nullable=False),
        sa.Column('seal', sa.LargeBinary(length=64), nullable=False),
        sa.Column('supersedes_id', sa.Integer(), nullable=True),
        sa.Column('issued_by', sa.String(length=60), nullable=False),
        sa.Column('issued_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['approval_id'], ['result_approval.id'], name=op.f('fk_statement_approval_id_result_approval')),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_statement_organisation_id_organisation')),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_statement_session_id_exam_session')),
        sa.ForeignKeyConstraint(['supersedes_id'], ['statement.id'], name=op.f('fk_statement_supersedes_id_statement')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_statement')),
        sa.UniqueConstraint('code_digest', name=op.f('uq_statement_code_digest')),
        sa.UniqueConstraint('serial', name=op.f('uq_statement_serial')),
        sa.UniqueConstraint('supersedes_id', name=op.f('uq_statement_supersedes_id')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_statement_approval_id'), 'statement', ['approval_id'], unique=False)
    op.create_index(op.f('ix_statement_session_id'), 'statement', ['session_id'], unique=False)
    op.create_table('statement_end',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('statement_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(length=10), nullable=False),
        sa.Column('reason', sa.String(length=300), nullable=False),
        sa.Column('ended_by', sa.String(length=60), nullable=False),
        sa.Column('ended_at', UTCDateTime(), nullable=False),
        sa.CheckConstraint("kind IN ('revised', 'revoked')", name=op.f('ck_statement_end_kind')),
        sa.ForeignKeyConstraint(['statement_id'], ['statement.id'], name=op.f('fk_statement_end_statement_id_statement')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_statement_end')),
        sa.UniqueConstraint('statement_id', name=op.f('uq_statement_end_statement_id')),
        info={'append_only': True}
    )
    op.create_table('statement_batch',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('approval_id', sa.Integer(), nullable=False),
        sa.Column('asked_by', sa.String(length=60), nullable=False),
        sa.Column('language', sa.String(length=2), nullable=False),
        sa.Column('n', sa.Integer(), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('data_key', sa.LargeBinary(), nullable=True),
        sa.Column('archive_sealed', sa.LargeBinary(), nullable=True),
        sa.Column('made_at', UTCDateTime(), nullable=False),
        sa.Column('dropped_at', UTCDateTime(), nullable=True),
        sa.CheckConstraint('(archive_sealed IS NULL) = (dropped_at IS NOT NULL)', name=op.f('ck_statement_batch_archive')),
        sa.ForeignKeyConstraint(['approval_id'], ['result_approval.id'], name=op.f('fk_statement_batch_approval_id_result_approval')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_statement_batch'))
    )
    op.create_index(op.f('ix_statement_batch_asked_by'), 'statement_batch', ['asked_by'], unique=False)
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[0]:
            op.execute(statement)


def downgrade() -> None:
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[1]:
            op.execute(statement)
    for table in ("statement_batch", "statement_end", "statement", "final_notice", "attestation_case", "result_approval"):
        op.drop_table(table)
