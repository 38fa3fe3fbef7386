"""Rooms drawn to scale, draws of seats with their seeds, and seats kept for who needs them (DC-10)."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime, append_only_ddl

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

APPEND_ONLY = ("room_layout", "seating_draw")


def upgrade() -> None:
    op.create_table('room_layout',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('room_id', sa.Integer(), nullable=False),
        sa.Column('outline', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_room_layout_room_id_room')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_room_layout')),
        sa.UniqueConstraint('room_id', name=op.f('uq_room_layout_room_id')),
        info={'append_only': True}
    )
    op.create_table('seating_draw',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('room_sitting_id', sa.Integer(), nullable=False),
        sa.Column('seed', sa.BigInteger(), nullable=False),
        sa.Column('seats', sa.JSON(), nullable=False),
        sa.Column('ruling', sa.JSON(), nullable=False),
        sa.Column('drawn_by', sa.String(length=60), nullable=False),
        sa.Column('drawn_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['room_sitting_id'], ['room_sitting.id'], name=op.f('fk_seating_draw_room_sitting_id_room_sitting')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_seating_draw')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_seating_draw_room_sitting_id'), 'seating_draw', ['room_sitting_id'], unique=False)
    op.create_table('seat_lock',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('reason', sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_seat_lock_session_id_exam_session')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_seat_lock')),
        sa.UniqueConstraint('session_id', name=op.f('uq_seat_lock_session_id'))
    )
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[0]:
            op.execute(statement)


def downgrade() -> None:
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[1]:
            op.execute(statement)
    op.drop_table('seat_lock')
    op.drop_index(op.f('ix_seating_draw_room_sitting_id'), table_name='seating_draw')
    op.drop_table('seating_draw')
    op.drop_table('room_layout')
