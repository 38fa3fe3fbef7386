"""The second factor of staff: an authenticator, and codes on paper for when it is gone."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('second_factor',
        sa.Column('staff_id', sa.Integer(), nullable=False),
        sa.Column('secret', sa.LargeBinary(), nullable=True),
        sa.Column('pending', sa.LargeBinary(), nullable=True),
        sa.Column('pending_for', sa.String(length=64), nullable=True),
        sa.Column('last_step', sa.Integer(), nullable=False),
        sa.Column('set_at', UTCDateTime(), nullable=True),
        sa.Column('failed', sa.Integer(), nullable=False),
        sa.Column('locked_until', UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_second_factor_staff_id_staff')),
        sa.PrimaryKeyConstraint('staff_id', name=op.f('pk_second_factor'))
    )
    op.create_table('paper_code',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('staff_id', sa.Integer(), nullable=False),
        sa.Column('mac', sa.LargeBinary(length=32), nullable=False),
        sa.Column('used_at', UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_paper_code_staff_id_staff')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_code')),
        sa.UniqueConstraint('mac', name=op.f('uq_paper_code_mac'))
    )
    op.create_index(op.f('ix_paper_code_staff_id'), 'paper_code', ['staff_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_paper_code_staff_id'), table_name='paper_code')
    op.drop_table('paper_code')
    op.drop_table('second_factor')
