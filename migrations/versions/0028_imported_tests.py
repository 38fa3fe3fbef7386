"""Tests of imported packages: the outline of each, sealed with the import that it came by."""

import sqlalchemy as sa
from alembic import op

from server.core.db import append_only_ddl

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('imported_test',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('item_import_id', sa.Integer(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('outline_sealed', sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(['item_import_id'], ['item_import.id'], name=op.f('fk_imported_test_item_import_id_item_import')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_imported_test')),
        sa.UniqueConstraint('item_import_id', 'position', name=op.f('uq_imported_test_item_import_id_position')),
        info={'append_only': True}
    )
    for statement in append_only_ddl("imported_test", op.get_bind().dialect.name)[0]:
        op.execute(statement)


def downgrade() -> None:
    for statement in append_only_ddl("imported_test", op.get_bind().dialect.name)[1]:
        op.execute(statement)
    op.drop_table('imported_test')
