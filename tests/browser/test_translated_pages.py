"""Our own pages, changed by a translator in the reader's browser, as Chromium shows them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Site, Visit, follow

pytestmark = pytest.mark.slow

# What Google's widget and Chrome do to <html>.
TO_ARABIC = "root = document.documentElement; root.lang = 'ar'; root.className = 'translated-rtl'"
BACK = "root = document.documentElement; root.lang = 'en'; root.className = ''"


def newest(site: Site) -> tuple[object, ...]:
    """What was stored with the newest answer."""
    columns = "rating, translation, engine, shown_language, source_language, site_language, page"
    with sqlite3.connect(Path(site.env["RAYAK_DATA_DIR"]) / "rayak.sqlite3") as connection:
        row: tuple[object, ...] = connection.execute(
            f"SELECT {columns} FROM response ORDER BY id DESC LIMIT 1"  # noqa: S608 -- names above
        ).fetchone()
        return row


def article(visit: Callable[..., Visit], **options: object) -> Page:
    """The first article, in English."""
    page = visit(**options).go("/en/")
    follow(page.locator(".article-list a").first)
    page.wait_for_url(re.compile("/en/articles/"))
    return page


@pytest.mark.parametrize("width", [1280, 360])
def test_the_box_under_an_article_follows_the_translator_and_keeps_what_was_typed(
    site: Site, visit: Callable[..., Visit], width: int
) -> None:
    """In Arabic, under Google's note, with level, words and focus; and stored so."""
    page = article(visit, width=width)
    path = page.url.removeprefix(site.address)
    page.locator("label[for=rating-2]").click()
    page.locator("#comment").fill("Where is the timetable?")
    page.locator("#comment").focus()
    page.evaluate(TO_ARABIC)
    form = page.locator("form.feedback")
    expect(form).to_have_attribute("dir", "rtl")
    expect(form.locator("[role=note]")).to_contain_text("Google")
    expect(page.locator("#rating-2")).to_be_checked()
    expect(page.locator("#comment")).to_have_value("Where is the timetable?")
    expect(page.locator("#comment")).to_be_focused()
    assert Axe().run(page, context="form.feedback").response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    follow(form.locator("button"))
    page.wait_for_url(re.compile("/ar/feedback/thanks"))
    assert newest(site) == (2, "third_party", "google", "ar", "en", "ar", path)


def test_a_page_that_is_changed_back_has_its_own_form_again(
    site: Site, visit: Callable[..., Visit]
) -> None:
    """Also the feedback page; and a translator that was there before the script is seen."""
    tab = visit()
    tab.page.add_init_script("document.documentElement?.classList.add('translated-ltr')")
    page = tab.go("/en/feedback")
    page.evaluate("document.documentElement.className = 'translated-ltr'")
    expect(page.locator("form.feedback [role=note]")).to_contain_text("Google")
    page.evaluate(BACK)
    expect(page.locator("form.feedback [role=note]")).to_have_count(0)
    page.locator("label[for=rating-5]").click()
    follow(page.locator("form.feedback button"))
    page.wait_for_url("**/en/feedback/thanks")
    assert newest(site) == (5, "original", "", "en", "en", "en", "/en/feedback")


def test_without_connection_the_form_stays_and_can_be_sent_later(
    site: Site, visit: Callable[..., Visit]
) -> None:
    """Nothing typed is lost, and the next change brings the translation's form."""
    tab = visit()
    page = tab.go("/en/feedback")

    def away(route: Route) -> None:
        route.abort("internetdisconnected")

    page.route("**/feedback/again", away)
    page.locator("label[for=rating-1]").click()
    with page.expect_event("requestfailed"):
        page.evaluate(TO_ARABIC)
    expect(page.locator("#rating-1")).to_be_checked()
    page.unroute("**/feedback/again", away)
    page.evaluate("document.documentElement.lang = 'fr'")
    expect(page.locator("form.feedback")).to_have_attribute("lang", "fr")
    tab.complaints[:] = [c for c in tab.complaints if "INTERNET_DISCONNECTED" not in c]
    follow(page.locator("form.feedback button"))
    page.wait_for_url("**/fr/feedback/thanks")
    assert newest(site)[:4] == (1, "third_party", "google", "fr")
