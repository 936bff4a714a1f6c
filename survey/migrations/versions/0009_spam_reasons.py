"""why an answer is spam

Revision: 0009
Before it: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NAME = "ix_response_spam_reason_id"
EXPLAINED = sa.text("spam_reason != ''")
REASONS = "'', 'honeypot', 'too_quick', 'no_proof', 'moderator'"


def upgrade() -> None:
    # In words of its own: alembic would have SQLite make the table anew, and comments go with it.
    op.execute(
        "ALTER TABLE response ADD COLUMN spam_reason VARCHAR(24) DEFAULT '' NOT NULL "
        f"CONSTRAINT ck_response_spamreason CHECK (spam_reason IN ({REASONS}))"
    )
    # Of older answers only the moderators' steps are known.
    op.execute(
        "UPDATE response SET spam_reason = 'moderator' WHERE state = 'spam' AND id IN ("
        "SELECT CAST(substr(target, 10) AS INTEGER) FROM audit_event "
        "WHERE target LIKE 'response %' AND action LIKE 'answer % -> spam')"
    )
    op.create_index(
        NAME,
        "response",
        ["spam_reason", "id"],
        sqlite_where=EXPLAINED,
        postgresql_where=EXPLAINED,
    )


def downgrade() -> None:
    op.drop_index(NAME, "response")
    op.execute("ALTER TABLE response DROP COLUMN spam_reason")
