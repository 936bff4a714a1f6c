"""The admin pages' menu in Chromium: beside the page on a desk, a popover on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import Visit, follow, sign_in
from tests.browser.test_accessibility import look

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("language", "side"), [("en", "left"), ("fr", "left"), ("ar", "right")])
def test_a_phone_opens_the_menu_from_the_keyboard_without_a_script(
    language: str, side: str, visit: Callable[..., Visit]
) -> None:
    """It covers the side where reading begins, ends in the window, and Escape puts it away."""
    tab = visit(360, java_script_enabled=False)
    page = sign_in(tab, language)
    tab.go(f"/admin/glossary?lang={language}")
    menu, opener = page.locator("#menu"), page.locator(".menu-bar button")
    assert not menu.is_visible()
    opener.focus()
    page.keyboard.press("Enter")
    menu.wait_for()
    box = menu.bounding_box()
    assert box["width"] < 360
    assert (box["x"] if side == "left" else 360 - box["x"] - box["width"]) == 0
    page.keyboard.press("Escape")
    menu.wait_for(state="hidden")
    opener.click()
    follow(page.locator("#menu a[href='/admin/audit']"))
    page.wait_for_url("**/admin/audit")
    assert not menu.is_visible()


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_open_menu_of_a_phone_has_no_violation(
    language: str, visit: Callable[..., Visit]
) -> None:
    tab = visit(360)
    page = sign_in(tab, language)
    page.locator(".menu-bar button").click()
    page.locator("#menu").wait_for()
    look(tab, "the open menu")


@pytest.mark.parametrize(("language", "side"), [("en", "left"), ("ar", "right")])
def test_a_desk_has_the_menu_beside_the_page(
    language: str, side: str, visit: Callable[..., Visit]
) -> None:
    page = sign_in(visit(1280), language)
    menu, main = page.locator("#menu").bounding_box(), page.locator("main").bounding_box()
    first, second = (menu, main) if side == "left" else (main, menu)
    assert first["x"] + first["width"] <= second["x"]
    assert not page.locator(".menu-bar").is_visible()


def test_paper_has_a_table_without_filters(visit: Callable[..., Visit]) -> None:
    """A sheet of A4 is as narrow as a telephone held across; it shows no cards all the same."""
    tab = visit(700)
    page = sign_in(tab, "fr")
    page.emulate_media(media="print")
    tab.go("/admin/audit?lang=fr")
    assert (
        page.locator("main td").first.evaluate("e => getComputedStyle(e).display") == "table-cell"
    )
    assert not page.locator(".filters").is_visible()
    assert not page.locator(".site-places").is_visible()
