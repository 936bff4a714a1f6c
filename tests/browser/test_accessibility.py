"""axe-core on every page, in every language, on a phone and on a desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Visit, follow, sign_in

pytestmark = pytest.mark.slow
WIDTHS = (360, 1280)
# axe-core sees each page once a language, in Arabic on a phone; what sticks out is looked for in
# both widths.
SCREENS = (("en", 1280), ("fr", 360), ("ar", 360))


def public_pages(language: str) -> list[str]:
    """Addresses of a visitor's pages in a language."""
    pages = ["", "feedback", "feedback/thanks", "privacy", "no-such-page"]
    return [f"/{language}/{page}" for page in pages]


def look(tab: Visit, path: str) -> None:
    """No axe violation and nothing that sticks out sideways."""
    violations = Axe().run(tab.page).response["violations"]
    found = [(v["id"], [n["html"][:120] for n in v["nodes"]][:3]) for v in violations]
    assert found == [], f"{path}: {found}"
    screen = tab.page.viewport_size
    for width in WIDTHS:
        tab.page.set_viewport_size({**screen, "width": width})
        wide, seen = tab.page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert wide <= seen, f"{path}: {wide} px wide in a window of {seen}"
    tab.page.set_viewport_size(screen)


@pytest.mark.parametrize(("language", "width"), SCREENS)
def test_a_visitors_pages_have_no_violation(
    language: str, width: int, visit: Callable[..., Visit]
) -> None:
    """List, every article, feedback, error summary, thanks, privacy, and a page that is missing."""
    tab = visit(width)
    page = tab.go(f"/{language}/")
    articles = page.locator(".article-list a").evaluate_all(
        "links => links.map(a => a.getAttribute('href'))"
    )
    assert len(articles) >= 10
    for path in public_pages(language) + articles:
        tab.go(path)
        look(tab, path)
    follow(tab.go(f"/{language}/feedback").locator("form.feedback button"))
    page.locator(".error-summary").wait_for()
    look(tab, f"/{language}/feedback with an error")
    # The missing page was asked for on purpose, once; anything else that is missing is a fault.
    missing = [c for c in tab.complaints if "404" in c]
    assert len(missing) == 1
    tab.complaints.remove(missing[0])


@pytest.mark.parametrize(("language", "width"), SCREENS)
def test_the_admin_pages_have_no_violation(
    language: str, width: int, visit: Callable[..., Visit]
) -> None:
    """Sign-in and report."""
    tab = visit(width)
    tab.go(f"/admin/login?lang={language}")
    look(tab, "/admin/login")
    follow(tab.page.locator("form.login button"))
    tab.page.locator(".error-summary").wait_for()
    look(tab, "/admin/login with an error")
    sign_in(tab, language)
    look(tab, "/admin/reports")
    tab.go(f"/admin/reports?lang={language}&from=2026-02-01&to=2026-01-01")
    look(tab, "/admin/reports with an error")
    for path in ("/admin/", "/admin/?period=daily", "/admin/reports/kept"):
        tab.go(f"{path}{'&' if '?' in path else '?'}lang={language}")
        look(tab, path)
