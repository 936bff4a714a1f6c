"""The report itself: one frozen object that page, pictures and every file are made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from reports.articles import Titles
from reports.disclosure.suppression import Reason
from reports.strata import Stratified
from reports.summary import Counts, Interval, Verdict, mean, wilson
from reports.verdicts import Contrast
from survey.queries import CommentText, Recount
from survey.queries import Unit as Unit
from survey.ratings import WordingKind


class Basis(StrEnum):
    """Which difference a verdict rests on."""

    WITHIN_LANGUAGES = "within_languages"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a report covers: whole days, both included; a shown language or all.

    `question` is the checksum of the version that was chosen; None is the newest of each language.
    `first` and `last` are None when no days were asked for and nobody has ever answered.
    """

    first: date | None
    last: date | None
    language: str | None = None
    include_possible_duplicates: bool = False
    question: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What is said about a group of answers; all of it follows from the distribution."""

    counts: Counts
    satisfied: Interval
    dissatisfied: Interval
    mean: Interval

    @classmethod
    def of(cls, counts: Counts) -> Figures:
        """The figures of a distribution."""
        return cls(
            counts=counts,
            satisfied=wilson(counts.satisfied, counts.total),
            dissatisfied=wilson(counts.dissatisfied, counts.total),
            mean=mean(counts),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a breakdown. `figures` is None when it is hidden, and `hidden` says why.

    `views` is None where views are not counted by this dimension, and `response_rate` where it
    would be no rate. `duplicates_left_out` says that possible duplicates were asked for, and that
    this row has too few of them to be counted in.
    """

    key: tuple[str, ...]
    figures: Figures | None
    hidden: Reason | None = None
    views: int | None = None
    response_rate: float | None = None
    duplicates_left_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the trend; a step without answers is a gap. `unusual`: outside chance limits."""

    first: date
    last: date
    row: Row
    unusual: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageContrast:
    """Machine-translated against original among the readers of one language."""

    language: str
    contrast: Contrast


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Machine-translated minus original: plain, within languages, and within articles.

    `plain` is None when one of the two rows is hidden or has no answers. `verdict` rests on the
    difference within languages where there is one, since languages differ for other reasons.
    `rounded`: some of it is of hidden rows, and coarse.
    """

    plain: Contrast | None
    within_languages: Stratified
    within_articles: Stratified
    by_language: tuple[LanguageContrast, ...]
    verdict: Verdict
    basis: Basis
    needed: int
    disagree: bool
    rounded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Triage:
    """A machine-translated text in the order of need; `need` is expected dissatisfied answers.

    `rate` is the dissatisfied share drawn towards the overall one. `flags` are what the checks
    found in the text's segments and in how many of them, the most frequent first.
    """

    article: str
    language: str
    answers: int
    rate: float
    need: float
    duplicates_left_out: bool = False
    flags: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineChange:
    """The answers under a newer version of a package minus those under the one before it."""

    engine: str
    before: str
    after: str
    contrast: Contrast


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """This period minus the one before it: whole months before whole months, else as many days.

    `figures`, `views` and `response_rate` are the earlier period's. `contrast` is of the satisfied
    share, `dissatisfied` of the other one; `rate` is the difference of the response rates, empty
    unless both are known.
    """

    first: date
    last: date
    figures: Figures
    views: int
    response_rate: float | None
    contrast: Contrast
    dissatisfied: Interval
    dissatisfied_verdict: Verdict
    rate: Interval
    rate_verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenCell:
    """A row that is not shown: of which breakdown, which one, and why."""

    breakdown: str
    key: tuple[str, ...]
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingShown:
    """A version of a question or a disclaimer, and whether this report's answers are under it."""

    kind: WordingKind
    language: str
    text: str
    sha256: str
    first_shown: datetime
    covered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What the report was made from; no moment but the data's own.

    `recount` is the last comparison of the roll-up with the answers; None when there was none.
    """

    last_answer: datetime | None
    recount: Recount | None
    software: str
    minimum_cell: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that page, pictures and files say. `figures` is None when the total is hidden.

    That happens only under a language filter: the total of all answers is always shown. `views` is
    None then too.
    `asked_otherwise_before`: the period before is not compared, since another question was asked.
    `titles`: of the articles in it, by short name and language, that of the original first.
    """

    scope: Scope
    figures: Figures | None
    hidden: Reason | None
    duplicates_left_out: bool
    views: int | None
    response_rate: float | None
    by_language: tuple[Row, ...]
    by_translation: tuple[Row, ...]
    by_language_and_translation: tuple[Row, ...]
    by_channel: tuple[Row, ...]
    by_article: tuple[Row, ...]
    by_engine: tuple[Row, ...]
    unit: Unit
    trend: tuple[Step, ...]
    comparison: Comparison
    change: Change | None
    engine_changes: tuple[EngineChange, ...]
    triage: tuple[Triage, ...]
    comments: tuple[CommentText, ...]
    hidden_cells: tuple[HiddenCell, ...]
    wording: tuple[WordingShown, ...]
    generated_from: Source
    versions_left_out: bool = field(default=False)
    asked_otherwise_before: bool = field(default=False)
    titles: Titles = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether nobody answered."""
        return self.figures is not None and self.figures.counts.total == 0
