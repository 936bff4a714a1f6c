"""The articles' pages: what is shown, in which language, and under which note."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from survey.db import Database
from tests.pages import PageClient
from translate.articles.intake import ArticleText, add_article, add_reviewed
from translate.models import ArticleRevision, ArticleTranslation, TranslationState

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def add(session: Session, slug: str, language: str = "en", day: int = 1) -> ArticleRevision:
    text = ArticleText(title=f"Title of {slug}", body="First part.\n\nSecond <part> & more.")
    return add_article(
        session, slug, language, text, day=date(2026, 1, day), source="test", now=NOW
    )


def machine(revision: ArticleRevision, language: str, version: str) -> ArticleTranslation:
    return ArticleTranslation(
        revision_id=revision.id,
        language=language,
        state=TranslationState.MACHINE,
        title="Titre",
        body="Première partie.\n\nSeconde partie.",
        engine=f"argos en-{language}",
        engine_version=version,
        engine_checksum="c" * 64,
        translated_at=NOW,
    )


@pytest.fixture(autouse=True)
def articles(sqlite: Database) -> None:
    """Machine-made by a starter, machine-made by a full package, reviewed, and only in Arabic."""
    with sqlite.scope() as session:
        session.connection(execution_options={"writes": True})
        session.add(machine(add(session, "starter", day=4), "fr", "0.1"))
        session.add(machine(add(session, "full", day=3), "fr", "1.9"))
        reviewed = add(session, "reviewed", day=2)
        text = ArticleText(title="Titre relu", body="Texte relu.")
        add_reviewed(session, reviewed, "fr", text, by="Elias", now=NOW)
        add(session, "arabic", "ar", day=1)
        session.commit()


def test_the_list_is_newest_first_in_the_readers_language(client: PageClient) -> None:
    page = client.get("/fr/")

    titles = [a.to_text().strip() for a in page.all(".article-list h2 a")]
    assert titles == ["Titre", "Titre", "Titre relu", "Title of arabic"]
    assert page.attribute(".article-list li:last-child h2 a", "lang") == "ar"
    assert page.attribute(".article-list li:last-child h2 a", "dir") == "rtl"


def test_an_empty_list_and_a_page_past_the_end(client: PageClient) -> None:
    for asked in ("2", "0", "-1", "x", "1.5", "99999999"):
        client.get(f"/en/?page={asked}", status=404)


def test_a_long_list_has_pages(client: PageClient, sqlite: Database) -> None:
    with sqlite.scope() as session:
        session.connection(execution_options={"writes": True})
        for number in range(20):
            add(session, f"more-{number}", day=9)
        session.commit()

    first, second = client.get("/ar/"), client.get("/ar/?page=2")

    assert len(first.all(".article-list li")) == 20
    assert len(second.all(".article-list li")) == 4
    assert first.attribute("a[rel=next]", "href") == "/ar/?page=2"
    assert second.attribute("a[rel=prev]", "href") == "/ar/"


def test_a_machine_translation_stands_under_the_disclaimer(client: PageClient) -> None:
    page = client.get("/fr/articles/full")

    note = page.text_of("article [role=note]")
    assert "Argos Translate" in note
    assert "1.9" not in note
    assert page.attribute("article [role=note] a", "href") == "/en/articles/full"
    assert page.text_of("h1") == "Titre"


def test_a_starters_text_is_called_not_to_be_relied_on(client: PageClient) -> None:
    note = client.get("/fr/articles/starter").text_of("article [role=note]")

    assert "0.1" in note
    assert "Ne vous y fiez pas" in note


def test_a_reviewed_translation_says_so_with_the_day(client: PageClient) -> None:
    note = client.get("/fr/articles/reviewed").text_of("article [role=note]")

    assert "25 novembre 2026" in note
    assert "Argos" not in note


def test_an_original_has_no_note(client: PageClient) -> None:
    assert client.get("/en/articles/full").all("article [role=note]") == []


def test_without_translation_the_original_is_shown_with_its_language(client: PageClient) -> None:
    page = client.get("/fr/articles/arabic")

    assert page.attribute("html", "lang") == "fr"
    for selector in ("h1", ".article-text"):
        assert page.attribute(selector, "lang") == "ar"
        assert page.attribute(selector, "dir") == "rtl"
    assert len(page.all("article [role=note]")) == 1


def test_a_reader_may_see_the_original_on_his_own_page(client: PageClient) -> None:
    page = client.get("/fr/articles/full?text=original")

    assert page.text_of("h1") == "Title of full"
    assert page.attribute(".article-text", "lang") == "en"
    assert "Argos" not in page.text_of("article [role=note]")


def test_texts_are_escaped(client: PageClient) -> None:
    page = client.get("/en/articles/full")

    assert "Second <part> & more." in page.text


def test_each_language_links_to_the_others(client: PageClient) -> None:
    page = client.get("/fr/articles/full")

    found = {e.attrs["hreflang"]: e.attrs["href"] for e in page.all("link[rel=alternate]")}
    assert set(found) == {"en", "fr"}
    assert found["en"].endswith("/en/articles/full")
    switch = {a.attrs["hreflang"]: a.attrs["href"] for a in page.all("nav.languages a")}
    assert switch["ar"] == "/ar/articles/full"


def test_the_feedback_box_stands_below_the_article(client: PageClient) -> None:
    page = client.get("/fr/articles/full")

    assert page.one("main form.feedback")
    assert page.response.get_data(as_text=True).find("</article>") < page.response.get_data(
        as_text=True
    ).find("<form")


@pytest.mark.parametrize(
    "path",
    [
        "/de/",
        "/en/articles/none",
        "/en/articles/..%2F..%2Fetc",
        "/en/articles/%00",
        "/en/articles/FULL",
        "/zz/articles/full",
        "/en/articles/" + "a" * 5_000,
    ],
)
def test_what_is_not_there_is_404(client: PageClient, path: str) -> None:
    client.get(path, status=404)


@pytest.fixture
def people(translating: Flask) -> PageClient:
    """A visitor's browser on a site with packages."""
    return PageClient(translating)


FORM = {"page": "1", "q": "The meeting was held in Rabat.\r\n\r\nIn 2026.", "source": "auto"}


@pytest.mark.slow
def test_people_translate_a_text_without_javascript(people: PageClient) -> None:
    form = people.get("/translate?lang=fr")
    assert form.attribute("main form", "method") == "post"
    assert form.attribute("html", "lang") == "fr"

    page = people.post("/translate?lang=fr", status=200, data={**FORM, "target": "ar"})

    assert page.attribute(".translated", "dir") == "rtl"
    assert len(page.all(".translated p")) == 2
    note = page.text_of("main [role=note]")
    assert "Argos Translate" in note
    assert "paquet d’essai" in note
    assert "rayak packages" not in note, "visitors are told nothing that only operators can do"
    assert "The meeting was held in Rabat." in page.text_of("textarea")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"q": " "}, "q"),
        ({"q": "a" * 20_001}, "q"),
        ({"source": "zz"}, "source"),
        ({"q": "Это предложение написано на русском языке."}, "source"),
        ({"target": "x" * 500}, "target"),
        ({"source": "en", "target": "de"}, "target"),
    ],
)
def test_a_form_that_is_wrong_says_where_and_keeps_the_text(
    people: PageClient, change: dict[str, str], field: str
) -> None:
    page = people.post("/translate?lang=ar", data={**FORM, "target": "fr", **change})

    assert page.attribute(".error-summary a", "href") == f"#{field}"
    if "q" not in change:
        assert "The meeting was held" in page.text_of("textarea")


@pytest.mark.slow
def test_markup_in_a_text_stays_text(people: PageClient) -> None:
    evil = "<script>alert(1)</script> </textarea><b>x</b>"

    page = people.post(
        "/translate", status=200, data=FORM | {"q": evil, "source": "en", "target": "fr"}
    )

    assert page.all("main script") == page.all("main b") == []
    assert evil in page.text_of("textarea")


def test_the_page_is_there_without_packages(client: PageClient) -> None:
    assert client.get("/translate").all("main form")
