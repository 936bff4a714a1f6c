"""Original against machine-translated, versions of packages, and the texts most in need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from reports.disclosure.rounding import coarse_contrast, coarse_number, coarse_strata
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
from reports.verdicts import Contrast, answers_needed, contrast, judge, together

DISAGREEMENT = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Answers to machine translations and to originals; `exact` when their rows are shown."""

    machine: Counts
    original: Counts
    exact: bool

    @property
    def smaller(self) -> int:
        """The answers of the smaller group."""
        return min(self.machine.total, self.original.total)


def compare(
    *,
    plain: Pair | None,
    pairs: Mapping[str, Pair],
    articles: Iterable[Stratum],
    articles_exact: bool,
    minimum: int,
) -> Comparison:
    """Machine-translated minus original: plainly, and from the pairs of each language.

    `articles` are the answers under each article's machine translations and its original;
    `articles_exact` when the rows of all that have both are shown.
    """
    overall = contrast(plain.machine, plain.original, minimum=minimum) if plain else None
    within = stratified(Stratum.of(p.machine, p.original) for p in pairs.values())
    all_pairs = _sum(pairs.values())
    judged = _judged(pairs.values(), all_pairs.exact, minimum)
    basis = Basis.WITHIN_LANGUAGES if within.strata else Basis.PLAIN
    verdict = _verdict(overall, within, basis, all_pairs, minimum)
    needed = _needed(basis, overall, all_pairs) if verdict is Verdict.TOO_FEW else 0
    decisive = all_pairs if basis is Basis.WITHIN_LANGUAGES else plain
    within_articles = _within_articles(articles, articles_exact, minimum)
    return Comparison(
        plain=_shown(overall, plain, minimum) if overall and plain else None,
        within_languages=within
        if all_pairs.exact
        else coarse_strata(within, smaller=all_pairs.smaller, minimum=minimum),
        within_articles=within_articles,
        by_language=tuple(
            LanguageContrast(language=language, contrast=_shown(c, pair, minimum))
            for (language, pair), c in zip(pairs.items(), judged, strict=True)
        ),
        verdict=verdict,
        basis=basis,
        needed=needed if decisive is None or decisive.exact else coarse_number(needed),
        disagree=_disagree(overall, within),
        rounded=not all_pairs.exact
        or bool(plain and not plain.exact)
        or bool(within_articles.strata and not articles_exact),
    )


def _judged(pairs: Iterable[Pair], exact: bool, minimum: int) -> list[Contrast]:
    """The pairs judged together; without adjusted p where one of them has hidden rows.

    An adjusted p can be another pair's p, from which counts can be found.
    """
    found = together([contrast(p.machine, p.original, minimum=minimum) for p in pairs])
    return found if exact else [replace(c, adjusted_p=None) for c in found]


def _sum(pairs: Iterable[Pair]) -> Pair:
    """All of them as if there were one language."""
    found = list(pairs)
    return Pair(
        machine=sum((p.machine for p in found), Counts()),
        original=sum((p.original for p in found), Counts()),
        exact=all(p.exact for p in found),
    )


def _shown(c: Contrast, pair: Pair, minimum: int) -> Contrast:
    return c if pair.exact else coarse_contrast(c, smaller=pair.smaller, minimum=minimum)


def _within_articles(articles: Iterable[Stratum], exact: bool, minimum: int) -> Stratified:
    """Within articles, rounded unless all of them have rows that are shown.

    Nothing where all of them together have fewer answers than the minimum.
    """
    used = [t for t in articles if t.informative]
    smaller = min(sum(t.total_a for t in used), sum(t.total_b for t in used))
    if smaller < max(1, minimum):
        return stratified(())
    found = stratified(used)
    return found if exact else coarse_strata(found, smaller=smaller, minimum=minimum)


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


def _verdict(
    plain: Contrast | None, within: Stratified, basis: Basis, pairs: Pair, minimum: int
) -> Verdict:
    if basis is Basis.PLAIN:
        return plain.verdict if plain else Verdict.TOO_FEW
    return judge(within.difference, smaller=pairs.smaller, minimum=minimum)


def _needed(basis: Basis, plain: Contrast | None, pairs: Pair) -> int:
    """How many more answers it takes, about; within languages, as if there were one language."""
    if basis is Basis.PLAIN:
        return plain.needed if plain else answers_needed(Counts(), Counts())
    return max(1, answers_needed(pairs.machine, pairs.original))


def _disagree(plain: Contrast | None, within: Stratified) -> bool:
    """Whether looking within languages changes the picture: sign, clearness or five points."""
    if plain is None or plain.difference.value is None or within.difference.value is None:
        return False
    apart = abs(plain.difference.value - within.difference.value) >= DISAGREEMENT
    return apart or _leaves_out_zero(plain.difference) != _leaves_out_zero(within.difference)


def _leaves_out_zero(interval: Interval) -> int:
    _, low, high = interval.bounds()
    return (low > 0) - (high < 0)
