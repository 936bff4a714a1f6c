"""What people do on the site, start to end, in Chromium."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Site, Visit, follow, sign_in
from tests.servers import rayak

pytestmark = pytest.mark.slow


def answers(site: Site) -> int:
    """How many answers the report counts now."""
    done = rayak("report", "--format", "json", env=site.env)
    assert done.returncode == 0, done.stderr.decode()
    return int(json.loads(done.stdout)["answers"])


def test_read_in_arabic_rate_with_the_keyboard_alone_and_see_it_in_the_report(
    site: Site, visit: Callable[..., Visit]
) -> None:
    """The main job: an article in Arabic, an answer without a mouse, and one more in the report."""
    before = answers(site)
    page = visit().go("/ar/")
    assert page.locator("html").get_attribute("dir") == "rtl"
    page.locator(".article-list a").first.press("Enter")
    page.wait_for_url(re.compile("/ar/articles/"))
    article = page.url
    page.locator("#rating-1").focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    assert page.locator("#rating-4").is_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("واضح ومفيد")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/ar/feedback/thanks"))
    assert page.locator("h1").inner_text().strip()
    follow(page.locator(".ways-on a").first)
    assert page.url == article

    assert answers(site) == before + 1
    report = sign_in(visit())
    assert str(before + 1) in report.locator("main").inner_text()


def test_the_scale_reads_from_the_right_in_arabic(visit: Callable[..., Visit]) -> None:
    """1 stands at the right end in Arabic and at the left end in English, words below the ends."""
    for language, sign in (("en", 1), ("ar", -1)):
        page = visit(360).go(f"/{language}/feedback")
        boxes = [page.locator(f"#rating-{n}").bounding_box() for n in range(1, 6)]
        xs = [box["x"] * sign for box in boxes]
        assert xs == sorted(xs)
        low, high = (page.locator(f"#scale-{end}").bounding_box() for end in ("low", "high"))
        assert (low["x"] < high["x"]) == (language == "en")


def test_everything_works_without_javascript(visit: Callable[..., Visit]) -> None:
    """Reading, an error, what was typed kept, and an answer, with scripts off."""
    page = visit(java_script_enabled=False).go("/fr/feedback")
    page.locator("#comment").fill("Très clair, merci.")
    follow(page.locator("form.feedback button"))
    summary = page.locator(".error-summary a")
    assert summary.count() == 1
    summary.click()
    assert page.url.endswith("#rating-1")
    assert page.locator("#comment").input_value() == "Très clair, merci."
    page.locator("label[for=rating-5]").click()
    follow(page.locator("form.feedback button"))
    page.wait_for_url("**/fr/feedback/thanks")


def test_a_double_click_is_one_answer(site: Site, visit: Callable[..., Visit]) -> None:
    """Two quick clicks on the button, one more answer."""
    before = answers(site)
    page = visit().go("/en/feedback")
    page.locator("label[for=rating-2]").click()
    page.locator("form.feedback button").dblclick()
    # The second click may end the navigation that the first began: only where it leads to counts.
    expect(page).to_have_url(re.compile("/en/feedback/thanks$"))
    assert answers(site) == before + 1


def test_the_language_switch_stays_on_the_page(visit: Callable[..., Visit]) -> None:
    """From an article in English to the same article in French and Arabic and back."""
    page = visit().go("/en/")
    follow(page.locator(".article-list a").first)
    address = page.url
    for language in ("fr", "ar", "en"):
        follow(page.locator(f"nav.languages a[hreflang={language}]"))
        assert page.locator("html").get_attribute("lang") == language
        assert f"/{language}/articles/" in page.url
    assert page.url == address
