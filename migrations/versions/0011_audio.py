"""Plays of recordings: each one asked for and handed out, under its number."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime, append_only_ddl

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

APPEND_ONLY = ("sound_play",)


def upgrade() -> None:
    op.create_table('sound_play',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('section_id', sa.Integer(), nullable=False),
        sa.Column('seq', sa.Integer(), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('play', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(length=36), nullable=False),
        sa.Column('ruling', sa.JSON(), nullable=False),
        sa.Column('played_at', UTCDateTime(), nullable=False),
        sa.CheckConstraint('play > 0', name=op.f('ck_sound_play_play')),
        sa.ForeignKeyConstraint(['section_id'], ['section.id'], name=op.f('fk_sound_play_section_id_section')),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_sound_play_session_id_exam_session')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sound_play')),
        sa.UniqueConstraint('section_id', 'digest', 'play', name=op.f('uq_sound_play_section_id_digest_play')),
        sa.UniqueConstraint('session_id', 'key', name=op.f('uq_sound_play_session_id_key')),
        info={'append_only': True}
    )
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[0]:
            op.execute(statement)


def downgrade() -> None:
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[1]:
            op.execute(statement)
    op.drop_table('sound_play')
