"""Of a model's translations the best is kept, and a doubtful one is tried again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from translate.checks import Flag
from translate.glossary import Glossary
from translate.sentences.decoding import Decoding
from translate.sentences.drafts import Result
from translate.sentences.inline import Marked
from translate.sentences.pipeline import Pipeline
from translate.service import TranslationService

pytestmark = pytest.mark.slow


def test_of_the_models_translations_the_one_that_passes_the_checks_is_kept(
    fresh: TranslationService,
) -> None:
    pipeline = Pipeline(fresh.engine, fresh.route("en", "fr"), fresh.decoding, Glossary())
    prepared = pipeline._prepare(Marked(text="The port opened in 2026."))
    likeliest, second, third = (
        Result(t)
        for t in ("Le port a ouvert en 2062.", "Le port a ouvert en 2026.", "Le port ouvert 2026.")
    )

    assert pipeline._best(prepared, [likeliest, second, third]).target == second.text
    assert pipeline._best(prepared, [likeliest]).flags == {Flag.NUMBER}
    assert pipeline._best(prepared, [third, second]).target == third.text


SCRIPT = {
    # A number changes; protected, it survives.
    "Open in 2026.": "Ouvert en 2062.",
    "Open in {0}.": "Ouvert en {0}.",
    # The placeholder gets lost; the parts around it are translated.
    "Ask {0} today.": "Demandez.",
    "Ask": "Demandez",
    "today.": "aujourd'hui.",
    # A second try that keeps the number and loses the rest.
    "In 2025 the port of the city opened.": "En 2052, le port de la ville a ouvert.",
    "In {0} the port of the city opened.": "En {0}.",
    # A second try that is worse than the first.
    "Go on and on.": "Continuez 5.",
}


def test_a_flagged_sentence_is_tried_once_more_and_the_better_kept(
    fresh: TranslationService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scripted model stands in, since a real one is not wrong to order."""
    pipeline = Pipeline(fresh.engine, fresh.route("en", "fr"), fresh.decoding, Glossary())
    asked: list[list[str]] = []

    def scripted(texts: list[str], decoding: Decoding, *, align: bool) -> list[Iterator[Result]]:
        worse = "la la la la la la 9" if decoding != pipeline.decoding else None
        asked.append(list(texts))
        said = (worse if worse and t == "Go on and on." else SCRIPT[t] for t in texts)
        return [iter([Result(text)]) for text in said]

    monkeypatch.setattr(pipeline, "_run", scripted)
    texts = [
        "Open in 2026.",
        "Ask a@b.org today.",
        "Go on and on.",
        "In 2025 the port of the city opened.",
    ]

    drafts = pipeline.translate([Marked(text=t) for t in texts])

    assert [d.target for d in drafts] == [
        "Ouvert en 2026.",
        "Demandez a@b.org aujourd'hui.",
        "Continuez 5.",
        "En 2052, le port de la ville a ouvert.",
    ]
    assert [d.flags for d in drafts] == [
        set(),
        {Flag.FRAGMENTED},
        {Flag.NUMBER},
        {Flag.NUMBER},
    ]
    assert len(asked) == 2
