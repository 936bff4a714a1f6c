"""answers under each disclaimer counted from an index

Revision: 0007
Before it: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NAME = "ix_response_disclaimer_id_state_disclaimer_acknowledged"
DISCLAIMED = sa.text("disclaimer_id IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        NAME,
        "response",
        ["disclaimer_id", "state", "disclaimer_acknowledged"],
        sqlite_where=DISCLAIMED,
        postgresql_where=DISCLAIMED,
    )


def downgrade() -> None:
    op.drop_index(NAME, "response")
