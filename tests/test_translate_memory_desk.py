"""Editors look after the memory: find, correct, remove, and decide on suggestions."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from survey.db import Database
from tests.conftest import sign_in
from tests.desks import actions, csrf, send
from tests.pages import PageClient
from translate.articles.corrections import open_suggestions
from translate.checks import Flag
from translate.memory import Remembered, find, store
from translate.memory_list import Search, find_sentences
from translate.models import MemorySegment, Origin
from translate.suggestions import keep_suggestion

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def elias(app: Flask, cast: None) -> PageClient:
    return sign_in(PageClient(app), "Elias")


def remembered(database: Database, number: int = 3) -> None:
    """Sentences of a machine, the last with a doubt."""
    flags = frozenset({Flag.NUMBER})
    translated = {
        f"Sentence {n} of 100%.": Remembered(
            target=f"Phrase {n}.",
            origin=Origin.MACHINE,
            flags=flags if n == number - 1 else frozenset(),
        )
        for n in range(number)
    }
    with database.scope() as session:
        session.connection(execution_options={"writes": True})
        store(session, "en", "fr", "c", translated, engine="argos", engine_version="1", now=NOW)
        session.commit()


def test_sentences_are_found_and_counted(database: Database) -> None:
    """On both databases; the wildcards of LIKE are letters."""
    remembered(database, 7)
    with database.scope() as session:
        for search, count in {
            Search(): 7,
            Search(text="PHRASE 3"): 1,
            Search(text="100%"): 7,
            Search(text="1%0"): 0,
            Search(flag="any"): 1,
            Search(flag="number"): 1,
            Search(flag="term"): 0,
            Search(origin="human"): 0,
            Search(source="en", target="ar"): 0,
        }.items():
            found = find_sentences(session, search)
            assert len(found.sentences) == found.page.count.number == count, search


def test_a_corrected_sentence_is_a_persons_and_beats_the_machine(
    elias: PageClient, sqlite: Database
) -> None:
    """Two editors at once: the later is told the other's words, with the own ones kept."""
    remembered(sqlite)
    link = elias.get("/admin/memory?flag=any").attribute("tbody td a", "href")
    was = elias.get(link).attribute("form input[name=was]", "value")
    send(elias, link, better="Meilleure phrase.", was=was)
    with sqlite.scope() as session:
        known = find(session, "en", "fr", "c", ["Sentence 2 of 100%."])["Sentence 2 of 100%."]
    assert (known.target, known.origin) == ("Meilleure phrase.", Origin.HUMAN)
    data = {"csrf_token": csrf(elias), "better": "Une autre.", "was": was}
    page = elias.post(link, data=data)
    assert "Meilleure phrase." in page.text_of(".error-summary")
    assert page.text_of("#better") == "Une autre."
    was = page.attribute("form input[name=was]", "value")
    send(elias, link, better="Une autre.", was=was)
    empty = elias.post(link, data=data | {"better": " "})
    assert empty.attribute(".error-summary a", "href") == "#better"
    assert actions(sqlite) == ["memory corrected"] * 2


def test_a_removed_sentence_is_gone(elias: PageClient, sqlite: Database) -> None:
    remembered(sqlite)
    link = elias.get("/admin/memory?flag=number").attribute("tbody td a", "href")
    asked = elias.get(link).attribute("main a.button", "href")
    assert elias.get(asked).attribute("main form", "action") == asked
    send(elias, asked)
    elias.get(link, status=404)
    assert len(elias.get("/admin/memory").all("tbody tr")) == 2
    data = {"csrf_token": csrf(elias), "better": "Typed meanwhile.", "was": "x"}
    page = elias.post(link, data=data, status=404)
    assert page.one("#kept").to_text().strip() == "Typed meanwhile."
    assert page.attribute("main a.button", "href") == "/admin/memory"
    assert actions(sqlite) == ["memory sentence removed"]


def test_suggestions_are_accepted_and_rejected(elias: PageClient, sqlite: Database) -> None:
    with sqlite.scope() as session:
        for text in ("Il plut.", "Il a plu.", "Il a plu. Beaucoup."):
            keep_suggestion(session, "en", "fr", "It rained.", text, now=NOW)
        ids = [s.id for s in open_suggestions(session)]
    assert "3 suggestions" in elias.get("/admin/memory").all(".note")[0].to_text()
    assert len(elias.get("/admin/memory/suggestions").all("tbody tr")) == 3
    send(elias, f"/admin/memory/suggestions/{ids[0]}/accept")
    send(elias, f"/admin/memory/suggestions/{ids[1]}/reject")
    send(elias, f"/admin/memory/suggestions/{ids[2]}/accept")
    send(elias, f"/admin/memory/suggestions/{ids[1]}/accept")
    with sqlite.scope() as session:
        assert session.scalars(select(MemorySegment.target)).all() == ["Il plut."]
    assert "No suggestion waits" in elias.get("/admin/memory/suggestions").text
    done = ["suggestion accepted", "suggestion rejected", "suggestion accepted"]
    assert actions(sqlite) == done


def test_wrong_filters_are_told_by_field(elias: PageClient) -> None:
    page = elias.get("/admin/memory?source=xx&origin=x&flag=x&before=x", status=422)
    links = [a.attrs["href"] for a in page.all(".error-summary a")]
    assert links == ["#source", "#origin", "#flag"]


def test_a_viewer_is_refused(app: Flask, cast: None, sqlite: Database) -> None:
    remembered(sqlite)
    vera = sign_in(PageClient(app), "Vera")
    data = {"csrf_token": csrf(vera, "/admin/reports"), "better": "x", "was": "y"}
    for path in ("", "/1", "/suggestions"):
        vera.get(f"/admin/memory{path}", status=403)
    for path in ("/1", "/1/remove", "/suggestions/1/accept", "/suggestions/1/reject"):
        assert vera.http.post(f"/admin/memory{path}", data=data).status_code == 403
