"""Reading an institution's sentence pairs: what is kept, what is left out, what is refused."""

import tracemalloc
from pathlib import Path

import pytest

from translate.training.errors import (
    NotEnoughPairs,
    SwappedLanguages,
    TrainingDependencyMissing,
    UnreadablePairs,
)
from translate.training.job import Job, train
from translate.training.pairs import Pair, Problem, read_pairs

GOOD = [
    ("The library opens on Monday.", "La bibliothèque ouvre lundi."),
    ("The minister thanked the teachers.", "La ministre a remercié les enseignants."),
    ("Contact", "Contact"),
]


def tsv(folder: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path = folder / "pairs.tsv"
    path.write_bytes("".join(line + "\n" for line in lines).encode(encoding))
    return path


def rows(pairs: list[tuple[str, str]]) -> list[str]:
    return ["\t".join(pair) for pair in pairs]


def test_good_pairs_are_kept_in_their_order(tmp_path: Path) -> None:
    found = read_pairs(tsv(tmp_path, *rows(GOOD)), "en", "fr", 1)

    assert found.pairs == tuple(Pair(source=a, target=b) for a, b in GOOD)
    assert found.problems == {}
    assert found.describe() == "None left out."


def test_a_third_column_may_name_the_source(tmp_path: Path) -> None:
    found = read_pairs(tsv(tmp_path, "\t".join([*GOOD[0], "annual report"])), "en", "fr", 1)

    assert len(found.pairs) == 1


def test_a_byte_order_mark_and_windows_line_ends_are_no_part_of_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_bytes(b"\xef\xbb\xbfGood morning.\tBonjour.\r\n")

    (pair,) = read_pairs(path, "en", "fr", 1).pairs

    assert (pair.source, pair.target) == ("Good morning.", "Bonjour.")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("Only one column", Problem.COLUMNS),
        ("Hello.\t", Problem.EMPTY),
        ("  \tBonjour.", Problem.EMPTY),
        ("word " * 300 + "\t" + "mot " * 300, Problem.LENGTH),
        ("Yes, it is so.\t" + "Une phrase bien plus longue que sa source. " * 4, Problem.RATIO),
        ("The cafÃ© is open.\tLe café est ouvert.", Problem.ENCODING),
        ("The caf\ufffd is open.\tLe café est ouvert.", Problem.ENCODING),
        ("The library is closed today.\tالمكتبة مغلقة اليوم.", Problem.SCRIPT),
        (
            "This page was left as it was\tThis page was left as it was",
            Problem.COPY,
        ),
        ("\t".join(GOOD[0]), Problem.DUPLICATE),
    ],
)
def test_an_unusable_line_is_left_out_and_counted(
    tmp_path: Path, line: str, problem: Problem
) -> None:
    found = read_pairs(tsv(tmp_path, *rows(GOOD), line), "en", "fr", 1)

    assert len(found.pairs) == len(GOOD)
    assert found.problems == {problem: 1}
    assert str(problem) in found.describe()


def test_a_line_of_millions_of_characters_costs_one_line(tmp_path: Path) -> None:
    """It is never held as a whole."""
    length = 5_000_000
    path = tsv(tmp_path, rows(GOOD)[0], "a" * length + "\tb", rows(GOOD)[1])

    tracemalloc.start()
    found = read_pairs(path, "en", "fr", 1)
    most_held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert most_held < length / 10
    assert len(found.pairs) == 2
    assert found.problems == {Problem.LINE: 1}


def test_product_names_do_not_make_an_arabic_sentence_foreign(tmp_path: Path) -> None:
    line = "Open the Excel file in Word.\tافتح ملف Excel في Word."

    assert len(read_pairs(tsv(tmp_path, line), "en", "ar", 1).pairs) == 1


@pytest.mark.parametrize(
    ("code", "pairs"),
    [
        ("ar", [("المكتبة مفتوحة اليوم.", "The library is open today.")]),
        ("fr", [("Le musée est dans la ville.", "The museum is in the city.")]),
    ],
)
def test_exchanged_languages_are_recognised(
    tmp_path: Path, code: str, pairs: list[tuple[str, str]]
) -> None:
    with pytest.raises(SwappedLanguages, match=f"--from {code} --to en"):
        read_pairs(tsv(tmp_path, *rows(pairs)), "en", code, 1)


def test_too_few_pairs_are_refused_with_the_number_that_is_needed(tmp_path: Path) -> None:
    path = tsv(tmp_path, *rows(GOOD), "broken line")

    with pytest.raises(NotEnoughPairs, match=r"3 usable .* 50 are needed.*not two columns"):
        read_pairs(path, "en", "fr", 50)


def test_an_empty_file_has_too_few_pairs(tmp_path: Path) -> None:
    with pytest.raises(NotEnoughPairs, match="0 usable"):
        read_pairs(tsv(tmp_path), "en", "fr", 1)


def test_another_encoding_is_refused_with_advice(tmp_path: Path) -> None:
    path = tsv(tmp_path, "\t".join(GOOD[0]), encoding="utf-16")

    with pytest.raises(UnreadablePairs, match="UTF-8"):
        read_pairs(path, "en", "fr", 1)


def test_a_missing_file_and_another_kind_of_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadablePairs, match="no such file"):
        read_pairs(tmp_path / "none.tsv", "en", "fr", 1)
    with pytest.raises(UnreadablePairs, match=r"give a \.tsv file"):
        read_pairs(tmp_path / "pairs.docx", "en", "fr", 1)


TMX = """<?xml version="1.0" encoding="UTF-8"?>
<tmx version="1.4"><header/><body>
<tu><tuv xml:lang="en-GB"><seg>The <bpt i="1"/>library<ept i="1"/> opens.</seg></tuv>
    <tuv xml:lang="fr"><seg>La bibliothèque ouvre.</seg></tuv></tu>
<tu><tuv xml:lang="en"><seg>Alone.</seg></tuv></tu>
</body></tmx>"""


def test_tmx_is_read_by_language_with_its_inline_marks_dropped(tmp_path: Path) -> None:
    path = tmp_path / "memory.tmx"
    path.write_text(TMX, encoding="utf-8")

    found = read_pairs(path, "en", "fr", 1)

    assert found.pairs == (Pair(source="The library opens.", target="La bibliothèque ouvre."),)
    assert found.problems == {Problem.COLUMNS: 1}


def test_broken_tmx_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "memory.tmx"
    path.write_text(TMX[:200], encoding="utf-8")

    with pytest.raises(UnreadablePairs, match="well-formed"):
        read_pairs(path, "en", "fr", 1)


def test_tmx_with_entities_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "memory.tmx"
    path.write_text('<!DOCTYPE tmx [<!ENTITY a "b">]><tmx/>', encoding="utf-8")

    with pytest.raises(UnreadablePairs, match="entity"):
        read_pairs(path, "en", "fr", 1)


def test_without_pytorch_the_answer_is_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    job = Job(
        pairs=tmp_path / "pairs.tsv",
        output=tmp_path / "out.argosmodel",
        source_code="en",
        source_name="English",
        target_code="fr",
        target_name="French",
    )

    with pytest.raises(TrainingDependencyMissing, match=r"requirements/train\.txt"):
        train(job)

    assert list(tmp_path.iterdir()) == []
