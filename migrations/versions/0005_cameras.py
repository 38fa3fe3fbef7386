"""Cameras of rooms, and the waivers by which a room may be opened without them."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime, append_only_ddl

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

APPEND_ONLY = ("camera_waiver",)


def upgrade() -> None:
    op.create_table('camera',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('room_id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(length=40), nullable=False),
        sa.Column('place', sa.String(length=120), nullable=False),
        sa.Column('is_working', sa.Boolean(), nullable=False),
        sa.Column('state_since', UTCDateTime(), nullable=False),
        sa.Column('version_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_camera_room_id_room')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_camera')),
        sa.UniqueConstraint('room_id', 'name', name=op.f('uq_camera_room_id_name'))
    )
    op.create_table('camera_waiver',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('room_sitting_id', sa.Integer(), nullable=False),
        sa.Column('order_number', sa.String(length=60), nullable=False),
        sa.Column('reason', sa.String(length=500), nullable=False),
        sa.Column('granted_by', sa.String(length=120), nullable=False),
        sa.Column('ruling', sa.JSON(), nullable=False),
        sa.Column('recorded_by', sa.Integer(), nullable=True),
        sa.Column('recorded_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['recorded_by'], ['staff.id'], name=op.f('fk_camera_waiver_recorded_by_staff')),
        sa.ForeignKeyConstraint(['room_sitting_id'], ['room_sitting.id'], name=op.f('fk_camera_waiver_room_sitting_id_room_sitting')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_camera_waiver')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_camera_waiver_room_sitting_id'), 'camera_waiver', ['room_sitting_id'], unique=False)
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[0]:
            op.execute(statement)


def downgrade() -> None:
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[1]:
            op.execute(statement)
    op.drop_index(op.f('ix_camera_waiver_room_sitting_id'), table_name='camera_waiver')
    op.drop_table('camera_waiver')
    op.drop_table('camera')
