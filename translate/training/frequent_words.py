"""Makes `translate/frequent_words.txt`: the words by which English and French are told apart.

`python -m translate.training.frequent_words CORPUS > translate/frequent_words.txt` counts in the
training texts of the starter packages, of which each group counts as much as any other, and never
in what is held out. The same corpus gives the same file. (See `corpus.py` for what lies in it.)
"""

import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from .corpus import read_corpus
from .pairs import Pair

WORDS = 2_500
# So many times as frequent in its own language as in the other.
TIMES = 6.0
_WORD = re.compile(r"[^\W\d_]+")
_HEADER = (
    f"# The {WORDS:,} most frequent words of each language that are at least {TIMES:.0f} times as "
    "frequent in it as in\n# the other, counted in the training texts of the starter packages "
    "(translate/training/frequent_words.py)."
)
Shares = dict[str, float]


def tell_tale(groups: Iterable[Iterable[Pair]]) -> tuple[list[str], list[str]]:
    """The words that tell the two languages of the pairs apart, each list sorted."""
    source: Shares = {}
    target: Shares = {}
    for pairs in groups:
        counts: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        for pair in pairs:
            counts[0].update(_words(pair.source))
            counts[1].update(_words(pair.target))
        for shares, count in zip((source, target), counts, strict=True):
            total = count.total()
            for word, number in count.items():
                shares[word] = shares.get(word, 0.0) + number / total
    return _own(source, target), _own(target, source)


def _words(sentence: str) -> list[str]:
    return [word for word in _WORD.findall(sentence.lower()) if len(word) > 1]


def _own(here: Shares, there: Shares) -> list[str]:
    # By frequency, then by letters, so that the same texts give the same words.
    ranked = sorted(here.items(), key=lambda item: (-item[1], item[0]))
    found = (word for word, share in ranked if share >= TIMES * there.get(word, 0.0))
    return sorted(word for _, word in zip(range(WORDS), found, strict=False))


def main() -> None:
    """Print the file."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    corpus = read_corpus(Path(sys.argv[1]), "en", "fr", generated=0)
    english, french = tell_tale(corpus.groups.values())
    sys.stdout.write(f"{_HEADER}\nen {' '.join(english)}\nfr {' '.join(french)}\n")


if __name__ == "__main__":
    main()
