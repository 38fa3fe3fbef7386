"""Exemptions, additional tests, repeats and extensions, with their papers; which sittings are additional."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime, append_only_ddl

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

APPEND_ONLY = ("case_paper", "case_decision", "additional_sitting")


def upgrade() -> None:
    op.create_table('candidate_case',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('token', sa.String(length=36), nullable=False),
        sa.Column('data_key', sa.LargeBinary(), nullable=False),
        sa.Column('kind', sa.String(length=20), nullable=False),
        sa.Column('registration_id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=True),
        sa.Column('ground', sa.String(length=40), nullable=False),
        sa.Column('subjects', sa.JSON(), nullable=False),
        sa.Column('extended_to', sa.Date(), nullable=True),
        sa.Column('state', sa.String(length=20), nullable=False),
        sa.Column('filed_by', sa.Integer(), nullable=True),
        sa.Column('filed_from', sa.Integer(), nullable=False),
        sa.Column('filed_at', UTCDateTime(), nullable=False),
        sa.Column('submitted_at', UTCDateTime(), nullable=True),
        sa.Column('due_at', UTCDateTime(), nullable=True),
        sa.Column('ruling', sa.JSON(), nullable=True),
        sa.Column('next_registration_id', sa.Integer(), nullable=True),
        sa.Column('version_id', sa.Integer(), nullable=False),
        sa.CheckConstraint("(kind = 'exemption') = (session_id IS NULL)", name=op.f('ck_candidate_case_session_id')),
        sa.CheckConstraint("(kind = 'extension') = (extended_to IS NOT NULL)", name=op.f('ck_candidate_case_extended_to')),
        sa.CheckConstraint("(state = 'assigned') = (next_registration_id IS NOT NULL)", name=op.f('ck_candidate_case_next_registration_id')),
        sa.CheckConstraint("kind IN ('exemption', 'make_up', 'extension', 'repeat')", name=op.f('ck_candidate_case_kind')),
        sa.CheckConstraint("state IN ('filed', 'submitted', 'granted', 'assigned', 'refused', 'withdrawn')", name=op.f('ck_candidate_case_state')),
        sa.CheckConstraint("state NOT IN ('submitted', 'granted', 'assigned', 'refused') OR due_at IS NOT NULL", name=op.f('ck_candidate_case_due_at')),
        sa.ForeignKeyConstraint(['filed_by'], ['staff.id'], name=op.f('fk_candidate_case_filed_by_staff')),
        sa.ForeignKeyConstraint(['filed_from'], ['organisation.id'], name=op.f('fk_candidate_case_filed_from_organisation')),
        sa.ForeignKeyConstraint(['next_registration_id'], ['registration.id'], name=op.f('fk_candidate_case_next_registration_id_registration')),
        sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_candidate_case_registration_id_registration')),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_candidate_case_session_id_exam_session')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_candidate_case')),
        sa.UniqueConstraint('next_registration_id', name=op.f('uq_candidate_case_next_registration_id')),
        sa.UniqueConstraint('token', name=op.f('uq_candidate_case_token'))
    )
    op.create_index(op.f('ix_candidate_case_registration_id'), 'candidate_case', ['registration_id'], unique=False)
    op.create_index('uq_candidate_case_exemption', 'candidate_case', ['registration_id'], unique=True, sqlite_where=sa.text("session_id IS NULL AND state IN ('filed', 'submitted', 'granted', 'assigned')"), postgresql_where=sa.text("session_id IS NULL AND state IN ('filed', 'submitted', 'granted', 'assigned')"))
    op.create_index('uq_candidate_case_session', 'candidate_case', ['session_id'], unique=True, sqlite_where=sa.text("state IN ('filed', 'submitted', 'granted', 'assigned')"), postgresql_where=sa.text("state IN ('filed', 'submitted', 'granted', 'assigned')"))
    op.create_table('case_paper',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('case_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(length=40), nullable=False),
        sa.Column('media_type', sa.String(length=40), nullable=False),
        sa.Column('size', sa.Integer(), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('content_sealed', sa.LargeBinary(), nullable=False),
        sa.Column('added_by', sa.Integer(), nullable=True),
        sa.Column('added_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['added_by'], ['staff.id'], name=op.f('fk_case_paper_added_by_staff')),
        sa.ForeignKeyConstraint(['case_id'], ['candidate_case.id'], name=op.f('fk_case_paper_case_id_candidate_case')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_case_paper')),
        sa.UniqueConstraint('case_id', 'digest', name=op.f('uq_case_paper_case_id_digest')),
        info={'append_only': True}
    )
    op.create_table('case_decision',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('case_id', sa.Integer(), nullable=False),
        sa.Column('outcome', sa.String(length=20), nullable=False),
        sa.Column('order_number', sa.String(length=60), nullable=False),
        sa.Column('decided_on', sa.Date(), nullable=False),
        sa.Column('words_sealed', sa.LargeBinary(), nullable=True),
        sa.Column('ruling', sa.JSON(), nullable=False),
        sa.Column('decided_by', sa.Integer(), nullable=True),
        sa.Column('decided_from', sa.Integer(), nullable=False),
        sa.Column('decided_at', UTCDateTime(), nullable=False),
        sa.CheckConstraint("outcome IN ('granted', 'refused')", name=op.f('ck_case_decision_outcome')),
        sa.ForeignKeyConstraint(['case_id'], ['candidate_case.id'], name=op.f('fk_case_decision_case_id_candidate_case')),
        sa.ForeignKeyConstraint(['decided_by'], ['staff.id'], name=op.f('fk_case_decision_decided_by_staff')),
        sa.ForeignKeyConstraint(['decided_from'], ['organisation.id'], name=op.f('fk_case_decision_decided_from_organisation')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_case_decision')),
        sa.UniqueConstraint('case_id', name=op.f('uq_case_decision_case_id')),
        info={'append_only': True}
    )
    op.create_table('additional_sitting',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('sitting_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(length=20), nullable=False),
        sa.Column('ordered_on', sa.Date(), nullable=False),
        sa.Column('centre_id', sa.Integer(), nullable=True),
        sa.Column('late_because', sa.String(length=300), nullable=False),
        sa.Column('ruling', sa.JSON(), nullable=False),
        sa.Column('published_by', sa.String(length=60), nullable=False),
        sa.Column('published_at', UTCDateTime(), nullable=False),
        sa.CheckConstraint("kind IN ('additional', 'repeat')", name=op.f('ck_additional_sitting_kind')),
        sa.ForeignKeyConstraint(['centre_id'], ['organisation.id'], name=op.f('fk_additional_sitting_centre_id_organisation')),
        sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_additional_sitting_sitting_id_sitting')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_additional_sitting')),
        sa.UniqueConstraint('sitting_id', name=op.f('uq_additional_sitting_sitting_id')),
        info={'append_only': True}
    )
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[0]:
            op.execute(statement)


def downgrade() -> None:
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[1]:
            op.execute(statement)
    op.drop_table("additional_sitting")
    op.drop_table("case_decision")
    op.drop_table("case_paper")
    op.drop_table("candidate_case")
