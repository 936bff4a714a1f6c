"""The report as JSON, in plain values and stable keys, for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date

from reports.findings import change, sentences
from reports.labels import notes, versions_lines
from reports.report import Figures, Report, Row
from reports.strata import Stratified
from reports.summary import LEVELS, Interval, Verdict
from reports.texts import Texts
from reports.verdicts import Contrast
from survey.queries import Recount

Json = Mapping[str, object]


def to_json(report: Report, texts: Texts) -> bytes:
    """The report for programs: shares are fractions, intervals 95 %, hidden numbers null."""
    return (json.dumps(as_mapping(report, texts), ensure_ascii=False, indent=2) + "\n").encode()


def as_mapping(report: Report, texts: Texts) -> Json:
    """The report in plain values, in the order in which it is printed."""
    scope, source = report.scope, report.generated_from
    return {
        "filters": {
            "from": _iso(scope.first),
            "to": _iso(scope.last),
            "language": scope.language,
            "include_possible_duplicates": scope.include_possible_duplicates,
            "question": scope.question,
        },
        **_figures(report.figures),
        "views": report.views,
        "response_rate": report.response_rate,
        "hidden": report.hidden,
        "possible_duplicates_left_out": report.duplicates_left_out,
        "by_language": [_row(r, "language") for r in report.by_language],
        "by_translation": [_row(r, "translation") for r in report.by_translation],
        "by_language_and_translation": [
            _row(r, "language", "translation") for r in report.by_language_and_translation
        ],
        "by_channel": [_row(r, "channel") for r in report.by_channel],
        "by_article": [_row(r, "article", "translation") for r in report.by_article],
        "by_engine": [_row(r, "engine", "version") for r in report.by_engine],
        "trend_unit": report.unit,
        "trend": [
            {
                "from": _iso(step.first),
                "to": _iso(step.last),
                **_row(step.row),
                "unusual": step.unusual,
            }
            for step in report.trend
        ],
        "comparison": _comparison(report),
        "change": _change(report),
        "engine_changes": [
            {
                "engine": c.engine,
                "before": c.before,
                "after": c.after,
                **_contrast(c.contrast),
            }
            for c in report.engine_changes
        ],
        "triage": [asdict(t) | {"flags": dict(t.flags)} for t in report.triage],
        "article_titles": {slug: dict(titles) for slug, titles in report.titles.items()},
        "comments": [asdict(c) for c in report.comments],
        "hidden_cells": [
            {"breakdown": h.breakdown, "key": list(h.key), "reason": h.reason}
            for h in report.hidden_cells
        ],
        "wording": [asdict(w) | {"first_shown": w.first_shown.isoformat()} for w in report.wording],
        "versions_left_out": report.versions_left_out,
        "findings": [s for s in (*sentences(report, texts), change(report, texts)) if s],
        "definitions": [*versions_lines(report, texts), *notes(report, texts)],
        "generated_from": {
            "last_answer": source.last_answer.isoformat() if source.last_answer else None,
            "verified": _recount(source.recount),
            "software": source.software,
            "minimum_cell": source.minimum_cell,
        },
    }


def _figures(figures: Figures | None) -> dict[str, object]:
    if figures is None:
        nothing = {"value": None, "low": None, "high": None}
        share = {"count": None, "share": None, "low": None, "high": None}
        return {
            "answers": None,
            "distribution": None,
            "satisfied": share,
            "dissatisfied": share,
            "mean": nothing,
        }
    counts = figures.counts
    return {
        "answers": counts.total,
        "distribution": {str(k): n for k, n in zip(LEVELS, counts.levels, strict=True)},
        "satisfied": _share(counts.satisfied, figures.satisfied),
        "dissatisfied": _share(counts.dissatisfied, figures.dissatisfied),
        "mean": asdict(figures.mean),
    }


def _share(count: int, share: Interval) -> dict[str, object]:
    return {"count": count, "share": share.value, "low": share.low, "high": share.high}


def _row(row: Row, *names: str) -> dict[str, object]:
    return {
        **dict(zip(names, row.key, strict=False)),
        **_figures(row.figures),
        "views": row.views,
        "response_rate": row.response_rate,
        "hidden": row.hidden,
        "possible_duplicates_left_out": row.duplicates_left_out,
    }


def _comparison(report: Report) -> dict[str, object]:
    comparison = report.comparison
    plain = comparison.plain
    nothing = {"value": None, "low": None, "high": None}
    return {
        "difference": plain.difference.value if plain else None,
        "low": plain.difference.low if plain else None,
        "high": plain.difference.high if plain else None,
        "superiority": asdict(plain.superiority) if plain else nothing,
        "answers_machine": plain.answers_a if plain else None,
        "answers_original": plain.answers_b if plain else None,
        "p": plain.p if plain else None,
        "verdict": comparison.verdict,
        "basis": comparison.basis,
        "more_answers_needed": comparison.needed,
        "stratified": _stratified(comparison.within_languages),
        "stratified_by_article": _stratified(comparison.within_articles),
        "plain_and_stratified_disagree": comparison.disagree,
        "rounded": comparison.rounded,
        "by_language": [
            {"language": c.language, **_contrast(c.contrast)} for c in comparison.by_language
        ],
    }


def _contrast(c: Contrast) -> dict[str, object]:
    return {
        "difference": c.difference.value,
        "low": c.difference.low,
        "high": c.difference.high,
        "superiority": asdict(c.superiority),
        "p": c.p,
        "adjusted_p": c.adjusted_p,
        "verdict": c.verdict,
        "more_answers_needed": c.needed,
    }


def _change(report: Report) -> dict[str, object] | None:
    if report.change is None:
        return None
    change = report.change
    return {
        "from": _iso(change.first),
        "to": _iso(change.last),
        "before": _figures(change.figures)
        | {"views": change.views, "response_rate": change.response_rate},
        **_contrast(change.contrast),
        "dissatisfied": _gap(change.dissatisfied, change.dissatisfied_verdict),
        "response_rate": _gap(change.rate, change.rate_verdict),
    }


def _gap(difference: Interval, verdict: Verdict) -> dict[str, object]:
    low, high = difference.low, difference.high
    return {"difference": difference.value, "low": low, "high": high, "verdict": verdict}


def _stratified(s: Stratified) -> dict[str, object]:
    return {
        "difference": s.difference.value,
        "low": s.difference.low,
        "high": s.difference.high,
        "odds_ratio": asdict(s.odds_ratio),
        "p": s.p,
        "strata": s.strata,
    }


def _recount(recount: Recount | None) -> dict[str, object] | None:
    if recount is None:
        return None
    at = recount.verified_at.isoformat()
    return {"at": at, "cells_differing": recount.differing, "mended": recount.mended}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
