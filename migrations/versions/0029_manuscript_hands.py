"""Whose hand is in which language of a text: language editors who changed words while they read them."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime, append_only_ddl

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('manuscript_hand',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('manuscript_id', sa.Integer(), nullable=False),
        sa.Column('language', sa.String(length=2), nullable=False),
        sa.Column('review_id', sa.Integer(), nullable=False),
        sa.Column('staff_id', sa.Integer(), nullable=False),
        sa.Column('changed_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['manuscript_id'], ['manuscript.id'], name=op.f('fk_manuscript_hand_manuscript_id_manuscript')),
        sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_manuscript_hand_review_id_review')),
        sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_manuscript_hand_staff_id_staff')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_manuscript_hand')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_manuscript_hand_manuscript_id'), 'manuscript_hand', ['manuscript_id'], unique=False)
    for statement in append_only_ddl("manuscript_hand", op.get_bind().dialect.name)[0]:
        op.execute(statement)


def downgrade() -> None:
    for statement in append_only_ddl("manuscript_hand", op.get_bind().dialect.name)[1]:
        op.execute(statement)
    op.drop_table('manuscript_hand')
