"""Editors keep the glossary on a page, and as a table with every fault named by its line."""

from __future__ import annotations

import io

import pytest
from flask import Flask

from survey.db import Database
from tests.conftest import sign_in
from tests.desks import actions, csrf, send
from tests.pages import PageClient
from translate.glossary import load

TERM: dict[str, str] = {
    "term": "Meridian",
    "source_language": "en",
    "target_language": "fr",
    "target": "Méridien",
    "case": "on",
    "note": "the name",
}
HEADER = "source_language,target_language,term,target\n"


@pytest.fixture
def elias(app: Flask, cast: None) -> PageClient:
    return sign_in(PageClient(app), "Elias")


def test_a_term_is_added_changed_and_removed(elias: PageClient, sqlite: Database) -> None:
    """And the machine's glossary has it meanwhile; each step stands in the log."""
    send(elias, "/admin/glossary", **TERM)
    link = elias.get("/admin/glossary").attribute("tbody th a", "href")
    page = elias.get(link)
    assert page.attribute("#target", "value") == "Méridien"
    send(elias, link, **TERM | {"target": "Institut Méridien", "case": ""})
    with sqlite.scope() as session:
        (term,) = load(session, "en", "fr").terms
    assert (term.target, term.case_sensitive) == ("Institut Méridien", False)
    asked = elias.get(link).attribute("main a.button", "href")
    assert elias.get(asked).attribute("main form", "action") == asked
    send(elias, asked)
    elias.get(link, status=404)
    assert actions(sqlite) == ["glossary term saved"] * 2 + ["glossary term removed"]


@pytest.mark.parametrize(
    ("change", "target"),
    [
        ({"term": "!"}, "term"),
        ({"term": "x" * 201}, "term"),
        ({"source_language": "?"}, "source_language"),
        ({"target_language": "*"}, "target"),
        ({"note": "n" * 400, "target": "t" * 201}, "target"),
    ],
)
def test_a_wrong_term_is_refused_by_field_with_what_was_typed(
    elias: PageClient, change: dict[str, str], target: str
) -> None:
    page = elias.post("/admin/glossary", data={"csrf_token": csrf(elias), **TERM, **change})
    assert [a.attrs["href"] for a in page.all(".error-summary a")] == [f"#{target}"]
    assert page.attribute("#term", "value") == (TERM | change)["term"]


def test_the_same_term_is_not_there_twice(elias: PageClient) -> None:
    send(elias, "/admin/glossary", **TERM)
    page = elias.post("/admin/glossary", data={"csrf_token": csrf(elias), **TERM})
    assert "there already" in page.text_of(".error-summary")


def test_a_table_with_faults_changes_nothing_and_names_every_line(
    elias: PageClient, sqlite: Database
) -> None:
    rows = "en,fr,port,port\nen,??,a,b\nen,fr,!,x\nen,fr,port,havre\n"
    file = (io.BytesIO((HEADER + rows).encode()), "t.csv")
    data = {"csrf_token": csrf(elias), "file": file}
    page = elias.post("/admin/glossary/table", data=data)
    faults = [a.to_text() for a in page.all(".error-summary a")]
    assert [fault.split(":")[0] for fault in faults] == ["Line 3", "Line 4", "Line 5"]
    assert actions(sqlite) == []


@pytest.mark.parametrize("content", [b"", b"a,b\n", b"\xff\xfe", b'x"y,\n"'])
def test_what_is_no_table_is_refused(elias: PageClient, content: bytes) -> None:
    data = {"csrf_token": csrf(elias), "file": (io.BytesIO(content), "t.csv")}
    assert elias.post("/admin/glossary/table", data=data).all(".error-summary a")


def test_a_table_goes_out_and_in_again(elias: PageClient) -> None:
    send(elias, "/admin/glossary", **TERM)
    table = elias.http.get("/admin/glossary/table.csv")
    assert table.mimetype == "text/csv"
    send(elias, "/admin/glossary/table", file=(io.BytesIO(table.data), "t.csv"))
    flash = elias.get("/admin/glossary").all(".flash")[-1].to_text()
    assert "added: 0, changed: 0, as before: 1" in flash


def test_many_terms_are_read_page_by_page(elias: PageClient) -> None:
    rows = "".join(f"en,fr,term {n % 7} {n},t\n" for n in range(120))
    file = (io.BytesIO((HEADER + rows).encode()), "t.csv")
    send(elias, "/admin/glossary/table", file=file)
    seen, path = 0, "/admin/glossary?search=term&language=fr"
    while path:
        page = elias.get(path)
        seen += len(page.all("tbody tr"))
        links = page.all("a[rel=next]")
        path = links[0].attrs["href"] if links else ""
    assert seen == 120


def test_a_viewer_is_refused(app: Flask, cast: None) -> None:
    vera = sign_in(PageClient(app), "Vera")
    token = csrf(vera, "/admin/reports")
    vera.get("/admin/glossary", status=403)
    assert vera.http.get("/admin/glossary/table.csv").status_code == 403
    for path in ("", "/table", "/1", "/1/remove"):
        refused = vera.http.post(f"/admin/glossary{path}", data={"csrf_token": token, **TERM})
        assert refused.status_code == 403
