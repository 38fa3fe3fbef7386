"""What was said in a session of the commission, sealed, and the reason of each decision."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime, append_only_ddl

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

APPEND_ONLY = ("commission_note",)


def upgrade() -> None:
    op.create_table('commission_note',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('commission_session_id', sa.Integer(), nullable=False),
        sa.Column('manuscript_id', sa.Integer(), nullable=True),
        sa.Column('verdict', sa.String(length=10), nullable=True),
        sa.Column('place', sa.String(length=80), nullable=False),
        sa.Column('body_sealed', sa.LargeBinary(), nullable=False),
        sa.Column('written_at', UTCDateTime(), nullable=False),
        sa.Column('author_id', sa.Integer(), nullable=False),
        sa.CheckConstraint("verdict IN ('approve', 'rework', 'rest', 'wake', 'retire')", name=op.f('ck_commission_note_verdict')),
        sa.CheckConstraint('verdict IS NULL OR manuscript_id IS NOT NULL', name=op.f('ck_commission_note_manuscript_id')),
        sa.ForeignKeyConstraint(['author_id'], ['staff.id'], name=op.f('fk_commission_note_author_id_staff')),
        sa.ForeignKeyConstraint(['commission_session_id'], ['commission_session.id'], name=op.f('fk_commission_note_commission_session_id_commission_session')),
        sa.ForeignKeyConstraint(['manuscript_id'], ['manuscript.id'], name=op.f('fk_commission_note_manuscript_id_manuscript')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_commission_note')),
        sa.UniqueConstraint('place', name=op.f('uq_commission_note_place')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_commission_note_commission_session_id'), 'commission_note', ['commission_session_id'], unique=False)
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[0]:
            op.execute(statement)


def downgrade() -> None:
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[1]:
            op.execute(statement)
    op.drop_table("commission_note")
