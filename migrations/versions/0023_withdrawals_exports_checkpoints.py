"""Items withdrawn from every test, exports by two persons, and how far the journal was proved."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime, append_only_ddl

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

APPEND_ONLY = ("journal_checkpoint", "withdrawal")


def upgrade() -> None:
    op.create_table('journal_checkpoint',
        sa.Column('seq', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('entry_mac', sa.LargeBinary(length=32), nullable=False),
        sa.Column('proved_at', UTCDateTime(), nullable=False),
        sa.Column('mac', sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint('seq', name=op.f('pk_journal_checkpoint')),
        info={'append_only': True}
    )
    op.create_table('withdrawal',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('item_id', sa.Integer(), nullable=False),
        sa.Column('act', sa.String(length=32), nullable=False),
        sa.Column('cause', sa.String(length=20), nullable=False),
        sa.Column('reason', sa.String(length=500), nullable=False),
        sa.Column('leaked_at', UTCDateTime(), nullable=True),
        sa.Column('is_in_running', sa.Boolean(), nullable=False),
        sa.Column('may_rewrite', sa.Boolean(), nullable=False),
        sa.Column('lifts_id', sa.Integer(), nullable=True),
        sa.Column('withdrawn_at', UTCDateTime(), nullable=False),
        sa.Column('withdrawn_by', sa.String(length=60), nullable=False),
        sa.CheckConstraint("cause IN ('published', 'lost', 'told', 'suspected', 'faulty')", name=op.f('ck_withdrawal_cause')),
        sa.ForeignKeyConstraint(['item_id'], ['item.id'], name=op.f('fk_withdrawal_item_id_item')),
        sa.ForeignKeyConstraint(['lifts_id'], ['withdrawal.id'], name=op.f('fk_withdrawal_lifts_id_withdrawal')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_withdrawal')),
        sa.UniqueConstraint('lifts_id', name=op.f('uq_withdrawal_lifts_id')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_withdrawal_act'), 'withdrawal', ['act'], unique=False)
    op.create_index(op.f('ix_withdrawal_item_id'), 'withdrawal', ['item_id'], unique=False)
    op.create_table('export_request',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('format', sa.String(length=10), nullable=False),
        sa.Column('item_version_ids', sa.JSON(), nullable=False),
        sa.Column('terms', sa.JSON(), nullable=True),
        sa.Column('reason', sa.String(length=500), nullable=False),
        sa.Column('state', sa.String(length=20), nullable=False),
        sa.Column('asked_by_id', sa.Integer(), nullable=False),
        sa.Column('asked_at', UTCDateTime(), nullable=False),
        sa.Column('decided_by_id', sa.Integer(), nullable=True),
        sa.Column('decided_at', UTCDateTime(), nullable=True),
        sa.Column('decision', sa.String(length=500), nullable=True),
        sa.Column('until', UTCDateTime(), nullable=True),
        sa.Column('taken_at', UTCDateTime(), nullable=True),
        sa.Column('digest', sa.String(length=64), nullable=True),
        sa.Column('mark', sa.String(length=20), nullable=True),
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('asked', 'approved', 'refused', 'taken', 'lapsed')", name=op.f('ck_export_request_state')),
        sa.CheckConstraint('decided_by_id IS NULL OR decided_by_id <> asked_by_id', name=op.f('ck_export_request_two_persons')),
        sa.CheckConstraint("state NOT IN ('approved', 'taken', 'refused') OR decided_by_id IS NOT NULL", name=op.f('ck_export_request_decided')),
        sa.CheckConstraint("(state = 'taken') = (digest IS NOT NULL)", name=op.f('ck_export_request_digest')),
        sa.ForeignKeyConstraint(['asked_by_id'], ['staff.id'], name=op.f('fk_export_request_asked_by_id_staff')),
        sa.ForeignKeyConstraint(['decided_by_id'], ['staff.id'], name=op.f('fk_export_request_decided_by_id_staff')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_export_request'))
    )
    op.create_index(op.f('ix_export_request_asked_by_id'), 'export_request', ['asked_by_id'], unique=False)
    op.create_index(op.f('ix_export_request_state'), 'export_request', ['state'], unique=False)
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[0]:
            op.execute(statement)


def downgrade() -> None:
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[1]:
            op.execute(statement)
    for table in ("export_request", "withdrawal", "journal_checkpoint"):
        op.drop_table(table)
