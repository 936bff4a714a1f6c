"""What a comparison comes to, in sentences."""

from __future__ import annotations

from reports import estimates
from reports.report import Basis, Comparison, Report
from reports.summary import Interval, Verdict
from reports.texts import Texts


def sentences(report: Report, texts: Texts) -> list[str]:
    """The verdict first, then what it rests on, then what else the answers say about it."""
    comparison = report.comparison
    found = [verdict(comparison, texts)]
    found.append(
        texts("basis_within" if comparison.basis is Basis.WITHIN_LANGUAGES else "basis_plain")
    )
    if comparison.disagree and comparison.plain:
        found.append(
            texts(
                "disagree",
                plain=texts.points(comparison.plain.difference.value),
                within=texts.points(comparison.within_languages.difference.value),
            )
        )
    if comparison.plain and comparison.plain.superiority.value is not None:
        superiority = estimates.share(comparison.plain.superiority, texts)
        found.append(texts("superiority", **superiority.values()))
    odds, p = comparison.within_languages.odds_ratio, comparison.within_languages.p
    if odds.value is not None and p is not None:
        found.append(
            texts(
                "odds_ratio",
                value=texts.decimal(odds.value),
                low=texts.decimal(odds.low),
                high=texts.decimal(odds.high),
                p=texts.p(p),
            )
        )
    if comparison.within_articles.strata:
        within = estimates.points(comparison.within_articles.difference, texts)
        strata = texts.count(comparison.within_articles.strata)
        found.append(texts("within_articles", n=strata, **within.values("difference")))
    return [*found, texts("rounded")] if comparison.rounded else found


def verdict(comparison: Comparison, texts: Texts) -> str:
    """The one sentence that answers whether machine translation satisfies less."""
    if comparison.verdict is Verdict.TOO_FEW:
        return texts("too_few", n=texts.count(comparison.needed))
    gap = decisive(comparison)
    value, _, _ = gap.bounds()
    if comparison.verdict is Verdict.NOT_CLEAR:
        return texts("no_clear", **estimates.points(gap, texts).values("difference"))
    return texts(
        "clear_less" if value < 0 else "clear_more",
        **estimates.size(gap, texts).values("difference"),
    )


def change(report: Report, texts: Texts) -> str:
    """Whether more or fewer are satisfied than in the period before; empty when there is none."""
    if report.change is None:
        return texts("change_other_question") if report.asked_otherwise_before else ""
    found = report.change.contrast
    days = texts("period", first=texts.day(report.change.first), last=texts.day(report.change.last))
    if found.verdict is Verdict.TOO_FEW:
        return texts("change_few", period=days, n=texts.count(found.needed))
    if found.verdict is Verdict.NOT_CLEAR:
        gap = estimates.points(found.difference, texts)
        return texts("change_none", period=days, **gap.values("difference"))
    value, _, _ = found.difference.bounds()
    key = "change_more" if value > 0 else "change_less"
    return texts(key, period=days, **estimates.size(found.difference, texts).values("difference"))


def decisive(comparison: Comparison) -> Interval:
    """The difference that the verdict rests on; nothing when there is none."""
    if comparison.basis is Basis.WITHIN_LANGUAGES:
        return comparison.within_languages.difference
    if comparison.plain is None:
        return Interval(value=None, low=None, high=None)
    return comparison.plain.difference
