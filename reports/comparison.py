"""Original against machine-translated, versions of packages, and the texts most in need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

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
from survey.ratings import Translation

FEWEST_STRATA = 1
DISAGREEMENT = 0.05


def compare(
    *,
    by_translation: Sequence[Row],
    by_language_and_translation: Sequence[Row],
    articles: Mapping[str, tuple[Counts, Counts]],
    minimum: int,
) -> Comparison:
    """Machine-translated minus original, from the rows that may be shown.

    `articles` gives each article's answers under its machine translations and its original.
    """
    plain = _contrast(
        _counts(by_translation, (Translation.MACHINE,)),
        _counts(by_translation, (Translation.ORIGINAL,)),
        minimum,
    )
    pairs = _language_pairs(by_language_and_translation)
    within = stratified(Stratum.of(machine, original) for machine, original in pairs.values())
    languages = sorted(pairs)
    judged = together([contrast(*pairs[language], minimum=minimum) for language in languages])
    basis = Basis.WITHIN_LANGUAGES if within.strata >= FEWEST_STRATA else Basis.PLAIN
    verdict = _verdict(plain, within, basis, pairs, minimum)
    return Comparison(
        plain=plain,
        within_languages=within,
        within_articles=stratified(Stratum.of(*pair) for pair in articles.values()),
        by_language=tuple(
            LanguageContrast(language=language, contrast=c)
            for language, c in zip(languages, judged, strict=True)
        ),
        verdict=verdict,
        basis=basis,
        needed=_needed(basis, plain, pairs) if verdict is Verdict.TOO_FEW else 0,
        disagree=_disagree(plain, within),
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


def _counts(rows: Sequence[Row], key: tuple[str, ...]) -> Counts | None:
    for row in rows:
        if row.key == key and row.figures and row.figures.counts.total:
            return row.figures.counts
    return None


def _contrast(machine: Counts | None, original: Counts | None, minimum: int) -> Contrast | None:
    if machine is None or original is None:
        return None
    return contrast(machine, original, minimum=minimum)


def _language_pairs(rows: Sequence[Row]) -> dict[str, tuple[Counts, Counts]]:
    """Machine-translated and original answers of each language that shows both."""
    by_language: dict[str, dict[str, Counts]] = defaultdict(dict)
    for row in rows:
        if row.figures and row.figures.counts.total:
            language, translation = row.key
            by_language[language][translation] = row.figures.counts
    return {
        language: (kinds[Translation.MACHINE], kinds[Translation.ORIGINAL])
        for language, kinds in by_language.items()
        if Translation.MACHINE in kinds and Translation.ORIGINAL in kinds
    }


def _verdict(
    plain: Contrast | None,
    within: Stratified,
    basis: Basis,
    pairs: Mapping[str, tuple[Counts, Counts]],
    minimum: int,
) -> Verdict:
    if basis is Basis.PLAIN:
        return plain.verdict if plain else Verdict.TOO_FEW
    smaller = min(
        sum(machine.total for machine, _ in pairs.values()),
        sum(original.total for _, original in pairs.values()),
    )
    return judge(within.difference, smaller=smaller, minimum=minimum)


def _needed(
    basis: Basis, plain: Contrast | None, pairs: Mapping[str, tuple[Counts, Counts]]
) -> int:
    """How many more answers it takes, about; within languages, as if there were one language."""
    if basis is Basis.PLAIN:
        return plain.needed if plain else answers_needed(Counts(), Counts())
    machine = sum((m for m, _ in pairs.values()), Counts())
    original = sum((o for _, o in pairs.values()), Counts())
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
