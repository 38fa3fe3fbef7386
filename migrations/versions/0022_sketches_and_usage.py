"""Sketches by which texts that say nearly the same are found, and how often item versions were given."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('item_sketch',
        sa.Column('manuscript_id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('language', sa.String(length=2), nullable=False),
        sa.Column('least', sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(['manuscript_id'], ['manuscript.id'], name=op.f('fk_item_sketch_manuscript_id_manuscript')),
        sa.PrimaryKeyConstraint('manuscript_id', 'language', name=op.f('pk_item_sketch'))
    )
    op.create_table('item_usage',
        sa.Column('item_version_id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('n_given', sa.Integer(), nullable=False),
        sa.Column('last_given_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['item_version_id'], ['item_version.id'], name=op.f('fk_item_usage_item_version_id_item_version')),
        sa.PrimaryKeyConstraint('item_version_id', name=op.f('pk_item_usage'))
    )
    op.create_table('usage_mark',
        sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('counted_to', UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_usage_mark'))
    )


def downgrade() -> None:
    op.drop_table('usage_mark')
    op.drop_table('item_usage')
    op.drop_table('item_sketch')
