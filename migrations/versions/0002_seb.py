"""Safe Exam Browser: configurations of sittings, keys of the browser's versions, checks of sessions."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime, append_only_ddl

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = ("seb_check", "seb_configuration")


def upgrade() -> None:
    op.create_table('seb_configuration',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('sitting_id', sa.Integer(), nullable=False),
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.Column('origin', sa.String(length=200), nullable=False),
        sa.Column('settings', sa.LargeBinary(), nullable=False),
        sa.Column('config_key', sa.String(length=64), nullable=False),
        sa.Column('made_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_seb_configuration_sitting_id_sitting')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_seb_configuration')),
        sa.UniqueConstraint('sitting_id', 'revision', name=op.f('uq_seb_configuration_sitting_id_revision')),
        info={'append_only': True}
    )
    op.create_table('seb_exam_key',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('configuration_id', sa.Integer(), nullable=False),
        sa.Column('client', sa.String(length=60), nullable=False),
        sa.Column('exam_key', sa.String(length=64), nullable=False),
        sa.Column('added_at', UTCDateTime(), nullable=False),
        sa.Column('withdrawn_at', UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(['configuration_id'], ['seb_configuration.id'], name=op.f('fk_seb_exam_key_configuration_id_seb_configuration')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_seb_exam_key')),
        sa.UniqueConstraint('configuration_id', 'exam_key', name=op.f('uq_seb_exam_key_configuration_id_exam_key'))
    )
    op.create_table('seb_check',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('checked_at', UTCDateTime(), nullable=False),
        sa.Column('way', sa.String(length=10), nullable=True),
        sa.Column('fault', sa.String(length=20), nullable=True),
        sa.Column('url', sa.String(length=300), nullable=False),
        sa.Column('config_hash', sa.String(length=64), nullable=False),
        sa.Column('exam_hash', sa.String(length=64), nullable=False),
        sa.Column('client', sa.String(length=120), nullable=False),
        sa.Column('nonce', sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_seb_check_session_id_exam_session')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_seb_check')),
        sa.UniqueConstraint('nonce', name=op.f('uq_seb_check_nonce')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_seb_check_session_id'), 'seb_check', ['session_id'], unique=False)
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[0]:
            op.execute(statement)


def downgrade() -> None:
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[1]:
            op.execute(statement)
    op.drop_index(op.f('ix_seb_check_session_id'), table_name='seb_check')
    op.drop_table('seb_check')
    op.drop_table('seb_exam_key')
    op.drop_table('seb_configuration')
