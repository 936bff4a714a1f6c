"""Elias writes an article, corrects it, and is told what his correction does to translations."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from survey.db import Database
from tests.conftest import sign_in
from tests.desks import actions, csrf, send
from tests.pages import Page, PageClient
from translate.web import draft_form

HARBOUR = "/admin/articles/the-harbour-opens/original"
TEXT = "The harbour opened on 3 March.\n\nIt rained all day."


@pytest.fixture
def elias(app: Flask, cast: None) -> PageClient:
    return sign_in(PageClient(app), "Elias")


def write(browser: PageClient, title: str = "The harbour opens", text: str = TEXT) -> str:
    return send(browser, "/admin/articles/new", language="en", title=title, day="", text=text)


def fields(page: Page, **changes: str) -> dict[str, str]:
    """The form as a browser would send it, with what was typed into it."""
    names = ("csrf_token", "version", "language", "day")
    found = {name: page.attribute(f"form.writing [name={name}]", "value") for name in names}
    found |= {name: page.one(f"form.writing #{name}").to_text() for name in ("title", "text")}
    return {name: value.strip() for name, value in found.items()} | changes


def translate(browser: PageClient) -> None:
    """Elias's translation into French, published."""
    path = "/admin/articles/the-harbour-opens/fr"
    page = browser.get(path)
    names = ("version", "revision", "shape", "csrf_token")
    data = {n: page.attribute(f"form.sheet input[name={n}]", "value") for n in names}
    was = [i.attrs["value"] for i in page.all("form.sheet input[name=was]")]
    target = ["Le port ouvre", "Le port a ouvert le 3 mars.", "Il a plu."]
    send(browser, path, action="publish", was=was, target=target, **data)


def test_an_article_is_written_in_a_form(elias: PageClient, sqlite: Database) -> None:
    path = write(elias)
    assert path == HARBOUR
    assert "The article is on the site." in elias.get(path).text_of(".flash")
    assert "It rained all day." in elias.get("/en/articles/the-harbour-opens").text
    assert actions(sqlite) == ["article written"]


@pytest.mark.parametrize(
    ("typed", "target"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 251}, "title"),
        ({"text": "\r\n"}, "text"),
        ({"text": "x" * 300_001}, "text"),
        ({"day": "3 March"}, "day"),
        ({"day": "0001-01-01"}, "day"),
        ({"language": "xx"}, "language"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    elias: PageClient, sqlite: Database, typed: dict[str, str], target: str
) -> None:
    data = {"csrf_token": csrf(elias), "language": "en", "title": "T", "day": "", "text": "B"}
    page = elias.post("/admin/articles/new", data=data | typed)
    assert page.attribute(".error-summary a", "href") == f"#{target}"
    for name, value in (data | typed).items():
        if name in ("title", "text"):
            assert page.one(f"#{name}").to_text().strip() == value.strip()
    if "day" in typed:
        assert page.attribute("#day", "value") == typed["day"]
    assert actions(sqlite) == []


def test_a_text_that_is_there_is_not_written_twice(elias: PageClient) -> None:
    write(elias)
    data = {"csrf_token": csrf(elias), "language": "en", "title": "The harbour opens"}
    page = elias.post("/admin/articles/new", data={**data, "day": "", "text": TEXT})
    assert page.attribute("main p > a[href$=original]", "href") == HARBOUR


def test_an_editor_is_told_what_a_correction_puts_out_of_date(
    elias: PageClient, sqlite: Database
) -> None:
    """Before as well as after, and the list and the translation say so too."""
    write(elias)
    assert "No translation goes out of date" in elias.get(HARBOUR).text
    translate(elias)
    page = elias.get(HARBOUR)
    assert page.text_of(".stale") == "French (Published)"
    send(elias, HARBOUR, **fields(page, text=TEXT.replace("rained", "snowed"), day="2026-03-03"))
    page = elias.get(HARBOUR)
    assert page.text_of(".flash") == "Saved. 1 translation is out of date now."
    assert page.text_of(".actions a[href$='/fr']") == "French · Out of date"
    assert "It snowed all day." in elias.get("/fr/articles/the-harbour-opens").text
    assert "Mar 3, 2026" in elias.get("/admin/articles").text
    assert "Out of date" in elias.get("/admin/articles").text_of("tbody tr")
    page = elias.get("/admin/articles/the-harbour-opens/fr")
    assert page.text_of("p.meta strong") == "Out of date"
    assert page.text_of("#row-1") == "Le port a ouvert le 3 mars."
    assert page.text_of("#row-2") == ""
    assert "Il a plu." in page.text_of(".note details")
    assert actions(sqlite)[-1] == "article corrected"


def test_saving_what_is_there_changes_nothing(elias: PageClient, sqlite: Database) -> None:
    write(elias)
    send(elias, HARBOUR, **fields(elias.get(HARBOUR)))
    assert elias.get(HARBOUR).text_of(".flash") == "Nothing was changed."
    assert actions(sqlite) == ["article written"]


def test_a_mistake_in_a_correction_keeps_what_was_typed(elias: PageClient) -> None:
    """The version too: somebody else's change in between is still told."""
    write(elias)
    typed = fields(elias.get(HARBOUR), title=" ", text="Much work.")
    send(elias, HARBOUR, **fields(elias.get(HARBOUR), title="Other"))
    page = elias.post(HARBOUR, data=typed)
    assert page.attribute(".error-summary a", "href") == "#title"
    assert page.text_of("#text") == "Much work."
    again = elias.http.post(HARBOUR, data=fields(page, title="Mine"))
    assert again.status_code == 409


def test_of_two_editors_the_second_sees_both_texts_and_loses_nothing(
    app: Flask, elias: PageClient, sqlite: Database
) -> None:
    """Saved again, hers stands; a colleague's paragraph is marked as new until then."""
    write(elias)
    amina = sign_in(PageClient(app), "Amina")
    hers = fields(amina.get(HARBOUR), title="The port opens", text=f"{TEXT}\n\nHers.")
    send(elias, HARBOUR, **fields(elias.get(HARBOUR), text=f"His.\n\n{TEXT}"))

    page = amina.post(HARBOUR, status=409, data=hers)

    assert "Somebody else changed this article" in page.text_of(".error-summary")
    assert page.text_of(".theirs ins") == "His."
    assert page.text_of("#title") == "The port opens"
    assert page.one("#text").to_text().strip() == f"{TEXT}\n\nHers."
    assert "Hers." not in elias.get("/en/articles/the-harbour-opens").text
    send(amina, HARBOUR, **fields(page))
    assert "Hers." in elias.get("/en/articles/the-harbour-opens").text
    assert len(elias.get(HARBOUR).all(".earlier a")) == 2


def test_the_text_of_an_article_removed_meanwhile_can_become_a_new_one(
    elias: PageClient, sqlite: Database
) -> None:
    write(elias)
    typed = fields(elias.get(HARBOUR), text="Much work.")
    send(elias, "/admin/articles/the-harbour-opens/remove")
    page = elias.post(HARBOUR, status=409, data=typed)
    assert page.text_of("#text") == "Much work."
    sent = {n: typed[n] for n in ("csrf_token", "language", "title", "day", "text")}
    send(elias, page.attribute("form.writing", "action"), **sent)
    assert "Much work." in elias.get("/en/articles/the-harbour-opens").text


def test_an_earlier_text_is_looked_at_and_set_back(elias: PageClient) -> None:
    write(elias)
    translate(elias)
    send(elias, HARBOUR, **fields(elias.get(HARBOUR), title="A mistake"))
    page = elias.get(elias.get(HARBOUR).attribute(".earlier a", "href"))
    assert page.text_of("#title") == "The harbour opens"
    assert page.text_of("h1") == "A mistake"
    send(elias, HARBOUR, **fields(page))
    said = elias.get(HARBOUR).text_of(".flash")
    assert said == "Saved. 1 translation of this earlier text is back."
    assert "Il a plu." in elias.get("/fr/articles/the-harbour-opens").text
    elias.get(f"{HARBOUR}?earlier=999", status=404)


def test_a_form_that_was_open_for_too_long_gives_back_what_was_typed(
    app: Flask, elias: PageClient, sqlite: Database
) -> None:
    """Nothing is stored; what another site sends is not shown."""
    write(elias)
    typed = fields(elias.get(HARBOUR), title="A long work", text="Of\n\nmany hours.")
    with elias.http.session_transaction("/admin/") as session:
        session["account"] = session["account"] | {"seen": 0}
    ours = {"Sec-Fetch-Site": "same-origin"}
    page = elias.post(HARBOUR, status=403, data=typed, headers=ours)
    assert page.text_of("#kept-1") == "A long work"
    assert page.one("#kept-2").to_text().strip() == "Of\n\nmany hours."
    assert page.attribute("main a.button", "href") == HARBOUR
    foreign = elias.http.post(HARBOUR, data=typed, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 303
    assert "many hours" not in sign_in(PageClient(app), "Amina").get(HARBOUR).text


@pytest.mark.parametrize(
    ("origin", "status"), [("http://localhost", 403), ("http://other.example", 303), ("null", 303)]
)
def test_over_plain_http_too_a_late_form_gives_back_what_was_typed(
    elias: PageClient, origin: str, status: int
) -> None:
    """There browsers say the origin of a form, and nothing else of where it stood."""
    write(elias)
    typed = fields(elias.get(HARBOUR), title="A long work")
    with elias.http.session_transaction("/admin/") as session:
        session["account"] = session["account"] | {"seen": 0}
    late = elias.http.post(HARBOUR, data=typed, headers={"Origin": origin})
    assert late.status_code == status
    assert ("A long work" in late.get_data(as_text=True)) is (status == 403)


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_the_pages_speak_the_editors_language(elias: PageClient, language: str) -> None:
    """The article keeps its own."""
    write(elias)
    page = elias.get(f"{HARBOUR}?lang={language}")
    assert page.attribute("#text", "lang") == "en"
    assert page.attribute("#text", "dir") == "ltr"
    assert "Save the article" not in page.text
    assert "Put it on the site" not in elias.get(f"/admin/articles/new?lang={language}").text


def test_a_viewer_writes_nothing(app: Flask, elias: PageClient) -> None:
    write(elias)
    vera = sign_in(PageClient(app), "Vera")
    token = csrf(vera, "/admin/reports")
    for path in ("/admin/articles/new", HARBOUR):
        vera.get(path, status=403)
        assert vera.http.post(path, data={"csrf_token": token}).status_code == 403


@given(st.text(), st.text())
def test_what_was_read_from_the_form_is_read_from_it_again(title: str, text: str) -> None:
    """Opening an article and saving it untouched is no correction."""
    form = draft_form.Form(typed={"title": f"T{title[:200]}", "text": f"B{text}", "day": ""})
    draft = draft_form.read(form)
    assert draft is not None
    assert draft_form.read(draft_form.filled(draft)) == draft
