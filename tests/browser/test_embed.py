"""The box on a page of another website, in Chromium, under that site's own strict policy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import PATIENCE_MS
from tests.browser.other_site import OtherSite, other_site

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OtherSite]:
    """The institution's own site, and Rayak beside it."""
    with other_site(tmp_path_factory.mktemp("embed")) as both:
        yield both


@pytest.fixture
def page(chromium: Browser, site: OtherSite) -> Iterator[Page]:
    """A tab on the site; nothing may be complained about in its console."""
    context = chromium.new_context(viewport={"width": 400, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    tab = context.new_page()
    complaints: list[str] = []
    tab.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.goto(site.address + "/news/1?visitor=7")
    tab.locator("section h2").first.wait_for()
    yield tab
    context.close()
    # Being without connection, or refused, is logged by Chromium and the box; a test asked for it.
    asked_for = re.compile("ERR_INTERNET_DISCONNECTED|cannot be reached|status of 422")
    assert [c for c in complaints if not asked_for.search(c)] == []


def rows(site: OtherSite) -> list[tuple[object, ...]]:
    """What was stored about each answer, the first one first."""
    columns = "id, rating, page, translation, engine, shown_language"
    return [row[1:] for row in site.stored(columns)]


def test_two_boxes_each_in_its_language_and_an_answer_with_the_keyboard(
    page: Page, site: OtherSite
) -> None:
    """The page's language, a fixed one, and an answer without a mouse."""
    before = len(rows(site))
    boxes = page.locator("section[dir]")
    expect(boxes).to_have_count(2)
    assert sorted(boxes.evaluate_all("all => all.map(b => b.lang)")) == ["ar", "en"]
    box = page.locator("section[lang=en]")
    box.locator("#r1").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.type("Good hours.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(box.locator("[role=status]")).to_have_text("Thank you for your opinion")
    assert rows(site)[before:] == [(3, site.address + "/news/1", "original", "", "en")]


@pytest.mark.parametrize(
    ("tags", "place"),
    [
        ('<script src="{host}/embed.js" async></script>', "body > div.notranslate"),
        ('<script src="{host}/embed.js"></script>', "body > div.notranslate"),
        ('<script src="{host}/embed.js" data-target="#content"></script>', "#content > div"),
        ('<script src="{host}/embed.js" data-target="#none"></script>', "body > div.notranslate"),
    ],
)
def test_a_script_in_the_head_puts_the_box_where_it_is_seen(
    chromium: Browser, site: OtherSite, tags: str, place: str
) -> None:
    """Many themes of WordPress put every script there, before there is a page to stand on."""
    tab = chromium.new_page()
    complaints: list[str] = []
    tab.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page = (
        f'<!doctype html><html lang="fr"><head><title>News</title>{tags}</head>'
        '<body><main id="content"><h1>News</h1></main></body></html>'
    )
    site.pages["/head"] = page.replace("{host}", site.rayak).encode()
    tab.goto(site.address + "/head")
    box = tab.locator(place)
    expect(box.locator("section[lang=fr]")).to_be_visible()
    expect(tab.locator("div.notranslate")).to_have_count(1)
    assert complaints == (["Rayak: there is no #none on this page"] if "none" in tags else [])
    tab.close()


def test_a_website_that_is_not_on_the_list_reads_why_in_its_console(
    chromium: Browser, site: OtherSite
) -> None:
    """The same page under another name: no box, and what its operator has to ask for."""
    stranger = site.address.replace("127.0.0.1", "localhost")
    tab = chromium.new_page()
    complaints: list[str] = []
    tab.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    with tab.expect_console_message(lambda m: "RAYAK_EMBED_ORIGINS" in m.text):
        tab.goto(stranger)
    assert tab.locator("section[dir]").count() == 0
    assert any(c.startswith(f"Rayak: {stranger} may not show this box") for c in complaints)
    tab.close()


def test_a_page_whose_address_is_too_long_is_told_so(chromium: Browser, site: OtherSite) -> None:
    """Ten thousand characters, which no server would read as an address inside an address."""
    tab = chromium.new_page()
    with tab.expect_console_message(lambda m: "longer than 500 characters" in m.text):
        tab.goto(f"{site.address}/{'x' * 10_000}")
    assert tab.locator("section[dir]").count() == 0
    tab.close()


def test_a_browser_that_keeps_nothing_for_others_can_answer(
    chromium: Browser, site: OtherSite
) -> None:
    """Neither cookies nor storage: sent as ever; without connection one is asked to try again."""
    context = chromium.new_context()
    tab = context.new_page()
    tab.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name,"
        " { get() { throw new DOMException('not here', 'SecurityError'); } });"
    )
    before = len(rows(site))
    tab.goto(site.address + "/news/8")
    box = tab.locator("section[lang=en]")
    box.locator("label[for=r4]").click()
    context.set_offline(True)
    box.locator("button").click()
    expect(box.locator("[role=alert]")).to_have_text(re.compile("could not be sent"))
    context.set_offline(False)
    box.locator("button").click()
    expect(box.locator("[role=status]")).to_be_visible()
    assert [row[:2] for row in rows(site)[before:]] == [(4, site.address + "/news/8")]
    context.close()


def test_nothing_chosen_is_said_and_the_scale_focused(page: Page) -> None:
    """The message is announced, and the keyboard stands on the first level."""
    box = page.locator("section[lang=en]")
    box.locator("button").click()
    expect(box.locator("[role=alert]")).to_have_text(re.compile("1 to 5"))
    expect(box.locator("#r1")).to_be_focused()


def test_a_page_translated_by_google_shows_its_disclaimer_and_direction(
    page: Page, site: OtherSite
) -> None:
    """Exactly what Google's widget does to <html>; the box follows at once."""
    before = len(rows(site))
    page.evaluate(
        "root = document.documentElement; root.lang = 'ar'; root.className = 'translated-rtl'"
    )
    box = page.locator("body > div > section")
    expect(box).to_have_attribute("dir", "rtl")
    expect(box.locator("[role=note]")).to_contain_text("Google")
    box.locator("label[for=r2]").click()
    box.locator("button").click()
    expect(box.locator("[role=status]")).to_be_visible()
    assert rows(site)[before:] == [(2, site.address + "/news/1", "third_party", "google", "ar")]


def test_no_address_that_is_asked_for_holds_a_token(page: Page, site: OtherSite) -> None:
    """Also where the box is drawn anew for the same view: proxies keep addresses in their logs."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("document.documentElement.className = 'translated-ltr'")
    expect(page.locator("[role=note]")).to_have_count(2)
    assert sorted(asked) == [f"{site.rayak}/embed/feedback/again"] * 2


def test_a_page_translated_once_it_is_there_is_one_view_and_thanks_stay_thanks(
    chromium: Browser, tmp_path: Path
) -> None:
    """Two boxes are two views, of the translation; the service writes all of them as it ends."""
    with other_site(tmp_path) as site:
        tab = chromium.new_page()
        tab.goto(site.address)
        boxes = tab.locator("section[dir]")
        expect(boxes).to_have_count(2)
        tab.evaluate("document.documentElement.className = 'translated-ltr'")
        expect(tab.locator("[role=note]")).to_have_count(2)
        box = tab.locator("body > div > section")
        box.locator("label[for=r2]").click()
        box.locator("button").click()
        expect(box.locator("[role=status]")).to_be_visible()
        tab.evaluate("document.documentElement.lang = 'fr'")
        expect(tab.locator("section[lang=fr]")).to_have_count(1)
        expect(box.locator("[role=status]")).to_be_visible()
        tab.close()
    views = site.stored("translation, shown_language, views", "daily_view WHERE views > 0")
    assert views == [("third_party", "en", 1), ("third_party", "fr", 1)]


def test_an_answer_without_connection_is_sent_once_when_it_is_back(
    page: Page, site: OtherSite
) -> None:
    """Kept in the browser, sent when the connection returns, then forgotten."""
    before = len(rows(site))
    box = page.locator("section[lang=en]")
    box.locator("label[for=r5]").click()
    page.context.set_offline(True)
    box.locator("button").click()
    expect(box.locator("[role=status]")).to_contain_text("when it is back")
    page.context.set_offline(False)
    # Asked again and again from here: the page's own policy forbids a test to do it there.
    for _ in range(300):
        if page.evaluate("localStorage.getItem('rayak-unsent')") is None:
            break
        page.wait_for_timeout(100)
    page.reload()
    page.locator("section h2").first.wait_for()
    assert [row[0] for row in rows(site)[before:]] == [5]
    assert page.context.cookies() == []


def test_after_a_change_of_page_without_loading_the_answer_is_about_the_new_one(
    page: Page, site: OtherSite
) -> None:
    """Client-side navigation draws the box anew."""
    before = len(rows(site))
    go(page, "/news/2")
    box = page.locator("section[lang=en]")
    box.locator("label[for=r4]").click()
    box.locator("button").click()
    expect(box.locator("[role=status]")).to_be_visible()
    assert [row[1] for row in rows(site)[before:]] == [site.address + "/news/2"]


def go(page: Page, path: str) -> None:
    """Change the page as a client-side router does, and wait for the box that is about it."""
    before = page.locator("section[lang=en]").element_handle()
    page.evaluate(
        "path => { history.pushState({}, '', path); dispatchEvent(new Event('popstate')) }", path
    )
    # Its section is another one then.
    before.wait_for_element_state("hidden")
    page.locator("section[lang=en]").wait_for()


def test_what_was_typed_on_a_page_stays_with_it(page: Page, site: OtherSite) -> None:
    """The next page's box is empty; whoever goes back finds what they typed; sent, it is gone."""
    before = len(rows(site))
    box = page.locator("section[lang=en]")
    box.locator("label[for=r2]").click()
    box.locator("#comment").fill("The hours of news 1 are wrong.")
    go(page, "/news/5")
    assert box.locator("#comment").input_value() == ""
    assert box.locator("input:checked").count() == 0
    go(page, "/news/1")
    assert box.locator("#comment").input_value() == "The hours of news 1 are wrong."
    box.locator("button").click()
    expect(box.locator("[role=status]")).to_be_visible()
    assert [row[:2] for row in rows(site)[before:]] == [(2, site.address + "/news/1")]
    go(page, "/news/5")
    go(page, "/news/1")
    assert box.locator("#comment").input_value() == ""


def test_without_connection_no_page_stands_with_the_box_of_another(
    page: Page, site: OtherSite
) -> None:
    """It goes when the page changes, and comes about the new one when the connection is back."""
    before = len(rows(site))
    page.context.set_offline(True)
    page.evaluate("history.pushState({}, '', '/news/3'); dispatchEvent(new Event('popstate'))")
    box = page.locator("section[lang=en]")
    expect(box).to_have_count(0)
    page.context.set_offline(False)
    box.locator("label[for=r4]").click()
    box.locator("button").click()
    expect(box.locator("[role=status]")).to_be_visible()
    assert [row[1] for row in rows(site)[before:]] == [site.address + "/news/3"]


def test_an_answer_on_its_way_ends_its_own_page_only(page: Page) -> None:
    """Whoever sends and goes on at once finds the next page's box following its language."""
    held: list[Route] = []
    page.route("**/embed/feedback", lambda route: held.append(route))
    box = page.locator("section[lang=en]")
    box.locator("label[for=r4]").click()
    with page.expect_request("**/embed/feedback"):
        box.locator("button").click()
    with page.expect_response(re.compile("/embed/feedback.*news%2F4")):
        page.evaluate("history.pushState({}, '', '/news/4'); dispatchEvent(new Event('popstate'))")
    expect(box.locator("button")).to_be_enabled()
    with page.expect_response("**/embed/feedback") as thanks:
        held[0].continue_()
    thanks.value.finished()
    # What the script does with it is done before the second frame from now.
    page.evaluate("new Promise(d => requestAnimationFrame(() => requestAnimationFrame(d)))")
    page.evaluate("document.documentElement.lang = 'fr'")
    expect(page.locator("body > div > section")).to_have_attribute("lang", "fr")


def test_a_page_translated_while_an_answer_is_sent_still_shows_the_thanks(page: Page) -> None:
    """The form that is being sent stays; what is refused is then asked in the new language."""
    held: list[Route] = []
    page.route("**/embed/feedback", lambda route: held.append(route))
    box = page.locator("body > div > section")
    box.locator("label[for=r4]").click()
    with page.expect_request("**/embed/feedback"):
        box.locator("button").click()
    page.evaluate("document.documentElement.lang = 'fr'")
    page.evaluate("new Promise(done => setTimeout(done, 300))")
    expect(box).to_have_attribute("lang", "en")
    held.pop().fulfill(status=422, json={"error": "Not now", "field": "r1"})
    expect(box).to_have_attribute("lang", "fr")
    expect(box.locator("#r4")).to_be_checked()
    with page.expect_request("**/embed/feedback"):
        box.locator("button").click()
    page.evaluate("document.documentElement.lang = 'ar'")
    held.pop().continue_()
    expect(box.locator("[role=status]")).to_be_visible()
    expect(box).to_have_attribute("lang", "fr")


def test_the_box_has_no_violation(page: Page) -> None:
    """axe-core looks into the shadow tree."""
    violations = Axe().run(page, context="div.notranslate").response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in violations] == []
