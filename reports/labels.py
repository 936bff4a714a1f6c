"""What the rows of a report are called in a language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from reports.report import Report, Row, Step, Unit, WordingShown
from reports.texts import Texts
from survey.queries import Recount, WordingVersion
from survey.ratings import WordingKind, read_wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """One table of the report: its name in files, its title, what its keys are, its rows.

    `codes` are the short names of rows whose first label is a title, and empty for others.
    """

    name: str
    title: str
    keys: tuple[str, ...]
    rows: tuple[Row, ...]
    labels: tuple[tuple[str, ...], ...]
    codes: tuple[str, ...]

    def labelled(self) -> Sequence[tuple[tuple[str, ...], Row]]:
        """Each row with what its keys are called."""
        return list(zip(self.labels, self.rows, strict=True))


def breakdowns(report: Report, texts: Texts) -> list[Breakdown]:
    """Every table of the report but the trend, in the order in which they are printed."""
    language, kind = texts.language_name, lambda code: texts(code)
    tables: list[tuple[str, tuple[str, ...], tuple[Row, ...], tuple[Callable[[str], str], ...]]] = [
        ("by_language", ("language",), report.by_language, (language,)),
        ("by_translation", ("kind",), report.by_translation, (kind,)),
        (
            "by_language_and_translation",
            ("language", "kind"),
            report.by_language_and_translation,
            (language, kind),
        ),
        ("by_channel", ("channel",), report.by_channel, (kind,)),
        ("by_article", ("article", "kind"), report.by_article, (_article(report, texts), kind)),
        ("by_engine", ("engine", "version"), report.by_engine, (_plain(texts), _plain(texts))),
    ]
    return [
        Breakdown(
            name=name,
            title=texts(name),
            keys=tuple(texts(key) for key in keys),
            rows=rows,
            labels=tuple(
                tuple(call(part) for call, part in zip(names, row.key, strict=True)) for row in rows
            ),
            codes=tuple(
                article_code(row.key[0], report) if name == "by_article" else "" for row in rows
            ),
        )
        for name, keys, rows, names in tables
    ]


def step_label(step: Step, unit: Unit, texts: Texts) -> str:
    """A step of the trend by its first day, or by its month."""
    return texts.month(step.first) if unit is Unit.MONTH else texts.day(step.first)


def short_label(step: Step, unit: Unit, texts: Texts) -> str:
    """The same for an axis, without the year of a day."""
    return texts.month(step.first) if unit is Unit.MONTH else texts.short_day(step.first)


def scope_lines(report: Report, texts: Texts) -> list[str]:
    """What the report covers, as lines under its title."""
    scope = report.scope
    lines = [period(report, texts)]
    if scope.language is None:
        lines.append(texts("all_languages"))
    else:
        lines.append(texts("filter_language", language=texts.language_name(scope.language)))
    key = "filter_duplicates_in" if scope.include_possible_duplicates else "filter_duplicates_out"
    lines.append(texts(key))
    chosen = next((w.text for w in report.wording if w.sha256 == scope.question), "")
    return [*lines, texts("filter_question", text=texts.isolate(chosen))] if chosen else lines


def question_label(version: WordingVersion, texts: Texts) -> str:
    """A version of the question in a list: its language, its text, and since when it is shown."""
    label = texts.language_name(version.language)
    value = f"{texts.isolate(version.text)} ({texts.day(version.first_shown)})"
    return texts("labelled", label=label, value=value)


def versions_lines(report: Report, texts: Texts) -> list[str]:
    """Which wordings of the question count where there are several; none where there is one.

    Then, for each language whose question was worded anew within the period, since when.
    """
    first, last = report.scope.first, report.scope.last
    if not report.versions_left_out or first is None or last is None:
        return []
    key = "versions_left_out" if report.scope.question is None else "versions_chosen"
    return [texts(key)] + [
        texts(
            "asked_since",
            language=texts.language_name(w.language),
            day=texts.day(w.first_shown),
            text=texts.isolate(w.text),
        )
        for w in report.wording
        if w.covered
        and w.kind is WordingKind.QUESTION
        and first <= w.first_shown.date() <= last
        and any(_earlier(other, w) for other in report.wording)
    ]


def _earlier(other: WordingShown, than: WordingShown) -> bool:
    alike = (other.kind, other.language) == (than.kind, than.language)
    return alike and other.first_shown < than.first_shown


def period(report: Report, texts: Texts) -> str:
    """The days that the report covers."""
    first, last = report.scope.first, report.scope.last
    if first is None or last is None:
        return texts("no_period")
    return texts("period", first=texts.day(first), last=texts.day(last))


def source_line(report: Report, texts: Texts) -> str:
    """What the report was made from and by, and when that was last checked."""
    source = report.generated_from
    software = texts.isolate(source.software)
    checked = recount_line(source.recount, texts)
    if source.last_answer is None:
        return texts("generated_from_nothing", software=software) + " " + checked
    moment = texts.isolate(texts.moment(source.last_answer))
    return texts("generated_from", moment=moment, software=software) + " " + checked


def recount_line(recount: Recount | None, texts: Texts) -> str:
    """When the counts were last compared with the answers themselves, and what came of it."""
    if recount is None:
        return texts("never_verified")
    moment = texts.isolate(texts.moment(recount.verified_at))
    if not recount.differing:
        return texts("verified", moment=moment)
    key = "verified_mended" if recount.mended else "verified_wrong"
    return texts(key, moment=moment, n=texts.count(recount.differing))


def flag_words(flags: Sequence[tuple[str, int]], texts: Texts) -> str:
    """What the checks found in a text's segments, with how many; a dash for nothing."""
    found = [texts("flag_count", flag=texts(f"flag_{f}"), n=texts.count(n)) for f, n in flags]
    return texts("list_comma").join(found) or "–"


def notes(report: Report, texts: Texts) -> list[str]:
    """How every figure is made, and what it does not say."""
    minimum = texts.count(report.generated_from.minimum_cell)
    values: Mapping[str, Mapping[str, str]] = {
        "note_difference": {"points": texts.points(0.05, signed=False)},
        "note_hidden": {"k": minimum},
    }
    keys = (
        "note_random",
        "note_selection",
        "note_shares",
        "note_mean",
        "note_difference",
        "note_hidden",
        "note_periods",
        "note_duplicates",
        "note_rate",
        "note_unusual",
        "note_nps",
    )
    return [*(texts(key, **values.get(key, {})) for key in keys), *beside_disclaimer(report, texts)]


def beside_disclaimer(report: Report, texts: Texts) -> list[str]:
    """What stood beside the disclaimer of some texts, and which package's row tells of them.

    A disclaimer's version is its own text alone; none where no package is such a one.
    """
    wording = read_wording()[texts.language]
    packages = [row.key for row in report.by_engine]
    said = []
    if any(" + " in name for name, _version in packages):
        said.append(texts("note_pivot", said=wording.pivot))
    if any(part.split(".")[0] == "0" for _, version in packages for part in version.split("+")):
        said.append(texts("note_starter", said=wording.starter.format(version="0.x")))
    return said


def article_name(slug: str, report: Report, texts: Texts) -> str:
    """An article's title in the reader's language, else in its own, else its short name."""
    titles = report.titles.get(slug, {})
    if texts.language in titles:
        return titles[texts.language]
    return texts.isolate(next(iter(titles.values()), slug))


def article_code(slug: str, report: Report) -> str:
    """Its short name where it is called by a title; empty where the short name is all there is."""
    return slug if slug in report.titles else ""


def _article(report: Report, texts: Texts) -> Callable[[str], str]:
    return lambda slug: article_name(slug, report, texts) if slug else texts("other_articles")


def _plain(texts: Texts) -> Callable[[str], str]:
    return lambda name: texts.isolate(name) if name else texts("unknown")
