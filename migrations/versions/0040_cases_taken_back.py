"""Grants of cases that were taken back."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime, append_only_ddl

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

TABLE = "case_taking_back"


def upgrade() -> None:
    op.create_table('case_taking_back',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('case_id', sa.Integer(), nullable=False),
        sa.Column('next_registration_id', sa.Integer(), nullable=True),
        sa.Column('order_number', sa.String(length=60), nullable=False),
        sa.Column('decided_on', sa.Date(), nullable=False),
        sa.Column('words_sealed', sa.LargeBinary(), nullable=False),
        sa.Column('ruling', sa.JSON(), nullable=False),
        sa.Column('taken_by', sa.Integer(), nullable=True),
        sa.Column('taken_from', sa.Integer(), nullable=False),
        sa.Column('taken_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['case_id'], ['candidate_case.id'], name=op.f('fk_case_taking_back_case_id_candidate_case')),
        sa.ForeignKeyConstraint(['next_registration_id'], ['registration.id'], name=op.f('fk_case_taking_back_next_registration_id_registration')),
        sa.ForeignKeyConstraint(['taken_by'], ['staff.id'], name=op.f('fk_case_taking_back_taken_by_staff')),
        sa.ForeignKeyConstraint(['taken_from'], ['organisation.id'], name=op.f('fk_case_taking_back_taken_from_organisation')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_case_taking_back')),
        sa.UniqueConstraint('case_id', name=op.f('uq_case_taking_back_case_id')),
        sa.UniqueConstraint('next_registration_id', name=op.f('uq_case_taking_back_next_registration_id')),
        info={'append_only': True}
    )
    for statement in append_only_ddl(TABLE, op.get_bind().dialect.name)[0]:
        op.execute(statement)


def downgrade() -> None:
    for statement in append_only_ddl(TABLE, op.get_bind().dialect.name)[1]:
        op.execute(statement)
    op.drop_table("case_taking_back")
