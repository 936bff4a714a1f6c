"""The confirmation of a note, as Chromium shows it, on our page and in the box elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PATIENCE_MS
from tests.browser.other_site import OtherSite, other_site

pytestmark = pytest.mark.slow

BY_GOOGLE = "document.documentElement.className = 'translated-ltr'"
INTO_FRENCH = "document.documentElement.lang = 'fr'"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OtherSite]:
    """A site that has notes confirmed, and another that shows its box."""
    with other_site(tmp_path_factory.mktemp("notes"), RAYAK_ACKNOWLEDGEMENT="optional") as both:
        yield both


@pytest.mark.parametrize("own", [True, False], ids=["our page", "the box"])
def test_a_confirmed_note_is_not_another_note_confirmed(
    chromium: Browser, site: OtherSite, own: bool
) -> None:
    """What else was typed stays; the new note waits for its own tick."""
    page = chromium.new_context().new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{site.rayak}/en/feedback" if own else f"{site.address}/news/1")
    page.evaluate(BY_GOOGLE)
    note, comment, tick = (
        # The other site's page has two boxes.
        page.locator(at).first
        for at in ("[role=note]", "#comment", "#acknowledged")
    )
    expect(note).to_contain_text("You are using Google")
    comment.fill("Where is the timetable?")
    tick.check()
    page.evaluate(INTO_FRENCH)
    expect(note).not_to_contain_text("You are using Google")
    expect(comment).to_have_value("Where is the timetable?")
    expect(tick).not_to_be_checked()
    page.context.close()
