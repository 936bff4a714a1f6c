"""An editor's work with answers, in Chromium: found, marked as spam, and counted again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import Visit, follow, sign_in
from tests.browser.test_accessibility import SCREENS, look

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("language", "width"), SCREENS)
def test_an_answer_is_marked_as_spam_and_counted_again(
    language: str, width: int, visit: Callable[..., Visit]
) -> None:
    """Without a violation on the way, on a desk and on a phone."""
    comment = f"Please buy all of this from our shop in the town now ({language})"
    visitor = visit().go(f"/{language}/feedback")
    visitor.locator("label[for=rating-2]").click()
    visitor.locator("#comment").fill(comment)
    follow(visitor.locator("form.feedback button"))
    visitor.wait_for_url("**/thanks")

    tab = visit(width)
    page = sign_in(tab, language)
    tab.go(f"/admin/responses?text={comment}")
    look(tab, "/admin/responses")
    assert page.locator("td.comment").inner_text() == comment
    assert page.locator("#text").input_value() == comment
    page.locator("#translate").check()
    follow(page.locator("form.filters button"))
    translated = page.locator("td.comment [dir=auto]").all_inner_texts()
    # The comment is English: it is translated for whoever reads another language.
    assert translated[0] == comment
    assert len(translated) == (1 if language == "en" else 2)
    page.locator("input[name=id]").check()
    follow(page.locator("button[value=spam]"))
    page.locator("form.undo").wait_for()
    look(tab, "/admin/responses with an undo")
    spam = page.locator("tbody td:last-child").inner_text()
    follow(page.locator("form.undo button"))
    page.locator("form.undo").wait_for(state="detached")
    assert page.locator("tbody td:last-child").inner_text() != spam
    follow(page.locator("button[value=spam]"))
    page.locator(".error-summary a").click()
    look(tab, "/admin/responses with an error")
