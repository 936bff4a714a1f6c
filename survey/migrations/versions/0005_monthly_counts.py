"""roll-ups by month, and by day and language, filled from those by day

Revision: 0005
Before it: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

LEVELS = (1, 2, 3, 4, 5)
VALUES = {
    "translation": ("original", "machine", "reviewed", "third_party"),
    "channel": ("page", "embed", "api"),
    "state": ("counted", "possible_duplicate", "spam", "withdrawn"),
}
TYPES: dict[str, sa.types.TypeEngine[object]] = {
    "day": sa.Date(),
    "month": sa.Date(),
    "article": sa.String(length=200),
    "question_id": sa.Integer(),
    "shown_language": sa.String(length=16),
    "engine": sa.String(length=200),
    "engine_version": sa.String(length=40),
}
# New table: the one it is summed from, and what names its cells.
TABLES = {
    "daily_language_count": ("daily_count", ("day", "question_id", "shown_language", "state")),
    "monthly_count": (
        "daily_count",
        (
            "month",
            "question_id",
            "shown_language",
            "translation",
            "engine",
            "engine_version",
            "channel",
            "state",
        ),
    ),
    "monthly_article_count": (
        "daily_article_count",
        ("month", "article", "question_id", "shown_language", "translation", "state"),
    ),
}


def upgrade() -> None:
    for table, (source, names) in TABLES.items():
        op.create_table(
            table,
            *(sa.Column(name, _type(name), nullable=False) for name in names),
            *(sa.Column(f"level_{level}", sa.Integer(), nullable=False) for level in LEVELS),
            sa.ForeignKeyConstraint(
                ["question_id"], ["wording.id"], name=op.f(f"fk_{table}_question_id_wording")
            ),
            sa.PrimaryKeyConstraint(*names, name=op.f(f"pk_{table}")),
            sqlite_with_rowid=False,
        )
        op.execute(_filling(table, source, names))
    op.create_index("ix_response_day_answered_at", "response", ["day", "answered_at"])
    op.drop_index("ix_response_day", "response")


def downgrade() -> None:
    op.create_index("ix_response_day", "response", ["day"])
    op.drop_index("ix_response_day_answered_at", "response")
    for table in reversed(TABLES):
        op.drop_table(table)


def _type(name: str) -> sa.types.TypeEngine[object]:
    if name not in VALUES:
        return TYPES[name]
    return sa.Enum(*VALUES[name], name=name, native_enum=False, create_constraint=True, length=24)


def _filling(table: str, source: str, names: tuple[str, ...]) -> str:
    """The sums of the daily rows, each level in a column of its own."""
    month = {
        "sqlite": "date(day, 'start of month')",
        "postgresql": "CAST(date_trunc('month', day) AS date)",
    }[op.get_bind().dialect.name]
    cells = ", ".join(month if name == "month" else name for name in names)
    sums = ", ".join(f"SUM(CASE WHEN rating = {level} THEN answers ELSE 0 END)" for level in LEVELS)
    columns = ", ".join((*names, *(f"level_{level}" for level in LEVELS)))
    return f"INSERT INTO {table} ({columns}) SELECT {cells}, {sums} FROM {source} GROUP BY {cells}"  # noqa: S608 -- names of our own
