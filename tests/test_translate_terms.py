"""Terms of the glossary are found in sentences and stand in their translations."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from survey.db import Database
from translate.glossary import Glossary, Term
from translate.models import GlossaryTerm
from translate.sentences.mask import mask
from translate.service import TranslationService

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("sentence", "term", "masked"),
    [
        ("The Rabat Forum met.", Term("Rabat Forum", "Forum de Rabat"), "The {0} met."),
        ("Forums met.", Term("Forum"), "Forums met."),
        ("the forum met", Term("Forum", case_sensitive=False), "the {0} met"),
        ("والإيسيسكو ترحب", Term("الإيسيسكو", clitics=True), "و{0} ترحب"),
        ("وبإيسيسكو ترحب", Term("إيسيسكو", clitics=True), "وب{0} ترحب"),
        ("والإيسيسكو ترحب", Term("الإيسيسكو"), "والإيسيسكو ترحب"),
    ],
)
def test_terms_are_found_as_whole_words(sentence: str, term: Term, masked: str) -> None:
    assert mask(sentence, Glossary([term]).spans(sentence)).text == masked


def test_the_longest_term_wins() -> None:
    glossary = Glossary([Term("Forum"), Term("Rabat Forum", "Forum de Rabat")])

    spans = glossary.spans("The Rabat Forum and the Forum")

    assert [s.replacement for s in spans] == ["Forum de Rabat", "Forum"]


def test_glossary_terms_stand_in_the_translation(
    database: Database, fresh: TranslationService
) -> None:
    text = "The meeting of the Blue Harbour was attended by Tamsin Oduya."
    with database.scope() as session:
        session.connection(execution_options={"writes": True})
        for term, target, to in [("Blue Harbour", "Port-Bleu", "fr"), ("Tamsin Oduya", None, "*")]:
            session.add(
                GlossaryTerm(
                    source_language="en",
                    target_language=to,
                    term=term,
                    target=target,
                    created_at=NOW,
                )
            )
        session.commit()

        (french,) = fresh.translate([text], "en", "fr", session=session)
        (arabic,) = fresh.translate([text], "en", "ar", session=session)

    assert "Port-Bleu" in french.text
    assert "Tamsin Oduya" in french.text
    assert "Tamsin Oduya" in arabic.text
    assert "Port-Bleu" not in arabic.text
