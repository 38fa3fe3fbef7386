"""Grades and decisions are found by their session."""

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

TABLES = ("grade", "eligibility")


def upgrade() -> None:
    for table in TABLES:
        op.create_index(op.f(f"ix_{table}_session_id"), table, ["session_id"], unique=False)


def downgrade() -> None:
    for table in TABLES:
        op.drop_index(op.f(f"ix_{table}_session_id"), table_name=table)
