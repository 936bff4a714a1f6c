"""The words that tell English and French apart are counted, and the same texts give the same."""

from __future__ import annotations

from pathlib import Path

from translate.training.frequent_words import WORDS, tell_tale
from translate.training.pairs import Pair

FILE = Path(__file__).resolve().parent.parent / "translate" / "frequent_words.txt"
PAIRS = [
    Pair(source="The port is open on 3 May.", target="Le port est ouvert le 3 mai."),
    Pair(source="The ship is in the port.", target="Le navire est dans le port."),
]


def test_words_of_both_languages_tell_nothing() -> None:
    english, french = tell_tale([PAIRS])

    assert english == ["in", "is", "may", "on", "open", "ship", "the"]
    assert french == ["dans", "est", "le", "mai", "navire", "ouvert"]


def test_a_large_group_counts_no_more_than_a_small_one() -> None:
    laws = [Pair(source="port clause", target="article quai")] * 1_000
    news = [Pair(source="news quai", target="nouvelle port")]

    english, french = tell_tale([laws, news])

    assert english == ["clause", "news"]
    assert french == ["article", "nouvelle"]


def test_the_shipped_file_is_as_the_program_writes_it() -> None:
    rows = [
        line.split() for line in FILE.read_text(encoding="utf-8").splitlines() if line[0] != "#"
    ]

    assert [row[0] for row in rows] == ["en", "fr"]
    assert [len(row) - 1 for row in rows] == [WORDS, WORDS]
    assert all(row[1:] == sorted(set(row[1:])) for row in rows)
    assert not set(rows[0][1:]) & set(rows[1][1:])
