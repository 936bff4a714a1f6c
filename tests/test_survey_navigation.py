"""The admin pages' menu: what each account may open and nothing else, and where one is."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.conftest import sign_in
from tests.pages import Page, PageClient

ENTRIES = {
    "Vera": ["/admin/", "/admin/reports", "/admin/reports/kept"],
    "Elias": [
        "/admin/responses",
        "/admin/articles",
        "/admin/glossary",
        "/admin/memory",
        "/admin/memory/suggestions",
        "/admin/packages",
    ],
    "Amina": ["/admin/wordings", "/admin/keys", "/admin/users", "/admin/audit"],
}
ACCOUNT = ["/admin/password", "/en/"]


def entries(page: Page) -> list[str]:
    """Where the menu leads, in the order of the page."""
    return [link.attrs["href"] for link in page.all("#menu a")]


def current(page: Page) -> list[tuple[str, str]]:
    """What the menu marks as the place where one is, and how."""
    return [(a.attrs["href"], a.attrs["aria-current"]) for a in page.all("#menu a[aria-current]")]


@pytest.mark.parametrize(
    ("name", "roles"),
    [("Vera", ["Vera"]), ("Elias", ["Vera", "Elias"]), ("Amina", ["Vera", "Elias", "Amina"])],
)
def test_each_account_is_shown_what_it_may_open(
    app: Flask, cast: None, name: str, roles: list[str]
) -> None:
    """Every entry opens; what another role has more is not named."""
    browser = sign_in(PageClient(app), name)
    found = entries(browser.get("/admin/"))
    assert sorted(found) == sorted([p for role in roles for p in ENTRIES[role]] + ACCOUNT)
    for path in found:
        browser.get(path)


@pytest.mark.parametrize(
    ("path", "entry", "how"),
    [
        ("/admin/", "/admin/", "page"),
        ("/admin/reports", "/admin/reports", "page"),
        ("/admin/reports/kept", "/admin/reports/kept", "page"),
        ("/admin/memory/suggestions", "/admin/memory/suggestions", "page"),
        ("/admin/articles/import", "/admin/articles", "true"),
        ("/admin/wordings/question", "/admin/wordings", "true"),
        ("/admin/password", "/admin/password", "page"),
    ],
)
def test_the_menu_says_where_one_is(amina: PageClient, path: str, entry: str, how: str) -> None:
    """A page below another is marked as within it."""
    assert current(amina.get(path)) == [(entry, how)]


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_each_group_of_the_menu_is_a_named_list(amina: PageClient, language: str) -> None:
    """A screen reader says the group with its list; the bar of a phone says group and page."""
    page = amina.get(f"/admin/glossary?lang={language}")
    names = [
        page.text_of(f"#{ul.attrs['aria-labelledby']}")
        for ul in page.all("#menu ul")
        if "aria-labelledby" in ul.attrs
    ]
    assert len(names) == len(set(names)) == 4
    heading = page.text_of("h1")
    assert page.text_of(".menu-bar p") == f"{names[1]} › {heading}"


def test_a_visitor_and_someone_who_signs_in_see_no_menu(client: PageClient) -> None:
    for path in ("/en/", "/admin/login"):
        assert client.get(path).all("#menu") == []


def test_an_error_on_an_admin_page_leaves_the_menu_there(app: Flask, cast: None) -> None:
    """Whoever follows an old link or has no right to a page goes on from the menu."""
    vera = sign_in(PageClient(app), "Vera")
    assert entries(vera.get("/admin/glossary", status=403))
    amina = sign_in(PageClient(app), "Amina")
    for path in ("/admin/articles/no-such-article/fr", "/admin/nowhere"):
        assert entries(amina.get(path, status=404))
