"""views by article and month; those of before stay, under no article

Revision: 0011
Before it: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NAME = "monthly_article_view"
KEY = ("month", "article", "question_id", "shown_language", "translation")
MONTH = {
    "sqlite": "date(day, 'start of month')",
    "postgresql": "CAST(date_trunc('month', day) AS date)",
}


def upgrade() -> None:
    kinds = sa.Enum(
        "original",
        "machine",
        "reviewed",
        "third_party",
        name="translation",
        native_enum=False,
        create_constraint=True,
        length=24,
    )
    op.create_table(
        NAME,
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("article", sa.String(length=200), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("shown_language", sa.String(length=16), nullable=False),
        sa.Column("translation", kinds, nullable=False),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(*KEY, name=op.f(f"pk_{NAME}")),
        sqlite_with_rowid=False,
    )
    month = MONTH[op.get_bind().dialect.name]
    # Boxes on other websites stand under no article.
    op.execute(
        f"INSERT INTO {NAME} ({', '.join(KEY)}, views) "  # noqa: S608 -- names of our own
        f"SELECT {month}, '', question_id, shown_language, translation, SUM(views) "
        "FROM daily_view WHERE channel = 'page' "
        f"GROUP BY {month}, question_id, shown_language, translation HAVING SUM(views) > 0"
    )


def downgrade() -> None:
    op.drop_table(NAME)
