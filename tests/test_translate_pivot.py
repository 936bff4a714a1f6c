"""From French into Arabic by way of English: what holds for one package holds for two, and is said.

Where no package translates into English yet, one that does not know how stands in: only the way
through two packages is looked at here, not what they say.
"""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.db import Database
from survey.models import Response
from survey.ratings import read_wording
from tests.conftest import translation
from tests.pages import PageClient
from translate.argos import packages
from translate.argos.package_folder import RECORD
from translate.articles.intake import ArticleText, add_article
from translate.articles.publication import translate_articles
from translate.checks import Flag
from translate.errors import UnsupportedPair
from translate.glossary import Glossary, Term
from translate.models import GlossaryTerm, Origin
from translate.results import engine_checksum, engine_name, engine_version
from translate.sentences.inline import Marked
from translate.sentences.legs import Leg
from translate.sentences.pipeline import Pipeline
from translate.service import TranslationService

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
PAIRS = [("en", "fr"), ("en", "ar"), ("fr", "en"), ("ar", "en")]
PIVOT = {code: wording.pivot for code, wording in read_wording().items()}
TEXT = "- La réunion a eu lieu à Rabat.\n\n  Voir https://example.org/a_b.\n"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def starters(starters: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Packages between English and each of two other languages, in both directions."""
    folder = tmp_path_factory.mktemp("pivot") / "packages"
    shutil.copytree(starters, folder)
    have = {p.pair: p for p in packages.installed(folder)}
    for source, target in PAIRS:
        if (source, target) not in have:
            turned = folder / f"translate-{source}_{target}-0_1"
            shutil.copytree(have[target, source].path, turned)
            (turned / RECORD).unlink()
            metadata = {"from_code": source, "to_code": target, "package_version": "0.1"}
            (turned / "metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def three(starters: Path) -> TranslationService:
    """A service of the three languages."""
    return translation(starters)


def test_the_way_leads_through_english_and_is_told(three: TranslationService) -> None:
    (result,) = three.translate([TEXT], "fr", "ar")

    assert result.is_pivot
    assert [p.pair for p in result.packages] == [("fr", "en"), ("en", "ar")]
    assert engine_name(result.packages) == "argos fr-en + argos en-ar"
    assert engine_version(result.packages).count("+") == 1
    assert len(engine_checksum(result.packages)) == 64
    assert result.text.count("\n") == TEXT.count("\n")
    assert "https://example.org/a_b" in result.text
    assert three.alternatives("La réunion a eu lieu.", "fr", "ar", 2)


def test_a_direct_package_is_preferred_and_no_pivot(three: TranslationService) -> None:
    for pair in PAIRS:
        assert not three.translate(["Rabat 2026."], *pair)[0].is_pivot


def test_without_the_way_into_english_the_pair_is_refused(starters: Path, tmp_path: Path) -> None:
    shutil.copytree(starters, tmp_path / "packages")
    packages.remove(tmp_path / "packages", "fr", "en")

    with pytest.raises(UnsupportedPair, match="from French"):
        translation(tmp_path / "packages").translate(["a"], "fr", "ar")


def test_tags_are_carried_through_both_translations(three: TranslationService) -> None:
    (result,) = three.translate(
        ["<p>La <b>réunion</b> a eu <i>lieu</i> à Rabat.</p>"], "fr", "ar", html=True
    )

    assert re.findall(r"</?[a-z]+>", result.text)[0] == "<p>"
    for tag in ("b", "i"):
        assert result.text.count(f"<{tag}>") == result.text.count(f"</{tag}>") == 1


def test_a_headline_in_capitals_is_one_after_both_translations(three: TranslationService) -> None:
    (result,) = three.translate(["تفتتح الوزيرة المنتدى"], "ar", "fr")
    assert not result.text.isupper()
    (result,) = three.translate(["LA MINISTRE OUVRE LE FORUM"], "fr", "en")
    assert result.text.isupper()


def test_each_of_the_languages_reaches_both_others(api: FlaskClient) -> None:
    answer = api.get("/languages")
    assert [x["targets"] for x in answer.json] == [["ar", "en", "fr"]] * 3


def test_the_answer_names_both_packages_and_says_so_to_readers(api: FlaskClient) -> None:
    body = {"q": ["La réunion a eu lieu.", "Un port."], "source": "fr", "detail": True}
    by_pivot = api.post("/translate", json={**body, "target": "ar"}).json
    direct = api.post("/translate", json={**body, "target": "en"}).json

    assert by_pivot["disclaimer"].endswith(PIVOT["ar"])
    assert PIVOT["en"] not in direct["disclaimer"]
    for detail in by_pivot["detail"]:
        assert detail["pivot"]
        ways = [(p["source"], p["target"]) for p in detail["packages"]]
        assert ways == [("fr", "en"), ("en", "ar")]
        assert len({p["checksum"] for p in detail["packages"]} | {detail["checksum"]}) == 3
    assert [len(d["packages"]) for d in direct["detail"]] == [1, 1]


def test_the_page_for_people_says_so(translating: Flask) -> None:
    form = {"page": "1", "q": "La réunion a eu lieu.", "source": "fr", "target": "ar"}
    page = PageClient(translating).post("/translate?lang=fr", status=200, data=form)
    assert PIVOT["ar"] in page.text_of("[role=note]")


def test_an_article_by_pivot_says_so_and_its_answers_name_both_packages(
    translating: Flask, sqlite: Database, three: TranslationService
) -> None:
    text = ArticleText(title="Forum", body="Le forum ouvre.")
    with sqlite.scope() as session:
        session.connection(execution_options={"writes": True})
        add_article(session, "forum", "fr", text, day=NOW.date(), source="test", now=NOW)
        session.commit()
        translate_articles(
            session, three, ("en", "fr", "ar"), now=NOW, progress=lambda _done, _of: None
        )
    browser = PageClient(translating)
    by_pivot = browser.get("/ar/articles/forum")

    assert PIVOT["ar"] in by_pivot.text_of("article [role=note]")
    assert PIVOT["en"] not in browser.get("/en/articles/forum").text_of("article [role=note]")

    token = by_pivot.attribute("form input[name=token]", "value")
    answer = browser.http.post("/ar/feedback", data={"rating": "4", "token": token})
    assert answer.status_code == 303
    with sqlite.scope() as session:
        engine, version = session.execute(select(Response.engine, Response.engine_version)).one()
    assert engine == "argos fr-en + argos en-ar"
    assert version.count("+") == 1


def test_what_was_remembered_counts_until_one_of_the_packages_changes(
    sqlite: Database, starters: Path, tmp_path: Path
) -> None:
    """A change of the second package alone makes the sentence new."""
    shutil.copytree(starters, tmp_path / "packages")
    sentence = "Le port a ouvert."
    with sqlite.scope() as session:

        def origin() -> str:
            service = translation(tmp_path / "packages")
            (result,) = service.translate(
                [sentence], "fr", "ar", session=session, store=True, now=NOW
            )
            return result.segments[0].provenance.value

        assert [origin(), origin()] == [Origin.MACHINE.value, "memory"]
        second = next(
            p for p in packages.installed(tmp_path / "packages") if p.pair == ("en", "ar")
        )
        (second.path / RECORD).unlink()
        (second.path / "README.md").write_text("Put there by hand.", encoding="utf-8")
        assert origin() == Origin.MACHINE.value


def add_term(session: Session, source: str, target: str, term: str, to: str | None) -> None:
    session.connection(execution_options={"writes": True})
    session.add(
        GlossaryTerm(
            source_language=source,
            target_language=target,
            term=term,
            target=to,
            created_at=NOW,
        )
    )
    session.commit()


def test_the_pairs_own_terms_stand_in_the_translation(
    sqlite: Database, three: TranslationService
) -> None:
    with sqlite.scope() as session:
        add_term(session, "fr", "ar", "Port-Bleu", "الميناء الأزرق")
        (result,) = three.translate(["La réunion de Port-Bleu."], "fr", "ar", session=session)
    assert "الميناء الأزرق" in result.text


def test_a_term_of_each_step_leads_to_the_other(
    sqlite: Database, three: TranslationService
) -> None:
    """Of French into English, and of English into Arabic: the pair itself has no glossary."""
    with sqlite.scope() as session:
        add_term(session, "fr", "en", "Port-Bleu", "Blue Harbour")
        add_term(session, "en", "ar", "Blue Harbour", "الميناء الأزرق")
        (result,) = three.translate(["La réunion de Port-Bleu."], "fr", "ar", session=session)
        (html,) = three.translate(
            ["<p>La <b>réunion</b> de Port-Bleu.</p>"], "fr", "ar", session=session, html=True
        )
    for found in (result.text, re.sub("<.*?>", "", html.text)):
        assert "الميناء الأزرق" in found
    assert html.text.count("<b>") == html.text.count("</b>") == 1


def test_a_step_masks_its_terms_beside_the_placeholders_of_the_whole_way() -> None:
    leg = Leg(
        next(iter(()), None),  # type: ignore[arg-type] # no package is needed to mask
        Glossary([Term("Blue Harbour", "الميناء الأزرق"), Term("Tamsin")]),
    )
    text = leg.prepared("{0} and Tamsin of Blue Harbour see {1}.")

    assert text.text == "{0} and {2} of {3} see {1}."
    assert text.restored("{3} {1} {2} {0}") == ("الميناء الأزرق {1} Tamsin {0}", False)
    assert text.restored("{3} {1} {0}") == ("الميناء الأزرق {1} {0}", True)
    assert text.restored("{2} {3} {2}")[1]


def test_a_term_that_a_step_loses_is_flagged(
    three: TranslationService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scripted step stands in, since a real model is not wrong to order."""
    terms = (Glossary([Term("Port-Bleu", "Blue Harbour")]), Glossary())
    route = three.route("fr", "ar")
    pipeline = Pipeline(three.engine, route, three.decoding, Glossary(), terms)
    monkeypatch.setattr(
        "translate.sentences.legs.LegText.restored", lambda leg, output: (output, bool(leg.kept))
    )
    (draft,) = pipeline.translate([Marked(text="La réunion de Port-Bleu.")])
    assert Flag.TERM in draft.flags
