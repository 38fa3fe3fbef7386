"""Cameras of rooms, waivers, and the archive of their recordings with its holds and removals."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime, append_only_ddl

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

APPEND_ONLY = ("camera_waiver", "recording", "recording_removal")


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
    op.create_table('recording',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('room_sitting_id', sa.Integer(), nullable=False),
        sa.Column('camera_id', sa.Integer(), nullable=False),
        sa.Column('begins_at', UTCDateTime(), nullable=False),
        sa.Column('ends_at', UTCDateTime(), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('size', sa.BigInteger(), nullable=False),
        sa.Column('extension', sa.String(length=8), nullable=False),
        sa.Column('keep_until', sa.Date(), nullable=False),
        sa.Column('recorded_by', sa.Integer(), nullable=True),
        sa.Column('recorded_at', UTCDateTime(), nullable=False),
        sa.CheckConstraint('begins_at < ends_at', name=op.f('ck_recording_range')),
        sa.ForeignKeyConstraint(['camera_id'], ['camera.id'], name=op.f('fk_recording_camera_id_camera')),
        sa.ForeignKeyConstraint(['recorded_by'], ['staff.id'], name=op.f('fk_recording_recorded_by_staff')),
        sa.ForeignKeyConstraint(['room_sitting_id'], ['room_sitting.id'], name=op.f('fk_recording_room_sitting_id_room_sitting')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_recording')),
        sa.UniqueConstraint('room_sitting_id', 'camera_id', 'begins_at', 'digest', name=op.f('uq_recording_room_sitting_id_camera_id_begins_at_digest')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_recording_digest'), 'recording', ['digest'], unique=False)
    op.create_index(op.f('ix_recording_keep_until'), 'recording', ['keep_until'], unique=False)
    op.create_table('recording_removal',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('recording_id', sa.Integer(), nullable=False),
        sa.Column('ruling', sa.JSON(), nullable=False),
        sa.Column('removed_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['recording_id'], ['recording.id'], name=op.f('fk_recording_removal_recording_id_recording')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_recording_removal')),
        sa.UniqueConstraint('recording_id', name=op.f('uq_recording_removal_recording_id')),
        info={'append_only': True}
    )
    op.create_table('recording_hold',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('room_sitting_id', sa.Integer(), nullable=False),
        sa.Column('reason', sa.String(length=500), nullable=False),
        sa.Column('placed_by', sa.Integer(), nullable=True),
        sa.Column('placed_at', UTCDateTime(), nullable=False),
        sa.Column('lift_reason', sa.String(length=500), nullable=True),
        sa.Column('lifted_by', sa.Integer(), nullable=True),
        sa.Column('lifted_at', UTCDateTime(), nullable=True),
        sa.CheckConstraint('(lifted_at IS NULL) = (lift_reason IS NULL)', name=op.f('ck_recording_hold_lifted')),
        sa.ForeignKeyConstraint(['lifted_by'], ['staff.id'], name=op.f('fk_recording_hold_lifted_by_staff')),
        sa.ForeignKeyConstraint(['placed_by'], ['staff.id'], name=op.f('fk_recording_hold_placed_by_staff')),
        sa.ForeignKeyConstraint(['room_sitting_id'], ['room_sitting.id'], name=op.f('fk_recording_hold_room_sitting_id_room_sitting')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_recording_hold'))
    )
    op.create_index(op.f('ix_recording_hold_room_sitting_id'), 'recording_hold', ['room_sitting_id'], unique=False)
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[0]:
            op.execute(statement)


def downgrade() -> None:
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[1]:
            op.execute(statement)
    op.drop_index(op.f('ix_recording_hold_room_sitting_id'), table_name='recording_hold')
    op.drop_table('recording_hold')
    op.drop_table('recording_removal')
    op.drop_index(op.f('ix_recording_keep_until'), table_name='recording')
    op.drop_index(op.f('ix_recording_digest'), table_name='recording')
    op.drop_table('recording')
    op.drop_index(op.f('ix_camera_waiver_room_sitting_id'), table_name='camera_waiver')
    op.drop_table('camera_waiver')
    op.drop_table('camera')
