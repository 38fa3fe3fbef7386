"""The written tasks of a pool: those that people mark, in the order in which every candidate gets them."""

import sqlalchemy as sa
from alembic import op

from server.core.db import append_only_ddl

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

APPEND_ONLY = ("pool_written",)


def upgrade() -> None:
    op.create_table('pool_written',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('pool_id', sa.Integer(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('item_version_id', sa.Integer(), nullable=False),
        sa.Column('key_version_id', sa.Integer(), nullable=False),
        sa.Column('tier', sa.String(length=10), nullable=False),
        sa.Column('area', sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(['item_version_id'], ['item_version.id'], name=op.f('fk_pool_written_item_version_id_item_version')),
        sa.ForeignKeyConstraint(['key_version_id'], ['key_version.id'], name=op.f('fk_pool_written_key_version_id_key_version')),
        sa.ForeignKeyConstraint(['pool_id'], ['pool.id'], name=op.f('fk_pool_written_pool_id_pool')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_pool_written')),
        sa.UniqueConstraint('pool_id', 'position', name=op.f('uq_pool_written_pool_id_position')),
        info={'append_only': True}
    )
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[0]:
            op.execute(statement)


def downgrade() -> None:
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[1]:
            op.execute(statement)
    op.drop_table('pool_written')
