"""An admin changes the question in Chromium, without JavaScript, and both series are told apart."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import Visit, follow, sign_in
from tests.browser.test_accessibility import SCREENS, look

pytestmark = pytest.mark.slow
NEW = "How satisfied are you with this website today?"


def answer(page: object, level: int) -> None:
    """Answer on the feedback page that is open."""
    page.locator(f"label[for=rating-{level}]").click()
    follow(page.locator("form.feedback button"))
    page.wait_for_url("**/feedback/thanks")


def test_a_changed_question_is_asked_at_once_and_its_series_stands_apart(
    visit: Callable[..., Visit],
) -> None:
    """Preview, confirm, answer: the report names both questions and counts the new one only."""
    visitor, admin = visit(), visit(java_script_enabled=False)
    old = visitor.go("/en/feedback").locator("legend").inner_text()
    answer(visitor.page, 2)
    page = sign_in(admin)
    admin.go("/admin/wordings/question?lang=en")
    page.locator("#text-en").fill(NEW)
    follow(page.locator("button[value=preview]"))
    assert page.locator(".box-preview[lang=en] legend").inner_text() == NEW
    assert page.locator(".box-preview[lang=ar]").get_attribute("dir") == "rtl"
    follow(page.locator("button[value=save]"))
    assert page.locator(".error-summary a").get_attribute("href") == "#confirmed"
    page.locator("#confirmed").check()
    follow(page.locator("button[value=save]"))
    page.wait_for_url("**/admin/wordings")

    assert visitor.go("/en/feedback").locator("legend").inner_text() == NEW
    answer(visitor.page, 5)
    admin.go("/admin/reports?lang=en&language=en")
    covered = {
        text: page.locator("#table-wording >> xpath=.. >> tbody tr", has_text=text)
        .locator("td")
        .last.inner_text()
        for text in (old, NEW)
    }
    assert covered == {old: "no", NEW: "yes"}
    admin.go("/admin/wordings/question?lang=en")
    rows = page.locator("tbody tr")
    assert int(rows.filter(has_text=NEW).locator("td.number").inner_text()) == 1
    assert int(rows.filter(has_text=old).locator("td.number").inner_text()) >= 1

    # The site is shared by other tests: the question is as they expect it.
    follow(page.locator("button[value=builtin]"))
    page.locator("#confirmed").check()
    follow(page.locator("button[value=save]"))
    page.wait_for_url("**/admin/wordings")
    assert visitor.go("/en/feedback").locator("legend").inner_text() == old


@pytest.mark.parametrize(("language", "width"), SCREENS)
def test_the_pages_of_wordings_and_of_the_log_have_no_violation(
    language: str, width: int, visit: Callable[..., Visit]
) -> None:
    """List, forms, previews, an error, and the audit log."""
    tab = visit(width)
    page = sign_in(tab, language)
    for path in ("/admin/wordings", "/admin/audit", "/admin/audit?from=x"):
        tab.go(path)
        look(tab, path)
    for kind, name, text in (
        ("question", "text-ar", "ما رأيك؟"),
        ("disclaimer", "text-google-fr", "{provider} – {organisation}"),
    ):
        tab.go(f"/admin/wordings/{kind}")
        look(tab, kind)
        page.locator(f"#{name}").fill(text)
        follow(page.locator("button[value=preview]"))
        page.locator("#confirmed").wait_for()
        look(tab, f"preview of the {kind}")
        follow(page.locator("button[value=edit]"))
        page.locator(f"#{name}").fill("")
        follow(page.locator("button[value=preview]"))
        page.locator(".error-summary").wait_for()
        look(tab, f"{kind} with an error")
