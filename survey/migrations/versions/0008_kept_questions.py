"""kept reports may be about an earlier wording of the question

Revision: 0008
Before it: 0007
"""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

OLD, NEW = "uq_kept_report_cadence_first_day", "uq_kept_report_cadence_first_day_question"


@contextmanager
def _deliveries_kept() -> Iterator[None]:
    """SQLite makes the table of reports anew, and with the old one goes what refers to it."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:
        op.execute("CREATE TABLE deliveries_meanwhile AS SELECT * FROM report_delivery")
    yield
    if sqlite:
        op.execute("DELETE FROM report_delivery")
        op.execute("INSERT INTO report_delivery SELECT * FROM deliveries_meanwhile")
        op.execute("DROP TABLE deliveries_meanwhile")


def upgrade() -> None:
    with _deliveries_kept(), op.batch_alter_table("kept_report") as batch_op:
        batch_op.add_column(
            sa.Column("question", sa.String(length=64), nullable=False, server_default="")
        )
        batch_op.drop_constraint(OLD, type_="unique")
        batch_op.create_unique_constraint(NEW, ["cadence", "first_day", "question"])


def downgrade() -> None:
    op.execute("DELETE FROM kept_report WHERE question != ''")
    with _deliveries_kept(), op.batch_alter_table("kept_report") as batch_op:
        batch_op.drop_constraint(NEW, type_="unique")
        batch_op.create_unique_constraint(OLD, ["cadence", "first_day"])
        batch_op.drop_column("question")
