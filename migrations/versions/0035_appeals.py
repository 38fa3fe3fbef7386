"""The appeals commission, appeals, hearings, votes, decisions and final lists."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime, append_only_ddl

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "appeal_commission",
    "appeal_list",
    "appeal_presence",
    "appeal_interest",
    "appeal_motion",
    "appeal_notice",
    "appeal_protocol",
    "appeal_task",
    "appeal_vote",
    "appeal_decision",
    "appeal_correction",
)
TABLES = (
    "appeal_commission",
    "appeal_hearing",
    "appeal_list",
    "appeal_presence",
    "appeal",
    "appeal_interest",
    "appeal_motion",
    "appeal_notice",
    "appeal_protocol",
    "appeal_task",
    "appeal_vote",
    "appeal_decision",
    "appeal_correction",
)


def upgrade() -> None:
    op.create_table('appeal_commission',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('programme_id', sa.Integer(), nullable=False),
        sa.Column('order_no', sa.String(length=60), nullable=False),
        sa.Column('ordered_on', sa.Date(), nullable=False),
        sa.Column('members', sa.JSON(), nullable=False),
        sa.Column('entered_at', UTCDateTime(), nullable=False),
        sa.Column('entered_by', sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_appeal_commission_programme_id_programme')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal_commission')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_appeal_commission_programme_id'), 'appeal_commission', ['programme_id'], unique=False)
    op.create_table('appeal_hearing',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('commission_id', sa.Integer(), nullable=False),
        sa.Column('held_at', UTCDateTime(), nullable=False),
        sa.Column('place', sa.String(length=160), nullable=False),
        sa.Column('called_at', UTCDateTime(), nullable=False),
        sa.Column('called_by', sa.String(length=60), nullable=False),
        sa.Column('state', sa.String(length=20), nullable=False),
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('called', 'open', 'over')", name=op.f('ck_appeal_hearing_state')),
        sa.ForeignKeyConstraint(['commission_id'], ['appeal_commission.id'], name=op.f('fk_appeal_hearing_commission_id_appeal_commission')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal_hearing'))
    )
    op.create_index(op.f('ix_appeal_hearing_commission_id'), 'appeal_hearing', ['commission_id'], unique=False)
    op.create_table('appeal_list',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('sitting_id', sa.Integer(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('rows', sa.JSON(), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('organisation_id', sa.Integer(), nullable=False),
        sa.Column('signature', sa.LargeBinary(), nullable=False),
        sa.Column('issued_at', UTCDateTime(), nullable=False),
        sa.Column('issued_by', sa.String(length=60), nullable=False),
        sa.Column('supersedes_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_appeal_list_organisation_id_organisation')),
        sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_appeal_list_sitting_id_sitting')),
        sa.ForeignKeyConstraint(['supersedes_id'], ['appeal_list.id'], name=op.f('fk_appeal_list_supersedes_id_appeal_list')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal_list')),
        sa.UniqueConstraint('sitting_id', 'version', name=op.f('uq_appeal_list_sitting_id_version')),
        info={'append_only': True}
    )
    op.create_table('appeal_presence',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('hearing_id', sa.Integer(), nullable=False),
        sa.Column('staff_id', sa.Integer(), nullable=False),
        sa.Column('confirmed_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['hearing_id'], ['appeal_hearing.id'], name=op.f('fk_appeal_presence_hearing_id_appeal_hearing')),
        sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_appeal_presence_staff_id_staff')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal_presence')),
        sa.UniqueConstraint('hearing_id', 'staff_id', name=op.f('uq_appeal_presence_hearing_id_staff_id')),
        info={'append_only': True}
    )
    op.create_table('appeal',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('programme_id', sa.Integer(), nullable=False),
        sa.Column('sitting_id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('subject', sa.String(length=40), nullable=False),
        sa.Column('filed_by', sa.String(length=20), nullable=False),
        sa.Column('department_id', sa.Integer(), nullable=True),
        sa.Column('grounds', sa.JSON(), nullable=False),
        sa.Column('words_sealed', sa.LargeBinary(), nullable=False),
        sa.Column('data_key', sa.LargeBinary(), nullable=False),
        sa.Column('received_at', UTCDateTime(), nullable=False),
        sa.Column('filed_at', UTCDateTime(), nullable=False),
        sa.Column('filer', sa.String(length=60), nullable=False),
        sa.Column('ruling', sa.JSON(), nullable=False),
        sa.Column('state', sa.String(length=20), nullable=False),
        sa.Column('hearing_id', sa.Integer(), nullable=True),
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.CheckConstraint("(filed_by = 'department') = (department_id IS NOT NULL)", name=op.f('ck_appeal_department_id')),
        sa.CheckConstraint("filed_by IN ('candidate', 'department')", name=op.f('ck_appeal_filed_by')),
        sa.CheckConstraint("state IN ('filed', 'admitted', 'heard', 'decided', 'told', 'closed', 'refused', 'withdrawn')", name=op.f('ck_appeal_state')),
        sa.CheckConstraint("state NOT IN ('heard', 'decided', 'told', 'closed') OR hearing_id IS NOT NULL", name=op.f('ck_appeal_hearing_id')),
        sa.CheckConstraint('received_at <= filed_at', name=op.f('ck_appeal_received_at')),
        sa.ForeignKeyConstraint(['department_id'], ['organisation.id'], name=op.f('fk_appeal_department_id_organisation')),
        sa.ForeignKeyConstraint(['hearing_id'], ['appeal_hearing.id'], name=op.f('fk_appeal_hearing_id_appeal_hearing')),
        sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_appeal_programme_id_programme')),
        sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_appeal_sitting_id_sitting')),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_appeal_session_id_exam_session')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal'))
    )
    op.create_index(op.f('ix_appeal_hearing_id'), 'appeal', ['hearing_id'], unique=False)
    op.create_index(op.f('ix_appeal_programme_id'), 'appeal', ['programme_id'], unique=False)
    op.create_index(op.f('ix_appeal_sitting_id'), 'appeal', ['sitting_id'], unique=False)
    op.create_index(op.f('ix_appeal_session_id'), 'appeal', ['session_id'], unique=False)
    op.create_index('uq_appeal_result', 'appeal', ['session_id', 'subject', 'received_at'], unique=True, sqlite_where=sa.text("state <> 'withdrawn'"), postgresql_where=sa.text("state <> 'withdrawn'"))
    op.create_table('appeal_interest',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('staff_id', sa.Integer(), nullable=False),
        sa.Column('interest', sa.String(length=40), nullable=False),
        sa.Column('kind', sa.String(length=10), nullable=False),
        sa.Column('appeal_id', sa.Integer(), nullable=True),
        sa.Column('target', sa.String(length=160), nullable=True),
        sa.Column('declared_at', UTCDateTime(), nullable=False),
        sa.CheckConstraint("(kind = 'case') = (appeal_id IS NOT NULL)", name=op.f('ck_appeal_interest_appeal_id')),
        sa.CheckConstraint("(kind = 'case') = (target IS NULL)", name=op.f('ck_appeal_interest_target')),
        sa.CheckConstraint("kind IN ('case', 'number', 'school')", name=op.f('ck_appeal_interest_kind')),
        sa.ForeignKeyConstraint(['appeal_id'], ['appeal.id'], name=op.f('fk_appeal_interest_appeal_id_appeal')),
        sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_appeal_interest_staff_id_staff')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal_interest')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_appeal_interest_appeal_id'), 'appeal_interest', ['appeal_id'], unique=False)
    op.create_index(op.f('ix_appeal_interest_staff_id'), 'appeal_interest', ['staff_id'], unique=False)
    op.create_table('appeal_motion',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('appeal_id', sa.Integer(), nullable=False),
        sa.Column('hearing_id', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('body_sealed', sa.LargeBinary(), nullable=False),
        sa.Column('put_at', UTCDateTime(), nullable=False),
        sa.Column('put_by', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['appeal_id'], ['appeal.id'], name=op.f('fk_appeal_motion_appeal_id_appeal')),
        sa.ForeignKeyConstraint(['hearing_id'], ['appeal_hearing.id'], name=op.f('fk_appeal_motion_hearing_id_appeal_hearing')),
        sa.ForeignKeyConstraint(['put_by'], ['staff.id'], name=op.f('fk_appeal_motion_put_by_staff')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal_motion')),
        sa.UniqueConstraint('appeal_id', 'number', name=op.f('uq_appeal_motion_appeal_id_number')),
        info={'append_only': True}
    )
    op.create_table('appeal_notice',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('appeal_id', sa.Integer(), nullable=False),
        sa.Column('way', sa.String(length=20), nullable=False),
        sa.Column('is_changed', sa.Boolean(), nullable=False),
        sa.Column('before', sa.JSON(), nullable=False),
        sa.Column('after', sa.JSON(), nullable=False),
        sa.Column('told_at', UTCDateTime(), nullable=False),
        sa.Column('told_by', sa.String(length=60), nullable=False),
        sa.CheckConstraint("way IN ('page', 'paper')", name=op.f('ck_appeal_notice_way')),
        sa.ForeignKeyConstraint(['appeal_id'], ['appeal.id'], name=op.f('fk_appeal_notice_appeal_id_appeal')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal_notice')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_appeal_notice_appeal_id'), 'appeal_notice', ['appeal_id'], unique=False)
    op.create_table('appeal_protocol',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('appeal_id', sa.Integer(), nullable=False),
        sa.Column('motion_id', sa.Integer(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('body_sealed', sa.LargeBinary(), nullable=False),
        sa.Column('drawn_at', UTCDateTime(), nullable=False),
        sa.Column('drawn_by', sa.Integer(), nullable=False),
        sa.Column('supersedes_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['appeal_id'], ['appeal.id'], name=op.f('fk_appeal_protocol_appeal_id_appeal')),
        sa.ForeignKeyConstraint(['drawn_by'], ['staff.id'], name=op.f('fk_appeal_protocol_drawn_by_staff')),
        sa.ForeignKeyConstraint(['motion_id'], ['appeal_motion.id'], name=op.f('fk_appeal_protocol_motion_id_appeal_motion')),
        sa.ForeignKeyConstraint(['supersedes_id'], ['appeal_protocol.id'], name=op.f('fk_appeal_protocol_supersedes_id_appeal_protocol')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal_protocol')),
        sa.UniqueConstraint('appeal_id', 'version', name=op.f('uq_appeal_protocol_appeal_id_version')),
        info={'append_only': True}
    )
    op.create_table('appeal_task',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('appeal_id', sa.Integer(), nullable=False),
        sa.Column('section_id', sa.Integer(), nullable=False),
        sa.Column('seq', sa.Integer(), nullable=False),
        sa.Column('ruling', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(['appeal_id'], ['appeal.id'], name=op.f('fk_appeal_task_appeal_id_appeal')),
        sa.ForeignKeyConstraint(['section_id'], ['section.id'], name=op.f('fk_appeal_task_section_id_section')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal_task')),
        sa.UniqueConstraint('appeal_id', 'seq', name=op.f('uq_appeal_task_appeal_id_seq')),
        info={'append_only': True}
    )
    op.create_table('appeal_vote',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('motion_id', sa.Integer(), nullable=False),
        sa.Column('staff_id', sa.Integer(), nullable=False),
        sa.Column('choice', sa.String(length=10), nullable=False),
        sa.Column('cast_at', UTCDateTime(), nullable=False),
        sa.CheckConstraint("choice IN ('for', 'against', 'abstain')", name=op.f('ck_appeal_vote_choice')),
        sa.ForeignKeyConstraint(['motion_id'], ['appeal_motion.id'], name=op.f('fk_appeal_vote_motion_id_appeal_motion')),
        sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_appeal_vote_staff_id_staff')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal_vote')),
        sa.UniqueConstraint('motion_id', 'staff_id', name=op.f('uq_appeal_vote_motion_id_staff_id')),
        info={'append_only': True}
    )
    op.create_table('appeal_decision',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('appeal_id', sa.Integer(), nullable=False),
        sa.Column('protocol_id', sa.Integer(), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('is_unchanged', sa.Boolean(), nullable=False),
        sa.Column('ruling', sa.JSON(), nullable=False),
        sa.Column('decided_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['appeal_id'], ['appeal.id'], name=op.f('fk_appeal_decision_appeal_id_appeal')),
        sa.ForeignKeyConstraint(['protocol_id'], ['appeal_protocol.id'], name=op.f('fk_appeal_decision_protocol_id_appeal_protocol')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal_decision')),
        sa.UniqueConstraint('appeal_id', name=op.f('uq_appeal_decision_appeal_id')),
        sa.UniqueConstraint('protocol_id', name=op.f('uq_appeal_decision_protocol_id')),
        info={'append_only': True}
    )
    op.create_table('appeal_correction',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('decision_id', sa.Integer(), nullable=False),
        sa.Column('seq', sa.Integer(), nullable=False),
        sa.Column('outcome', sa.String(length=20), nullable=False),
        sa.Column('run_id', sa.Integer(), nullable=False),
        sa.CheckConstraint("outcome IN ('marks_changed', 'item_struck', 'key_corrected')", name=op.f('ck_appeal_correction_outcome')),
        sa.ForeignKeyConstraint(['decision_id'], ['appeal_decision.id'], name=op.f('fk_appeal_correction_decision_id_appeal_decision')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal_correction')),
        sa.UniqueConstraint('decision_id', 'seq', name=op.f('uq_appeal_correction_decision_id_seq')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_appeal_correction_run_id'), 'appeal_correction', ['run_id'], unique=False)
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[0]:
            op.execute(statement)


def downgrade() -> None:
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[1]:
            op.execute(statement)
    for table in reversed(TABLES):
        op.drop_table(table)
