"""What a sealed session holds, short enough to be scored by the hundred thousand."""

import sqlalchemy as sa
from alembic import op

from server.core.db import append_only_ddl

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('answer_sheet',
        sa.Column('section_id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('session_id', sa.Integer(), nullable=False),
        sa.Column('items', sa.LargeBinary(), nullable=False),
        sa.Column('marks', sa.LargeBinary(), nullable=False),
        sa.Column('fault', sa.String(length=40), nullable=True),
        sa.Column('fault_seq', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['section_id'], ['section.id'], name=op.f('fk_answer_sheet_section_id_section')),
        sa.ForeignKeyConstraint(['session_id'], ['exam_session.id'], name=op.f('fk_answer_sheet_session_id_exam_session')),
        sa.PrimaryKeyConstraint('section_id', name=op.f('pk_answer_sheet')),
        info={'append_only': True}
    )
    op.create_index(op.f('ix_answer_sheet_session_id'), 'answer_sheet', ['session_id'], unique=False)
    up, _ = append_only_ddl('answer_sheet', op.get_bind().dialect.name)
    for statement in up:
        op.execute(statement)


def downgrade() -> None:
    _, down = append_only_ddl('answer_sheet', op.get_bind().dialect.name)
    for statement in down:
        op.execute(statement)
    op.drop_index(op.f('ix_answer_sheet_session_id'), table_name='answer_sheet')
    op.drop_table('answer_sheet')
