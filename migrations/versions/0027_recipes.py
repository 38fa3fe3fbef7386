"""Recipes of items, sealed."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('item_recipe',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('code', sa.String(length=40), nullable=False),
        sa.Column('subject', sa.String(length=40), nullable=False),
        sa.Column('author_id', sa.Integer(), nullable=False),
        sa.Column('n_made', sa.Integer(), nullable=False),
        sa.Column('data_key', sa.LargeBinary(), nullable=False),
        sa.Column('source_sealed', sa.LargeBinary(), nullable=False),
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.Column('saved_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['author_id'], ['staff.id'], name=op.f('fk_item_recipe_author_id_staff')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_item_recipe')),
        sa.UniqueConstraint('code', name=op.f('uq_item_recipe_code'))
    )
    op.create_index(op.f('ix_item_recipe_author_id'), 'item_recipe', ['author_id'], unique=False)


def downgrade() -> None:
    op.drop_table('item_recipe')
