"""wordings changed by admins

Revision: 0003
Before it: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wording_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "question",
                "disclaimer",
                name="wordingkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("provider", sa.String(length=40), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording_change")),
    )
    # Plain ADD COLUMN: SQLite must not make the table anew, since answers refer to it.
    op.add_column(
        "wording",
        sa.Column(
            "current_since",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.text("'1970-01-01 00:00:00.000000'"),
        ),
    )
    # What is stored was on the pages from when it was first shown.
    op.execute("UPDATE wording SET current_since = first_shown")


def downgrade() -> None:
    op.drop_column("wording", "current_since")
    op.drop_table("wording_change")
