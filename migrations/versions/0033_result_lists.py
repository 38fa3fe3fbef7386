"""Frozen lists of results, their delivery and receipt."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime, append_only_ddl

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

APPEND_ONLY = ("result_list", "result_row", "release", "department_delivery", "delivery_receipt")


def upgrade() -> None:
    op.create_table('result_list',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('sitting_id', sa.Integer(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('supersedes_id', sa.Integer(), nullable=True),
        sa.Column('because', sa.String(length=300), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('n_rows', sa.Integer(), nullable=False),
        sa.Column('n_graded', sa.Integer(), nullable=False),
        sa.Column('n_held', sa.Integer(), nullable=False),
        sa.Column('frozen_by', sa.String(length=60), nullable=False),
        sa.Column('frozen_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_result_list_sitting_id_sitting')),
        sa.ForeignKeyConstraint(['supersedes_id'], ['result_list.id'], name=op.f('fk_result_list_supersedes_id_result_list')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_result_list')),
        sa.UniqueConstraint('sitting_id', 'version', name=op.f('uq_result_list_sitting_id_version')),
        sa.UniqueConstraint('supersedes_id', name=op.f('uq_result_list_supersedes_id')),
        info={'append_only': True}
    )
    op.create_table('result_row',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('list_id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('registration_id', sa.Integer(), nullable=False),
        sa.Column('centre_id', sa.Integer(), nullable=False),
        sa.Column('registration_no', sa.String(length=40), nullable=False),
        sa.Column('name', sa.String(length=250), nullable=False),
        sa.Column('school', sa.String(length=160), nullable=False),
        sa.Column('state', sa.String(length=20), nullable=False),
        sa.Column('grades', sa.JSON(), nullable=False),
        sa.Column('is_eligible', sa.Boolean(), nullable=True),
        sa.Column('reasons', sa.JSON(), nullable=False),
        sa.Column('hold', sa.String(length=40), nullable=True),
        sa.Column('fingerprint', sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(['centre_id'], ['organisation.id'], name=op.f('fk_result_row_centre_id_organisation')),
        sa.ForeignKeyConstraint(['list_id'], ['result_list.id'], name=op.f('fk_result_row_list_id_result_list')),
        sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_result_row_registration_id_registration')),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_result_row_session_id_exam_session')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_result_row')),
        sa.UniqueConstraint('list_id', 'session_id', name=op.f('uq_result_row_list_id_session_id')),
        info={'append_only': True}
    )
    op.create_index('ix_result_row_list_id_centre_id', 'result_row', ['list_id', 'centre_id'], unique=False)
    op.create_index('ix_result_row_session_id', 'result_row', ['session_id'], unique=False)
    op.create_table('release',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('sitting_id', sa.Integer(), nullable=False),
        sa.Column('list_id', sa.Integer(), nullable=False),
        sa.Column('organisation_id', sa.Integer(), nullable=False),
        sa.Column('seal', sa.LargeBinary(length=64), nullable=False),
        sa.Column('released_by', sa.String(length=60), nullable=False),
        sa.Column('released_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['list_id'], ['result_list.id'], name=op.f('fk_release_list_id_result_list')),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_release_organisation_id_organisation')),
        sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_release_sitting_id_sitting')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_release')),
        sa.UniqueConstraint('list_id', name=op.f('uq_release_list_id')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_release_sitting_id'), 'release', ['sitting_id'], unique=False)
    op.create_table('department_delivery',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('list_id', sa.Integer(), nullable=False),
        sa.Column('department_id', sa.Integer(), nullable=False),
        sa.Column('n_rows', sa.Integer(), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('ruling', sa.JSON(), nullable=False),
        sa.Column('delivered_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['department_id'], ['organisation.id'], name=op.f('fk_department_delivery_department_id_organisation')),
        sa.ForeignKeyConstraint(['list_id'], ['result_list.id'], name=op.f('fk_department_delivery_list_id_result_list')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_department_delivery')),
        sa.UniqueConstraint('list_id', 'department_id', name=op.f('uq_department_delivery_list_id_department_id')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_department_delivery_department_id'), 'department_delivery', ['department_id'], unique=False)
    op.create_table('delivery_receipt',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('delivery_id', sa.Integer(), nullable=False),
        sa.Column('received_by', sa.Integer(), nullable=False),
        sa.Column('received_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['delivery_id'], ['department_delivery.id'], name=op.f('fk_delivery_receipt_delivery_id_department_delivery')),
        sa.ForeignKeyConstraint(['received_by'], ['staff.id'], name=op.f('fk_delivery_receipt_received_by_staff')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery_receipt')),
        sa.UniqueConstraint('delivery_id', name=op.f('uq_delivery_receipt_delivery_id')),
        info={'append_only': True}
    )
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[0]:
            op.execute(statement)


def downgrade() -> None:
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[1]:
            op.execute(statement)
    for table in reversed(APPEND_ONLY):
        op.drop_table(table)
