"""What follows a session: parents who were told, and the order on its outcome."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime, append_only_ddl

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

APPEND_ONLY = ("parents_told", "outcome_order")


def upgrade() -> None:
    op.create_table('parents_told',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('list_name', sa.String(length=40), nullable=False),
        sa.Column('shown_to', sa.String(length=40), nullable=False),
        sa.Column('how', sa.String(length=200), nullable=False),
        sa.Column('recorded_by', sa.String(length=60), nullable=False),
        sa.Column('recorded_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_parents_told_session_id_exam_session')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_parents_told')),
        sa.UniqueConstraint('session_id', 'list_name', 'shown_to', name=op.f('uq_parents_told_session_id_list_name_shown_to')),
        info={'append_only': True}
    )
    op.create_table('outcome_order',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('sitting_id', sa.Integer(), nullable=False),
        sa.Column('organisation_id', sa.Integer(), nullable=False),
        sa.Column('order_no', sa.String(length=60), nullable=False),
        sa.Column('shortcomings', sa.Text(), nullable=False),
        sa.Column('measures', sa.Text(), nullable=False),
        sa.Column('supersedes_id', sa.Integer(), nullable=True),
        sa.Column('recorded_by', sa.String(length=60), nullable=False),
        sa.Column('recorded_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_outcome_order_organisation_id_organisation')),
        sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_outcome_order_sitting_id_sitting')),
        sa.ForeignKeyConstraint(['supersedes_id'], ['outcome_order.id'], name=op.f('fk_outcome_order_supersedes_id_outcome_order')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_outcome_order')),
        sa.UniqueConstraint('supersedes_id', name=op.f('uq_outcome_order_supersedes_id')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_outcome_order_sitting_id'), 'outcome_order', ['sitting_id'], unique=False)
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[0]:
            op.execute(statement)


def downgrade() -> None:
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[1]:
            op.execute(statement)
    for table in reversed(APPEND_ONLY):
        op.drop_table(table)
