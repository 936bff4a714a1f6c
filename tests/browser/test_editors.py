"""Elias in Chromium: an article brought in, translated, corrected and published; and every desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import PASSWORD, Site, Visit, follow, sign_in
from tests.browser.test_accessibility import SCREENS, look
from tests.servers import rayak

pytestmark = pytest.mark.slow

NEWS = """The ferry returns

The ferry returned on 4 May 2026. The harbour master was glad.
"""
NEXT = """The market returns

The harbour master was glad.
"""
BETTER = "Le capitaine du port s’en est réjoui."
PAGES = (
    "articles",
    "articles/import",
    "articles/new",
    "articles/water-plan/fr",
    "articles/water-plan/original",
    "glossary",
    "memory",
    "memory/suggestions",
    "packages",
    "packages/en-fr",
    "keys",
    "users",
    "users/1",
    "password",
)


def sign_in_elias(site: Site, tab: Visit) -> None:
    arguments = ("admin", "create", "--name", "Elias", "--role", "editor", "--password-stdin")
    made = rayak(*arguments, env=site.env, stdin=PASSWORD.encode())
    assert made.returncode == 0, made.stderr.decode()
    page = tab.go("/admin/login?lang=en")
    page.locator("#name").fill("Elias")
    page.locator("#password").fill(PASSWORD)
    follow(page.locator("form.login button"))
    page.locator(".sign-out").wait_for()


def bring_in(tab: Visit, text: str) -> None:
    page = tab.go("/admin/articles/import")
    page.locator("#language").select_option("en")
    page.locator("#text").fill(text)
    follow(page.locator("main form button"))
    page.wait_for_url("**/admin/articles")


def test_a_corrected_and_published_article_helps_the_next_one(
    site: Site, visit: Callable[..., Visit]
) -> None:
    """Without JavaScript; the reader sees that it was reviewed."""
    tab = visit(java_script_enabled=False)
    sign_in_elias(site, tab)
    page = tab.page
    bring_in(tab, NEWS)
    follow(page.get_by_role("link", name="Not translated – The ferry returns (French)"))
    follow(page.locator("#translate"))
    page.locator(".flash").wait_for()
    assert page.locator("p.meta strong").inner_text() == "Machine translation"
    reader = visit().go("/fr/articles/the-ferry-returns")
    assert reader.locator(".disclaimer").count() == 1
    page.locator("#row-2").fill(BETTER)
    follow(page.locator("button[value=publish]"))
    page.locator(".flash").wait_for()
    assert page.locator("p.meta strong").inner_text() == "Published"
    reader = visit().go("/fr/articles/the-ferry-returns")
    assert reader.locator(".disclaimer").count() == 0
    assert "relu" in reader.locator(".note.calm").inner_text()
    assert BETTER in reader.locator(".article-text").inner_text()

    bring_in(tab, NEXT)
    follow(page.get_by_role("link", name="Not translated – The market returns (French)"))
    follow(page.locator("#translate"))
    page.locator(".flash").wait_for()
    assert page.locator("#row-1").input_value() == BETTER


def test_an_article_is_written_and_corrected(visit: Callable[..., Visit]) -> None:
    """Without JavaScript, in two tabs: the second saving shows what the first one changed."""
    tab = visit(360, java_script_enabled=False)
    page = sign_in(tab, "fr")
    page.goto(f"{tab.address}/admin/articles/new?lang=fr")
    page.locator("#title").fill("Le marché rouvre")
    page.locator("#text").fill("Le marché a rouvert.\n\nIl a plu.")
    follow(page.locator("form.writing button"))
    page.wait_for_url("**/le-marche-rouvre/original")
    other = page.context.new_page()
    other.goto(page.url)
    page.locator("#text").fill("Le marché a rouvert.\n\nIl a neigé.")
    follow(page.locator("form.writing button"))
    page.locator(".flash").wait_for()
    other.locator("#title").fill("Le marché a rouvert")
    follow(other.locator("form.writing button"))
    assert other.locator(".theirs ins").inner_text() == "Il a neigé."
    assert other.locator("#title").input_value() == "Le marché a rouvert"


@pytest.mark.parametrize(("language", "width"), SCREENS)
def test_the_desks_have_no_violation(
    language: str, width: int, visit: Callable[..., Visit]
) -> None:
    tab = visit(width)
    page = sign_in(tab, language)
    page.goto(f"{tab.address}/admin/articles?lang={language}")
    for link in page.locator("nav[aria-label] a[href^='/admin/']").all():
        assert link.inner_text().strip()
    for path in PAGES:
        if path.startswith("articles/water-plan/"):
            hrefs = page.locator(f"td a[href$='/{path.rpartition('/')[2]}']")
            page.goto(f"{tab.address}/admin/articles")
            path = hrefs.first.get_attribute("href").removeprefix("/admin/")
        tab.go(f"/admin/{path}?lang={language}")
        look(tab, f"/admin/{path}")
    page.goto(f"{tab.address}/admin/articles/import")
    follow(page.locator("main form button"))
    page.locator(".error-summary").wait_for()
    look(tab, "/admin/articles/import with an error")
    page.goto(f"{tab.address}/admin/articles?order=oldest")
    follow(page.locator("td a[href$='/original']").first)
    page.locator("[name=version]").evaluate("field => { field.value = 'of another time'; }")
    page.locator("#title").fill("Another title")
    follow(page.locator("form.writing button"))
    page.locator(".theirs").wait_for()
    look(tab, "an original that somebody else changed")
