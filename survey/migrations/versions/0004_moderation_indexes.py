"""indexes for moderators: rare states and articles are found without reading every answer

Revision: 0004
Before it: 0003
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_response_state_id", "response", ["state", "id"])
    op.create_index("ix_response_article_id", "response", ["article", "id"])


def downgrade() -> None:
    op.drop_index("ix_response_article_id", "response")
    op.drop_index("ix_response_state_id", "response")
