"""Written work, its markers and the marks they gave."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime, append_only_ddl

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

APPEND_ONLY = ('marking_task', 'marker_call', 'marking_draw', 'written_work', 'unmarked_session', 'allotment', 'given_back', 'mark')


def upgrade() -> None:
    op.create_table('marking',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('sitting_id', sa.Integer(), nullable=False),
        sa.Column('due_at', UTCDateTime(), nullable=False),
        sa.Column('data_key', sa.LargeBinary(), nullable=False),
        sa.Column('opened_by_id', sa.Integer(), nullable=False),
        sa.Column('opened_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['opened_by_id'], ['staff.id'], name=op.f('fk_marking_opened_by_id_staff')),
        sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_marking_sitting_id_sitting')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_marking')),
        sa.UniqueConstraint('sitting_id', name=op.f('uq_marking_sitting_id'))
    )
    op.create_table('marker_call',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('marking_id', sa.Integer(), nullable=False),
        sa.Column('staff_id', sa.Integer(), nullable=False),
        sa.Column('subjects', sa.JSON(), nullable=False),
        sa.Column('languages', sa.JSON(), nullable=False),
        sa.Column('is_called', sa.Boolean(), nullable=False),
        sa.Column('called_by_id', sa.Integer(), nullable=False),
        sa.Column('called_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['called_by_id'], ['staff.id'], name=op.f('fk_marker_call_called_by_id_staff')),
        sa.ForeignKeyConstraint(['marking_id'], ['marking.id'], name=op.f('fk_marker_call_marking_id_marking')),
        sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_marker_call_staff_id_staff')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_marker_call')),
        info={'append_only': True}
    )
    op.create_index('ix_marker_call_marking_id_staff_id', 'marker_call', ['marking_id', 'staff_id'], unique=False)
    op.create_table('marking_draw',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('marking_id', sa.Integer(), nullable=False),
        sa.Column('seed', sa.BigInteger(), nullable=False),
        sa.Column('n_works', sa.Integer(), nullable=False),
        sa.Column('loads', sa.JSON(), nullable=False),
        sa.Column('drawn_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['marking_id'], ['marking.id'], name=op.f('fk_marking_draw_marking_id_marking')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_marking_draw')),
        info={'append_only': True}
    )
    op.create_index('ix_marking_draw_marking_id', 'marking_draw', ['marking_id'], unique=False)
    op.create_table('marking_task',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('marking_id', sa.Integer(), nullable=False),
        sa.Column('subject', sa.String(length=40), nullable=False),
        sa.Column('pool_id', sa.Integer(), nullable=False),
        sa.Column('item_index', sa.Integer(), nullable=False),
        sa.Column('item_version_id', sa.Integer(), nullable=False),
        sa.Column('maximum', sa.Integer(), nullable=False),
        sa.CheckConstraint('maximum > 0', name=op.f('ck_marking_task_maximum')),
        sa.ForeignKeyConstraint(['item_version_id'], ['item_version.id'], name=op.f('fk_marking_task_item_version_id_item_version')),
        sa.ForeignKeyConstraint(['marking_id'], ['marking.id'], name=op.f('fk_marking_task_marking_id_marking')),
        sa.ForeignKeyConstraint(['pool_id'], ['pool.id'], name=op.f('fk_marking_task_pool_id_pool')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_marking_task')),
        sa.UniqueConstraint('marking_id', 'item_version_id', name=op.f('uq_marking_task_marking_id_item_version_id')),
        info={'append_only': True}
    )
    op.create_table('unmarked_session',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('marking_id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('code', sa.String(length=40), nullable=False),
        sa.Column('ruling', sa.JSON(), nullable=False),
        sa.Column('found_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['marking_id'], ['marking.id'], name=op.f('fk_unmarked_session_marking_id_marking')),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_unmarked_session_session_id_exam_session')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_unmarked_session')),
        sa.UniqueConstraint('marking_id', 'session_id', 'code', name=op.f('uq_unmarked_session_marking_id_session_id_code')),
        info={'append_only': True}
    )
    op.create_table('written_work',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('marking_id', sa.Integer(), nullable=False),
        sa.Column('task_id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('section_id', sa.Integer(), nullable=False),
        sa.Column('seq', sa.Integer(), nullable=False),
        sa.Column('language', sa.String(length=2), nullable=False),
        sa.Column('ref', sa.String(length=32), nullable=False),
        sa.Column('taken_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['marking_id'], ['marking.id'], name=op.f('fk_written_work_marking_id_marking')),
        sa.ForeignKeyConstraint(['section_id'], ['section.id'], name=op.f('fk_written_work_section_id_section')),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_written_work_session_id_exam_session')),
        sa.ForeignKeyConstraint(['task_id'], ['marking_task.id'], name=op.f('fk_written_work_task_id_marking_task')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_written_work')),
        sa.UniqueConstraint('ref', name=op.f('uq_written_work_ref')),
        sa.UniqueConstraint('section_id', 'seq', name=op.f('uq_written_work_section_id_seq')),
        info={'append_only': True}
    )
    op.create_index('ix_written_work_marking_id', 'written_work', ['marking_id'], unique=False)
    op.create_index('ix_written_work_session_id', 'written_work', ['session_id'], unique=False)
    op.create_table('allotment',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('draw_id', sa.Integer(), nullable=False),
        sa.Column('work_id', sa.Integer(), nullable=False),
        sa.Column('staff_id', sa.Integer(), nullable=False),
        sa.Column('turn', sa.Integer(), nullable=False),
        sa.Column('supersedes_id', sa.Integer(), nullable=True),
        sa.CheckConstraint('turn BETWEEN 1 AND 3', name=op.f('ck_allotment_turn')),
        sa.ForeignKeyConstraint(['draw_id'], ['marking_draw.id'], name=op.f('fk_allotment_draw_id_marking_draw')),
        sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_allotment_staff_id_staff')),
        sa.ForeignKeyConstraint(['supersedes_id'], ['allotment.id'], name=op.f('fk_allotment_supersedes_id_allotment')),
        sa.ForeignKeyConstraint(['work_id'], ['written_work.id'], name=op.f('fk_allotment_work_id_written_work')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_allotment')),
        sa.UniqueConstraint('supersedes_id', name=op.f('uq_allotment_supersedes_id')),
        sa.UniqueConstraint('work_id', 'staff_id', name=op.f('uq_allotment_work_id_staff_id')),
        info={'append_only': True}
    )
    op.create_index('ix_allotment_staff_id', 'allotment', ['staff_id'], unique=False)
    op.create_index('uq_allotment_first', 'allotment', ['work_id', 'turn'], unique=True, sqlite_where=sa.text('supersedes_id IS NULL'), postgresql_where=sa.text('supersedes_id IS NULL'))
    op.create_table('given_back',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('allotment_id', sa.Integer(), nullable=False),
        sa.Column('reason', sa.String(length=40), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False),
        sa.Column('given_back_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['allotment_id'], ['allotment.id'], name=op.f('fk_given_back_allotment_id_allotment')),
        sa.ForeignKeyConstraint(['by_id'], ['staff.id'], name=op.f('fk_given_back_by_id_staff')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_given_back')),
        sa.UniqueConstraint('allotment_id', name=op.f('uq_given_back_allotment_id')),
        info={'append_only': True}
    )
    op.create_table('mark',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('work_id', sa.Integer(), nullable=False),
        sa.Column('allotment_id', sa.Integer(), nullable=True),
        sa.Column('source', sa.String(length=10), nullable=False),
        sa.Column('points', sa.String(length=8), nullable=False),
        sa.Column('note_sealed', sa.LargeBinary(), nullable=True),
        sa.Column('because', sa.String(length=200), nullable=True),
        sa.Column('spent_ms', sa.Integer(), nullable=True),
        sa.Column('key', sa.String(length=36), nullable=False),
        sa.Column('by', sa.String(length=60), nullable=False),
        sa.Column('supersedes_id', sa.Integer(), nullable=True),
        sa.Column('made_at', UTCDateTime(), nullable=False),
        sa.CheckConstraint("(source = 'appeal') = (because IS NOT NULL)", name=op.f('ck_mark_because')),
        sa.CheckConstraint("(source = 'marker') = (allotment_id IS NOT NULL)", name=op.f('ck_mark_allotment_id')),
        sa.CheckConstraint("source IN ('marker', 'appeal')", name=op.f('ck_mark_source')),
        sa.ForeignKeyConstraint(['allotment_id'], ['allotment.id'], name=op.f('fk_mark_allotment_id_allotment')),
        sa.ForeignKeyConstraint(['supersedes_id'], ['mark.id'], name=op.f('fk_mark_supersedes_id_mark')),
        sa.ForeignKeyConstraint(['work_id'], ['written_work.id'], name=op.f('fk_mark_work_id_written_work')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_mark')),
        sa.UniqueConstraint('supersedes_id', name=op.f('uq_mark_supersedes_id')),
        sa.UniqueConstraint('work_id', 'key', name=op.f('uq_mark_work_id_key')),
        info={'append_only': True}
    )
    op.create_index('uq_mark_first', 'mark', ['allotment_id'], unique=True, sqlite_where=sa.text('supersedes_id IS NULL'), postgresql_where=sa.text('supersedes_id IS NULL'))
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[0]:
            op.execute(statement)


def downgrade() -> None:
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[1]:
            op.execute(statement)
    op.drop_table('mark')
    op.drop_table('given_back')
    op.drop_table('allotment')
    op.drop_table('written_work')
    op.drop_table('unmarked_session')
    op.drop_table('marking_task')
    op.drop_table('marking_draw')
    op.drop_table('marker_call')
    op.drop_table('marking')
