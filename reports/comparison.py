"""Original against machine-translated, versions of packages, and the texts most in need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from reports.report import (
    Basis,
    Comparison,
    EngineChange,
    LanguageContrast,
    Row,
    Triage,
)
from reports.strata import Stratified, Stratum, stratified
from reports.summary import Counts, Interval, Verdict, shrunken_share
from reports.verdicts import (
    COARSE_DIGITS,
    Contrast,
    answers_needed,
    blurred,
    coarse,
    contrast,
    judge,
    together,
)

DISAGREEMENT = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Answers to machine translations and to originals; `exact` when their rows are shown."""

    machine: Counts
    original: Counts
    exact: bool


def compare(
    *,
    plain: Pair | None,
    pairs: Mapping[str, Pair],
    articles: Iterable[Stratum],
    minimum: int,
) -> Comparison:
    """Machine-translated minus original: plainly, and from the pairs of each language.

    `articles` are the answers under each article's machine translations and its original.
    """
    overall = _contrast(plain, minimum)
    exact = all(pair.exact for pair in pairs.values())
    within = stratified(Stratum.of(p.machine, p.original) for p in pairs.values())
    judged = together([contrast(p.machine, p.original, minimum=minimum) for p in pairs.values()])
    basis = Basis.WITHIN_LANGUAGES if within.strata else Basis.PLAIN
    verdict = _verdict(overall, within, basis, pairs, minimum)
    return Comparison(
        plain=overall,
        within_languages=within if exact else _coarse(within),
        within_articles=_coarse(stratified(articles)),
        by_language=tuple(
            LanguageContrast(language=language, contrast=c if pair.exact else blurred(c))
            for (language, pair), c in zip(pairs.items(), judged, strict=True)
        ),
        verdict=verdict,
        basis=basis,
        needed=_needed(basis, overall, pairs) if verdict is Verdict.TOO_FEW else 0,
        disagree=_disagree(overall, within),
    )


def engine_changes(
    rows: Sequence[Row], order: Sequence[tuple[str, str]], minimum: int
) -> tuple[EngineChange, ...]:
    """Each version of a package against the version before it, judged together.

    `order` lists packages and versions in the order in which they were first answered about.
    """
    figures = {row.key: row.figures for row in rows if row.figures}
    found = []
    versions: dict[str, str] = {}
    for engine, version in order:
        before = versions.get(engine)
        versions[engine] = version
        new = figures.get((engine, version))
        old = figures.get((engine, before)) if before is not None else None
        if new and old and before is not None:
            found.append(
                (engine, before, version, contrast(new.counts, old.counts, minimum=minimum))
            )
    judged = together([c for *_, c in found])
    return tuple(
        EngineChange(engine=engine, before=before, after=after, contrast=c)
        for (engine, before, after, _), c in zip(found, judged, strict=True)
    )


def triage(rows: Iterable[Row], overall: Counts) -> tuple[Triage, ...]:
    """The machine-translated texts that most need a translator, the neediest first.

    Need is the dissatisfied share, drawn towards the overall one, times the answers. Rows are of
    the key (article, language) and may be hidden, in which case they are left out.
    """
    if not overall.total:
        return ()
    expected = overall.dissatisfied / overall.total
    found = []
    for row in rows:
        if row.figures is None:
            continue
        counts = row.figures.counts
        rate = shrunken_share(counts.dissatisfied, counts.total, expected)
        article, language = row.key
        found.append(
            Triage(
                article=article,
                language=language,
                answers=counts.total,
                rate=rate,
                need=rate * counts.total,
                duplicates_left_out=row.duplicates_left_out,
            )
        )
    return tuple(sorted(found, key=lambda t: (-t.need, t.article, t.language)))


def _contrast(pair: Pair | None, minimum: int) -> Contrast | None:
    if pair is None:
        return None
    found = contrast(pair.machine, pair.original, minimum=minimum)
    return found if pair.exact else blurred(found)


def _coarse(s: Stratified) -> Stratified:
    return replace(
        s,
        difference=coarse(s.difference),
        odds_ratio=coarse(s.odds_ratio),
        p=round(s.p, COARSE_DIGITS),
    )


def _verdict(
    plain: Contrast | None,
    within: Stratified,
    basis: Basis,
    pairs: Mapping[str, Pair],
    minimum: int,
) -> Verdict:
    if basis is Basis.PLAIN:
        return plain.verdict if plain else Verdict.TOO_FEW
    smaller = min(
        sum(p.machine.total for p in pairs.values()),
        sum(p.original.total for p in pairs.values()),
    )
    return judge(within.difference, smaller=smaller, minimum=minimum)


def _needed(basis: Basis, plain: Contrast | None, pairs: Mapping[str, Pair]) -> int:
    """How many more answers it takes, about; within languages, as if there were one language."""
    if basis is Basis.PLAIN:
        return plain.needed if plain else answers_needed(Counts(), Counts())
    machine = sum((p.machine for p in pairs.values()), Counts())
    original = sum((p.original for p in pairs.values()), Counts())
    return max(1, answers_needed(machine, original))


def _disagree(plain: Contrast | None, within: Stratified) -> bool:
    """Whether looking within languages changes the picture: sign, clearness or five points."""
    if plain is None or plain.difference.value is None or within.difference.value is None:
        return False
    apart = abs(plain.difference.value - within.difference.value) >= DISAGREEMENT
    return apart or _leaves_out_zero(plain.difference) != _leaves_out_zero(within.difference)


def _leaves_out_zero(interval: Interval) -> int:
    _, low, high = interval.bounds()
    return (low > 0) - (high < 0)
