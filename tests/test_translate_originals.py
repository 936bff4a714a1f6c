"""An article's own text: written, corrected, set back, and what becomes of its translations."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.db import Database
from translate.articles.editing import (
    Intent,
    Typed,
    fingerprint,
    open_translation,
    save_translation,
)
from translate.articles.intake import ArticleText
from translate.articles.originals import (
    AlreadyThere,
    Draft,
    OriginalChanged,
    UnknownArticle,
    correct_original,
    open_original,
    write_article,
)
from translate.articles.paragraph_changes import Change, compared
from translate.articles.reading import TextKind, list_articles, read_article
from translate.models import ArticleTranslation, TranslationState

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
BODY = "The harbour opened. Ships came.\n\nIt rained."


def draft(title: str = "The harbour", body: str = BODY, day: date | None = None) -> Draft:
    return Draft(text=ArticleText(title=title, body=body), day=day)


def translated(session: Session, slug: str, *targets: str) -> None:
    """A person's translation into French, published."""
    opened = open_translation(session, slug, "fr")
    typed = Typed(
        version=opened.version,
        revision=opened.revision,
        shape=opened.sheet.shape,
        targets=targets,
        was=tuple(fingerprint(row.target) for row in opened.sheet.rows),
    )
    save_translation(session, slug, "fr", typed, Intent.PUBLISH, by="Elias", now=NOW)


def correct(session: Session, slug: str, wanted: Draft) -> object:
    version = open_original(session, slug).draft.version
    return correct_original(session, slug, wanted, version=version, now=NOW)


def test_a_written_article_is_read_at_once(database: Database) -> None:
    with database.scope() as session:
        slug = write_article(session, "en", draft(day=date(2026, 3, 3)), now=NOW)

        article = read_article(session, slug, "fr")

        assert article is not None
        assert (article.slug, article.kind) == ("the-harbour", TextKind.ORIGINAL)
        assert article.published_on == date(2026, 3, 3)
        with pytest.raises(AlreadyThere) as refused:
            write_article(session, "en", draft(), now=NOW)
        assert refused.value.slug == slug


def test_a_correction_takes_the_translations_of_the_text_before_out_of_sight(
    database: Database,
) -> None:
    """A withdrawn one stays withdrawn."""
    with database.scope() as session:
        slug = write_article(session, "en", draft(), now=NOW)
        translated(session, slug, "Le port", "Le port a ouvert.", "Des navires.", "Il a plu.")

        done = correct(session, slug, draft(body=BODY.replace("rained", "snowed")))

        assert (done.changed, done.stale, done.back) == (True, 1, 0)
        read = read_article(session, slug, "fr")
        assert read is not None
        assert read.kind is TextKind.ORIGINAL
        assert read.paragraphs[1] == "It snowed."
        assert open_original(session, slug).translations == {}


def test_sentences_that_stayed_keep_their_translation(database: Database) -> None:
    with database.scope() as session:
        slug = write_article(session, "en", draft(), now=NOW)
        translated(session, slug, "Le port", "Le port a ouvert.", "Des navires.", "Il a plu.")
        correct(session, slug, draft(body=BODY.replace("rained", "snowed")))

        opened = open_translation(session, slug, "fr")

        assert opened.state is None
        assert opened.outdated is not None
        assert opened.outdated.text.endswith("Il a plu.")
        targets = [row.target for row in opened.sheet.rows]
        assert targets == ["Le port", "Le port a ouvert.", "Des navires.", ""]


def test_going_back_to_an_earlier_text_brings_its_translations_back(database: Database) -> None:
    """Reviewed work as reviewed, a machine's as a machine's."""
    with database.scope() as session:
        slug = write_article(session, "en", draft(), now=NOW)
        translated(session, slug, "Le port", "Le port a ouvert.", "Des navires.", "Il a plu.")
        correct(session, slug, draft(title="The port"))
        opened = open_original(session, slug)
        assert [text.title for text in opened.earlier] == ["The harbour"]

        done = correct(session, slug, draft())

        assert (done.stale, done.back) == (0, 1)
        states = session.scalars(select(ArticleTranslation.state)).all()
        assert states == [TranslationState.REVIEWED]
        assert read_article(session, slug, "fr").title == "Le port"


def test_another_day_is_no_other_text(database: Database) -> None:
    """The article is listed under it; without one it is listed under the day it came."""
    with database.scope() as session:
        slug = write_article(session, "en", draft(), now=NOW)
        write_article(session, "en", draft("Other", "text", date(2026, 11, 20)), now=NOW)
        translated(session, slug, "Le port", "Le port a ouvert.", "Des navires.", "Il a plu.")

        done = correct(session, slug, draft(day=date(2026, 1, 2)))

        assert (done.changed, done.stale) == (True, 0)
        assert [a.title for a in list_articles(session, "fr").articles] == ["Other", "Le port"]
        correct(session, slug, draft())
        assert [a.title for a in list_articles(session, "fr").articles] == ["Le port", "Other"]


def test_who_saves_second_is_told(database: Database) -> None:
    """Also where the other one changed the day only; the same change twice is none."""
    with database.scope() as session:
        slug = write_article(session, "en", draft(), now=NOW)
        version = open_original(session, slug).draft.version
        correct(session, slug, draft(day=date(2026, 1, 2)))

        with pytest.raises(OriginalChanged):
            correct_original(session, slug, draft("Mine"), version=version, now=NOW)

        same = draft(day=date(2026, 1, 2))
        assert not correct_original(session, slug, same, version=version, now=NOW).changed
        assert open_original(session, slug).draft == same


def test_an_article_that_is_not_there_cannot_be_corrected(database: Database) -> None:
    with database.scope() as session, pytest.raises(UnknownArticle, match="no article x"):
        correct_original(session, "x", draft(), version="", now=NOW)


LINES = st.lists(st.text("abc .", min_size=1).filter(str.strip), max_size=8)


@given(LINES, LINES)
def test_a_comparison_holds_both_texts_whole_and_in_order(
    before: list[str], after: list[str]
) -> None:
    found = compared("\n\n".join(before), "\n\n".join(after))

    old = [p.text for p in found if p.change is not Change.ADDED]
    new = [p.text for p in found if p.change is not Change.REMOVED]
    assert old == [line.strip() for line in before]
    assert new == [line.strip() for line in after]
