"""Every page a visitor can get to, in Chromium: no cookie, nothing kept, no other site asked."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urldefrag

import pytest
from playwright.sync_api import Response

from tests.browser.conftest import Visit, follow

pytestmark = pytest.mark.slow

KEPT = "[localStorage.length, sessionStorage.length, document.cookie]"


def test_no_public_page_sets_a_cookie_keeps_anything_or_asks_another_site(
    visit: Callable[..., Visit],
) -> None:
    """All links are followed, a form is sent, and what answers anything is looked at.

    That no other site is asked, the tab itself makes sure of.
    """
    tab = visit()
    page = tab.page
    cookies: list[str] = []

    def look(response: Response) -> None:
        if "set-cookie" in response.all_headers():
            cookies.append(response.url)

    page.on("response", look)
    waiting, seen = [tab.address + "/"], set()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        if page.goto(address).headers["content-type"].startswith("text/html"):
            assert page.evaluate(KEPT) == [0, 0, ""], address
            links = page.locator("a[href]").evaluate_all("all => all.map(a => a.href)")
            waiting += [
                urldefrag(link).url
                for link in links
                if link.startswith(tab.address) and not link.startswith(tab.address + "/admin")
            ]
    tab.go("/ar/feedback")
    page.locator("label[for=rating-4]").click()
    follow(page.locator("form.feedback button"))
    page.wait_for_url("**/thanks")
    tab.go("/fr/feedback")
    follow(page.locator("form.feedback button"))
    page.locator(".error-summary").wait_for()
    assert page.evaluate(KEPT) == [0, 0, ""]
    assert cookies == []
    assert page.context.cookies() == []
    paths = {address.removeprefix(tab.address) for address in seen}
    assert {f"/{code}/{name}" for code in ("en", "fr", "ar") for name in ("", "privacy")} <= paths
    assert sum("/articles/" in path for path in paths) >= 3 * 6
