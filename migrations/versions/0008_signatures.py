"""PINs of staff, signatures under documents, protocols with their corrections (DC-15), rooms handed over."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime, append_only_ddl

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

APPEND_ONLY = ("protocol", "room_handover", "signature")


def upgrade() -> None:
    op.create_table('staff_pin',
        sa.Column('staff_id', sa.Integer(), nullable=False),
        sa.Column('pin_hash', sa.String(length=200), nullable=False),
        sa.Column('set_at', UTCDateTime(), nullable=False),
        sa.Column('failed', sa.Integer(), nullable=False),
        sa.Column('locked_until', UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_staff_pin_staff_id_staff')),
        sa.PrimaryKeyConstraint('staff_id', name=op.f('pk_staff_pin'))
    )
    op.create_table('signature',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('subject', sa.String(length=80), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('role', sa.String(length=40), nullable=False),
        sa.Column('staff_id', sa.Integer(), nullable=True),
        sa.Column('name', sa.String(length=120), nullable=False),
        sa.Column('position', sa.String(length=120), nullable=False),
        sa.Column('signed_at', UTCDateTime(), nullable=False),
        sa.Column('console_of', sa.String(length=60), nullable=False),
        sa.Column('mac', sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_signature_staff_id_staff')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_signature')),
        sa.UniqueConstraint('subject', 'digest', 'staff_id', name=op.f('uq_signature_subject_digest_staff_id')),
        info={'append_only': True}
    )
    op.create_table('protocol',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('irregularity_id', sa.Integer(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('supersedes_id', sa.Integer(), nullable=True),
        sa.Column('reason', sa.String(length=500), nullable=False),
        sa.Column('facts', sa.JSON(), nullable=False),
        sa.Column('narrative', sa.Text(), nullable=False),
        sa.Column('witnesses', sa.JSON(), nullable=False),
        sa.Column('is_statement_asked', sa.Boolean(), nullable=False),
        sa.Column('statement', sa.Text(), nullable=False),
        sa.Column('ruling', sa.JSON(), nullable=False),
        sa.Column('written_by', sa.Integer(), nullable=False),
        sa.Column('written_at', UTCDateTime(), nullable=False),
        sa.CheckConstraint("(version = 1) = (supersedes_id IS NULL)", name=op.f('ck_protocol_supersedes')),
        sa.ForeignKeyConstraint(['irregularity_id'], ['irregularity.id'], name=op.f('fk_protocol_irregularity_id_irregularity')),
        sa.ForeignKeyConstraint(['supersedes_id'], ['protocol.id'], name=op.f('fk_protocol_supersedes_id_protocol')),
        sa.ForeignKeyConstraint(['written_by'], ['staff.id'], name=op.f('fk_protocol_written_by_staff')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_protocol')),
        sa.UniqueConstraint('irregularity_id', 'version', name=op.f('uq_protocol_irregularity_id_version')),
        info={'append_only': True}
    )
    op.create_table('room_handover',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('room_sitting_id', sa.Integer(), nullable=False),
        sa.Column('giver_id', sa.Integer(), nullable=False),
        sa.Column('taker_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(length=20), nullable=False),
        sa.Column('standing', sa.JSON(), nullable=False),
        sa.Column('notes', sa.String(length=1000), nullable=False),
        sa.Column('handed_at', UTCDateTime(), nullable=False),
        sa.CheckConstraint("kind IN ('temporary', 'final')", name=op.f('ck_room_handover_kind')),
        sa.ForeignKeyConstraint(['giver_id'], ['staff.id'], name=op.f('fk_room_handover_giver_id_staff')),
        sa.ForeignKeyConstraint(['room_sitting_id'], ['room_sitting.id'], name=op.f('fk_room_handover_room_sitting_id_room_sitting')),
        sa.ForeignKeyConstraint(['taker_id'], ['staff.id'], name=op.f('fk_room_handover_taker_id_staff')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_room_handover')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_room_handover_room_sitting_id'), 'room_handover', ['room_sitting_id'], unique=False)
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[0]:
            op.execute(statement)


def downgrade() -> None:
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[1]:
            op.execute(statement)
    op.drop_index(op.f('ix_room_handover_room_sitting_id'), table_name='room_handover')
    op.drop_table('room_handover')
    op.drop_table('protocol')
    op.drop_table('signature')
    op.drop_table('staff_pin')
