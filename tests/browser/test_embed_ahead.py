"""The box on a page that a browser makes ready before anybody looks at it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.other_site import other_site

pytestmark = pytest.mark.slow

AHEAD = "Object.defineProperty(document, 'prerendering', { get: () => true, configurable: true });"


def test_a_page_made_ready_ahead_of_time_is_a_view_once_it_is_looked_at(
    chromium: Browser, tmp_path: Path
) -> None:
    """Nothing is asked for until then: what nobody sees is no view, and what is seen is one."""
    with other_site(tmp_path) as site:
        tab = chromium.new_page()
        asked: list[str] = []
        tab.on("request", lambda request: asked.append(request.url))
        tab.add_init_script(AHEAD)
        tab.goto(site.address, wait_until="networkidle")
        tab.evaluate("document.documentElement.className = 'js'")
        tab.wait_for_timeout(300)
        assert [url for url in asked if "/embed/feedback" in url] == []
        tab.evaluate(
            "Object.defineProperty(document, 'prerendering', { get: () => false });"
            "document.dispatchEvent(new Event('prerenderingchange'))"
        )
        expect(tab.locator("section[dir]")).to_have_count(2)
        tab.close()
    assert sum(row[0] for row in site.stored("views", "daily_view")) == 2
