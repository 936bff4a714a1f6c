"""The tables of the document: every number as it is printed, none made here."""

from __future__ import annotations

from collections.abc import Sequence

from reports import estimates
from reports.labels import Breakdown, article_code, article_name, flag_words
from reports.report import Figures, Report, Row
from reports.summary import LEVELS
from reports.texts import Texts

LONGEST_TRIAGE = 20
LONGEST_COMMENTS = 30
# Characters of a number, its sign and its unit.
LONGEST_NUMBER = 13

Table = dict[str, object]


def table(
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    labels: int = 1,
    widest: int = 0,
) -> Table:
    """What the template lays out; `labels` is how many columns hold words rather than numbers.

    `widest` is the column that gets most of the room. The last cell of a row that is too short
    reaches to the end. An empty title is none.
    """
    return {
        "title": title,
        "columns": list(columns),
        "rows": [list(row) for row in rows],
        "labels": labels,
        "widths": [
            2.6 if place == widest else 1.5 if place < labels or _is_long(rows, place) else 1.0
            for place in range(len(columns))
        ],
    }


def _is_long(rows: Sequence[Sequence[str]], place: int) -> bool:
    """Whether a column of numbers holds intervals or words, which want more room."""
    return any(len(row) > place and len(row[place]) > LONGEST_NUMBER for row in rows)


def summary(report: Report, figures: Figures, texts: Texts) -> Table:
    """Answers, views, response rate, shares and mean."""
    rate = report.response_rate
    rows = [
        (texts("all_answers"), texts.count(figures.counts.total), "", ""),
        (texts("views"), texts.count(report.views), "", ""),
        (
            texts("response_rate"),
            "",
            texts("unknown") if rate is None else texts.percent(rate, 1),
            "",
        ),
    ]
    for name, count, interval in (
        ("satisfied", figures.counts.satisfied, figures.satisfied),
        ("dissatisfied", figures.counts.dissatisfied, figures.dissatisfied),
    ):
        share = estimates.share(interval, texts)
        rows.append((texts(name), texts.count(count), share.value, share.between))
    mean = estimates.mean(figures.mean, texts)
    rows.append((texts("mean"), "", mean.value, mean.between))
    columns = tuple(texts(key) for key in ("group", "answers", "share_or_mean", "interval"))
    return table("", columns, rows)


def levels(figures: Figures, texts: Texts) -> Table:
    """The distribution."""
    total = figures.counts.total
    rows = [
        (texts.count(level), texts.count(n), texts.percent(n / total))
        for level, n in zip(LEVELS, figures.counts.levels, strict=True)
    ]
    columns = (texts("level"), texts("answers"), texts("share"))
    return table(texts("distribution"), columns, rows)


def answers(breakdown: Breakdown, report: Report, texts: Texts) -> Table:
    """One breakdown; a hidden row says why."""
    columns = (
        *breakdown.keys,
        texts("answers"),
        texts("satisfied"),
        texts("interval"),
        texts("dissatisfied"),
        texts("mean"),
    )
    labels = (
        [_with_code(first, code, texts), *others]
        for (first, *others), code in zip(breakdown.labels, breakdown.codes, strict=True)
    )
    rows = [
        [*label, *_cells(row, report, texts)]
        for label, row in zip(labels, breakdown.rows, strict=True)
        if row.figures or breakdown.name != "by_article"
    ]
    hidden = len(breakdown.rows) - len(rows)
    if hidden:
        # Of many articles few have answers enough: one line stands for pages of hidden ones.
        minimum = texts.count(report.generated_from.minimum_cell)
        rows.append([texts("hidden_rows", n=texts.count(hidden), k=minimum)])
    return table("", columns, rows, labels=len(breakdown.keys))


def _with_code(name: str, code: str, texts: Texts) -> str:
    """A title with its short name under it."""
    return f"{name}\n{texts.isolate(code)}" if code else name


def _cells(row: Row, report: Report, texts: Texts) -> list[str]:
    if row.figures is None:
        minimum = report.generated_from.minimum_cell
        return [texts.hidden(row.hidden, minimum) if row.hidden else ""]
    f = row.figures
    satisfied = estimates.share(f.satisfied, texts)
    return [
        texts.count(f.counts.total),
        satisfied.value,
        satisfied.between,
        estimates.share(f.dissatisfied, texts).value,
        estimates.mean(f.mean, texts).value,
    ]


def differences(report: Report, texts: Texts) -> list[Table]:
    """Of each language, and of each newer version of a package; none where there is none."""
    found = [
        (texts.language_name(c.language), c.contrast) for c in report.comparison.by_language
    ] + [
        (texts.isolate(f"{c.engine} {c.before} → {c.after}"), c.contrast)
        for c in report.engine_changes
    ]
    rows = [
        (
            label,
            estimates.points(c.difference, texts).value,
            estimates.points(c.difference, texts).between,
            texts(f"verdict_{c.verdict}"),
        )
        for label, c in found
    ]
    columns = (texts("group"), texts("difference"), texts("interval"), texts("verdict"))
    return [table(texts("difference"), columns, rows)] if rows else []


def triage(report: Report, texts: Texts) -> Table:
    """The texts that most need a translator."""
    rows = [
        (
            _with_code(
                article_name(t.article, report, texts), article_code(t.article, report), texts
            ),
            texts.language_name(t.language),
            flag_words(t.flags, texts),
            texts.count(t.answers),
            texts.percent(t.rate),
            texts.decimal(t.need, 1),
        )
        for t in report.triage[:LONGEST_TRIAGE]
    ]
    keys = ("article", "language", "flags", "answers", "dissatisfied", "expected_dissatisfied")
    return table("", tuple(map(texts, keys)), rows, labels=3)


def comments(report: Report, texts: Texts) -> Table:
    """What readers wrote."""
    rows = [
        (
            texts.quoted(c.text),
            texts.language_name(c.language),
            texts(c.translation),
            texts.count(c.rating),
        )
        for c in report.comments[:LONGEST_COMMENTS]
    ]
    columns = tuple(texts(key) for key in ("comment", "language", "kind", "level"))
    return table("", columns, rows, labels=3)


def wording(report: Report, texts: Texts) -> list[Table]:
    """Every version of the question and the disclaimer; none where there is none."""
    rows = [
        (
            texts(w.kind),
            texts.language_name(w.language),
            texts.quoted(w.text),
            texts.day(w.first_shown),
            texts("yes" if w.covered else "no"),
        )
        for w in report.wording
    ]
    columns = tuple(texts(k) for k in ("kind", "language", "wording", "first_shown", "covered"))
    return [table(texts("wording"), columns, rows, labels=3, widest=2)] if rows else []
