"""Whatever was answered, a report can be made, and says nothing impossible."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import charts, export
from reports.findings import sentences
from reports.pictures import pictures
from reports.report import Report
from reports.service import build_report
from reports.texts import LANGUAGES, Texts
from survey.db import Database
from survey.models import Base
from survey.queries import Filters
from survey.ratings import Channel, State, Translation
from tests.answers import DAY, Answers, put, put_views

groups = st.builds(
    Answers,
    rating=st.integers(1, 5),
    number=st.sampled_from([1, 2, 9, 10, 60]),
    language=st.sampled_from(["en", "fr", "ar", "zh-Hans"]),
    translation=st.sampled_from(Translation),
    day=st.sampled_from([DAY, DAY + timedelta(days=5), DAY + timedelta(days=100)]),
    article=st.sampled_from(["", "library", "$x^2$ <b>"]),
    channel=st.sampled_from(Channel),
    state=st.sampled_from(State),
)


def report_of(answers: list[Answers], filters: Filters, *, minimum: int, views: int) -> Report:
    database = Database("sqlite://")
    Base.metadata.create_all(database.engine)
    with database.scope() as session:
        put(session, answers)
        if views:
            put_views(session, views)
        report = build_report(session, filters, minimum_cell=minimum)
    database.close()
    return report


def numbers(value: Any) -> Iterator[float]:
    """Every number in a JSON document."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from numbers(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from numbers(inner)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield value


def intervals(value: Any) -> Iterator[dict[str, float]]:
    """Every estimate with its interval."""
    if isinstance(value, dict):
        if value.get("low") is not None:
            yield value
        for inner in value.values():
            yield from intervals(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from intervals(inner)


@settings(max_examples=40, deadline=None)
@given(
    answers=st.lists(groups, max_size=8),
    language=st.sampled_from([None, "en", "ar", "xx"]),
    duplicates=st.booleans(),
    minimum=st.sampled_from([0, 1, 10]),
    views=st.sampled_from([0, 1, 500]),
)
def test_any_answers_make_a_report(
    answers: list[Answers], language: str | None, duplicates: bool, minimum: int, views: int
) -> None:
    """No NaN, no share beyond 0 to 1, each estimate within its interval, words in each language."""
    filters = Filters(language=language, include_possible_duplicates=duplicates)
    report = report_of(answers, filters, minimum=minimum, views=views)
    text = export.write(report, "json", "en").decode()
    assert "NaN" not in text
    assert "Infinity" not in text
    data = json.loads(text)
    assert all(abs(n) < 1e9 for n in numbers(data))
    for found in intervals(data):
        value = next(found[k] for k in ("share", "value", "difference") if k in found)
        assert found["low"] - 1e-9 <= value <= found["high"] + 1e-9
    for code in LANGUAGES:
        texts = Texts(code)
        assert all(sentences(report, texts))
        assert all(p.alternative and p.title for p in pictures(report, texts))
        assert "nan" not in export.write(report, "csv", code).decode().lower()


@pytest.mark.parametrize(
    "answers",
    [
        [],
        [Answers(rating=5)],
        [Answers(rating=3, number=500)],
        [
            Answers(rating=1, number=12),
            Answers(rating=5, number=12, translation=Translation.MACHINE),
        ],
        [Answers(rating=2, number=3, state=State.POSSIBLE_DUPLICATE)],
        [Answers(rating=4, number=11, article="$x^2$ <b>", engine="a$b$", engine_version="\\")],
    ],
    ids=["none", "one", "all in one cell", "complete separation", "only duplicates", "odd names"],
)
@pytest.mark.parametrize("kind", export.FORMATS)
def test_every_file_of_an_edge_is_written(answers: list[Answers], kind: str) -> None:
    """With and without duplicates, in Arabic, whose files have the most to go wrong."""
    for duplicates in (False, True):
        filters = Filters(include_possible_duplicates=duplicates)
        report = report_of(answers, filters, minimum=10, views=0)
        assert export.write(report, kind, "ar")
        if kind == "png":
            for picture in pictures(report, Texts("ar")):
                assert charts.png(picture, Texts("ar")).startswith(b"\x89PNG")
