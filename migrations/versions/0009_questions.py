"""Calls of candidates, the times a window was left, and the computers on which candidates signed in."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime, append_only_ddl

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

APPEND_ONLY = ("departure", "device")


def upgrade() -> None:
    op.create_table('call',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(length=36), nullable=False),
        sa.Column('kind', sa.String(length=40), nullable=False),
        sa.Column('words', sa.String(length=200), nullable=False),
        sa.Column('state', sa.String(length=20), nullable=False),
        sa.Column('asked_at', UTCDateTime(), nullable=False),
        sa.Column('closed_at', UTCDateTime(), nullable=True),
        sa.Column('version_id', sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('asked', 'taken', 'answered', 'closed')", name=op.f('ck_call_state')),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f('ck_call_closed_at')),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_call_session_id_exam_session')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_call')),
        sa.UniqueConstraint('session_id', 'key', name=op.f('uq_call_session_id_key'))
    )
    op.create_index('uq_call_open', 'call', ['session_id'], unique=True, sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
    op.create_table('departure',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(length=36), nullable=False),
        sa.Column('kind', sa.String(length=20), nullable=False),
        sa.Column('is_return', sa.Boolean(), nullable=False),
        sa.Column('at', UTCDateTime(), nullable=False),
        sa.Column('away_ms', sa.Integer(), nullable=False),
        sa.Column('heard_at', UTCDateTime(), nullable=False),
        sa.CheckConstraint("kind IN ('window', 'full_screen')", name=op.f('ck_departure_kind')),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_departure_session_id_exam_session')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_departure')),
        sa.UniqueConstraint('session_id', 'key', 'is_return', name=op.f('uq_departure_session_id_key_is_return')),
        info={'append_only': True}
    )
    op.create_table('device',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('lease', sa.Integer(), nullable=False),
        sa.Column('token_mac', sa.String(length=64), nullable=False),
        sa.Column('address', sa.String(length=45), nullable=False),
        sa.Column('browser', sa.String(length=200), nullable=False),
        sa.Column('seat', sa.String(length=20), nullable=True),
        sa.Column('seen_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_device_session_id_exam_session')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_device')),
        sa.UniqueConstraint('session_id', 'lease', name=op.f('uq_device_session_id_lease')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_device_token_mac'), 'device', ['token_mac'], unique=False)
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[0]:
            op.execute(statement)


def downgrade() -> None:
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[1]:
            op.execute(statement)
    op.drop_index(op.f('ix_device_token_mac'), table_name='device')
    op.drop_table('device')
    op.drop_table('departure')
    op.drop_index('uq_call_open', table_name='call', sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
    op.drop_table('call')
