"""views by the same dimensions as answers: the question, the source and what translated

Revision: 0010
Before it: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NAME = "daily_view"
OLD = ("day", "site_language", "shown_language", "translation", "channel")
# Of the views until now nobody knows these any more.
NEW = {"question_id": "0", "source_language": "''", "engine": "''", "engine_version": "''"}
ORDER = (
    "day",
    "question_id",
    "site_language",
    "shown_language",
    "source_language",
    "translation",
    "engine",
    "engine_version",
    "channel",
)
TYPES: dict[str, sa.types.TypeEngine[object]] = {
    "day": sa.Date(),
    "question_id": sa.Integer(),
    "site_language": sa.String(length=16),
    "shown_language": sa.String(length=16),
    "source_language": sa.String(length=16),
    "engine": sa.String(length=200),
    "engine_version": sa.String(length=40),
}
CHOICES = {
    "translation": ("original", "machine", "reviewed", "third_party"),
    "channel": ("page", "embed", "api"),
}


def upgrade() -> None:
    _make_anew(ORDER, [NEW.get(name, name) for name in ORDER], "views")


def downgrade() -> None:
    _make_anew(OLD, OLD, "SUM(views)")


def _make_anew(names: tuple[str, ...], values: list[str] | tuple[str, ...], views: str) -> None:
    """The columns are the key, which SQLite cannot change in a table that is there."""
    op.execute(f"CREATE TABLE views_meanwhile AS SELECT * FROM {NAME}")  # noqa: S608 -- names of our own
    op.drop_table(NAME)
    op.create_table(
        NAME,
        *(_column(name) for name in names),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*names, name=op.f(f"pk_{NAME}")),
        sqlite_with_rowid=False,
    )
    grouped = f" GROUP BY {', '.join(names)}" if "SUM" in views else ""
    op.execute(
        f"INSERT INTO {NAME} ({', '.join(names)}, views) "  # noqa: S608 -- as above
        f"SELECT {', '.join(values)}, {views} FROM views_meanwhile{grouped}"
    )
    op.execute("DROP TABLE views_meanwhile")


def _column(name: str) -> sa.Column[object]:
    if name in CHOICES:
        kind = sa.Enum(
            *CHOICES[name], name=name, native_enum=False, create_constraint=True, length=24
        )
        return sa.Column(name, kind, nullable=False)
    default = sa.text(NEW[name]) if name in NEW else None
    return sa.Column(name, TYPES[name], nullable=False, server_default=default)
