"""Editors' lists turned page by page, in every order, there and back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from survey.db import Database
from tests.conftest import sign_in
from tests.desks import send
from tests.pages import PageClient
from translate.articles.article_list import ORDERS, ArticlePage, Search, find_articles
from translate.articles.intake import ArticleText, remove_article
from translate.articles.originals import Draft, correct_original, open_original, write_article
from translate.keyed_page import BEGINNING, Count, Place

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
# Days and titles more than once, so that only the number tells some rows apart.
DAYS = (3, 1, 3, 2, 1, 1, 3)
TITLES = ("b", "C", "a", "b", "c", "A", "b")


def fill(session: Session) -> None:
    for n, (day, title) in enumerate(zip(DAYS, TITLES, strict=True)):
        text = ArticleText(title=title, body=f"text {n}")
        at = NOW + timedelta(minutes=n % 3)
        write_article(session, "en", Draft(text=text, day=date(2026, 1, day)), now=at)


def all_pages(session: Session, order: str, size: int) -> list[ArticlePage]:
    def at(place: Place) -> ArticlePage:
        return find_articles(session, Search(), ("en", "fr"), place, order=order, size=size)

    pages = [at(BEGINNING)]
    assert pages[0].page.previous is None
    while place := pages[-1].page.following:
        pages.append(at(place))
    returning = [pages[-1]]
    while place := returning[0].page.previous:
        returning.insert(0, at(place))
    shown = [[a.id for p in some for a in p.articles] for some in (pages, returning)]
    assert shown[0] == shown[1]
    return pages


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("size", [1, 2, 3, 7, 8])
def test_every_article_is_shown_once_there_and_back(
    database: Database, order: str, size: int
) -> None:
    with database.scope() as session:
        fill(session)
        pages = all_pages(session, order, size)
    ids = [a.id for p in pages for a in p.articles]
    assert sorted(ids) == list(range(1, 8))
    assert {p.page.count for p in pages} == {Count(number=7, is_more=False)}
    key = {
        "newest": lambda i: (-DAYS[i - 1], -i),
        "oldest": lambda i: (DAYS[i - 1], i),
        "title": lambda i: (TITLES[i - 1].lower(), i),
        "changed": lambda i: (-((i - 1) % 3), -i),
    }[order]
    assert ids == sorted(ids, key=key)


def test_a_place_that_no_longer_fits_is_a_place_still(database: Database) -> None:
    """An article that left the filter leads on; one that was removed leads to the beginning."""
    with database.scope() as session:
        fill(session)
        first = find_articles(session, Search(text="text"), ("en",), size=2)
        assert first.page.following is not None
        slug = first.articles[-1].slug
        opened = open_original(session, slug)
        other = Draft(text=ArticleText(title="b", body="other"), day=opened.draft.day)
        correct_original(session, slug, other, version=opened.draft.version, now=NOW)
        second = find_articles(session, Search(text="text"), ("en",), first.page.following, size=2)
        assert not {a.id for a in second.articles} & {a.id for a in first.articles}
        remove_article(session, slug)
        again = find_articles(session, Search(), ("en",), first.page.following, size=2)
        assert again.page.previous is None


def test_no_more_is_counted_than_anybody_reads(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sqlite.scope() as session:
        fill(session)
        for most, is_more in ((7, False), (6, True)):
            monkeypatch.setattr("translate.keyed_page.MOST_COUNTED", most)
            count = find_articles(session, Search(), ("en",), size=2).page.count
            assert count == Count(number=most, is_more=is_more)


def test_each_view_of_a_list_has_an_address(app: Flask, cast: None) -> None:
    """Filters and order stay while one turns; an order that is none is the usual one."""
    elias = sign_in(PageClient(app), "Elias")
    news = "\n\n".join(f"Title {n:02}\n\nBody {n} of the text." for n in range(45))
    send(elias, "/admin/articles/import", language="en", text=news)
    first = elias.get("/admin/articles?text=Title&order=title")
    assert first.text_of("caption") == "45 articles"
    assert first.text_of("#order option[selected]") == "By title"
    second = elias.get(first.attribute("a[rel=next]", "href"))
    assert "Title 20" in second.text_of("tbody tr:first-child")
    assert second.text_of("#order option[selected]") == "By title"
    back = elias.get(second.attribute("a[rel=prev]", "href"))
    assert back.text_of("tbody") == first.text_of("tbody")
    usual = elias.get("/admin/articles?order=nonsense")
    assert usual.text_of("#order option[selected]") == "Newest first"
    for path in ("memory?order=oldest", "glossary?order=changed"):
        assert len(elias.get(f"/admin/{path}").all("#order option[selected]")) == 1
