"""The client that reads every page it fetches as a strict browser and a screen reader would."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from flask import Flask
from justhtml import Element, JustHTML
from werkzeug.test import TestResponse

RIGHT_TO_LEFT = {"ar"}


@dataclass(frozen=True, kw_only=True)
class Page:
    """A fetched page: status, headers, and its parsed document, which nothing changes."""

    response: TestResponse
    document: JustHTML

    @property
    def status(self) -> int:
        """HTTP status."""
        return self.response.status_code

    @cached_property
    def text(self) -> str:
        """All text, with single spaces."""
        return " ".join(self.document.to_text().split())

    @cached_property
    def elements(self) -> list[object]:
        """Every element in order; found once, for a selector walks through all of the page."""
        return [e for e in self.document.query("*") if isinstance(e, Element)]

    def named(self, *names: str) -> list[object]:
        """Elements by what they are."""
        return [e for e in self.elements if e.name in names]

    def only(self, name: str) -> object:
        """The only element of a kind."""
        found = self.named(name)
        assert len(found) == 1, f"{len(found)} elements {name}"
        return found[0]

    def having(self, attribute: str) -> list[object]:
        """Elements that have an attribute."""
        return [e for e in self.elements if attribute in e.attrs]

    def all(self, selector: str) -> list[object]:
        """Elements by CSS selector."""
        return list(self.document.query(selector))

    def one(self, selector: str) -> object:
        """The only element a selector finds."""
        found = self.all(selector)
        assert len(found) == 1, f"{len(found)} elements match {selector}"
        return found[0]

    def attribute(self, selector: str, name: str) -> str:
        """An attribute of the only element a selector finds."""
        return self.one(selector).attrs[name] or ""

    def text_of(self, selector: str) -> str:
        """The text of the only element a selector finds."""
        return " ".join(self.one(selector).to_text().split())


def token_of(page: Page) -> str:
    """The signed token in the page's feedback form."""
    return page.attribute("form.feedback input[name=token]", "value")


class PageClient:
    """Fetches pages from an application and checks each one; keeps cookies like a browser."""

    def __init__(self, app: Flask) -> None:
        self.http = app.test_client()

    def get(self, path: str, *, status: int = 200, **options: object) -> Page:
        """Fetch and check a page that must have this status."""
        return self._page(path, self.http.get(path, **options), status)

    def post(self, path: str, *, status: int = 422, **options: object) -> Page:
        """Send a form whose answer is a page."""
        return self._page(path, self.http.post(path, **options), status)

    def _page(self, path: str, response: TestResponse, status: int) -> Page:
        assert response.status_code == status, f"{path}: {response.status}"
        assert response.mimetype == "text/html", f"{path}: {response.mimetype}"
        text = response.get_data(as_text=True)
        document = JustHTML(text, strict=True, sanitize=False)
        page = Page(response=response, document=document)
        for check in CHECKS:
            check(path, page)
        return page


def one_title_and_h1_that_agree(path: str, page: Page) -> None:
    """A page has one h1, and its title holds it."""
    heading, title = (" ".join(page.only(name).to_text().split()) for name in ("h1", "title"))
    assert heading, f"{path}: empty h1"
    assert heading in title, f"{path}: title {title!r} lacks the h1 {heading!r}"


def no_jump_between_headings(path: str, page: Page) -> None:
    """No level of heading is left out on the way down from the h1."""
    levels = [int(h.name[1]) for h in page.named("h1", "h2", "h3", "h4", "h5", "h6")]
    for above, below in itertools.pairwise(levels):
        # The error summary stands before the h1, with a heading of its own.
        assert below <= above + 1, f"{path}: h{above} is followed by h{below}"


def language_and_direction(path: str, page: Page) -> None:
    """`lang` and `dir` agree with each other and with the address."""
    root = page.only("html")
    language, direction = root.attrs["lang"], root.attrs["dir"]
    first = path.split("/")[1].split("?")[0]
    assert first not in ("en", "fr", "ar") or first == language, f"{path}: lang={language}"
    assert direction == ("rtl" if language in RIGHT_TO_LEFT else "ltr"), f"{path}: dir={direction}"
    links = page.all("nav.languages a")
    assert {link.attrs["hreflang"] for link in links} == {"en", "fr", "ar"}, f"{path}: languages"


def ids_are_unique(path: str, page: Page) -> None:
    """An id names one element."""
    ids = Counter(e.attrs["id"] for e in page.having("id"))
    assert [i for i, n in ids.items() if n > 1] == [], f"{path}: repeated ids"


def references_exist(path: str, page: Page) -> None:
    """What a label, a description or a link to this page points to is there."""
    ids = {e.attrs["id"] for e in page.having("id")}
    for name in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
        for element in page.having(name):
            missing = set((element.attrs[name] or "").split()) - ids
            assert not missing, f"{path}: {name} points to {missing}"
    for link in page.named("a"):
        address = link.attrs.get("href") or ""
        assert not address.startswith("#") or address[1:] in ids, f"{path}: link to {address}"


def fields_have_labels(path: str, page: Page) -> None:
    """Every field that a person fills in has a label."""
    labelled = {label.attrs.get("for") for label in page.named("label")}
    for field in page.named("input", "select", "textarea"):
        if field.attrs.get("type") in ("hidden", "submit"):
            continue
        named = field.attrs.get("id") in labelled or field.attrs.get("aria-label")
        assert named, f"{path}: no label for {field.attrs}"


def forms_say_where_they_go(path: str, page: Page) -> None:
    """Every form has an action and a method."""
    for form in page.named("form"):
        assert form.attrs.get("action"), f"{path}: form without action"
        assert form.attrs.get("method"), f"{path}: form without method"


def nothing_inline_and_nothing_foreign(path: str, page: Page) -> None:
    """A strict policy, no inline script or style, and nothing from another site."""
    policy = page.response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy, f"{path}: {policy}"
    assert "unsafe" not in policy, f"{path}: {policy}"
    assert page.named("style") + page.having("style") == [], f"{path}: inline style"
    handlers = [e for e in page.elements if any(name.startswith("on") for name in e.attrs)]
    assert handlers == [], f"{path}: inline handlers"
    for script in page.named("script"):
        assert script.attrs.get("src"), f"{path}: inline script"
    for element in page.named("script", "img", "link", "iframe"):
        address = element.attrs.get("src") or element.attrs.get("href") or ""
        outside = address.startswith(("http:", "https:", "//"))
        allowed = element.attrs.get("rel") in ("alternate", "canonical")
        assert allowed or not outside, f"{path}: {address}"


def no_cookie_for_visitors(path: str, page: Page) -> None:
    """Only the admin pages set a cookie."""
    if not path.startswith("/admin"):
        assert "Cookie" not in page.response.headers.get("Vary", ""), f"{path}: varies by cookie"
        assert "Set-Cookie" not in page.response.headers, f"{path}: sets a cookie"


def no_shared_cache_keeps_a_form(path: str, page: Page) -> None:
    """A form's token is one visitor's: two who got the same copy would be one answer."""
    if page.named("form"):
        kept = page.response.headers.get("Cache-Control", "")
        assert "private" in kept or "no-store" in kept, f"{path}: {kept or 'no Cache-Control'}"


def no_template_leftovers(path: str, page: Page) -> None:
    """Nothing of the template language or of Python shows."""
    words = set(page.text.split())
    for leftover in ("{{", "{%", "None", "nan", "&lt;", "&amp;amp;"):
        assert leftover not in words, f"{path}: shows {leftover}"


CHECKS = (
    one_title_and_h1_that_agree,
    no_jump_between_headings,
    language_and_direction,
    ids_are_unique,
    references_exist,
    fields_have_labels,
    forms_say_where_they_go,
    nothing_inline_and_nothing_foreign,
    no_cookie_for_visitors,
    no_shared_cache_keeps_a_form,
    no_template_leftovers,
)
