"""Filters of admin lists: what an address may name is what the database can look for."""

import pytest

from survey import filters
from survey.db import Database
from survey.responses import Search, listing


@pytest.mark.parametrize("text", ["", "-1", "1.0", "٣", "9" * 4_500, "999999999999999", str(2**31)])
def test_what_no_row_can_be_numbered_is_no_number(text: str) -> None:
    """Neither other digits nor a number past the greatest key."""
    assert not filters.is_number(text)


def test_the_greatest_number_of_a_filter_is_one_that_the_database_compares(ready: Database) -> None:
    """On PostgreSQL a greater one is an error, for which the list was refused."""
    assert filters.is_number(str(filters.GREATEST_KEY))
    with ready.scope() as session:
        assert listing(session, Search(), before=filters.GREATEST_KEY).answers == ()
