"""Answers with a proof of work from Chromium: our page, the box elsewhere, and no JavaScript."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import PATIENCE_MS, follow
from tests.browser.other_site import OtherSite, other_site

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OtherSite]:
    """A site that asks for some four thousand hashes an answer, and another that shows its box."""
    with other_site(tmp_path_factory.mktemp("work"), RAYAK_PROOF_OF_WORK="12") as both:
        yield both


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A tab; its console stays silent, but for a status that was asked for."""
    tab = chromium.new_context(viewport={"width": 400, "height": 900}).new_page()
    tab.set_default_timeout(PATIENCE_MS)
    complaints: list[str] = []
    tab.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    yield tab
    tab.context.close()
    assert [c for c in complaints if "422" not in c] == []


def answers(site: OtherSite) -> list[tuple[object, ...]]:
    """Level and state of every answer, the first one first."""
    return [row[1:] for row in site.stored("id, rating, state")]


def test_the_browsers_hash_is_sha_256(page: Page, site: OtherSite) -> None:
    """For every length it is used with, the same first 32 bits as Python's."""
    page.goto(f"{site.rayak}/en/feedback")
    for text in ["", "abc", "signature-_:0", *("x" * n for n in (1, 27, 54, 55))]:
        mine = page.evaluate("async (t) => (await import('/static/proof.js')).hash(t)", text)
        assert mine == int.from_bytes(hashlib.sha256(text.encode()).digest()[:4])


@pytest.mark.parametrize("language", ["en", "ar"])
def test_an_answer_from_our_page_is_proved_and_counts(
    page: Page, site: OtherSite, language: str
) -> None:
    """With the keyboard, and nobody has to do anything more than before."""
    before = len(answers(site))
    page.goto(f"{site.rayak}/{language}/feedback")
    assert Axe().run(page).response["violations"] == []
    page.locator("#rating-3").focus()
    page.keyboard.press("Space")
    page.locator("#comment").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{language}/feedback/thanks")
    assert answers(site)[before:] == [(3, "counted")]


def test_the_form_of_a_translated_page_is_proved_anew(page: Page, site: OtherSite) -> None:
    """The proof that was begun was of the form before."""
    before = len(answers(site))
    page.goto(f"{site.rayak}/en/feedback")
    page.locator("label[for=rating-4]").click()
    expect(page.locator("[name=proof]")).not_to_have_value("")
    page.evaluate("document.documentElement.className = 'translated-ltr'")
    expect(page.locator("form.feedback [role=note]")).to_have_count(1)
    follow(page.locator("form.feedback button"))
    page.wait_for_url("**/feedback/thanks")
    assert answers(site)[before:] == [(4, "counted")]


def test_a_form_that_is_being_sent_stays_though_the_translation_of_it_comes(
    page: Page, site: OtherSite
) -> None:
    """In its place another form would stand unsent, and the answer be lost."""
    held: list[Route] = []
    page.goto(f"{site.rayak}/en/feedback")
    page.route("**/feedback/again", lambda route: held.append(route))
    with page.expect_request("**/feedback/again"):
        page.evaluate("document.documentElement.className = 'translated-ltr'")
    # More work than ends within this test.
    page.evaluate("document.querySelector('form.feedback').dataset.work = 30")
    page.evaluate("document.querySelector('form.feedback button').click()")
    expect(page.locator("[data-working]")).not_to_be_empty()
    held[0].continue_()
    page.wait_for_timeout(500)
    expect(page.locator("form.feedback [role=note]")).to_have_count(0)
    expect(page.locator("[data-working]")).not_to_be_empty()


def test_a_wrong_proof_is_mended_by_sending_again(page: Page, site: OtherSite) -> None:
    """As after the operator asked for more bits: the form comes back and does the work anew."""
    before = len(answers(site))
    page.goto(f"{site.rayak}/en/feedback")
    page.locator("label[for=rating-2]").click()
    # The work begins with the first click, and would write its proof over ours.
    expect(page.locator("[name=proof]")).not_to_have_value("")
    page.evaluate("document.querySelector('[name=proof]').value = 'x'")
    follow(page.locator("form.feedback button"))
    expect(page.locator(".error-summary")).to_contain_text("send yours once more")
    follow(page.locator("form.feedback button"))
    page.wait_for_url("**/feedback/thanks")
    assert answers(site)[before:] == [(2, "counted")]


def test_without_javascript_one_can_still_answer_and_is_told_what_becomes_of_it(
    chromium: Browser, site: OtherSite
) -> None:
    """Kept for a moderator to look at; said before and after sending."""
    before = len(answers(site))
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.rayak}/en/feedback")
    expect(page.locator("noscript p")).to_contain_text("after a person has looked at it")
    page.locator("label[for=rating-5]").click()
    follow(page.locator("form.feedback button"))
    page.wait_for_url(re.compile("/feedback/thanks"))
    expect(page.locator("main")).to_contain_text("after a person has looked at it")
    assert answers(site)[before:] == [(5, "spam")]
    context.close()


def test_the_box_proves_its_answer_under_a_strict_policy(page: Page, site: OtherSite) -> None:
    """The second script is fetched from the same host as the first."""
    before = len(answers(site))
    page.goto(f"{site.address}/news/1")
    box = page.locator("section[lang=en]")
    box.locator("label[for=r4]").click()
    box.locator("button").click()
    expect(box.locator("[role=status]")).to_have_text("Thank you for your opinion")
    assert answers(site)[before:] == [(4, "counted")]


def test_a_box_drawn_before_proofs_were_asked_for_brings_one_when_told(
    page: Page, site: OtherSite
) -> None:
    """The reader who had the page open all along sends once and notices nothing."""
    before = len(answers(site))

    def without_work(route: Route) -> None:
        reply = route.fetch()
        if route.request.method == "GET":
            route.fulfill(response=reply, json=reply.json() | {"work": 0})
        else:
            route.fulfill(response=reply)

    page.route("**/embed/feedback*", without_work)
    page.goto(f"{site.address}/news/1")
    box = page.locator("section[lang=en]")
    box.locator("label[for=r1]").click()
    box.locator("button").click()
    expect(box.locator("[role=status]")).to_have_text("Thank you for your opinion")
    assert answers(site)[before:] == [(1, "counted")]
