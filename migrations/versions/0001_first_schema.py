"""The first schema: from item to grade."""

import sqlalchemy as sa
from alembic import op

from server.core.db import UTCDateTime, append_only_ddl

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "admission",
    "admission_list",
    "blueprint",
    "calibration_run",
    "eligibility",
    "grade",
    "hold",
    "identity_check",
    "irregularity",
    "item_parameter",
    "item_version",
    "journal",
    "key_version",
    "late_answer",
    "pool",
    "pool_item",
    "response",
    "score",
    "seal",
    "step",
    "transition",
)
# The one column that may change: its key is wrapped anew when the master key does.
REWRAPPED = {"item_version": "data_key"}


def upgrade() -> None:
    op.create_table('blueprint',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('subject', sa.String(length=40), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('spec', sa.JSON(), nullable=False),
        sa.Column('approved_by', sa.String(length=200), nullable=False),
        sa.Column('approved_order', sa.String(length=60), nullable=False),
        sa.Column('approved_at', UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_blueprint')),
        sa.UniqueConstraint('subject', 'version', name=op.f('uq_blueprint_subject_version')),
        info={'append_only': True}
    )
    op.create_table('calibration_run',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('subject', sa.String(length=40), nullable=False),
        sa.Column('source', sa.String(length=20), nullable=False),
        sa.Column('model', sa.String(length=10), nullable=False),
        sa.Column('scale', sa.String(length=40), nullable=False),
        sa.Column('n_persons', sa.Integer(), nullable=False),
        sa.Column('sigma', sa.Double(), nullable=True),
        sa.Column('made_at', UTCDateTime(), nullable=False),
        sa.Column('made_by', sa.String(length=60), nullable=False),
        sa.CheckConstraint("source IN ('demonstration', 'estimated')", name=op.f('ck_calibration_run_source')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_calibration_run')),
        info={'append_only': True}
    )
    op.create_table('candidate',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('family_name', sa.String(length=80), nullable=False),
        sa.Column('given_name', sa.String(length=80), nullable=False),
        sa.Column('patronymic', sa.String(length=80), nullable=False),
        sa.Column('birth_date', sa.Date(), nullable=False),
        sa.Column('document_kind', sa.String(length=40), nullable=False),
        sa.Column('document_mac', sa.LargeBinary(length=32), nullable=False),
        sa.Column('data_key', sa.LargeBinary(), nullable=False),
        sa.Column('document_sealed', sa.LargeBinary(), nullable=False),
        sa.Column('photo_sealed', sa.LargeBinary(), nullable=True),
        sa.Column('photo_type', sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_candidate')),
        sa.UniqueConstraint('document_mac', name=op.f('uq_candidate_document_mac'))
    )
    op.create_table('item',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('code', sa.String(length=40), nullable=False),
        sa.Column('subject', sa.String(length=40), nullable=False),
        sa.Column('area', sa.String(length=40), nullable=False),
        sa.Column('tier', sa.String(length=10), nullable=False),
        sa.Column('type', sa.String(length=20), nullable=False),
        sa.Column('family', sa.String(length=40), nullable=True),
        sa.Column('passage', sa.String(length=40), nullable=True),
        sa.Column('is_demonstration', sa.Boolean(), nullable=False),
        sa.CheckConstraint("tier IN ('basic', 'medium', 'raised')", name=op.f('ck_item_tier')),
        sa.CheckConstraint("type IN ('choice', 'multiple_choice', 'matching', 'ordering', 'inline_choice', 'gap_match', 'hotspot', 'text_entry', 'extended_text')", name=op.f('ck_item_type')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_item')),
        sa.UniqueConstraint('code', name=op.f('uq_item_code'))
    )
    op.create_index(op.f('ix_item_subject'), 'item', ['subject'], unique=False)
    op.create_table('journal',
        sa.Column('seq', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('at', UTCDateTime(), nullable=False),
        sa.Column('actor', sa.String(length=60), nullable=False),
        sa.Column('act', sa.String(length=60), nullable=False),
        sa.Column('subject', sa.String(length=80), nullable=False),
        sa.Column('clause', sa.String(length=20), nullable=True),
        sa.Column('facts', sa.Text(), nullable=False),
        sa.Column('mac', sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint('seq', name=op.f('pk_journal')),
        info={'append_only': True}
    )
    op.create_index('ix_journal_act_seq', 'journal', ['act', 'seq'], unique=False)
    op.create_index('ix_journal_actor_seq', 'journal', ['actor', 'seq'], unique=False)
    op.create_index(op.f('ix_journal_at'), 'journal', ['at'], unique=False)
    op.create_index('ix_journal_subject_actor_at', 'journal', ['subject', 'actor', 'at'], unique=False)
    op.create_table('journal_head',
        sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('seq', sa.Integer(), nullable=False),
        sa.Column('mac', sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_journal_head'))
    )
    op.create_table('organisation',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(length=20), nullable=False),
        sa.Column('code', sa.String(length=40), nullable=False),
        sa.Column('names', sa.JSON(), nullable=False),
        sa.Column('parent_id', sa.Integer(), nullable=True),
        sa.Column('sealing_public', sa.LargeBinary(length=32), nullable=True),
        sa.Column('sealing_private', sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("kind IN ('ministry', 'ntc', 'department', 'school', 'centre')", name=op.f('ck_organisation_kind')),
        sa.ForeignKeyConstraint(['parent_id'], ['organisation.id'], name=op.f('fk_organisation_parent_id_organisation')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation')),
        sa.UniqueConstraint('code', name=op.f('uq_organisation_code'))
    )
    op.create_table('outbox',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('topic', sa.String(length=60), nullable=False),
        sa.Column('v', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(length=60), nullable=False),
        sa.Column('body', sa.JSON(), nullable=False),
        sa.Column('at', UTCDateTime(), nullable=False),
        sa.Column('relayed_at', UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox')),
        sa.UniqueConstraint('topic', 'v', name=op.f('uq_outbox_topic_v'))
    )
    op.create_index(op.f('ix_outbox_relayed_at'), 'outbox', ['relayed_at'], unique=False)
    op.create_table('programme',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('code', sa.String(length=40), nullable=False),
        sa.Column('year', sa.Integer(), nullable=False),
        sa.Column('titles', sa.JSON(), nullable=False),
        sa.Column('edition_code', sa.String(length=40), nullable=False),
        sa.Column('edition_version', sa.String(length=20), nullable=False),
        sa.Column('edition_digest', sa.String(length=64), nullable=False),
        sa.Column('order_no', sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_programme')),
        sa.UniqueConstraint('code', name=op.f('uq_programme_code'))
    )
    op.create_table('topic',
        sa.Column('name', sa.String(length=60), nullable=False),
        sa.Column('v', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('name', name=op.f('pk_topic'))
    )
    op.create_table('transition',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('machine', sa.String(length=40), nullable=False),
        sa.Column('row_id', sa.Integer(), nullable=False),
        sa.Column('verb', sa.String(length=40), nullable=False),
        sa.Column('from_state', sa.String(length=20), nullable=False),
        sa.Column('to_state', sa.String(length=20), nullable=False),
        sa.Column('at', UTCDateTime(), nullable=False),
        sa.Column('actor', sa.String(length=60), nullable=False),
        sa.Column('reason', sa.String(length=500), nullable=True),
        sa.Column('ruling', sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_transition')),
        info={'append_only': True}
    )
    op.create_index('ix_transition_machine_row_id', 'transition', ['machine', 'row_id'], unique=False)
    op.create_table('item_version',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('item_id', sa.Integer(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('languages', sa.JSON(), nullable=False),
        sa.Column('place', sa.String(length=80), nullable=False),
        sa.Column('data_key', sa.LargeBinary(), nullable=False),
        sa.Column('content_sealed', sa.LargeBinary(), nullable=False),
        sa.Column('source_sealed', sa.LargeBinary(), nullable=False),
        sa.Column('made_at', UTCDateTime(), nullable=False),
        sa.Column('made_by', sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(['item_id'], ['item.id'], name=op.f('fk_item_version_item_id_item')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_item_version')),
        sa.UniqueConstraint('item_id', 'version', name=op.f('uq_item_version_item_id_version')),
        sa.UniqueConstraint('place', name=op.f('uq_item_version_place')),
        info={'append_only': True}
    )
    op.create_table('pool',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('blueprint_id', sa.Integer(), nullable=False),
        sa.Column('calibration_run_id', sa.Integer(), nullable=False),
        sa.Column('subject', sa.String(length=40), nullable=False),
        sa.Column('languages', sa.JSON(), nullable=False),
        sa.Column('sigma', sa.Double(), nullable=True),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('proof', sa.JSON(), nullable=False),
        sa.Column('published_at', UTCDateTime(), nullable=False),
        sa.Column('published_by', sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(['blueprint_id'], ['blueprint.id'], name=op.f('fk_pool_blueprint_id_blueprint')),
        sa.ForeignKeyConstraint(['calibration_run_id'], ['calibration_run.id'], name=op.f('fk_pool_calibration_run_id_calibration_run')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_pool')),
        info={'append_only': True}
    )
    op.create_table('programme_subject',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('programme_id', sa.Integer(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('subject', sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_programme_subject_programme_id_programme')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_subject')),
        sa.UniqueConstraint('programme_id', 'subject', name=op.f('uq_programme_subject_programme_id_subject'))
    )
    op.create_table('room',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('centre_id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(['centre_id'], ['organisation.id'], name=op.f('fk_room_centre_id_organisation')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_room')),
        sa.UniqueConstraint('centre_id', 'name', name=op.f('uq_room_centre_id_name'))
    )
    op.create_table('sitting',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('programme_id', sa.Integer(), nullable=False),
        sa.Column('titles', sa.JSON(), nullable=False),
        sa.Column('starts_at', UTCDateTime(), nullable=False),
        sa.Column('zone', sa.String(length=40), nullable=False),
        sa.Column('edition_code', sa.String(length=40), nullable=False),
        sa.Column('edition_version', sa.String(length=20), nullable=False),
        sa.Column('edition_digest', sa.String(length=64), nullable=False),
        sa.Column('order_no', sa.String(length=60), nullable=False),
        sa.Column('early_start_order', sa.String(length=60), nullable=True),
        sa.Column('is_released_at_once', sa.Boolean(), nullable=False),
        sa.Column('seb_policy', sa.String(length=10), nullable=False),
        sa.Column('tools', sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint("seb_policy IN ('required', 'allowed', 'off')", name=op.f('ck_sitting_seb_policy')),
        sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_sitting_programme_id_programme')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sitting'))
    )
    op.create_table('staff',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('login', sa.String(length=60), nullable=False),
        sa.Column('name', sa.String(length=120), nullable=False),
        sa.Column('password_hash', sa.String(length=200), nullable=False),
        sa.Column('language', sa.String(length=2), nullable=False),
        sa.Column('organisation_id', sa.Integer(), nullable=False),
        sa.Column('is_active', sa.Boolean(), nullable=False),
        sa.Column('failed', sa.Integer(), nullable=False),
        sa.Column('locked_until', UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_staff_organisation_id_organisation')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_staff')),
        sa.UniqueConstraint('login', name=op.f('uq_staff_login'))
    )
    op.create_table('admission_list',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('programme_id', sa.Integer(), nullable=False),
        sa.Column('centre_id', sa.Integer(), nullable=False),
        sa.Column('file_name', sa.String(length=200), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('n_candidates', sa.Integer(), nullable=False),
        sa.Column('certified_by', sa.Integer(), nullable=False),
        sa.Column('certified_at', UTCDateTime(), nullable=False),
        sa.Column('seal', sa.LargeBinary(length=64), nullable=False),
        sa.ForeignKeyConstraint(['centre_id'], ['organisation.id'], name=op.f('fk_admission_list_centre_id_organisation')),
        sa.ForeignKeyConstraint(['certified_by'], ['staff.id'], name=op.f('fk_admission_list_certified_by_staff')),
        sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_admission_list_programme_id_programme')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_admission_list')),
        info={'append_only': True}
    )
    op.create_table('item_parameter',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('run_id', sa.Integer(), nullable=False),
        sa.Column('item_version_id', sa.Integer(), nullable=False),
        sa.Column('a', sa.Double(), nullable=False),
        sa.Column('b', sa.Double(), nullable=False),
        sa.Column('c', sa.Double(), nullable=False),
        sa.Column('se_a', sa.Double(), nullable=True),
        sa.Column('se_b', sa.Double(), nullable=True),
        sa.Column('se_c', sa.Double(), nullable=True),
        sa.Column('alpha', sa.Double(), nullable=True),
        sa.Column('beta', sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(['item_version_id'], ['item_version.id'], name=op.f('fk_item_parameter_item_version_id_item_version')),
        sa.ForeignKeyConstraint(['run_id'], ['calibration_run.id'], name=op.f('fk_item_parameter_run_id_calibration_run')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_item_parameter')),
        sa.UniqueConstraint('run_id', 'item_version_id', name=op.f('uq_item_parameter_run_id_item_version_id')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_item_parameter_item_version_id'), 'item_parameter', ['item_version_id'], unique=False)
    op.create_table('key_version',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('item_version_id', sa.Integer(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('key_sealed', sa.LargeBinary(), nullable=False),
        sa.Column('supersedes_id', sa.Integer(), nullable=True),
        sa.Column('made_at', UTCDateTime(), nullable=False),
        sa.Column('made_by', sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(['item_version_id'], ['item_version.id'], name=op.f('fk_key_version_item_version_id_item_version')),
        sa.ForeignKeyConstraint(['supersedes_id'], ['key_version.id'], name=op.f('fk_key_version_supersedes_id_key_version')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_key_version')),
        sa.UniqueConstraint('item_version_id', 'version', name=op.f('uq_key_version_item_version_id_version')),
        info={'append_only': True}
    )
    op.create_table('room_sitting',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('room_id', sa.Integer(), nullable=False),
        sa.Column('sitting_id', sa.Integer(), nullable=False),
        sa.Column('state', sa.String(length=20), nullable=False),
        sa.Column('started_at', UTCDateTime(), nullable=True),
        sa.Column('late_until', UTCDateTime(), nullable=True),
        sa.Column('ends_at', UTCDateTime(), nullable=True),
        sa.Column('closed_at', UTCDateTime(), nullable=True),
        sa.Column('version_id', sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f('ck_room_sitting_closed_at')),
        sa.CheckConstraint("state <> 'running' OR started_at IS NOT NULL", name=op.f('ck_room_sitting_started_at')),
        sa.CheckConstraint("state IN ('planned', 'open', 'running', 'closed')", name=op.f('ck_room_sitting_state')),
        sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_room_sitting_room_id_room')),
        sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_room_sitting_sitting_id_sitting')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_room_sitting')),
        sa.UniqueConstraint('room_id', 'sitting_id', name=op.f('uq_room_sitting_room_id_sitting_id'))
    )
    op.create_table('seat',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('room_id', sa.Integer(), nullable=False),
        sa.Column('number', sa.String(length=20), nullable=False),
        sa.Column('row', sa.Integer(), nullable=False),
        sa.Column('col', sa.Integer(), nullable=False),
        sa.Column('x_m', sa.Double(), nullable=False),
        sa.Column('y_m', sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_seat_room_id_room')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_seat')),
        sa.UniqueConstraint('room_id', 'number', name=op.f('uq_seat_room_id_number'))
    )
    op.create_table('sitting_section',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('sitting_id', sa.Integer(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('subject', sa.String(length=40), nullable=False),
        sa.Column('pool_id', sa.Integer(), nullable=False),
        sa.Column('limit_s', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['pool_id'], ['pool.id'], name=op.f('fk_sitting_section_pool_id_pool')),
        sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_sitting_section_sitting_id_sitting')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sitting_section')),
        sa.UniqueConstraint('sitting_id', 'position', name=op.f('uq_sitting_section_sitting_id_position'))
    )
    op.create_table('staff_login',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('staff_id', sa.Integer(), nullable=False),
        sa.Column('token_digest', sa.String(length=64), nullable=False),
        sa.Column('made_at', UTCDateTime(), nullable=False),
        sa.Column('seen_at', UTCDateTime(), nullable=False),
        sa.Column('expires_at', UTCDateTime(), nullable=False),
        sa.Column('ended_at', UTCDateTime(), nullable=True),
        sa.Column('proved_at', UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_staff_login_staff_id_staff')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_login')),
        sa.UniqueConstraint('token_digest', name=op.f('uq_staff_login_token_digest'))
    )
    op.create_index(op.f('ix_staff_login_staff_id'), 'staff_login', ['staff_id'], unique=False)
    op.create_table('staff_role',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('staff_id', sa.Integer(), nullable=False),
        sa.Column('role', sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_staff_role_staff_id_staff')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_role')),
        sa.UniqueConstraint('staff_id', 'role', name=op.f('uq_staff_role_staff_id_role'))
    )
    op.create_table('duty',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('room_sitting_id', sa.Integer(), nullable=False),
        sa.Column('staff_id', sa.Integer(), nullable=False),
        sa.Column('mode', sa.String(length=20), nullable=False),
        sa.CheckConstraint("mode IN ('acting', 'away', 'relieved')", name=op.f('ck_duty_mode')),
        sa.ForeignKeyConstraint(['room_sitting_id'], ['room_sitting.id'], name=op.f('fk_duty_room_sitting_id_room_sitting')),
        sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_duty_staff_id_staff')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_duty')),
        sa.UniqueConstraint('room_sitting_id', 'staff_id', name=op.f('uq_duty_room_sitting_id_staff_id'))
    )
    op.create_table('pool_exposure',
        sa.Column('pool_id', sa.Integer(), nullable=False),
        sa.Column('n_candidates', sa.Integer(), nullable=False),
        sa.Column('administered', sa.JSON(), nullable=False),
        sa.Column('eligible', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(['pool_id'], ['pool.id'], name=op.f('fk_pool_exposure_pool_id_pool')),
        sa.PrimaryKeyConstraint('pool_id', name=op.f('pk_pool_exposure'))
    )
    op.create_table('pool_item',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('pool_id', sa.Integer(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('item_version_id', sa.Integer(), nullable=False),
        sa.Column('key_version_id', sa.Integer(), nullable=False),
        sa.Column('a', sa.Double(), nullable=False),
        sa.Column('b', sa.Double(), nullable=False),
        sa.Column('c', sa.Double(), nullable=False),
        sa.Column('alpha', sa.Double(), nullable=True),
        sa.Column('beta', sa.Double(), nullable=True),
        sa.Column('tier', sa.String(length=10), nullable=False),
        sa.Column('area', sa.String(length=40), nullable=False),
        sa.Column('family', sa.String(length=40), nullable=True),
        sa.Column('passage', sa.String(length=40), nullable=True),
        sa.Column('is_reference', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(['item_version_id'], ['item_version.id'], name=op.f('fk_pool_item_item_version_id_item_version')),
        sa.ForeignKeyConstraint(['key_version_id'], ['key_version.id'], name=op.f('fk_pool_item_key_version_id_key_version')),
        sa.ForeignKeyConstraint(['pool_id'], ['pool.id'], name=op.f('fk_pool_item_pool_id_pool')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_pool_item')),
        sa.UniqueConstraint('pool_id', 'position', name=op.f('uq_pool_item_pool_id_position')),
        info={'append_only': True}
    )
    op.create_table('registration',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('programme_id', sa.Integer(), nullable=False),
        sa.Column('candidate_id', sa.Integer(), nullable=False),
        sa.Column('admission_list_id', sa.Integer(), nullable=False),
        sa.Column('registration_no', sa.String(length=40), nullable=False),
        sa.Column('school', sa.String(length=160), nullable=False),
        sa.Column('school_id', sa.Integer(), nullable=True),
        sa.Column('language', sa.String(length=2), nullable=False),
        sa.Column('sex', sa.String(length=6), nullable=True),
        sa.Column('photo_name', sa.String(length=120), nullable=False),
        sa.Column('attempt', sa.Integer(), nullable=False),
        sa.CheckConstraint("sex IN ('female', 'male')", name=op.f('ck_registration_sex')),
        sa.ForeignKeyConstraint(['admission_list_id'], ['admission_list.id'], name=op.f('fk_registration_admission_list_id_admission_list')),
        sa.ForeignKeyConstraint(['candidate_id'], ['candidate.id'], name=op.f('fk_registration_candidate_id_candidate')),
        sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_registration_programme_id_programme')),
        sa.ForeignKeyConstraint(['school_id'], ['organisation.id'], name=op.f('fk_registration_school_id_organisation')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_registration')),
        sa.UniqueConstraint('programme_id', 'candidate_id', 'attempt', name=op.f('uq_registration_programme_id_candidate_id_attempt')),
        sa.UniqueConstraint('registration_no', name=op.f('uq_registration_registration_no'))
    )
    op.create_index(op.f('ix_registration_school_id'), 'registration', ['school_id'], unique=False)
    op.create_table('exam_session',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('sitting_id', sa.Integer(), nullable=False),
        sa.Column('registration_id', sa.Integer(), nullable=False),
        sa.Column('registration_no', sa.String(length=40), nullable=False),
        sa.Column('name', sa.String(length=250), nullable=False),
        sa.Column('language', sa.String(length=2), nullable=False),
        sa.Column('centre_id', sa.Integer(), nullable=False),
        sa.Column('seat', sa.String(length=20), nullable=True),
        sa.Column('topic', sa.String(length=60), nullable=True),
        sa.Column('state', sa.String(length=20), nullable=False),
        sa.Column('seed', sa.BigInteger(), nullable=False),
        sa.Column('data_key', sa.LargeBinary(), nullable=False),
        sa.Column('code_serial', sa.Integer(), nullable=False),
        sa.Column('code_used_at', UTCDateTime(), nullable=True),
        sa.Column('code_failed', sa.Integer(), nullable=False),
        sa.Column('code_locked_until', UTCDateTime(), nullable=True),
        sa.Column('lease', sa.Integer(), nullable=False),
        sa.Column('sign_in_key', sa.String(length=36), nullable=True),
        sa.Column('claims', sa.Integer(), nullable=False),
        sa.Column('seb_way', sa.String(length=10), nullable=True),
        sa.Column('seb_key', sa.String(length=64), nullable=True),
        sa.Column('seb_fault', sa.String(length=20), nullable=True),
        sa.Column('started_at', UTCDateTime(), nullable=True),
        sa.Column('ends_at', UTCDateTime(), nullable=True),
        sa.Column('paused_at', UTCDateTime(), nullable=True),
        sa.Column('break_until', UTCDateTime(), nullable=True),
        sa.Column('held_at', UTCDateTime(), nullable=True),
        sa.Column('break_used_s', sa.Integer(), nullable=False),
        sa.Column('given_s', sa.Integer(), nullable=False),
        sa.Column('plays_given', sa.Integer(), nullable=False),
        sa.Column('watched_until', UTCDateTime(), nullable=True),
        sa.Column('ended_at', UTCDateTime(), nullable=True),
        sa.Column('version_id', sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'paused') = (paused_at IS NOT NULL)", name=op.f('ck_exam_session_paused_at')),
        sa.CheckConstraint("state = 'paused' OR break_until IS NULL", name=op.f('ck_exam_session_break_until')),
        sa.CheckConstraint("state = 'paused' OR held_at IS NULL", name=op.f('ck_exam_session_held_at')),
        sa.CheckConstraint("state IN ('expected', 'admitted', 'running', 'paused', 'submitted', 'removed', 'absent')", name=op.f('ck_exam_session_state')),
        sa.CheckConstraint("state NOT IN ('running', 'paused', 'submitted') OR ends_at IS NOT NULL", name=op.f('ck_exam_session_ends_at')),
        sa.ForeignKeyConstraint(['centre_id'], ['organisation.id'], name=op.f('fk_exam_session_centre_id_organisation')),
        sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_exam_session_registration_id_registration')),
        sa.ForeignKeyConstraint(['sitting_id'], ['sitting.id'], name=op.f('fk_exam_session_sitting_id_sitting')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_exam_session')),
        sa.UniqueConstraint('sitting_id', 'registration_id', name=op.f('uq_exam_session_sitting_id_registration_id'))
    )
    op.create_index(op.f('ix_exam_session_registration_no'), 'exam_session', ['registration_no'], unique=False)
    op.create_table('registration_subject',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('registration_id', sa.Integer(), nullable=False),
        sa.Column('subject', sa.String(length=40), nullable=False),
        sa.Column('language', sa.String(length=2), nullable=False),
        sa.ForeignKeyConstraint(['registration_id'], ['registration.id'], name=op.f('fk_registration_subject_registration_id_registration')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_registration_subject')),
        sa.UniqueConstraint('registration_id', 'subject', name=op.f('uq_registration_subject_registration_id_subject'))
    )
    op.create_table('candidate_message',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(length=36), nullable=True),
        sa.Column('code', sa.String(length=40), nullable=True),
        sa.Column('text', sa.String(length=500), nullable=False),
        sa.Column('sent_by', sa.String(length=60), nullable=False),
        sa.Column('sent_at', UTCDateTime(), nullable=False),
        sa.Column('shown_at', UTCDateTime(), nullable=True),
        sa.Column('read_at', UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_candidate_message_session_id_exam_session')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_candidate_message')),
        sa.UniqueConstraint('session_id', 'key', name=op.f('uq_candidate_message_session_id_key'))
    )
    op.create_index('ix_candidate_message_unread', 'candidate_message', ['session_id', 'read_at'], unique=False)
    op.create_table('eligibility',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('is_eligible', sa.Boolean(), nullable=False),
        sa.Column('ruling', sa.JSON(), nullable=False),
        sa.Column('supersedes_id', sa.Integer(), nullable=True),
        sa.Column('made_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_eligibility_session_id_exam_session')),
        sa.ForeignKeyConstraint(['supersedes_id'], ['eligibility.id'], name=op.f('fk_eligibility_supersedes_id_eligibility')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_eligibility')),
        sa.UniqueConstraint('supersedes_id', name=op.f('uq_eligibility_supersedes_id')),
        info={'append_only': True}
    )
    op.create_index('uq_eligibility_first', 'eligibility', ['session_id'], unique=True, sqlite_where=sa.text('supersedes_id IS NULL'), postgresql_where=sa.text('supersedes_id IS NULL'))
    op.create_table('heartbeat',
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('seen_at', UTCDateTime(), nullable=False),
        sa.Column('lost_focus', sa.Integer(), nullable=False),
        sa.Column('away_s', sa.Integer(), nullable=False),
        sa.Column('away_since', UTCDateTime(), nullable=True),
        sa.Column('unsent', sa.Integer(), nullable=False),
        sa.Column('battery', sa.Integer(), nullable=True),
        sa.Column('is_charging', sa.Boolean(), nullable=True),
        sa.Column('lost_s', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_heartbeat_session_id_exam_session')),
        sa.PrimaryKeyConstraint('session_id', name=op.f('pk_heartbeat'))
    )
    op.create_table('hold',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('reason', sa.String(length=40), nullable=False),
        sa.Column('facts', sa.JSON(), nullable=False),
        sa.Column('made_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_hold_session_id_exam_session')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_hold')),
        sa.UniqueConstraint('session_id', 'reason', name=op.f('uq_hold_session_id_reason')),
        info={'append_only': True}
    )
    op.create_table('identity_check',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('document_kind', sa.String(length=40), nullable=False),
        sa.Column('document_mac', sa.LargeBinary(length=32), nullable=False),
        sa.Column('is_photo_like', sa.Boolean(), nullable=False),
        sa.Column('has_seal', sa.Boolean(), nullable=False),
        sa.Column('has_signature', sa.Boolean(), nullable=False),
        sa.Column('verdict', sa.String(length=20), nullable=False),
        sa.Column('reason', sa.String(length=500), nullable=False),
        sa.Column('ruling', sa.JSON(), nullable=False),
        sa.Column('fingerprint', sa.String(length=64), nullable=False),
        sa.Column('checked_by', sa.Integer(), nullable=False),
        sa.Column('picture_digest', sa.String(length=64), nullable=False),
        sa.Column('checked_at', UTCDateTime(), nullable=False),
        sa.CheckConstraint("verdict IN ('confirmed', 'refused')", name=op.f('ck_identity_check_verdict')),
        sa.ForeignKeyConstraint(['checked_by'], ['staff.id'], name=op.f('fk_identity_check_checked_by_staff')),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_identity_check_session_id_exam_session')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_identity_check')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_identity_check_session_id'), 'identity_check', ['session_id'], unique=False)
    op.create_table('irregularity',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('violation', sa.String(length=40), nullable=False),
        sa.Column('consequence', sa.String(length=20), nullable=False),
        sa.Column('narrative', sa.Text(), nullable=False),
        sa.Column('ruling', sa.JSON(), nullable=False),
        sa.Column('reported_by', sa.Integer(), nullable=False),
        sa.Column('reported_at', UTCDateTime(), nullable=False),
        sa.CheckConstraint("consequence IN ('warning', 'pause', 'removal')", name=op.f('ck_irregularity_consequence')),
        sa.ForeignKeyConstraint(['reported_by'], ['staff.id'], name=op.f('fk_irregularity_reported_by_staff')),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_irregularity_session_id_exam_session')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_irregularity')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_irregularity_session_id'), 'irregularity', ['session_id'], unique=False)
    op.create_table('seal',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('signature', sa.LargeBinary(length=64), nullable=False),
        sa.Column('public_key', sa.LargeBinary(length=32), nullable=False),
        sa.Column('sealed_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_seal_session_id_exam_session')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_seal')),
        sa.UniqueConstraint('session_id', name=op.f('uq_seal_session_id')),
        info={'append_only': True}
    )
    op.create_table('seat_assignment',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('room_sitting_id', sa.Integer(), nullable=False),
        sa.Column('seat_id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['room_sitting_id'], ['room_sitting.id'], name=op.f('fk_seat_assignment_room_sitting_id_room_sitting')),
        sa.ForeignKeyConstraint(['seat_id'], ['seat.id'], name=op.f('fk_seat_assignment_seat_id_seat')),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_seat_assignment_session_id_exam_session')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_seat_assignment')),
        sa.UniqueConstraint('room_sitting_id', 'seat_id', name=op.f('uq_seat_assignment_room_sitting_id_seat_id')),
        sa.UniqueConstraint('session_id', name=op.f('uq_seat_assignment_session_id'))
    )
    op.create_table('section',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('subject', sa.String(length=40), nullable=False),
        sa.Column('language', sa.String(length=2), nullable=False),
        sa.Column('pool_id', sa.Integer(), nullable=False),
        sa.Column('limit_s', sa.Integer(), nullable=False),
        sa.Column('extra_s', sa.Integer(), nullable=False),
        sa.Column('short_s', sa.Integer(), nullable=False),
        sa.Column('length', sa.Integer(), nullable=False),
        sa.Column('open_items', sa.LargeBinary(), nullable=True),
        sa.Column('pretest', sa.JSON(), nullable=True),
        sa.Column('met', sa.JSON(), nullable=True),
        sa.Column('stop_reason', sa.String(length=20), nullable=True),
        sa.Column('state', sa.String(length=20), nullable=False),
        sa.Column('answered', sa.Integer(), nullable=False),
        sa.Column('quick', sa.Integer(), nullable=False),
        sa.Column('started_at', UTCDateTime(), nullable=True),
        sa.Column('ends_at', UTCDateTime(), nullable=True),
        sa.Column('ended_at', UTCDateTime(), nullable=True),
        sa.CheckConstraint("(state = 'pending') = (ends_at IS NULL)", name=op.f('ck_section_ends_at')),
        sa.CheckConstraint("state IN ('pending', 'running', 'done')", name=op.f('ck_section_state')),
        sa.ForeignKeyConstraint(['pool_id'], ['pool.id'], name=op.f('fk_section_pool_id_pool')),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_section_session_id_exam_session')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_section')),
        sa.UniqueConstraint('session_id', 'position', name=op.f('uq_section_session_id_position'))
    )
    op.create_table('admission',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('identity_check_id', sa.Integer(), nullable=False),
        sa.Column('late_s', sa.Integer(), nullable=False),
        sa.Column('ruling', sa.JSON(), nullable=False),
        sa.Column('admitted_by', sa.Integer(), nullable=False),
        sa.Column('admitted_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['admitted_by'], ['staff.id'], name=op.f('fk_admission_admitted_by_staff')),
        sa.ForeignKeyConstraint(['identity_check_id'], ['identity_check.id'], name=op.f('fk_admission_identity_check_id_identity_check')),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_admission_session_id_exam_session')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_admission')),
        sa.UniqueConstraint('session_id', name=op.f('uq_admission_session_id')),
        info={'append_only': True}
    )
    op.create_table('late_answer',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('section_id', sa.Integer(), nullable=False),
        sa.Column('seq', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(length=36), nullable=False),
        sa.Column('answer_sealed', sa.LargeBinary(), nullable=False),
        sa.Column('received_at', UTCDateTime(), nullable=False),
        sa.Column('late_ms', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['section_id'], ['section.id'], name=op.f('fk_late_answer_section_id_section')),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_late_answer_session_id_exam_session')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_late_answer')),
        sa.UniqueConstraint('session_id', 'key', name=op.f('uq_late_answer_session_id_key')),
        info={'append_only': True}
    )
    op.create_table('response',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('section_id', sa.Integer(), nullable=False),
        sa.Column('seq', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(length=36), nullable=False),
        sa.Column('answer_sealed', sa.LargeBinary(), nullable=False),
        sa.Column('is_written', sa.Boolean(), nullable=False),
        sa.Column('score', sa.Integer(), nullable=True),
        sa.Column('spent_ms', sa.Integer(), nullable=False),
        sa.Column('received_at', UTCDateTime(), nullable=False),
        sa.CheckConstraint('is_written = (score IS NULL)', name=op.f('ck_response_score')),
        sa.ForeignKeyConstraint(['section_id'], ['section.id'], name=op.f('fk_response_section_id_section')),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_response_session_id_exam_session')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_response')),
        sa.UniqueConstraint('session_id', 'key', name=op.f('uq_response_session_id_key')),
        sa.UniqueConstraint('section_id', 'seq', name=op.f('uq_response_section_id_seq')),
        info={'append_only': True}
    )
    op.create_table('score',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('section_id', sa.Integer(), nullable=False),
        sa.Column('subject', sa.String(length=40), nullable=False),
        sa.Column('theta', sa.Double(), nullable=False),
        sa.Column('se', sa.Double(), nullable=False),
        sa.Column('percent', sa.Double(), nullable=False),
        sa.Column('percent_sd', sa.Double(), nullable=False),
        sa.Column('probabilities', sa.JSON(), nullable=False),
        sa.Column('pool_digest', sa.String(length=64), nullable=False),
        sa.Column('n_items', sa.Integer(), nullable=False),
        sa.Column('written_points', sa.String(length=12), nullable=False),
        sa.Column('written_max', sa.Integer(), nullable=False),
        sa.Column('corrections', sa.String(length=64), nullable=False),
        sa.Column('supersedes_id', sa.Integer(), nullable=True),
        sa.Column('made_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['section_id'], ['section.id'], name=op.f('fk_score_section_id_section')),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_score_session_id_exam_session')),
        sa.ForeignKeyConstraint(['supersedes_id'], ['score.id'], name=op.f('fk_score_supersedes_id_score')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_score')),
        sa.UniqueConstraint('supersedes_id', name=op.f('uq_score_supersedes_id')),
        info={'append_only': True}
    )
    op.create_index('ix_score_session_id', 'score', ['session_id'], unique=False)
    op.create_index('uq_score_first', 'score', ['section_id'], unique=True, sqlite_where=sa.text('supersedes_id IS NULL'), postgresql_where=sa.text('supersedes_id IS NULL'))
    op.create_table('step',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('section_id', sa.Integer(), nullable=False),
        sa.Column('seq', sa.Integer(), nullable=False),
        sa.Column('item_index', sa.Integer(), nullable=False),
        sa.Column('item_version_id', sa.Integer(), nullable=False),
        sa.Column('option_order', sa.String(length=40), nullable=False),
        sa.Column('is_reached', sa.Boolean(), nullable=False),
        sa.Column('is_pretest', sa.Boolean(), nullable=False),
        sa.Column('trace', sa.JSON(), nullable=False),
        sa.Column('made_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['item_version_id'], ['item_version.id'], name=op.f('fk_step_item_version_id_item_version')),
        sa.ForeignKeyConstraint(['section_id'], ['section.id'], name=op.f('fk_step_section_id_section')),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_step_session_id_exam_session')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_step')),
        sa.UniqueConstraint('section_id', 'seq', name=op.f('uq_step_section_id_seq')),
        info={'append_only': True}
    )
    op.create_index('ix_step_pretest', 'step', ['item_version_id'], unique=False, sqlite_where=sa.text('is_pretest'), postgresql_where=sa.text('is_pretest'))
    op.create_table('grade',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('score_id', sa.Integer(), nullable=False),
        sa.Column('subject', sa.String(length=40), nullable=False),
        sa.Column('percent', sa.String(length=12), nullable=False),
        sa.Column('grade', sa.String(length=40), nullable=False),
        sa.Column('ruling', sa.JSON(), nullable=False),
        sa.Column('supersedes_id', sa.Integer(), nullable=True),
        sa.Column('made_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['score_id'], ['score.id'], name=op.f('fk_grade_score_id_score')),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_grade_session_id_exam_session')),
        sa.ForeignKeyConstraint(['supersedes_id'], ['grade.id'], name=op.f('fk_grade_supersedes_id_grade')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_grade')),
        sa.UniqueConstraint('supersedes_id', name=op.f('uq_grade_supersedes_id')),
        info={'append_only': True}
    )
    op.create_index('uq_grade_first', 'grade', ['session_id', 'subject'], unique=True, sqlite_where=sa.text('supersedes_id IS NULL'), postgresql_where=sa.text('supersedes_id IS NULL'))
    for table in APPEND_ONLY:
        columns = [each["name"] for each in sa.inspect(op.get_bind()).get_columns(table)]
        for statement in append_only_ddl(table, op.get_bind().dialect.name, REWRAPPED.get(table, ""), columns)[0]:
            op.execute(statement)


def downgrade() -> None:
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table, op.get_bind().dialect.name)[1]:
            op.execute(statement)
    op.drop_index('uq_grade_first', table_name='grade', sqlite_where=sa.text('supersedes_id IS NULL'), postgresql_where=sa.text('supersedes_id IS NULL'))
    op.drop_table('grade')
    op.drop_index('ix_step_pretest', table_name='step', sqlite_where=sa.text('is_pretest'), postgresql_where=sa.text('is_pretest'))
    op.drop_table('step')
    op.drop_index('uq_score_first', table_name='score', sqlite_where=sa.text('supersedes_id IS NULL'), postgresql_where=sa.text('supersedes_id IS NULL'))
    op.drop_index('ix_score_session_id', table_name='score')
    op.drop_table('score')
    op.drop_table('response')
    op.drop_table('late_answer')
    op.drop_table('admission')
    op.drop_table('section')
    op.drop_table('seat_assignment')
    op.drop_table('seal')
    op.drop_index(op.f('ix_irregularity_session_id'), table_name='irregularity')
    op.drop_table('irregularity')
    op.drop_index(op.f('ix_identity_check_session_id'), table_name='identity_check')
    op.drop_table('identity_check')
    op.drop_table('hold')
    op.drop_table('heartbeat')
    op.drop_index('uq_eligibility_first', table_name='eligibility', sqlite_where=sa.text('supersedes_id IS NULL'), postgresql_where=sa.text('supersedes_id IS NULL'))
    op.drop_table('eligibility')
    op.drop_index('ix_candidate_message_unread', table_name='candidate_message')
    op.drop_table('candidate_message')
    op.drop_table('registration_subject')
    op.drop_index(op.f('ix_exam_session_registration_no'), table_name='exam_session')
    op.drop_table('exam_session')
    op.drop_index(op.f('ix_registration_school_id'), table_name='registration')
    op.drop_table('registration')
    op.drop_table('pool_item')
    op.drop_table('pool_exposure')
    op.drop_table('duty')
    op.drop_table('staff_role')
    op.drop_index(op.f('ix_staff_login_staff_id'), table_name='staff_login')
    op.drop_table('staff_login')
    op.drop_table('sitting_section')
    op.drop_table('seat')
    op.drop_table('room_sitting')
    op.drop_table('key_version')
    op.drop_table('item_parameter')
    op.drop_table('admission_list')
    op.drop_table('staff')
    op.drop_table('sitting')
    op.drop_table('room')
    op.drop_table('programme_subject')
    op.drop_table('pool')
    op.drop_table('item_version')
    op.drop_index('ix_transition_machine_row_id', table_name='transition')
    op.drop_table('transition')
    op.drop_table('topic')
    op.drop_table('programme')
    op.drop_index(op.f('ix_outbox_relayed_at'), table_name='outbox')
    op.drop_table('outbox')
    op.drop_table('organisation')
    op.drop_table('journal_head')
    op.drop_index('ix_journal_subject_actor_at', table_name='journal')
    op.drop_index(op.f('ix_journal_at'), table_name='journal')
    op.drop_index('ix_journal_actor_seq', table_name='journal')
    op.drop_index('ix_journal_act_seq', table_name='journal')
    op.drop_table('journal')
    op.drop_index(op.f('ix_item_subject'), table_name='item')
    op.drop_table('item')
    op.drop_table('candidate')
    op.drop_table('calibration_run')
    op.drop_table('blueprint')
