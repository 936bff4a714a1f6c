"""Articles come in whole, once, and are read in the reader's language or else their own."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.db import Database
from survey.ratings import Wording, read_wording
from translate.articles.intake import (
    ArticleText,
    add_article,
    add_reviewed,
    export_text,
    free_slug,
    import_page,
    remove_article,
    stored_articles,
)
from translate.articles.page import Furniture, furniture, parse
from translate.articles.reading import TextKind, list_articles, read_article
from translate.articles.sample_articles import import_samples
from translate.errors import ArticleError
from translate.models import ArticleTranslation, TranslationState
from translate.sentences.dates import first_day

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
PAGE = (Path(__file__).parent / "data" / "news-page.txt").read_text(encoding="utf-8")
SAMPLES = Path(__file__).resolve().parent.parent / "translate" / "samples"


def add(session: Session, slug: str, day: date | None = None, **reviewed: str) -> None:
    """An English article; `reviewed` are titles of translations by their language."""
    text = ArticleText(title=f"Title of {slug}", body="One.\n\nTwo.")
    session.connection(execution_options={"writes": True})
    revision = add_article(session, slug, "en", text, day=day, source="test", now=NOW)
    for language, title in reviewed.items():
        body = ArticleText(title=title, body="Un.\n\nDeux.")
        add_reviewed(session, revision, language, body, by="Elias", now=NOW)
    session.commit()


def test_a_page_is_cut_into_articles_and_furniture() -> None:
    articles, left_out = parse(PAGE, "en")

    assert [(a.title, len(a.paragraphs), a.day) for a in articles] == [
        ("Harbour League Opens a Reading Room for Sailors in Tangier", 2, date(2026, 3, 2)),
        ("Can a Lighthouse Teach Physics?", 2, date(2026, 2, 9)),
        ("Second Volume of the Atlas of Winds Appears", 2, None),
    ]
    assert [line.kind for line in left_out] == [
        Furniture.DISCLAIMER,
        Furniture.FEEDBACK,
        Furniture.FEEDBACK,
        Furniture.FEEDBACK,
        Furniture.SCALE,
        Furniture.ASSISTANT,
        Furniture.ASSISTANT,
    ]


@pytest.mark.parametrize("wording", read_wording().values(), ids=lambda w: w.language)
def test_the_texts_of_our_own_box_belong_to_no_article(wording: Wording) -> None:
    """A page that was saved with Rayak's box under it is read without the box."""
    disclaimer = wording.disclaimer_text("argos", "Harbour League")
    expected = {
        wording.heading: Furniture.FEEDBACK,
        wording.form_title: Furniture.FEEDBACK,
        wording.question: Furniture.FEEDBACK,
        f"{wording.low_label} {wording.high_label}": Furniture.SCALE,
        **dict.fromkeys(wording.scale, Furniture.SCALE),
        disclaimer: Furniture.DISCLAIMER,
    }

    assert {text: furniture(text) for text in expected} == expected


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Dans quelle mesure êtes-vous satisfait(e) de ce site ?", Furniture.FEEDBACK),
        ("Êtes-vous satisfaites de nos services ?", Furniture.FEEDBACK),
        ("Globalement, êtes-vous satisfait·e·s du site ?", Furniture.FEEDBACK),
        ("Très insatisfait(e) Très satisfait(e)", Furniture.SCALE),
        ("Pas du tout satisfait·e", Furniture.SCALE),
        ("Tout à fait content(e)s", Furniture.SCALE),
        ("Le ministre est très satisfait du résultat", None),
        ("Êtes-vous satisfaisant ?", None),
        ("The Minister is satisfied with the result", None),
        ("Satisfied readers come back to the library", None),
        ("راضٍ عن النتائج", None),
    ],
)
def test_questions_and_labels_are_known_in_every_spelling(
    line: str, kind: Furniture | None
) -> None:
    assert furniture(line) == kind


def test_a_page_is_cut_alike_whatever_its_line_ends_and_width() -> None:
    """Wrapped lines, end labels on two lines and Windows line ends change nothing."""
    wrapped = PAGE.replace("said that a ship's", "said that\n    a ship's")
    wrapped = wrapped.replace("Dissatisfied Extremely", "Dissatisfied\n    Extremely")

    assert parse(wrapped.replace("\n", "\r\n"), "en")[0] == parse(PAGE, "en")[0]


def test_importing_a_page_twice_adds_nothing(database: Database) -> None:
    with database.scope() as session:
        first = import_page(session, PAGE, "en", now=NOW)
        second = import_page(session, PAGE, "en", now=NOW)

        assert (len(first.found), len(first.added), first.already_there) == (3, 3, 0)
        assert (len(second.found), len(second.added), second.already_there) == (3, 0, 3)
        assert [a.slug for a in list_articles(session, "en").articles] == [
            "second-volume-of-the-atlas-of-winds-appears",
            "harbour-league-opens-a-reading-room-for-sailors-in-tangier",
            "can-a-lighthouse-teach-physics",
        ]


WEEKLY = "Harbour this week\n\nThe crane stands still on {}. {}"
NEWS = "Ferries sail to {0} at noon and bring {1} back at night."


def test_a_corrected_article_is_no_second_one(database: Database) -> None:
    """Readers would see both; another week's news under the same title is news."""
    page = WEEKLY.format("Monday", NEWS.format("Malta", "wine"))
    with database.scope() as session:
        import_page(session, page, "en", now=NOW)
        corrected = import_page(session, page.replace("Monday", "Tuesday"), "en", now=NOW)
        another = "A new light was lit at the pier; the old keeper retired after forty years."
        news = import_page(session, WEEKLY.format("Friday", another), "en", now=NOW)

        assert (corrected.added, corrected.already_there) == ((), 0)
        assert [other.slug for other in corrected.others] == ["harbour-this-week"]
        assert (len(news.added), news.others) == (1, ())
        assert len(list_articles(session, "en").articles) == 2


def test_what_was_exported_is_already_there(database: Database) -> None:
    with database.scope() as session:
        import_page(session, PAGE, "en", now=NOW)
        text = export_text(stored_articles(session))

        assert import_page(session, text, "en", now=NOW).already_there == 3


@pytest.mark.parametrize("text", ["", "\n\n", "Only a title", "Disclaimer: nothing else.", "\0"])
def test_a_page_without_article_is_refused(database: Database, text: str) -> None:
    with database.scope() as session, pytest.raises(ArticleError, match="No article found"):
        import_page(session, text, "en", now=NOW)


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "on Monday, 3 March 2025, and 4 March 2025", date(2025, 3, 3)),
        ("en", "on March 3rd, 2025", date(2025, 3, 3)),
        ("en", "from 11 to 13 November 2025", date(2025, 11, 11)),
        ("en", "31 November 2025, no: 1 December 2025", date(2025, 12, 1)),
        ("en", "in November 2025, room 12", None),
        ("fr", "le samedi 1er août 2026", date(2026, 8, 1)),
        ("ar", "يوم الخميس 26 فبراير 2026", date(2026, 2, 26)),
        ("ar", "في 3 نونبر 2025", date(2025, 11, 3)),
        ("ar", "في 2 تشرين الثاني 2025", date(2025, 11, 2)),
    ],
)
def test_the_first_full_date_is_found(language: str, text: str, day: date | None) -> None:
    assert first_day(text, language) == day


def test_the_samples_come_in_once_with_reviewed_translations(database: Database) -> None:
    with database.scope() as session:
        count = import_samples(session, SAMPLES, now=NOW)

        assert count >= 10
        assert import_samples(session, SAMPLES, now=NOW) == 0
        kinds = {
            language: [a.kind for a in list_articles(session, language).articles]
            for language in ("en", "fr", "ar")
        }
        assert all(kinds[code].count(TextKind.REVIEWED) >= 6 for code in ("fr", "ar"))


def test_a_file_that_is_no_sample_is_named(database: Database, tmp_path: Path) -> None:
    (tmp_path / "odd.toml").write_text("slug = 'odd'\n", encoding="utf-8")

    with database.scope() as session, pytest.raises(ArticleError, match=r"odd\.toml"):
        import_samples(session, tmp_path, now=NOW)


def test_the_list_is_newest_first_and_paged(database: Database) -> None:
    with database.scope() as session:
        for number in range(1, 6):
            add(session, f"a{number}", date(2026, 1, number))
        add(session, "undated")

        first = list_articles(session, "en", page=1, size=4)
        second = list_articles(session, "en", page=2, size=4)

        assert [a.slug for a in first.articles] == ["undated", "a5", "a4", "a3"]
        assert [a.slug for a in second.articles] == ["a2", "a1"]
        assert (first.pages, first.total) == (2, 6)
        assert list_articles(session, "en", page=3, size=4).articles == ()


def test_an_article_is_read_in_the_readers_language_or_its_own(database: Database) -> None:
    with database.scope() as session:
        add(session, "x", date(2026, 1, 1), fr="Titre")

        french = read_article(session, "x", "fr")
        arabic = read_article(session, "x", "ar")
        original = read_article(session, "x", "fr", original=True)

        assert french is not None
        assert (french.title, french.language, french.kind) == ("Titre", "fr", TextKind.REVIEWED)
        assert french.paragraphs == ("Un.", "Deux.")
        assert french.languages == ("en", "fr")
        assert arabic is not None
        assert (arabic.language, arabic.kind) == ("en", TextKind.ORIGINAL)
        assert original is not None
        assert original.kind is TextKind.ORIGINAL
        assert french.revision == arabic.revision == original.revision
        assert read_article(session, "y", "en") is None


@pytest.mark.parametrize("state", [TranslationState.WITHDRAWN, TranslationState.STALE])
def test_withdrawn_and_stale_translations_are_not_shown(
    database: Database, state: TranslationState
) -> None:
    with database.scope() as session:
        add(session, "x", fr="Titre")
        session.connection(execution_options={"writes": True})
        session.scalars(select(ArticleTranslation)).one().state = state
        session.commit()

        article = read_article(session, "x", "fr")

        assert article is not None
        assert article.kind is TextKind.ORIGINAL
        assert article.languages == ("en",)


def test_a_removed_article_is_gone_with_all_its_texts(database: Database) -> None:
    with database.scope() as session:
        add(session, "x", fr="Titre")

        remove_article(session, "x")

        assert read_article(session, "x", "en") is None
        assert session.scalars(select(ArticleTranslation)).all() == []
        with pytest.raises(ArticleError, match="no article x"):
            remove_article(session, "x")


def test_slugs_are_plain_and_free(database: Database) -> None:
    with database.scope() as session:
        add(session, "leau-a-paris")

        assert free_slug(session, "L’eau à Paris !") == "leau-a-paris-2"
        assert free_slug(session, "مرصد الأفلاج").startswith("article-")
        assert len(free_slug(session, "word " * 100)) <= 80
