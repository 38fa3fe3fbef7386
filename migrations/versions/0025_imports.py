"""Imports of items: files as they were uploaded, sealed, and what became of each item in them."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime, append_only_ddl

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('item_import',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('staff_id', sa.Integer(), nullable=False),
        sa.Column('subject', sa.String(length=40), nullable=False),
        sa.Column('area', sa.String(length=40), nullable=False),
        sa.Column('tier', sa.String(length=10), nullable=False),
        sa.Column('language', sa.String(length=2), nullable=False),
        sa.Column('data_key', sa.LargeBinary(), nullable=True),
        sa.Column('upload_sealed', sa.LargeBinary(), nullable=True),
        sa.Column('report_sealed', sa.LargeBinary(), nullable=True),
        sa.Column('received_at', UTCDateTime(), nullable=False),
        sa.Column('ended_at', UTCDateTime(), nullable=True),
        sa.CheckConstraint('(upload_sealed IS NULL) = (ended_at IS NOT NULL)', name=op.f('ck_item_import_upload')),
        sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_item_import_staff_id_staff')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_item_import'))
    )
    op.create_index(op.f('ix_item_import_staff_id'), 'item_import', ['staff_id'], unique=False)
    op.create_table('import_outcome',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('item_import_id', sa.Integer(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('manuscript_id', sa.Integer(), nullable=True),
        sa.Column('report_sealed', sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(['item_import_id'], ['item_import.id'], name=op.f('fk_import_outcome_item_import_id_item_import')),
        sa.ForeignKeyConstraint(['manuscript_id'], ['manuscript.id'], name=op.f('fk_import_outcome_manuscript_id_manuscript')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_import_outcome')),
        sa.UniqueConstraint('item_import_id', 'position', name=op.f('uq_import_outcome_item_import_id_position')),
        info={'append_only': True}
    )
    for statement in append_only_ddl("import_outcome", op.get_bind().dialect.name)[0]:
        op.execute(statement)


def downgrade() -> None:
    for statement in append_only_ddl("import_outcome", op.get_bind().dialect.name)[1]:
        op.execute(statement)
    op.drop_table('import_outcome')
    op.drop_index(op.f('ix_item_import_staff_id'), table_name='item_import')
    op.drop_table('item_import')
