"""Manuscripts of items with their texts and files, their readings, and the commission's sessions and decisions."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime, append_only_ddl

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

APPEND_ONLY = ("manuscript_media", "manuscript_text", "review_comment")


def upgrade() -> None:
    op.create_table('commission_session',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('subject', sa.String(length=40), nullable=False),
        sa.Column('held_on', sa.Date(), nullable=False),
        sa.Column('order_no', sa.String(length=60), nullable=False),
        sa.Column('members', sa.JSON(), nullable=False),
        sa.Column('chair_id', sa.Integer(), nullable=False),
        sa.Column('state', sa.String(length=20), nullable=False),
        sa.Column('data_key', sa.LargeBinary(), nullable=False),
        sa.Column('minutes_sealed', sa.LargeBinary(), nullable=True),
        sa.Column('opened_at', UTCDateTime(), nullable=False),
        sa.Column('opened_by', sa.String(length=60), nullable=False),
        sa.Column('closed_at', UTCDateTime(), nullable=True),
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.CheckConstraint("state = 'annulled' OR (state = 'open') = (closed_at IS NULL)", name=op.f('ck_commission_session_closed_at')),
        sa.CheckConstraint("(minutes_sealed IS NULL) = (closed_at IS NULL)", name=op.f('ck_commission_session_minutes_sealed')),
        sa.CheckConstraint("state IN ('open', 'closed', 'in_force', 'annulled')", name=op.f('ck_commission_session_state')),
        sa.ForeignKeyConstraint(['chair_id'], ['staff.id'], name=op.f('fk_commission_session_chair_id_staff')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_commission_session'))
    )
    op.create_table('manuscript',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('item_id', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('state', sa.String(length=20), nullable=False),
        sa.Column('author_id', sa.Integer(), nullable=True),
        sa.Column('origin', sa.String(length=2), nullable=False),
        sa.Column('languages', sa.JSON(), nullable=False),
        sa.Column('stale', sa.JSON(), nullable=False),
        sa.Column('data_key', sa.LargeBinary(), nullable=True),
        sa.Column('source_sealed', sa.LargeBinary(), nullable=True),
        sa.Column('item_version_id', sa.Integer(), nullable=True),
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.Column('saved_at', UTCDateTime(), nullable=False),
        sa.Column('saved_by', sa.String(length=60), nullable=False),
        sa.CheckConstraint("item_version_id IS NOT NULL OR state IN ('draft', 'content_review', 'language_review', 'retired')", name=op.f('ck_manuscript_item_version_id')),
        sa.CheckConstraint("state IN ('draft', 'content_review', 'language_review', 'pretest', 'calibrated', 'approved', 'in_use', 'resting', 'retired')", name=op.f('ck_manuscript_state')),
        sa.CheckConstraint('(source_sealed IS NULL) = (item_version_id IS NOT NULL)', name=op.f('ck_manuscript_source')),
        sa.ForeignKeyConstraint(['author_id'], ['staff.id'], name=op.f('fk_manuscript_author_id_staff')),
        sa.ForeignKeyConstraint(['item_id'], ['item.id'], name=op.f('fk_manuscript_item_id_item')),
        sa.ForeignKeyConstraint(['item_version_id'], ['item_version.id'], name=op.f('fk_manuscript_item_version_id_item_version')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_manuscript')),
        sa.UniqueConstraint('item_id', 'number', name=op.f('uq_manuscript_item_id_number')),
        sa.UniqueConstraint('item_version_id', name=op.f('uq_manuscript_item_version_id'))
    )
    op.create_index(op.f('ix_manuscript_author_id'), 'manuscript', ['author_id'], unique=False)
    op.create_index(op.f('ix_manuscript_state'), 'manuscript', ['state'], unique=False)
    op.create_table('commission_decision',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('commission_session_id', sa.Integer(), nullable=False),
        sa.Column('manuscript_id', sa.Integer(), nullable=False),
        sa.Column('added_at', UTCDateTime(), nullable=False),
        sa.Column('verdict', sa.String(length=10), nullable=True),
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.CheckConstraint("verdict IN ('approve', 'rework', 'rest', 'wake', 'retire')", name=op.f('ck_commission_decision_verdict')),
        sa.ForeignKeyConstraint(['commission_session_id'], ['commission_session.id'], name=op.f('fk_commission_decision_commission_session_id_commission_session')),
        sa.ForeignKeyConstraint(['manuscript_id'], ['manuscript.id'], name=op.f('fk_commission_decision_manuscript_id_manuscript')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_commission_decision')),
        sa.UniqueConstraint('commission_session_id', 'manuscript_id', name=op.f('uq_commission_decision_commission_session_id_manuscript_id'))
    )
    op.create_index(op.f('ix_commission_decision_manuscript_id'), 'commission_decision', ['manuscript_id'], unique=False)
    op.create_table('manuscript_media',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('manuscript_id', sa.Integer(), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('sealed', sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(['manuscript_id'], ['manuscript.id'], name=op.f('fk_manuscript_media_manuscript_id_manuscript')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_manuscript_media')),
        sa.UniqueConstraint('manuscript_id', 'digest', name=op.f('uq_manuscript_media_manuscript_id_digest')),
        info={'append_only': True}
    )
    op.create_table('manuscript_text',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('manuscript_id', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('source_sealed', sa.LargeBinary(), nullable=False),
        sa.Column('stage', sa.String(length=20), nullable=False),
        sa.Column('saved_at', UTCDateTime(), nullable=False),
        sa.Column('saved_by', sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(['manuscript_id'], ['manuscript.id'], name=op.f('fk_manuscript_text_manuscript_id_manuscript')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_manuscript_text')),
        sa.UniqueConstraint('manuscript_id', 'number', name=op.f('uq_manuscript_text_manuscript_id_number')),
        info={'append_only': True}
    )
    op.create_table('review',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('manuscript_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(length=10), nullable=False),
        sa.Column('language', sa.String(length=2), nullable=True),
        sa.Column('text_number', sa.Integer(), nullable=False),
        sa.Column('reviewer_id', sa.Integer(), nullable=True),
        sa.Column('assigned_at', UTCDateTime(), nullable=False),
        sa.Column('assigned_by', sa.String(length=60), nullable=False),
        sa.Column('due_on', sa.Date(), nullable=False),
        sa.Column('verdict', sa.String(length=10), nullable=True),
        sa.Column('checked', sa.JSON(), nullable=True),
        sa.Column('decided_at', UTCDateTime(), nullable=True),
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.CheckConstraint("(kind = 'language') = (language IS NOT NULL)", name=op.f('ck_review_language')),
        sa.CheckConstraint("kind IN ('content', 'language')", name=op.f('ck_review_kind')),
        sa.CheckConstraint("verdict IN ('pass', 'mended', 'return', 'overtaken')", name=op.f('ck_review_verdict')),
        sa.CheckConstraint('(verdict IS NULL) = (decided_at IS NULL)', name=op.f('ck_review_decided_at')),
        sa.ForeignKeyConstraint(['manuscript_id'], ['manuscript.id'], name=op.f('fk_review_manuscript_id_manuscript')),
        sa.ForeignKeyConstraint(['reviewer_id'], ['staff.id'], name=op.f('fk_review_reviewer_id_staff')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_review'))
    )
    op.create_index(op.f('ix_review_manuscript_id'), 'review', ['manuscript_id'], unique=False)
    op.create_index(op.f('ix_review_reviewer_id'), 'review', ['reviewer_id'], unique=False)
    op.create_table('review_comment',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('manuscript_id', sa.Integer(), nullable=False),
        sa.Column('review_id', sa.Integer(), nullable=True),
        sa.Column('answers_id', sa.Integer(), nullable=True),
        sa.Column('anchor', sa.String(length=60), nullable=False),
        sa.Column('is_settling', sa.Boolean(), nullable=False),
        sa.Column('place', sa.String(length=80), nullable=False),
        sa.Column('body_sealed', sa.LargeBinary(), nullable=False),
        sa.Column('written_at', UTCDateTime(), nullable=False),
        sa.Column('author_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['answers_id'], ['review_comment.id'], name=op.f('fk_review_comment_answers_id_review_comment')),
        sa.ForeignKeyConstraint(['author_id'], ['staff.id'], name=op.f('fk_review_comment_author_id_staff')),
        sa.ForeignKeyConstraint(['manuscript_id'], ['manuscript.id'], name=op.f('fk_review_comment_manuscript_id_manuscript')),
        sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_review_comment_review_id_review')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_review_comment')),
        sa.UniqueConstraint('place', name=op.f('uq_review_comment_place')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_review_comment_manuscript_id'), 'review_comment', ['manuscript_id'], unique=False)

    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[0]:
            op.execute(statement)


def downgrade() -> None:
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[1]:
            op.execute(statement)
    for table in (
        "review_comment", "review", "manuscript_text", "manuscript_media", "commission_decision", "manuscript",
        "commission_session",
    ):
        op.drop_table(table)
