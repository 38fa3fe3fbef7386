"""Accommodations by decision; silences, incidents of a room, and the time given back for what they took."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime, append_only_ddl

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

APPEND_ONLY = ("accommodation", "time_grant", "silence", "incident", "incident_end")
INDEXES = (("accommodation", "registration_id"), ("time_grant", "session_id"), ("silence", "session_id"),
           ("incident", "room_sitting_id"))  # fmt: skip


def upgrade() -> None:
    op.create_table('accommodation',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('registration_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(length=40), nullable=False),
        sa.Column('effect', sa.String(length=20), nullable=False),
        sa.Column('extent', sa.Integer(), nullable=False),
        sa.Column('order_number', sa.String(length=60), nullable=False),
        sa.Column('evidence', sa.String(length=300), nullable=False),
        sa.Column('decided_by', sa.String(length=120), nullable=False),
        sa.Column('decided_on', sa.Date(), nullable=False),
        sa.Column('ruling', sa.JSON(), nullable=False),
        sa.Column('is_withdrawn', sa.Boolean(), nullable=False),
        sa.Column('supersedes_id', sa.Integer(), nullable=True),
        sa.Column('recorded_by', sa.Integer(), nullable=True),
        sa.Column('recorded_at', UTCDateTime(), nullable=False),
        sa.CheckConstraint('supersedes_id IS NOT NULL OR NOT is_withdrawn', name=op.f('ck_accommodation_withdrawn')),
        sa.ForeignKeyConstraint(['recorded_by'], ['staff.id'], name=op.f('fk_accommodation_recorded_by_staff')),
        sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_accommodation_registration_id_registration')),
        sa.ForeignKeyConstraint(['supersedes_id'], ['accommodation.id'], name=op.f('fk_accommodation_supersedes_id_accommodation')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_accommodation')),
        sa.UniqueConstraint('supersedes_id', name=op.f('uq_accommodation_supersedes_id')),
        info={'append_only': True}
    )
    op.create_table('time_grant',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('section_id', sa.Integer(), nullable=True),
        sa.Column('given_s', sa.Integer(), nullable=False),
        sa.Column('lost_s', sa.Integer(), nullable=False),
        sa.Column('reason', sa.String(length=500), nullable=False),
        sa.Column('act', sa.String(length=60), nullable=False),
        sa.Column('ruling', sa.JSON(), nullable=False),
        sa.Column('given_by', sa.String(length=60), nullable=False),
        sa.Column('given_at', UTCDateTime(), nullable=False),
        sa.CheckConstraint('given_s > 0', name=op.f('ck_time_grant_given_s')),
        sa.ForeignKeyConstraint(['section_id'], ['section.id'], name=op.f('fk_time_grant_section_id_section')),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_time_grant_session_id_exam_session')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_time_grant')),
        info={'append_only': True}
    )
    op.create_table('silence',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('began_at', UTCDateTime(), nullable=False),
        sa.Column('ended_at', UTCDateTime(), nullable=False),
        sa.CheckConstraint('began_at < ended_at', name=op.f('ck_silence_range')),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_silence_session_id_exam_session')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_silence')),
        info={'append_only': True}
    )
    op.create_table('incident',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('room_sitting_id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=True),
        sa.Column('kind', sa.String(length=40), nullable=False),
        sa.Column('text', sa.String(length=500), nullable=False),
        sa.Column('began_at', UTCDateTime(), nullable=False),
        sa.Column('n_affected', sa.Integer(), nullable=False),
        sa.Column('written_by', sa.String(length=60), nullable=False),
        sa.Column('written_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['room_sitting_id'], ['room_sitting.id'], name=op.f('fk_incident_room_sitting_id_room_sitting')),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_incident_session_id_exam_session')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_incident')),
        info={'append_only': True}
    )
    op.create_table('incident_end',
        sa.Column('incident_id', sa.Integer(), nullable=False),
        sa.Column('ended_at', UTCDateTime(), nullable=False),
        sa.Column('given_s', sa.Integer(), nullable=False),
        sa.Column('n_given', sa.Integer(), nullable=False),
        sa.Column('ended_by', sa.String(length=60), nullable=False),
        sa.CheckConstraint('(n_given = 0) = (given_s = 0)', name=op.f('ck_incident_end_given')),
        sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], name=op.f('fk_incident_end_incident_id_incident')),
        sa.PrimaryKeyConstraint('incident_id', name=op.f('pk_incident_end')),
        info={'append_only': True}
    )
    for table, column in INDEXES:
        op.create_index(op.f(f'ix_{table}_{column}'), table, [column], unique=False)
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[0]:
            op.execute(statement)


def downgrade() -> None:
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[1]:
            op.execute(statement)
    for table, column in INDEXES:
        op.drop_index(op.f(f'ix_{table}_{column}'), table_name=table)
    for table in ("incident_end", "incident", "silence", "time_grant", "accommodation"):
        op.drop_table(table)
