"""What every chart is drawn on: paper, titles, labels, axes; mirrored for Arabic."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reports.pictures import Mark, Name, Picture
from reports.texts import Texts

INK, SOFT, LINE, PAPER, BLUE, BAND = (
    "#1d2a2e",
    "#4a5a5f",
    "#c3d0d2",
    "#ffffff",
    "#0b5563",
    "#b7d6d6",
)
FONTS = ["DejaVu Sans"]
WIDTH = 8.0
# How much of the width the labels take.
LABEL_SHARE = {Name.BARS: 0.27, Name.DOTS: 0.35, Name.TREND: 0.07}


def page(picture: Picture, texts: Texts, *, rows: float, keys: bool = False) -> tuple[Figure, Axes]:
    """An empty figure on opaque paper, so that it reads on dark pages too, with its titles."""
    head, foot = 0.85 + 0.2 * picture.subtitle.count("\n"), 0.85 if keys else 0.45
    height = head + foot + 0.5 * rows
    figure = Figure(figsize=(WIDTH, height), facecolor=PAPER)
    start, end = LABEL_SHARE[picture.name], 0.97
    left, right = (1 - end, 1 - start) if texts.right_to_left else (start, end)
    axes = figure.add_axes((left, foot / height, right - left, 1 - (head + foot) / height))
    axes.set_facecolor(PAPER)
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0, colors=SOFT, labelsize=9)
    x, side = (0.975, "right") if texts.right_to_left else (0.025, "left")
    for text, down, size, colour, weight in (
        (picture.title, 0.15, 12.5, INK, "bold"),
        (picture.subtitle, 0.46, 8.5, SOFT, "normal"),
    ):
        figure.text(
            x, 1 - down / height, text, ha=side, va="top", fontsize=size, color=colour,
            weight=weight, family=FONTS, linespacing=1.5,
        )  # fmt: skip
    return figure, axes


def rows(axes: Axes, marks: Sequence[Mark], places: Sequence[float], texts: Texts) -> None:
    """Labels of rows at the reading side, with their answers under them; the first row on top."""
    labels = [_with_n(m, texts) for m in marks]
    axes.set_yticks(places, labels, family=FONTS, color=INK, linespacing=1.3)
    for label, mark in zip(axes.get_yticklabels(), marks, strict=True):
        label.set_fontweight("bold" if mark.head else "normal")
    axes.set_ylim((places[-1] if places else 0) + 0.5, -0.5)
    if texts.right_to_left:
        axes.invert_xaxis()
        axes.yaxis.tick_right()
        axes.tick_params(length=0)


def percent_axis(axes: Axes, texts: Texts, *, horizontal: bool) -> None:
    """From nothing to everybody, in quarters."""
    ticks = [0, 0.25, 0.5, 0.75, 1]
    labels = [texts.percent(t) for t in ticks]
    if horizontal:
        axes.set_xlim((1.04, -0.04) if texts.right_to_left else (-0.04, 1.04))
        axes.set_xticks(ticks, labels, family=FONTS)
        axes.grid(axis="x", color=LINE, linewidth=0.7)
    else:
        axes.set_ylim(-0.03, 1.03)
        axes.set_yticks(ticks, labels, family=FONTS)
        axes.grid(axis="y", color=LINE, linewidth=0.7)
    axes.set_axisbelow(True)


def time_axis(axes: Axes, marks: Sequence[Mark], texts: Texts) -> None:
    """At most five dates, the first and the last among them."""
    if not marks:
        axes.set_xticks([])
        return
    last = len(marks) - 1
    places = sorted({round(last * part / 4) for part in range(5)})
    axes.set_xticks(places, [marks[i].short for i in places], family=FONTS)
    for label, place in zip(axes.get_xticklabels(), places, strict=True):
        if place in (0, last) and last:
            outside = (place == 0) != texts.right_to_left
            label.set_horizontalalignment("left" if outside else "right")


def _with_n(mark: Mark, texts: Texts) -> str:
    if mark.counts is None:
        return mark.label
    return f"{mark.label}\n{texts('n_equals', n=texts.count(mark.counts.total))}"


def note(axes: Axes, x: float, y: float, text: str) -> None:
    """Words in place of what is hidden or absent."""
    paper = {"facecolor": PAPER, "edgecolor": "none", "pad": 2.0}
    axes.text(
        x, y, text, ha="center", va="center", fontsize=9, color=SOFT, family=FONTS, bbox=paper
    )
