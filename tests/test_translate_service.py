"""Real packages through the real engine: nothing lost, nothing invented silently."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from survey.db import Database
from tests.conftest import translation
from translate import packages
from translate.articles import TextKind, list_articles, read_article
from translate.checks import Flag
from translate.decoding import Decoding, Resources
from translate.engine import Engine
from translate.errors import EngineBusy, EngineFailed, UnknownLanguage
from translate.glossary import Glossary, Term
from translate.inline import Marked
from translate.mask import mask
from translate.memory import Recent, Remembered, find
from translate.models import GlossaryTerm, MemorySegment, Origin
from translate.pipeline import Pipeline, _Result
from translate.publication import translate_articles
from translate.results import Provenance
from translate.sample_articles import import_samples
from translate.service import TranslationService

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
TEXT = (
    "  The Director-General received the delegation.\r\n\r\n"
    "- The meeting was held in Rabat. It was attended by Dr. Salma B. Idrissi.\n\n\n"
    "\t2026\nTHE MINISTER OPENS THE FORUM\n"
)

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("target", ["fr", "ar"])
def test_the_layout_of_the_text_is_kept_exactly(service: TranslationService, target: str) -> None:
    (result,) = service.translate([TEXT], "en", target)

    lines = result.text.split("\n")
    assert len(lines) == len(TEXT.split("\n"))
    assert lines[0].startswith("  ")
    assert lines[0].endswith("\r")
    assert lines[2].startswith("- ")
    assert lines[5] == "\t2026"
    assert result.text != TEXT


def test_segments_tell_where_each_sentence_went(service: TranslationService) -> None:
    (result,) = service.translate([TEXT], "en", "fr")

    assert [s.source for s in result.segments] == [
        "The Director-General received the delegation.",
        "The meeting was held in Rabat.",
        "It was attended by Dr. Salma B. Idrissi.",
        "THE MINISTER OPENS THE FORUM",
    ]
    for s in result.segments:
        assert TEXT[s.start : s.end] == s.source
        assert result.text[s.target_start : s.target_end] == s.target


def test_a_headline_in_capitals_comes_back_in_capitals(service: TranslationService) -> None:
    (result,) = service.translate(["THE MINISTER OPENS THE FORUM"], "en", "fr")

    assert result.text == result.text.upper()


@pytest.mark.parametrize("text", ["", "\n \n", "2026", "👋👋", "?!", "https://a.example/b_c", "\0"])
def test_what_holds_no_language_comes_back_as_it_is(service: TranslationService, text: str) -> None:
    (result,) = service.translate([text], "en", "fr")

    assert result.text == text


def test_the_same_language_is_no_translation(service: TranslationService) -> None:
    (result,) = service.translate([TEXT], "en", "en")

    assert (result.text, result.packages) == (TEXT, ())


def test_addresses_survive_even_a_weak_model(service: TranslationService) -> None:
    """The starter model loses placeholders; the sentence is then translated around them."""
    text = "Please write to press_office@example.org or see https://example.org/a_b?c=1."

    (result,) = service.translate([text], "en", "fr")

    assert "press_office@example.org" in result.text
    assert "https://example.org/a_b?c=1" in result.text
    assert Flag.ADDRESS not in result.flags


def test_a_result_does_not_hang_on_its_neighbours(fresh: TranslationService) -> None:
    """Alone or in a batch, today or again: the same sentence becomes the same text."""
    texts = ["The meeting was held in Rabat.", "The Minister thanked the experts of 12 countries."]
    package = fresh.route("en", "fr")[0]

    together = [list(found) for found in fresh.engine.translate(package, texts * 20, Decoding())]
    alone = [list(fresh.engine.translate(package, [t], Decoding())[0]) for t in texts]

    assert together == alone * 20


def test_a_sentence_of_too_many_tokens_is_translated_in_parts(fresh: TranslationService) -> None:
    """Not an error, and not cut off silently at the model's last position."""
    text = "the minister thanked the experts and " * 15 + "left"

    (result,) = fresh.translate([text], "en", "fr")

    assert len(result.text) > 200


def test_unknown_languages_are_refused(service: TranslationService) -> None:
    with pytest.raises(UnknownLanguage):
        service.translate(["a"], "zz", "fr")


def test_a_package_whose_model_is_broken_is_an_error_never_a_text(
    starters: Path, tmp_path: Path
) -> None:
    good = packages.installed(starters)[0]
    bad = tmp_path / "packages" / good.path.name
    (bad / "model").mkdir(parents=True)
    for name in ("metadata.json", "sentencepiece.model", "model/shared_vocabulary.json"):
        (bad / name).write_bytes((good.path / name).read_bytes())
    (bad / "model" / "model.bin").write_bytes(b"rubbish")
    service = TranslationService(Engine(tmp_path / "packages"))

    with pytest.raises(EngineFailed, match="packages verify"):
        service.translate(["Hello there."], *good.pair)


def test_eight_first_requests_load_a_model_once(
    starters: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import translate.engine as module

    loads = []
    real = module._Model.__init__

    def counted(self: object, *args: object) -> None:
        loads.append(args)
        real(self, *args)  # type: ignore[arg-type] # the same arguments, handed through

    monkeypatch.setattr(module._Model, "__init__", counted)
    service = translation(starters)
    start = threading.Barrier(8)

    def ask(number: int) -> str:
        start.wait()
        return service.translate([f"The meeting number {number}."], "en", "fr")[0].text

    with ThreadPoolExecutor(8) as pool:
        texts = list(pool.map(ask, range(8)))

    assert len(loads) == 1
    assert all(texts)


def test_a_full_queue_refuses_at_once(starters: Path) -> None:
    engine = Engine(starters, Resources(workers=1, waiting=1))
    service = TranslationService(engine)

    with engine.turn(), pytest.raises(EngineBusy) as error:
        service.translate(["Hello there."], "en", "fr")

    assert error.value.retry_after > 0
    assert service.translate(["Hello there."], "en", "fr")[0].text


def test_over_the_memory_budget_the_least_recently_used_model_goes(starters: Path) -> None:
    size = max(p.size for p in packages.installed(starters))
    service = TranslationService(Engine(starters, Resources(workers=1, memory=size + 1)))

    service.warm_up([("en", "fr"), ("en", "ar")])

    assert [p.pair for p in service.engine.loaded()] == [("en", "ar")]


def test_alternatives_differ_and_begin_with_the_translation(service: TranslationService) -> None:
    text = "The meeting was held in Rabat. The experts left."

    found = service.alternatives(text, "en", "fr", 3)

    assert 1 < len(found) <= 3
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("store", [False, True])
def test_a_second_reading_does_not_run_the_model(
    database: Database, fresh: TranslationService, store: bool
) -> None:
    with database.scope() as session:
        first = fresh.translate([TEXT], "en", "fr", session=session, store=store, now=NOW)[0]
        if store:
            fresh.recent = Recent()
        again = fresh.translate([TEXT], "en", "fr", session=session)[0]

        assert again.text == first.text
        assert {s.provenance for s in first.segments} == {Provenance.MACHINE}
        assert {s.provenance for s in again.segments} == {Provenance.MEMORY}
        stored = session.scalar(select(func.count()).select_from(MemorySegment))
        assert stored == (len(first.segments) if store else 0)


def test_a_persons_sentence_beats_the_machines(
    database: Database, fresh: TranslationService
) -> None:
    with database.scope() as session:
        fresh.translate([TEXT], "en", "fr", session=session, store=True, now=NOW)
        row = session.scalars(
            select(MemorySegment).where(MemorySegment.source.startswith("The meeting"))
        ).one()
        human = MemorySegment(
            source_language="en",
            target_language="fr",
            sha256=row.sha256,
            origin=Origin.HUMAN,
            source=row.source,
            target="La réunion a eu lieu à Rabat.",
            created_at=NOW,
            created_by="Elias",
        )
        session.rollback()
        session.connection(execution_options={"writes": True})
        session.add(human)
        session.commit()

        (result,) = fresh.translate([TEXT], "en", "fr", session=session)

        assert "- La réunion a eu lieu à Rabat. " in result.text
        assert Provenance.HUMAN in {s.provenance for s in result.segments}


def test_other_options_do_not_find_what_these_made(
    database: Database, starters: Path, fresh: TranslationService
) -> None:
    other = TranslationService(fresh.engine, Decoding(beam_size=1))
    with database.scope() as session:
        fresh.translate([TEXT], "en", "fr", session=session, store=True, now=NOW)

        (result,) = other.translate([TEXT], "en", "fr", session=session)

        assert {s.provenance for s in result.segments} == {Provenance.MACHINE}


def test_storing_twice_is_storing_once(database: Database, starters: Path) -> None:
    with database.scope() as session:
        for _ in range(2):
            service = translation(starters)
            session.rollback()
            service.translate([TEXT], "en", "fr", session=session, store=True, now=NOW)
        rows = session.scalars(select(MemorySegment)).all()

        assert len(rows) == len({r.sha256 for r in rows}) == 4


def test_the_memory_finds_many_sentences_in_one_statement(
    database: Database, count_statements: Callable[[Database], list[str]]
) -> None:
    statements = count_statements(database)
    with database.scope() as session:
        assert find(session, "en", "fr", "c", [f"Sentence {n}." for n in range(5_000)]) == {}

    assert len([s for s in statements if "FROM memory" in s]) == 1


@pytest.fixture
def count_statements() -> Callable[[Database], list[str]]:
    from sqlalchemy import event

    def watch(database: Database) -> list[str]:
        seen: list[str] = []

        @event.listens_for(database.engine, "before_cursor_execute")
        def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        return seen

    return watch


def test_the_process_memory_stays_within_its_bound() -> None:
    recent = Recent(characters=2_000)
    for number in range(100):
        known = Remembered(target="x" * 100, origin=Origin.MACHINE)
        recent.keep("c", {f"sentence {number}": known})

    found = recent.find("c", [f"sentence {n}" for n in range(100)])

    assert 1 < len(found) < 10
    assert "sentence 99" in found


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


def test_of_the_models_translations_the_one_that_passes_the_checks_is_kept(
    fresh: TranslationService,
) -> None:
    pipeline = Pipeline(fresh.engine, fresh.route("en", "fr"), fresh.decoding, Glossary())
    prepared = pipeline._prepare(Marked(text="The port opened in 2026."))
    likeliest, second, third = (
        _Result(t)
        for t in ("Le port a ouvert en 2062.", "Le port a ouvert en 2026.", "Le port ouvert 2026.")
    )

    assert pipeline._best(prepared, [likeliest, second, third]).target == second.text
    assert pipeline._best(prepared, [likeliest]).flags == {Flag.NUMBER}
    assert pipeline._best(prepared, [third, second]).target == third.text


def test_warming_up_loads_every_model_and_a_broken_one_stops_no_other(
    starters: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copytree(starters, tmp_path / "packages")
    first, *others = packages.installed(tmp_path / "packages")
    (first.path / "model" / "model.bin").write_bytes(b"rubbish")
    service = TranslationService(Engine(tmp_path / "packages", Resources(workers=1)))
    assert not service.is_warming

    service.start_warm_up()
    while service.is_warming:
        time.sleep(0.01)

    assert [p.pair for p in service.engine.loaded()] == [p.pair for p in others]
    assert "packages verify" in caplog.text


SCRIPT = {
    # A number changes; protected, it survives.
    "Open in 2026.": "Ouvert en 2062.",
    "Open in {0}.": "Ouvert en {0}.",
    # The placeholder gets lost; the parts around it are translated.
    "Ask {0} today.": "Demandez.",
    "Ask": "Demandez",
    "today.": "aujourd'hui.",
    # A second try that is worse than the first.
    "Go on and on.": "Continuez 5.",
}


def test_a_flagged_sentence_is_tried_once_more_and_the_better_kept(
    fresh: TranslationService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scripted model stands in, since a real one is not wrong to order."""
    pipeline = Pipeline(fresh.engine, fresh.route("en", "fr"), fresh.decoding, Glossary())
    asked: list[list[str]] = []

    def scripted(texts: list[str], decoding: Decoding, *, align: bool) -> list[Iterator[_Result]]:
        worse = "la la la la la la 9" if decoding != pipeline.decoding else None
        asked.append(list(texts))
        said = (worse if worse and t == "Go on and on." else SCRIPT[t] for t in texts)
        return [iter([_Result(text)]) for text in said]

    monkeypatch.setattr(pipeline, "_run", scripted)
    texts = ["Open in 2026.", "Ask a@b.org today.", "Go on and on."]

    drafts = pipeline.translate([Marked(text=t) for t in texts])

    assert [d.target for d in drafts] == [
        "Ouvert en 2026.",
        "Demandez a@b.org aujourd'hui.",
        "Continuez 5.",
    ]
    assert [d.flags for d in drafts] == [set(), {Flag.FRAGMENTED}, {Flag.NUMBER}]
    assert len(asked) == 2


def test_articles_are_translated_once_and_labelled_machine(
    database: Database, service: TranslationService
) -> None:
    told: list[tuple[int, int]] = []
    with database.scope() as session:
        import_samples(session, ROOT / "translate" / "samples", now=NOW)
        before = read_article(session, "paths-of-paper-exhibition", "fr")

        done = translate_articles(
            session,
            service,
            ("en", "fr", "ar"),
            now=NOW,
            progress=lambda n, of: told.append((n, of)),
        )
        again = translate_articles(
            session, service, ("en", "fr", "ar"), now=NOW, progress=lambda n, of: None
        )

        assert done.translated > 0
        assert told[-1] == (done.translated, done.translated)
        assert again.translated == 0
        assert read_article(session, "paths-of-paper-exhibition", "fr") == before
        machine = [a for a in list_articles(session, "fr").articles if a.kind is TextKind.MACHINE]
        assert machine
        for listed in machine:
            article = read_article(session, listed.slug, "fr")
            original = read_article(session, listed.slug, "fr", original=True)
            assert article is not None
            assert original is not None
            assert len(article.paragraphs) == len(original.paragraphs)
            assert article.engine is not None
            assert article.engine.name == "argos en-fr"
            assert article.engine.is_starter
            assert len(article.engine.checksum) == 64


def test_only_what_is_free_and_needed_is_loaded() -> None:
    """minisbd is AGPL; torch and stanza are large; none of them is loaded by translating."""
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from translate import packages\n"
        "from translate.engine import Engine\n"
        "from translate.service import TranslationService\n"
        "import translate.api, translate.views\n"
        "folder = Path(sys.argv[1])\n"
        "packages.install(next(Path('translate/starter').glob('*en_fr*')), folder)\n"
        "service = TranslationService(Engine(folder))\n"
        "assert service.translate(['The meeting was held.'], 'en', 'fr')[0].text\n"
        "bad = {'minisbd', 'onnxruntime', 'stanza', 'torch', 'spacy', 'argostranslate'}\n"
        "print(sorted(bad & {name.split('.')[0] for name in sys.modules}))\n"
    )
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run(
            [sys.executable, "-c", program, folder],
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=False,
            env={"HOME": folder, "PATH": "/usr/bin:/bin"},
        )

    assert run.stderr == ""
    assert run.stdout.strip() == "[]"
