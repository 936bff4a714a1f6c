"""comments by day for reports of old periods; answers with two indexes less to keep

Revision: 0006
Before it: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

RECOGNISED = sa.text("visitor_key IS NOT NULL")


def upgrade() -> None:
    op.add_column("comment", sa.Column("day", sa.Date()))
    op.execute(
        "UPDATE comment SET day = (SELECT day FROM response WHERE response.id = response_id)"
    )
    with op.batch_alter_table("comment") as batch_op:
        batch_op.alter_column("day", existing_type=sa.Date(), nullable=False)
    op.create_index("ix_comment_day_written_at", "comment", ["day", "written_at"])
    # No query looks for it any more: those of reports start with the day.
    op.drop_index("ix_response_answered_at", "response")
    # Emptied when the day is over, so that nearly all of the old index was of nothing.
    op.drop_index("ix_response_visitor_key", "response")
    op.create_index(
        "ix_response_visitor_key",
        "response",
        ["visitor_key"],
        sqlite_where=RECOGNISED,
        postgresql_where=RECOGNISED,
    )


def downgrade() -> None:
    op.drop_index("ix_response_visitor_key", "response")
    op.create_index("ix_response_visitor_key", "response", ["visitor_key"])
    op.create_index("ix_response_answered_at", "response", ["answered_at"])
    op.drop_index("ix_comment_day_written_at", "comment")
    with op.batch_alter_table("comment") as batch_op:
        batch_op.drop_column("day")
