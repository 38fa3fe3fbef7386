"""Plays of recordings that a failure cut, given back by decision."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime, append_only_ddl

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

APPEND_ONLY = ("play_return",)


def upgrade() -> None:
    op.create_table('play_return',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('play_id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('reason', sa.String(length=500), nullable=False),
        sa.Column('ruling', sa.JSON(), nullable=False),
        sa.Column('given_by', sa.String(length=60), nullable=False),
        sa.Column('given_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['play_id'], ['sound_play.id'], name=op.f('fk_play_return_play_id_sound_play')),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_play_return_session_id_exam_session')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_play_return')),
        sa.UniqueConstraint('play_id', name=op.f('uq_play_return_play_id')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_play_return_session_id'), 'play_return', ['session_id'], unique=False)
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[0]:
            op.execute(statement)


def downgrade() -> None:
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[1]:
            op.execute(statement)
    op.drop_table('play_return')
