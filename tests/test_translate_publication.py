"""Articles get their translations once, labelled as a machine's."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from survey.db import Database
from translate.articles.publication import translate_articles
from translate.articles.reading import TextKind, list_articles, read_article
from translate.articles.sample_articles import import_samples
from translate.service import TranslationService

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)

pytestmark = pytest.mark.slow


def test_articles_are_translated_once_and_labelled_machine(
    database: Database, service: TranslationService
) -> None:
    told: list[tuple[int, int]] = []
    with database.scope() as session:
        import_samples(session, ROOT / "translate" / "samples", now=NOW)
        before = read_article(session, "paths-of-paper-exhibition", "fr")

        done = translate_articles(
            session,
            service,
            ("en", "fr", "ar"),
            now=NOW,
            progress=lambda n, of: told.append((n, of)),
        )
        again = translate_articles(
            session, service, ("en", "fr", "ar"), now=NOW, progress=lambda n, of: None
        )

        assert done.translated > 0
        assert told[-1] == (done.translated, done.translated)
        assert again.translated == 0
        assert read_article(session, "paths-of-paper-exhibition", "fr") == before
        machine = [a for a in list_articles(session, "fr").articles if a.kind is TextKind.MACHINE]
        assert machine
        for listed in machine:
            article = read_article(session, listed.slug, "fr")
            original = read_article(session, listed.slug, "fr", original=True)
            assert article is not None
            assert original is not None
            assert len(article.paragraphs) == len(original.paragraphs)
            assert article.engine is not None
            assert article.engine.name == "argos en-fr"
            assert article.engine.is_starter
            assert len(article.engine.checksum) == 64
