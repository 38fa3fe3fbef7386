"""What stands beside an item's words: the files of its figures, sealed with it."""

import sqlalchemy as sa
from alembic import op

from server.core.db import append_only_ddl

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

APPEND_ONLY = ("item_media",)


def upgrade() -> None:
    op.create_table('item_media',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('item_version_id', sa.Integer(), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('sealed', sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(['item_version_id'], ['item_version.id'], name=op.f('fk_item_media_item_version_id_item_version')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_item_media')),
        sa.UniqueConstraint('item_version_id', 'digest', name=op.f('uq_item_media_item_version_id_digest')),
        info={'append_only': True}
    )
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[0]:
            op.execute(statement)


def downgrade() -> None:
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[1]:
            op.execute(statement)
    op.drop_table('item_media')
