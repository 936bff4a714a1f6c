"""Amina sees, checks, installs and removes packages; Elias may look."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from survey.db import Database
from survey.settings import Settings
from tests.conftest import STARTER, sign_in
from tests.desks import actions, csrf, send
from tests.package_files import PARTS, write
from tests.pages import PageClient
from translate.argos import packages
from translate.web import package_desk

FILE = next(STARTER.glob("translate-en_fr-*.argosmodel"))


def sent(browser: PageClient, content: bytes, name: str) -> dict[str, object]:
    """A form with a file, in memory: the test client's own file would be left open."""
    values = {"csrf_token": csrf(browser), "file": FileStorage(io.BytesIO(content), name)}
    boundary, body = encode_multipart(values)
    return {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}


@pytest.fixture
def folder(settings: Settings) -> Path:
    packages.install(FILE, settings.packages)
    return settings.packages


def test_the_page_says_what_is_installed_and_what_is_missing(
    amina: PageClient, folder: Path
) -> None:
    """A starter is called one, with the command that replaces it."""
    page = amina.get("/admin/packages")
    assert "(starter)" in page.text_of("[data-label=Version]")
    assert page.text_of("code") == "rayak packages install en fr"
    assert page.text_of("[data-label=Licence]") == "CC-BY-SA-4.0"
    assert len(page.all("[aria-labelledby=gaps] tbody th")) == 5
    one = amina.get("/admin/packages/en-fr")
    assert packages.installed(folder)[0].checksum in one.text
    assert one.text_of("pre.readme")
    amina.get("/admin/packages/fr-ar", status=404)


def test_a_changed_file_is_found(amina: PageClient, folder: Path) -> None:
    assert "as they were installed" in amina.get("/admin/packages/en-fr?verify=1").text
    (packages.installed(folder)[0].path / "README.md").write_text("other")
    assert "README.md was changed" in amina.get("/admin/packages/en-fr?verify=1").text


def test_a_package_is_installed_and_removed(
    amina: PageClient, settings: Settings, sqlite: Database
) -> None:
    options = sent(amina, FILE.read_bytes(), FILE.name)
    assert amina.http.post("/admin/packages", **options).status_code == 303
    assert [p.pair for p in packages.installed(settings.packages)] == [("en", "fr")]
    assert "argos en-fr" in amina.get("/admin/packages/en-fr/remove").text
    send(amina, "/admin/packages/en-fr/remove")
    assert packages.installed(settings.packages) == []
    assert "No package is installed" in amina.get("/admin/packages").text
    assert actions(sqlite) == ["package installed", "package removed"]


@pytest.mark.parametrize("content", [b"", b"no zip", FILE.read_bytes()[:200_000]])
def test_a_bad_file_changes_nothing(amina: PageClient, folder: Path, content: bytes) -> None:
    before = packages.installed(folder)
    page = amina.post("/admin/packages", **sent(amina, content, "../../x.argosmodel"))
    assert page.attribute(".error-summary a", "href") == "#file"
    assert packages.installed(folder) == before
    assert packages.verify(before[0]) == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "it lacks model/model.bin"),
        ("fr", "il y manque model/model.bin"),
        ("ar", "ينقصه model/model.bin"),
    ],
)
def test_a_refusal_and_a_changed_file_are_told_in_the_readers_language(
    amina: PageClient, folder: Path, tmp_path: Path, language: str, words: str
) -> None:
    """The reason, not only the sentence around it."""
    amina.get(f"/admin/packages?lang={language}")
    parts = {name: data for name, data in PARTS.items() if "model.bin" not in name}
    file = write(tmp_path / "x.argosmodel", parts)
    page = amina.post("/admin/packages", **sent(amina, file.read_bytes(), file.name))
    assert words in page.text_of(".error-summary a")
    model = packages.installed(folder)[0].path / "model" / "model.bin"
    model.write_bytes(b"other")
    changed = {"en": "was changed", "fr": "a été modifié", "ar": "عُدِّل"}[language]
    assert changed in amina.get("/admin/packages/en-fr?verify=1").text_of("ul.note")


def test_only_an_administrator_may_send_a_large_file(app: Flask, amina: PageClient) -> None:
    """Others are stopped at the size of any other request, before it is read."""
    large = b"x" * (17 * 1024 * 1024)
    amina.post("/admin/packages", **sent(amina, large, "x.argosmodel"))
    assert len(large) < package_desk.LARGEST_FILE
    elias = sign_in(PageClient(app), "Elias")
    options = sent(elias, large, "x.argosmodel")
    assert elias.http.post("/admin/packages", **options).status_code == 413


def test_an_editor_may_look_and_a_viewer_may_not(
    app: Flask, cast: None, folder: Path, sqlite: Database
) -> None:
    elias, vera = (sign_in(PageClient(app), name) for name in ("Elias", "Vera"))
    assert elias.get("/admin/packages").all("#file") == []
    elias.get("/admin/packages/en-fr")
    elias.get("/admin/packages/en-fr?verify=1", status=403)
    elias.get("/admin/packages/en-fr/remove", status=403)
    for browser in (elias, vera):
        data = {"csrf_token": csrf(browser, "/admin/reports")}
        for path in ("", "/en-fr/remove"):
            assert browser.http.post(f"/admin/packages{path}", data=data).status_code == 403
    vera.get("/admin/packages", status=403)
    vera.get("/admin/packages/en-fr", status=403)
    assert len(packages.installed(folder)) == 1


def test_the_overview_leads_to_the_packages_those_who_may_see_them(
    app: Flask, amina: PageClient, folder: Path
) -> None:
    """A viewer is told what is installed all the same."""
    vera = sign_in(PageClient(app), "Vera")
    assert len(amina.get("/admin/").all("main a[href='/admin/packages']")) == 1
    page = vera.get("/admin/")
    assert page.all("main a[href='/admin/packages']") == []
    version = packages.installed(folder)[0].version
    assert f"English to French {version} (starter" in page.text


def test_an_empty_list_is_told_from_filters_that_find_nothing(amina: PageClient) -> None:
    """Nobody looks for what is wrong with filters that were not set."""
    for path, nothing in [
        ("articles", "There is no article yet."),
        ("glossary", "There is no term yet."),
        ("memory", "Nothing has been translated yet."),
        ("responses", "Nobody has answered yet."),
    ]:
        field = "search" if path == "glossary" else "text"
        assert amina.get(f"/admin/{path}").text_of("main .note.calm") == nothing
        assert amina.get(f"/admin/{path}?{field}=x").text_of("main .note.calm") != nothing
