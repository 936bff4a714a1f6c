"""Filters of admin lists: what an address may name is what the database can look for."""

import re

import pytest
from flask import Flask
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Rule

from survey.db import Database
from survey.keyed_page import Place
from survey.moderating.responses import Search, listing
from survey.web import filters


@pytest.mark.parametrize("text", ["", "-1", "1.0", "٣", "9" * 4_500, "999999999999999", str(2**31)])
def test_what_no_row_can_be_numbered_is_no_number(text: str) -> None:
    """Neither other digits nor a number past the greatest key."""
    assert not filters.is_number(text)


def test_the_greatest_number_of_a_filter_is_one_that_the_database_compares(ready: Database) -> None:
    """On PostgreSQL a greater one is an error, for which the list was refused."""
    assert filters.is_number(str(filters.GREATEST_KEY))
    with ready.scope() as session:
        assert listing(session, Search(), Place(before=filters.GREATEST_KEY)).answers == ()


def test_a_name_with_nul_is_no_address(app: Flask) -> None:
    """PostgreSQL refuses to look for it; both databases say that there is no such page."""
    known = app.url_map.bind("localhost")
    assert known.match("/en/articles/a-b")[0] == "articles.article"
    with pytest.raises(NotFound):
        known.match("/en/articles/a\0b")
    assert known.match("/admin/articles/a-b/original")[0] == "admin.desk_articles.original"
    assert known.match("/admin/articles/a\0b/original")[0] == "admin.nowhere"


def test_no_page_is_numbered_past_the_greatest_key(app: Flask) -> None:
    """On PostgreSQL looking for such a row is an error; there is no such page."""
    numbered = [rule for rule in app.url_map.iter_rules() if "<int:" in rule.rule]
    known = app.url_map.bind("localhost")

    def path(rule: Rule, number: int) -> str:
        return re.sub("<[^>]+>", "x", re.sub("<int:[^>]+>", str(number), rule.rule))

    assert len(numbered) > 8
    for rule in numbered:
        method = "POST" if "POST" in (rule.methods or ()) else "GET"
        assert known.match(path(rule, filters.GREATEST_KEY), method=method)[0] == rule.endpoint
        with pytest.raises((NotFound, MethodNotAllowed)):
            known.match(path(rule, filters.GREATEST_KEY + 1), method=method)
