"""Elias brings articles in, has them translated, corrects, publishes and withdraws them."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from survey.db import Database
from survey.settings import Settings
from tests.conftest import STARTER, sign_in
from tests.desks import actions, csrf, send
from tests.pages import Page, PageClient
from translate.argos import packages
from translate.articles.reading import TextKind, read_article
from translate.memory import find
from translate.models import ArticleTranslation, Origin, TranslationState

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
NEWS = """The harbour opens

The harbour opened on 3 March 2026. Ships came from 12 ports.

It rained all day.
"""
MACHINE = "Le port a ouvert le 4 mars 2026. Des navires sont venus de 12 ports.\n\nIl a plu."


@pytest.fixture
def elias(app: Flask, cast: None) -> PageClient:
    return sign_in(PageClient(app), "Elias")


def bring_in(browser: PageClient) -> None:
    send(browser, "/admin/articles/import", language="en", text=NEWS)


def machine(database: Database) -> None:
    """A machine's translation of the harbour, with a wrong date."""
    with database.scope() as session:
        session.connection(execution_options={"writes": True})
        revision = session.scalar(select(ArticleTranslation.revision_id)) or 1
        session.add(
            ArticleTranslation(
                revision_id=revision,
                language="fr",
                state=TranslationState.MACHINE,
                title="Le port ouvre",
                body=MACHINE,
                engine="argos en-fr",
                engine_version="1.9",
                engine_checksum="c" * 64,
                flags="number",
                translated_at=NOW,
            )
        )
        session.commit()


def fields(page: Page, **changes: str) -> dict[str, object]:
    """The form of the translation as a browser would send it, with changed rows by id."""
    found: dict[str, object] = {
        name: page.attribute(f"form.sheet input[name={name}]", "value")
        for name in ("version", "revision", "shape", "csrf_token")
    }
    areas = page.all("form.sheet textarea")
    found["target"] = [
        changes.get(a.attrs["id"].replace("-", "_"), a.to_text().strip()) for a in areas
    ]
    found["was"] = [i.attrs["value"] for i in page.all("form.sheet input[name=was]")]
    return found


HARBOUR = "/admin/articles/the-harbour-opens/fr"


def test_a_news_page_is_brought_in_by_pasting_or_as_a_file(
    elias: PageClient, sqlite: Database
) -> None:
    """A second time adds nothing; both ways at once are refused with the text kept."""
    bring_in(elias)
    page = elias.get("/admin/articles")
    assert "1 article added." in page.text_of(".flash")
    assert "The harbour opens" in page.text_of("tbody th")
    file = (io.BytesIO(NEWS.encode()), "page.txt")
    send(elias, "/admin/articles/import", language="en", file=file)
    assert "0 articles added, 1 was there already" in elias.get("/admin/articles").text_of(".flash")
    data = {
        "csrf_token": csrf(elias),
        "language": "en",
        "text": NEWS,
        "file": (io.BytesIO(b"x"), "page.txt"),
    }
    page = elias.post("/admin/articles/import", data=data)
    assert page.attribute(".error-summary a", "href") == "#file"
    assert page.one("#text").to_text().strip() == NEWS.strip()
    assert actions(sqlite) == ["articles imported"]


def test_a_corrected_news_page_leads_to_the_original_of_what_it_corrects(
    elias: PageClient, sqlite: Database
) -> None:
    """Nothing is added a second time, and what was sent is kept to be taken over."""
    bring_in(elias)
    corrected = NEWS.replace("3 March", "4 March")
    file = (io.BytesIO(corrected.encode()), "page.txt")
    data = {"csrf_token": csrf(elias), "language": "en", "file": file}

    page = elias.post("/admin/articles/import", data=data)

    assert "was not added" in page.text_of(".error-summary")
    links = [a.attrs["href"] for a in page.all("main a")]
    assert "/admin/articles/the-harbour-opens/original" in links
    assert page.one("#text").to_text().strip() == corrected.strip()
    assert actions(sqlite) == ["articles imported"]


@pytest.mark.parametrize(
    ("sent", "target"),
    [
        ({"language": "en", "text": " "}, "text"),
        ({"language": "xx", "text": NEWS}, "language"),
        ({"language": "en", "text": "Only a sentence."}, "text"),
        ({"language": "en", "file": (b"\xff\xfe\x00", "a.txt")}, "file"),
    ],
)
def test_what_is_no_page_is_refused_by_field(
    elias: PageClient, sent: dict[str, object], target: str
) -> None:
    data = {k: (io.BytesIO(v[0]), v[1]) if isinstance(v, tuple) else v for k, v in sent.items()}
    page = elias.post("/admin/articles/import", data={"csrf_token": csrf(elias), **data})
    links = [a.attrs["href"] for a in page.all(".error-summary a")]
    assert links == [f"#{target}"]


def test_a_corrected_sentence_goes_into_the_memory_and_the_machines_state_stays(
    elias: PageClient, sqlite: Database
) -> None:
    """The wrong date is pointed out; after the correction no doubt is left."""
    bring_in(elias)
    machine(sqlite)
    page = elias.get(HARBOUR)
    assert page.text_of("#doubts-1") == "Please check: a number changed"
    better = "Le port a ouvert le 3 mars 2026."
    send(elias, HARBOUR, action="save", **fields(page, row_1=better))
    with sqlite.scope() as session:
        row = session.scalars(select(ArticleTranslation)).one()
        assert (row.state, row.flags, row.engine) == (TranslationState.MACHINE, "", "argos en-fr")
        assert row.body.startswith(f"{better} Des navires")
        english = "The harbour opened on 3 March 2026."
        known = find(session, "en", "fr", "c", [english, "It rained all day."])
    assert {s: (k.target, k.origin) for s, k in known.items()} == {english: (better, Origin.HUMAN)}
    assert elias.get(HARBOUR).all(".doubts") == []


@pytest.mark.parametrize(("action", "state"), [("review", "Reviewed"), ("publish", "Published")])
def test_what_an_editor_stands_for_is_shown_as_reviewed_and_remembered(
    elias: PageClient, sqlite: Database, action: str, state: str
) -> None:
    bring_in(elias)
    machine(sqlite)
    send(elias, HARBOUR, action=action, **fields(elias.get(HARBOUR)))
    page = elias.get(HARBOUR)
    assert page.text_of("p.meta strong") == state
    assert "4 sentences are now remembered" in page.text_of(".flash")
    with sqlite.scope() as session:
        article = read_article(session, "the-harbour-opens", "fr")
        assert article is not None
        assert article.kind is TextKind.REVIEWED
        assert find(session, "en", "fr", "c", ["It rained all day."])


def test_a_withdrawn_translation_is_hidden_until_it_is_restored(
    elias: PageClient, sqlite: Database
) -> None:
    bring_in(elias)
    machine(sqlite)
    send(elias, f"{HARBOUR}/withdraw")
    assert elias.get("/fr/articles/the-harbour-opens").text_of("h1") == "The harbour opens"
    send(elias, f"{HARBOUR}/restore")
    assert elias.get("/fr/articles/the-harbour-opens").text_of("h1") == "Le port ouvre"
    assert actions(sqlite)[1:] == ["translation withdrawn", "translation restored"]


def test_two_editors_at_once_lose_nothing(app: Flask, elias: PageClient, sqlite: Database) -> None:
    """The later one is told which sentences the other changed, and saves both in the end."""
    bring_in(elias)
    machine(sqlite)
    amina = sign_in(PageClient(app), "Amina")
    mine, hers = elias.get(HARBOUR), amina.get(HARBOUR)
    send(amina, HARBOUR, action="save", **fields(hers, row_1="Amina un.", row_3="Amina trois."))
    typed = fields(mine, row_1="Elias un.", row_2="Elias deux.")
    page = elias.post(HARBOUR, data={"action": "save", **typed})
    summary = [a.attrs["href"] for a in page.all(".error-summary a")]
    assert summary == ["#row-0", "#row-1", "#row-3"]
    shown = [a.to_text().strip() for a in page.all("form.sheet textarea")]
    assert shown == ["Le port ouvre", "Elias un.", "Elias deux.", "Amina trois."]
    assert page.text_of("#merge-1") == "The other wrote: Amina un."
    send(elias, HARBOUR, action="save", **fields(page))
    with sqlite.scope() as session:
        assert session.scalars(select(ArticleTranslation.body)).one() == (
            "Elias un. Elias deux.\n\nAmina trois."
        )


def test_a_form_of_another_text_keeps_what_was_typed(elias: PageClient, sqlite: Database) -> None:
    """A changed article, or a broken form, stores nothing and gives the text back."""
    bring_in(elias)
    machine(sqlite)
    for broken in ({"revision": "f" * 64}, {"shape": "1,x"}, {"was": []}, {"version": "old"}):
        typed = fields(elias.get(HARBOUR), row_1="Tapé avec soin.") | broken
        page = elias.post(HARBOUR, data={"action": "publish", **typed})
        assert "Tapé avec soin." in page.text
    assert actions(sqlite) == ["articles imported"]


def test_an_emptied_title_is_refused(elias: PageClient, sqlite: Database) -> None:
    bring_in(elias)
    machine(sqlite)
    typed = fields(elias.get(HARBOUR), row_0=" ", row_1="Reste là.")
    page = elias.post(HARBOUR, data={"action": "save", **typed})
    assert page.attribute(".error-summary a", "href") == "#row-0"
    assert page.text_of("#row-1") == "Reste là."


def test_without_a_package_an_editor_is_told_and_can_write_the_translation(
    elias: PageClient, sqlite: Database
) -> None:
    bring_in(elias)
    data = {"csrf_token": csrf(elias)}
    page = elias.post(f"{HARBOUR}/translate", data=data)
    assert "No package translates en → fr" in page.text_of(".error-summary")
    typed = fields(page, row_0="Le port ouvre", row_1="A.", row_2="B.", row_3="C.")
    send(elias, HARBOUR, action="review", **typed)
    assert "A. B." in elias.get("/fr/articles/the-harbour-opens").text


@pytest.mark.slow
def test_one_article_is_translated_at_once_by_the_real_package(
    settings: Settings, elias: PageClient, sqlite: Database
) -> None:
    """A person's work is not translated over."""
    packages.install_starters(STARTER, settings.packages)
    bring_in(elias)
    send(elias, f"{HARBOUR}/translate")
    page = elias.get(HARBOUR)
    assert page.text_of("p.meta strong") == "Machine translation"
    assert len(page.all("form.sheet textarea")) == 4
    send(elias, HARBOUR, action="review", **fields(page))
    page = elias.post(f"{HARBOUR}/translate", data={"csrf_token": csrf(elias)})
    assert "a person's translation is there already" in page.text_of(".error-summary")


def test_articles_are_found_by_words_language_and_state(
    elias: PageClient, sqlite: Database
) -> None:
    bring_in(elias)
    machine(sqlite)
    other = "Un 100% titre\n\nUn corps de texte."
    send(elias, "/admin/articles/import", language="fr", text=other)
    for query, count in {
        "": 2,
        "text=harbour": 1,
        "text=%25": 1,
        "text=_": 0,
        "language=fr": 1,
        "state=machine": 1,
        "state=missing": 2,
        "state=published": 0,
        "state=machine&language=fr": 0,
    }.items():
        page = elias.get(f"/admin/articles?{query}")
        assert len(page.all("tbody tr")) == count, query
    page = elias.get("/admin/articles?state=lost&language=xx", status=422)
    assert len(page.all(".error-summary a")) == 2


def test_a_long_list_is_read_page_by_page(elias: PageClient) -> None:
    news = "\n\n".join(f"Title number {n}\n\nBody number {n} of the text." for n in range(45))
    send(elias, "/admin/articles/import", language="en", text=news)
    seen: list[str] = []
    path = "/admin/articles?text=Title"
    while path:
        page = elias.get(path)
        seen += [re.sub(r"\D", "", t.to_text()) for t in page.all("tbody th")]
        links = page.all("a[rel=next]")
        path = links[0].attrs["href"] if links else ""
    assert sorted(map(int, seen)) == list(range(45))


def test_removing_an_article_asks_first(elias: PageClient, sqlite: Database) -> None:
    bring_in(elias)
    page = elias.get("/admin/articles/the-harbour-opens/remove")
    assert "The harbour opens" in page.text
    send(elias, "/admin/articles/the-harbour-opens/remove")
    assert elias.get("/admin/articles").all("tbody tr") == []
    elias.get("/admin/articles/the-harbour-opens/remove", status=404)
    assert actions(sqlite) == ["articles imported", "article removed"]


def test_a_translation_of_an_article_that_was_removed_meanwhile_is_given_back(
    elias: PageClient, sqlite: Database
) -> None:
    """It cannot be saved any more, and what was typed is not lost."""
    bring_in(elias)
    machine(sqlite)
    typed = fields(elias.get(HARBOUR), row_1="Reste là.")
    send(elias, "/admin/articles/the-harbour-opens/remove")
    page = elias.post(HARBOUR, data={"action": "save", **typed}, status=404)
    assert "Reste là." in page.one("#kept").to_text()


def test_a_viewer_is_refused(app: Flask, elias: PageClient) -> None:
    """Reading as well as writing; she sees no link either."""
    bring_in(elias)
    vera = sign_in(PageClient(app), "Vera")
    token = csrf(vera, "/admin/reports")
    assert "/admin/articles" not in str(vera.get("/admin/reports").all("nav a"))
    for path in ("/admin/articles", "/admin/articles/import", HARBOUR):
        vera.get(path, status=403)
    for path in ("import", "the-harbour-opens/fr", "the-harbour-opens/fr/withdraw"):
        refused = vera.http.post(f"/admin/articles/{path}", data={"csrf_token": token})
        assert refused.status_code == 403


def test_unknown_articles_and_languages_are_not_found(elias: PageClient) -> None:
    bring_in(elias)
    for path in ("none/fr", "the-harbour-opens/en", "the-harbour-opens/xx", "none/remove"):
        elias.get(f"/admin/articles/{path}", status=404)
