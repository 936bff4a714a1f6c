"""Whatever was answered, a report can be made, and says nothing impossible."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import charts
from reports.files import export
from reports.findings import sentences
from reports.pictures import pictures
from reports.report import Report
from reports.texts import LANGUAGES, Texts
from survey.queries import Filters
from survey.ratings import Channel, State, Translation
from tests.answers import DAY, Answers
from tests.reported import EVERYTHING, report_of

pytestmark = pytest.mark.slow

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


# Each example is a whole report in three languages.
@settings(max_examples=25, deadline=None)
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


ALL = Filters(include_possible_duplicates=True)
DUPLICATES = [Answers(rating=2, number=3, state=State.POSSIBLE_DUPLICATE)]
APART = [
    Answers(rating=1, number=12),
    Answers(rating=5, number=12, translation=Translation.MACHINE),
]
ODD_NAMES = [Answers(rating=4, number=11, article="$x^2$ <b>", engine="a$b$", engine_version="\\")]
EDGES = {
    "none": ([], EVERYTHING),
    "one": ([Answers(rating=5)], EVERYTHING),
    "all in one cell": ([Answers(rating=3, number=500)], EVERYTHING),
    "complete separation": (APART, EVERYTHING),
    "only duplicates, left out": (DUPLICATES, EVERYTHING),
    "only duplicates, counted": (DUPLICATES, ALL),
    "odd names": (ODD_NAMES, EVERYTHING),
}


@pytest.fixture(scope="module", params=EDGES.values(), ids=EDGES.keys())
def edge(request: pytest.FixtureRequest) -> Report:
    """A report of an edge, made once for all formats."""
    return report_of(*request.param)


@pytest.mark.parametrize("kind", export.FORMATS)
def test_every_file_of_an_edge_is_written(edge: Report, kind: str) -> None:
    """In Arabic, whose files have the most to go wrong."""
    assert export.write(edge, kind, "ar")


def test_every_picture_of_an_edge_is_drawn(edge: Report) -> None:
    """Each chart, in Arabic too."""
    for picture in pictures(edge, Texts("ar")):
        assert charts.png(picture, Texts("ar")).startswith(b"\x89PNG")
