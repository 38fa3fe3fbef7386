"""Plans by which items are tried out in tests, the sittings that do so, and the answers expected of them."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime, append_only_ddl

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

APPEND_ONLY = ("pretest_item", "pretest_plan", "pretest_stop", "sitting_pretest")


def upgrade() -> None:
    op.create_table('pretest_plan',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('pool_id', sa.Integer(), nullable=False),
        sa.Column('subject', sa.String(length=40), nullable=False),
        sa.Column('per_candidate', sa.Integer(), nullable=False),
        sa.Column('first', sa.Integer(), nullable=False),
        sa.Column('last', sa.Integer(), nullable=False),
        sa.Column('apart', sa.Integer(), nullable=False),
        sa.Column('is_near', sa.Boolean(), nullable=False),
        sa.Column('needed', sa.JSON(), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('proof', sa.JSON(), nullable=False),
        sa.Column('made_at', UTCDateTime(), nullable=False),
        sa.Column('made_by', sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(['pool_id'], ['pool.id'], name=op.f('fk_pretest_plan_pool_id_pool')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_pretest_plan')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_pretest_plan_pool_id'), 'pretest_plan', ['pool_id'], unique=False)
    op.create_table('pretest_item',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('plan_id', sa.Integer(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('item_version_id', sa.Integer(), nullable=False),
        sa.Column('key_version_id', sa.Integer(), nullable=False),
        sa.Column('tier', sa.String(length=10), nullable=False),
        sa.Column('area', sa.String(length=40), nullable=False),
        sa.Column('family', sa.String(length=40), nullable=True),
        sa.Column('passage', sa.String(length=40), nullable=True),
        sa.Column('b_guess', sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(['item_version_id'], ['item_version.id'], name=op.f('fk_pretest_item_item_version_id_item_version')),
        sa.ForeignKeyConstraint(['key_version_id'], ['key_version.id'], name=op.f('fk_pretest_item_key_version_id_key_version')),
        sa.ForeignKeyConstraint(['plan_id'], ['pretest_plan.id'], name=op.f('fk_pretest_item_plan_id_pretest_plan')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_pretest_item')),
        sa.UniqueConstraint('plan_id', 'item_version_id', name=op.f('uq_pretest_item_plan_id_item_version_id')),
        sa.UniqueConstraint('plan_id', 'position', name=op.f('uq_pretest_item_plan_id_position')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_pretest_item_item_version_id'), 'pretest_item', ['item_version_id'], unique=False)
    op.create_table('pretest_stop',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('plan_id', sa.Integer(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=True),
        sa.Column('reason', sa.String(length=300), nullable=False),
        sa.Column('stopped_at', UTCDateTime(), nullable=False),
        sa.Column('stopped_by', sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(['plan_id'], ['pretest_plan.id'], name=op.f('fk_pretest_stop_plan_id_pretest_plan')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_pretest_stop')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_pretest_stop_plan_id'), 'pretest_stop', ['plan_id'], unique=False)
    op.create_table('sitting_pretest',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('sitting_id', sa.Integer(), nullable=False),
        sa.Column('subject', sa.String(length=40), nullable=False),
        sa.Column('plan_id', sa.Integer(), nullable=True),
        sa.Column('decided_at', UTCDateTime(), nullable=False),
        sa.Column('decided_by', sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(['plan_id'], ['pretest_plan.id'], name=op.f('fk_sitting_pretest_plan_id_pretest_plan')),
        sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_sitting_pretest_sitting_id_sitting')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sitting_pretest')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_sitting_pretest_plan_id'), 'sitting_pretest', ['plan_id'], unique=False)
    op.create_index(op.f('ix_sitting_pretest_sitting_id'), 'sitting_pretest', ['sitting_id'], unique=False)
    op.create_table('pretest_count',
        sa.Column('plan_id', sa.Integer(), nullable=False),
        sa.Column('language', sa.String(length=2), nullable=False),
        sa.Column('expected', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(['plan_id'], ['pretest_plan.id'], name=op.f('fk_pretest_count_plan_id_pretest_plan')),
        sa.PrimaryKeyConstraint('plan_id', 'language', name=op.f('pk_pretest_count'))
    )
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[0]:
            op.execute(statement)


def downgrade() -> None:
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[1]:
            op.execute(statement)
    op.drop_table('pretest_count')
    op.drop_table('sitting_pretest')
    op.drop_table('pretest_stop')
    op.drop_table('pretest_item')
    op.drop_table('pretest_plan')
