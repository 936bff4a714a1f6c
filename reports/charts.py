"""Draws pictures as SVG and PNG: matplotlib figures of their own, the same bytes each time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reports.canvas import (
    BAND,
    BLUE,
    FONTS,
    INK,
    PAPER,
    SOFT,
    WIDE,
    Sheet,
    note,
    page,
    percent_axis,
    rows,
    time_axis,
)
from reports.pictures import Mark, Name, Picture
from reports.summary import LEVELS
from reports.texts import Texts

# Set once, for the whole process: a context would not be safe among threads.
mpl.rcParams["svg.hashsalt"] = "rayak"
mpl.rcParams["text.parse_math"] = False

# ColorBrewer BrBG with five classes: told apart by colour-blind readers and, by lightness and by
# side, on grey prints.
LEVEL_COLOURS = ("#a6611a", "#dfc27d", "#e8e8e8", "#80cdc1", "#018571")
LEVEL_INKS = ("#ffffff", "#1d2a2e", "#1d2a2e", "#1d2a2e", "#ffffff")
DPI = 150


def svg(picture: Picture, texts: Texts, sheet: Sheet = WIDE) -> bytes:
    """The picture as SVG with its title and alternative text inside; no moment of its making."""
    buffer = BytesIO()
    draw(picture, texts, sheet).savefig(
        buffer, format="svg", metadata={"Date": None, "Creator": None}
    )
    text = buffer.getvalue().decode()
    described = (
        f' role="img" aria-labelledby="title-{picture.name} desc-{picture.name}" '
        f'xml:lang="{texts.language}">'
        f'<title id="title-{picture.name}">{escape(picture.title)}</title>'
        f'<desc id="desc-{picture.name}">{escape(picture.alternative)}</desc>'
    )
    text = re.sub(r"(<svg[^>]*)>", lambda tag: tag[1] + described, text, count=1)
    return _without_styles(text).encode()


def _without_styles(text: str) -> str:
    """Styles as attributes: a page that allows no inline style shows the picture all the same."""

    def attributes(style: re.Match[str]) -> str:
        parts = (part.split(":", 1) for part in style[1].split(";") if part.strip())
        return " ".join(f'{name.strip()}="{value.strip()}"' for name, value in parts)

    text = re.sub(r"<style[^>]*>.*?</style>", "", text, flags=re.DOTALL)
    text = text.replace("<svg ", '<svg stroke-linejoin="round" stroke-linecap="butt" ', 1)
    return re.sub(r'style="([^"]*)"', attributes, text)


def png(picture: Picture, texts: Texts, sheet: Sheet = WIDE) -> bytes:
    """The picture as PNG, with its alternative text as its description."""
    buffer = BytesIO()
    metadata = {"Software": None, "Title": picture.title, "Description": picture.alternative}
    draw(picture, texts, sheet).savefig(buffer, format="png", dpi=DPI, metadata=metadata)
    return buffer.getvalue()


def draw(picture: Picture, texts: Texts, sheet: Sheet = WIDE) -> Figure:
    """The picture as a figure, mirrored for languages written from right to left."""
    if picture.name is Name.TREND:
        return _trend(picture, texts, sheet)
    return (
        _bars(picture, texts, sheet) if picture.name is Name.BARS else _dots(picture, texts, sheet)
    )


def _bars(picture: Picture, texts: Texts, sheet: Sheet) -> Figure:
    """Diverging stacked bars: the middle level is split over zero (Heiberger and Robbins 2014)."""
    places = _places(picture.marks)
    figure, axes = page(picture, texts, sheet, rows=places[-1] + 1, keys=True)
    before = after = 0.1
    for place, mark in zip(places, picture.marks, strict=True):
        if mark.counts is None:
            note(axes, 0, place, mark.note)
            continue
        shares = [n / mark.counts.total for n in mark.counts.levels]
        left = -(shares[0] + shares[1] + shares[2] / 2)
        before, after = max(before, -left), max(after, 1 + left)
        _bar(axes, place, shares, left, texts, sheet)
    if sheet.balanced:
        before = after = max(before, after)
    axes.set_xlim(-before - 0.02, after + 0.02)
    axes.axvline(0, color=INK, linewidth=0.8, zorder=0)
    rows(axes, picture, places, texts, sheet)
    axes.set_xticks([])
    _keys(figure, texts, sheet)
    return figure


def _bar(
    axes: Axes, place: float, shares: Sequence[float], left: float, texts: Texts, sheet: Sheet
) -> None:
    for share, colour, ink in zip(shares, LEVEL_COLOURS, LEVEL_INKS, strict=True):
        axes.barh(place, share, left=left, height=0.7, color=colour, edgecolor=SOFT, linewidth=0.4)
        if share >= sheet.narrowest:
            axes.text(
                left + share / 2, place, texts.percent(share),
                ha="center", va="center_baseline", fontsize=8.5, color=ink, family=FONTS,
            )  # fmt: skip
        left += share


def _places(marks: Sequence[Mark]) -> list[float]:
    """Where rows stand, with a little more room before each group."""
    places: list[float] = []
    for mark in marks:
        step = 1.35 if mark.opens_group else 1.0
        places.append(places[-1] + step if places else 0.0)
    return places


def _dots(picture: Picture, texts: Texts, sheet: Sheet) -> Figure:
    """A dot for the share and a line for its interval, one row a group."""
    figure, axes = page(picture, texts, sheet, rows=max(1, len(picture.marks)))
    if not picture.marks:
        note(axes, 0.5, 0, texts("no_answers"))
    for place, mark in enumerate(picture.marks):
        if mark.satisfied is None:
            note(axes, 0.5, place, mark.note)
            continue
        value, low, high = mark.satisfied.bounds()
        axes.plot([low, high], [place, place], color=BLUE, linewidth=2.4, solid_capstyle="butt")
        axes.plot([value], [place], "o", color=BLUE, markersize=8, markeredgecolor=PAPER)
        axes.annotate(
            texts.percent(value), (value, place), (0, 9), textcoords="offset points",
            ha="center", va="bottom", fontsize=9, color=INK, family=FONTS,
        )  # fmt: skip
    rows(axes, picture, list(range(len(picture.marks))), texts, sheet)
    percent_axis(axes, texts, horizontal=True)
    return figure


def _trend(picture: Picture, texts: Texts, sheet: Sheet) -> Figure:
    """A line with a band; where nobody answered, or a step is hidden, both are interrupted."""
    figure, axes = page(picture, texts, sheet, rows=7)
    marks = picture.marks
    for run in _runs(marks):
        values = [marks[i].satisfied.bounds() for i in run if marks[i].satisfied]  # type: ignore[union-attr] # a run holds only steps that have one
        axes.fill_between(
            run, [low for _, low, _ in values], [high for _, _, high in values],
            color=BAND, linewidth=0,
        )  # fmt: skip
        axes.plot(
            run, [v for v, _, _ in values], color=BLUE, linewidth=1.8, marker="o", markersize=4
        )
        if len(run) == 1:
            axes.errorbar(
                run, [values[0][0]], color=BLUE, capsize=3,
                yerr=[[values[0][0] - values[0][1]], [values[0][2] - values[0][0]]],
            )  # fmt: skip
    odd = [i for i, m in enumerate(marks) if m.unusual and m.satisfied]
    for i in odd:
        value, *_ = marks[i].satisfied.bounds()  # type: ignore[union-attr] # just looked
        axes.plot([i], [value], "D", color="#a6611a", markersize=7, markeredgecolor=PAPER)
    percent_axis(axes, texts, horizontal=False)
    axes.set_xlim(-0.5, max(0.5, len(marks) - 0.5))
    time_axis(axes, marks, texts, sheet)
    if not any(m.satisfied for m in marks):
        why = {m.note: m.note for m in marks if m.note != texts("gap")} or {"": texts("no_answers")}
        note(axes, max(0, len(marks) - 1) / 2, 0.5, "\n".join(why.values()))
    if texts.right_to_left:
        axes.invert_xaxis()
        axes.yaxis.tick_right()
    return figure


def _runs(marks: Sequence[Mark]) -> list[list[int]]:
    """Places of steps that follow each other without a gap."""
    runs: list[list[int]] = [[]]
    for place, mark in enumerate(marks):
        if mark.satisfied is None:
            runs.append([])
        else:
            runs[-1].append(place)
    return [run for run in runs if run]


def _keys(figure: Figure, texts: Texts, sheet: Sheet) -> None:
    """The five levels in the order of the bars, with what the two sides mean."""
    height = figure.get_size_inches()[1]
    beside = sheet.balanced
    middle, step, up = (0.62, 0.05, 0.32) if beside else (0.5, 0.09, 0.55)

    def put(x: float, text: str, colour: str, y: float = up, **options: Any) -> None:
        x = 1 - x if texts.right_to_left else x
        figure.text(
            x, y / height, text, va="center_baseline", fontsize=9, color=colour, family=FONTS,
            **options,
        )  # fmt: skip

    for i, level in enumerate(LEVELS):
        frame: dict[str, object] = {"boxstyle": "square,pad=0.45", "facecolor": LEVEL_COLOURS[i]}
        frame |= {"edgecolor": SOFT, "linewidth": 0.4}
        place = middle + step * (i - 2)
        put(place, texts.count(level), LEVEL_INKS[i], ha="center", bbox=frame)
    before, after = ("left", "right") if texts.right_to_left else ("right", "left")
    if beside:
        put(middle - 2.7 * step, texts("dissatisfied"), SOFT, ha=before)
        put(middle + 2.7 * step, texts("satisfied"), SOFT, ha=after)
    else:
        put(0.03, texts("dissatisfied"), SOFT, 0.2, ha=after)
        put(0.97, texts("satisfied"), SOFT, 0.2, ha=before)
