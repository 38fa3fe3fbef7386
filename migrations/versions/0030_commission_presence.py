"""Who confirmed, when, that they sit in a session of the commission."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime, append_only_ddl

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

APPEND_ONLY = ("commission_presence",)


def upgrade() -> None:
    op.create_table('commission_presence',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('commission_session_id', sa.Integer(), nullable=False),
        sa.Column('staff_id', sa.Integer(), nullable=False),
        sa.Column('confirmed_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['commission_session_id'], ['commission_session.id'], name=op.f('fk_commission_presence_commission_session_id_commission_session')),
        sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_commission_presence_staff_id_staff')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_commission_presence')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_commission_presence_commission_session_id'), 'commission_presence', ['commission_session_id'], unique=False)
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[0]:
            op.execute(statement)


def downgrade() -> None:
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[1]:
            op.execute(statement)
    op.drop_table("commission_presence")
