"""Charts show the numbers of their tables, within their edges, in either direction of reading."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from reports import charts
from reports.pictures import Picture, pictures
from reports.report import Report
from reports.texts import LANGUAGES, Texts
from tests.reported import shared_example


@pytest.fixture(scope="module")
def report() -> Report:
    """The example; it cannot be changed."""
    return shared_example()


def parsed(content: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(content)  # noqa: S314 -- a file that was just written here


@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures_tables_and_alternatives_agree(report: Report, language: str) -> None:
    """What is drawn, what stands in its table and what is read out are the same numbers."""
    texts = Texts(language)
    bars, dots, trend = pictures(report, texts)
    for mark, row in zip(bars.marks, bars.table, strict=True):
        if mark.counts:
            assert row[1:] == tuple(map(texts.count, [*mark.counts.levels, mark.counts.total]))
            assert texts.percent(mark.counts.satisfied / mark.counts.total) in bars.alternative
        else:
            assert mark.note in bars.alternative
    for mark, row in zip(dots.marks, dots.table, strict=True):
        if mark.satisfied:
            assert row[2:] == tuple(map(texts.percent, mark.satisfied.bounds()))
            assert all(cell in dots.alternative for cell in row[2:])
    shares = [m.satisfied.value for m in trend.marks if m.satisfied]
    assert texts.percent(min(shares)) in trend.alternative
    assert texts.percent(max(shares)) in trend.alternative
    assert len(trend.marks) == 9
    assert sum(m.counts is None for m in trend.marks) == 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_bars_and_dots_stand_where_the_numbers_say(report: Report, language: str) -> None:
    """Lengths of bars are shares; in Arabic the axis runs from right to left."""
    texts = Texts(language)
    bars, dots, trend = pictures(report, texts)
    axes = charts.draw(bars, texts).axes[0]
    shown = [m for m in bars.marks if m.counts]
    widths = [bar.get_width() for bar in axes.patches]
    expected = [n / m.counts.total for m in shown for n in m.counts.levels if m.counts]
    assert widths == pytest.approx(expected)
    for picture in (bars, dots, trend):
        axes = charts.draw(picture, texts).axes[0]
        assert axes.xaxis_inverted() == (language == "ar")
        assert (axes.yaxis.get_ticks_position() == "right") == (language == "ar")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_lies_within_the_picture(report: Report, language: str) -> None:
    """Nothing is cut off at the edges, in any language."""
    texts = Texts(language)
    for picture in pictures(report, texts):
        figure = charts.draw(picture, texts)
        figure.canvas.draw()
        width, height = figure.bbox.size
        labels = [*figure.texts, *figure.axes[0].texts]
        labels += [*figure.axes[0].get_yticklabels(), *figure.axes[0].get_xticklabels()]
        for label in labels:
            box = label.get_window_extent()
            where = f"{picture.name} {label.get_text()!r}"
            assert box.x0 >= 0, where
            assert box.x1 <= width, where
            assert box.y0 >= 0, where
            assert box.y1 <= height, where


def test_an_svg_says_what_it_shows(report: Report) -> None:
    """Well-formed, with title and description inside, and no moment of its making."""
    for picture in pictures(report, Texts("en")):
        content = charts.svg(picture, Texts("en"))
        root = parsed(content)
        name = "{http://www.w3.org/2000/svg}"
        assert root.attrib["role"] == "img"
        assert root.findtext(f"{name}title") == picture.title
        assert root.findtext(f"{name}desc") == picture.alternative
        assert b"dc:date" not in content
        # The site's policy forbids inline styles, also to a picture that is opened by itself.
        assert b"<style" not in content
        assert b"style=" not in content


def test_a_label_with_markup_stays_a_label(report: Report) -> None:
    """Angle brackets, ampersands and backslashes of a label are text in the SVG."""
    odd = r"<b>&\1</b>"
    bars = pictures(report, Texts("en"))[0]
    changed = Picture(
        name=bars.name,
        title=odd,
        subtitle="",
        alternative=odd,
        marks=bars.marks,
        columns=(),
        table=(),
    )
    root = parsed(charts.svg(changed, Texts("en")))
    assert root.findtext("{http://www.w3.org/2000/svg}title") == odd
