"""People who save at the same moment: one is first, the other is told, on both databases."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session

from survey.db import Database
from translate.articles.corrections import review_article
from translate.articles.editing import (
    Intent,
    TranslationChanged,
    Typed,
    fingerprint,
    open_translation,
    save_translation,
)
from translate.articles.intake import ArticleText, import_page
from translate.articles.originals import (
    AlreadyThere,
    Draft,
    OriginalChanged,
    correct_original,
    open_original,
    write_article,
)
from translate.errors import GlossaryError
from translate.glossary_list import save_term

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
FIRST, TOLD = "first", "told"


def draft(title: str, body: str = "The harbour opened. It rained.") -> Draft:
    return Draft(text=ArticleText(title=title, body=body), day=None)


def at_once(
    database: Database, save: Callable[[Session, str], object], refusal: type[Exception]
) -> tuple[dict[str, int], str]:
    """Three people save; gives how many were first and told, and the name of who was first."""
    together, said = threading.Barrier(3), dict[str, str]()

    def one(name: str) -> None:
        with database.scope() as session:
            together.wait()
            try:
                save(session, name)
            except refusal:
                said[name] = TOLD
            else:
                said[name] = FIRST

    threads = [threading.Thread(target=one, args=[name]) for name in ("Amina", "Elias", "Vera")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(said.values()), next(name for name, what in said.items() if what == FIRST)


def test_of_those_who_correct_an_article_one_is_first(database: Database) -> None:
    with database.scope() as session:
        slug = write_article(session, "en", draft("Before"), now=NOW)
        version = open_original(session, slug).draft.version

    def save(session: Session, name: str) -> None:
        correct_original(session, slug, draft(name), version=version, now=NOW)

    counts, first = at_once(database, save, OriginalChanged)

    assert counts == {FIRST: 1, TOLD: 2}
    with database.scope() as session:
        assert open_original(session, slug).draft.text.title == first


def test_an_article_that_is_sent_twice_is_there_once(database: Database) -> None:
    counts, _ = at_once(
        database, lambda s, _name: write_article(s, "en", draft("Port"), now=NOW), AlreadyThere
    )

    assert counts == {FIRST: 1, TOLD: 2}


def test_articles_of_one_title_get_names_of_their_own(database: Database) -> None:
    def save(session: Session, name: str) -> None:
        write_article(session, "en", draft("Port", name), now=NOW)

    counts, _ = at_once(database, save, AlreadyThere)

    assert counts == {FIRST: 3}


def test_a_page_that_is_brought_in_twice_is_there_once(database: Database) -> None:
    added: list[int] = []

    def save(session: Session, _name: str) -> None:
        page = "The port\n\nIt opened on Monday, and ships came."
        added.append(len(import_page(session, page, "en", now=NOW).added))

    at_once(database, save, ValueError)

    assert sorted(added) == [0, 0, 1]


@pytest.mark.parametrize("is_there", [False, True])
def test_of_those_who_save_a_translation_one_is_first(database: Database, is_there: bool) -> None:
    with database.scope() as session:
        slug = write_article(session, "en", draft("Port"), now=NOW)
        if is_there:
            review_article(session, slug, "fr", draft("Porte").text, by="Elias", now=NOW)
        opened = open_translation(session, slug, "fr")
    rows = opened.sheet.rows

    def save(session: Session, name: str) -> None:
        typed = Typed(
            version=opened.version,
            revision=opened.revision,
            shape=opened.sheet.shape,
            targets=tuple(f"{name}." for _row in rows),
            was=tuple(fingerprint(row.target) for row in rows),
        )
        save_translation(session, slug, "fr", typed, Intent.REVIEW, by=name, now=NOW)

    counts, first = at_once(database, save, TranslationChanged)

    assert counts == {FIRST: 1, TOLD: 2}
    with database.scope() as session:
        assert open_translation(session, slug, "fr").reviewed_by == first


def test_a_term_that_is_sent_twice_is_there_once(database: Database) -> None:
    cells = {"source_language": "en", "target_language": "fr", "term": "port", "target": "port"}

    def save(session: Session, name: str) -> None:
        save_term(session, None, cells, by=name, now=NOW)

    counts, _ = at_once(database, save, GlossaryError)

    assert counts == {FIRST: 1, TOLD: 2}
