"""The page that translates a text: axe-core finds nothing, and the keyboard alone is enough."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import Visit, follow
from tests.browser.test_accessibility import SCREENS, look

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("language", "width"), SCREENS)
def test_form_translation_and_error_have_no_violation(
    language: str, width: int, visit: Callable[..., Visit]
) -> None:
    """The empty form, a mistake, and a translation with its disclaimer and doubts."""
    tab = visit(width)
    page = tab.go(f"/translate?lang={language}")
    look(tab, f"/translate in {language}")
    follow(page.locator("form.translate-text button"))
    page.locator(".error-summary").wait_for()
    look(tab, f"/translate in {language} with an error")
    page.locator("#q").fill("The 3 ministers met in Rabat.\n\nTHE FORUM OPENS.")
    page.locator("#target").select_option("ar")
    page.locator("#q").press("Tab")
    page.keyboard.press("Enter")
    page.locator(".translated").wait_for()
    look(tab, f"/translate in {language} with a translation")
    assert page.locator(".translated").get_attribute("dir") == "rtl"


def test_whoever_sends_too_much_reads_so(visit: Callable[..., Visit]) -> None:
    """A page in the reader's language, not the browser's own about a broken connection."""
    tab = visit(360)
    page = tab.go("/fr/feedback")
    page.evaluate(
        """bytes => {
            const form = Object.assign(document.createElement("form"), {method: "post"});
            const field = Object.assign(document.createElement("textarea"), {name: "comment"});
            field.value = "x".repeat(bytes);
            form.append(field);
            document.body.append(form);
            form.submit();
        }""",
        17 * 1024**2,
    )
    page.get_by_role("heading", name="Envoi trop volumineux").wait_for()
    # The status itself is the only thing that the browser may note.
    tab.complaints[:] = [c for c in tab.complaints if "413" not in c]
