"""What every chart is drawn on: paper, titles, labels, axes; mirrored for Arabic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill

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
# Of a label: an average, rather too few than too many.
LETTERS_PER_INCH = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A size of paper: its width and the height of a row in inches, and what has room on it.

    `label_share` is how much of the width the labels take. `title` and `subtitle` are characters
    in a line; a part of a bar narrower than `narrowest` has no room for its number. `balanced`:
    both sides of the bars get as much room, and what they mean stands beside the keys.
    """

    width: float
    row: float
    label_share: Mapping[Name, float]
    title: int
    subtitle: int
    dates: int
    narrowest: float
    balanced: bool

    def label_length(self, name: Name) -> int:
        """Characters of a label in a line."""
        return int(LETTERS_PER_INCH * self.width * self.label_share[name])

    def wrapped(self, text: str, characters: int) -> str:
        """A text of several lines, none of them longer than there is room for."""
        lines = (fill(line, characters, break_long_words=False) for line in text.splitlines())
        return "\n".join(lines)


WIDE = Sheet(
    width=8.0,
    row=0.5,
    label_share={Name.BARS: 0.27, Name.DOTS: 0.35, Name.TREND: 0.07},
    title=70,
    subtitle=110,
    dates=5,
    narrowest=0.06,
    balanced=True,
)
# For a phone: the same letters, in half the width.
NARROW = Sheet(
    width=4.2,
    row=0.62,
    label_share={Name.BARS: 0.35, Name.DOTS: 0.46, Name.TREND: 0.13},
    title=36,
    subtitle=54,
    dates=3,
    narrowest=0.16,
    balanced=False,
)


def page(
    picture: Picture, texts: Texts, sheet: Sheet, *, rows: float, keys: bool = False
) -> tuple[Figure, Axes]:
    """An empty figure on opaque paper, so that it reads on dark pages too, with its titles."""
    title = sheet.wrapped(picture.title, sheet.title)
    subtitle = sheet.wrapped(picture.subtitle, sheet.subtitle)
    under_title = 0.46 + 0.25 * title.count("\n")
    head = under_title + 0.39 + 0.2 * subtitle.count("\n")
    foot = 0.45 if not keys else 0.85 if sheet.balanced else 1.1
    height = head + foot + sheet.row * rows
    figure = Figure(figsize=(sheet.width, height), facecolor=PAPER)
    start, end = sheet.label_share[picture.name], 0.97 if sheet.balanced else 0.95
    left, right = (1 - end, 1 - start) if texts.right_to_left else (start, end)
    axes = figure.add_axes((left, foot / height, right - left, 1 - (head + foot) / height))
    axes.set_facecolor(PAPER)
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0, colors=SOFT, labelsize=9)
    x, side = (0.975, "right") if texts.right_to_left else (0.025, "left")
    for text, down, size, colour, weight in (
        (title, 0.15, 12.5, INK, "bold"),
        (subtitle, under_title, 8.5, SOFT, "normal"),
    ):
        figure.text(
            x, 1 - down / height, text, ha=side, va="top", fontsize=size, color=colour,
            weight=weight, family=FONTS, linespacing=1.5,
        )  # fmt: skip
    return figure, axes


def rows(axes: Axes, picture: Picture, places: Sequence[float], texts: Texts, sheet: Sheet) -> None:
    """Labels of rows at the reading side, with their answers under them; the first row on top."""
    marks, length = picture.marks, sheet.label_length(picture.name)
    labels = [_with_n(sheet.wrapped(m.label, length), m, texts) for m in marks]
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


def time_axis(axes: Axes, marks: Sequence[Mark], texts: Texts, sheet: Sheet) -> None:
    """As many dates as have room, the first and the last among them."""
    if not marks:
        axes.set_xticks([])
        return
    last, gaps = len(marks) - 1, sheet.dates - 1
    places = sorted({round(last * part / gaps) for part in range(sheet.dates)})
    axes.set_xticks(places, [marks[i].short for i in places], family=FONTS)
    for label, place in zip(axes.get_xticklabels(), places, strict=True):
        if place in (0, last) and last:
            outside = (place == 0) != texts.right_to_left
            label.set_horizontalalignment("left" if outside else "right")


def _with_n(label: str, mark: Mark, texts: Texts) -> str:
    if mark.counts is None:
        return label
    return f"{label}\n{texts('n_equals', n=texts.count(mark.counts.total))}"


def note(axes: Axes, x: float, y: float, text: str) -> None:
    """Words in place of what is hidden or absent."""
    paper = {"facecolor": PAPER, "edgecolor": "none", "pad": 2.0}
    axes.text(
        x, y, text, ha="center", va="center", fontsize=9, color=SOFT, family=FONTS, bbox=paper
    )
