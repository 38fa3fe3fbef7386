"""Observers with their remarks, the timetables of centres that were approved with them, and pictures of the desk."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime, append_only_ddl

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

APPEND_ONLY = ("observer_remark", "timetable", "timetable_approval")


def upgrade() -> None:
    op.create_table('observer',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('sitting_id', sa.Integer(), nullable=False),
        sa.Column('centre_id', sa.Integer(), nullable=False),
        sa.Column('room_sitting_id', sa.Integer(), nullable=True),
        sa.Column('name', sa.String(length=120), nullable=False),
        sa.Column('kind', sa.String(length=40), nullable=False),
        sa.Column('body', sa.String(length=200), nullable=False),
        sa.Column('mandate', sa.String(length=60), nullable=False),
        sa.Column('code_serial', sa.Integer(), nullable=False),
        sa.Column('code_used_at', UTCDateTime(), nullable=True),
        sa.Column('code_failed', sa.Integer(), nullable=False),
        sa.Column('code_locked_until', UTCDateTime(), nullable=True),
        sa.Column('lease', sa.Integer(), nullable=False),
        sa.Column('ruling', sa.JSON(), nullable=False),
        sa.Column('invited_by', sa.Integer(), nullable=True),
        sa.Column('invited_at', UTCDateTime(), nullable=False),
        sa.Column('withdrawn_at', UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(['centre_id'], ['organisation.id'], name=op.f('fk_observer_centre_id_organisation')),
        sa.ForeignKeyConstraint(['invited_by'], ['staff.id'], name=op.f('fk_observer_invited_by_staff')),
        sa.ForeignKeyConstraint(['room_sitting_id'], ['room_sitting.id'], name=op.f('fk_observer_room_sitting_id_room_sitting')),
        sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_observer_sitting_id_sitting')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_observer'))
    )
    op.create_index(op.f('ix_observer_sitting_id'), 'observer', ['sitting_id'], unique=False)
    op.create_table('observer_remark',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('observer_id', sa.Integer(), nullable=False),
        sa.Column('room_sitting_id', sa.Integer(), nullable=False),
        sa.Column('text', sa.String(length=1000), nullable=False),
        sa.Column('made_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['observer_id'], ['observer.id'], name=op.f('fk_observer_remark_observer_id_observer')),
        sa.ForeignKeyConstraint(['room_sitting_id'], ['room_sitting.id'], name=op.f('fk_observer_remark_room_sitting_id_room_sitting')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_observer_remark')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_observer_remark_room_sitting_id'), 'observer_remark', ['room_sitting_id'], unique=False)
    op.create_table('timetable',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('centre_id', sa.Integer(), nullable=False),
        sa.Column('lines', sa.JSON(), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('proposed_by', sa.Integer(), nullable=True),
        sa.Column('proposed_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['centre_id'], ['organisation.id'], name=op.f('fk_timetable_centre_id_organisation')),
        sa.ForeignKeyConstraint(['proposed_by'], ['staff.id'], name=op.f('fk_timetable_proposed_by_staff')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_timetable')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_timetable_centre_id'), 'timetable', ['centre_id'], unique=False)
    op.create_table('timetable_approval',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('timetable_id', sa.Integer(), nullable=False),
        sa.Column('order_no', sa.String(length=60), nullable=False),
        sa.Column('observers', sa.JSON(), nullable=False),
        sa.Column('ruling', sa.JSON(), nullable=False),
        sa.Column('approved_by', sa.Integer(), nullable=True),
        sa.Column('approved_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['approved_by'], ['staff.id'], name=op.f('fk_timetable_approval_approved_by_staff')),
        sa.ForeignKeyConstraint(['timetable_id'], ['timetable.id'], name=op.f('fk_timetable_approval_timetable_id_timetable')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_timetable_approval')),
        sa.UniqueConstraint('timetable_id', name=op.f('uq_timetable_approval_timetable_id')),
        info={'append_only': True}
    )
    op.create_table('desk_picture',
        sa.Column('identity_check_id', sa.Integer(), nullable=False),
        sa.Column('sealed', sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(['identity_check_id'], ['identity_check.id'], name=op.f('fk_desk_picture_identity_check_id_identity_check')),
        sa.PrimaryKeyConstraint('identity_check_id', name=op.f('pk_desk_picture'))
    )
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[0]:
            op.execute(statement)


def downgrade() -> None:
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[1]:
            op.execute(statement)
    op.drop_table('desk_picture')
    op.drop_table('timetable_approval')
    op.drop_index(op.f('ix_timetable_centre_id'), table_name='timetable')
    op.drop_table('timetable')
    op.drop_index(op.f('ix_observer_remark_room_sitting_id'), table_name='observer_remark')
    op.drop_table('observer_remark')
    op.drop_index(op.f('ix_observer_sitting_id'), table_name='observer')
    op.drop_table('observer')
