"""A headline in capitals as the sentence it would have been."""

from __future__ import annotations

import re

from translate.sentences.acronyms import Pieces, bodies

_WORD = re.compile(r"[^\W\d_]+")
_VOWELS = frozenset("aeiouyàâäéèêëîïôöùûüÿœæ")


def in_sentence_case(headline: str, language: str, pieces: Pieces) -> str:
    """The headline in small letters, with capitals where its words have them.

    A vocabulary knows a name or an acronym best as it is written in running text: "Rabat" is one
    piece, "rabat" is three. So each word is written in the way that takes the fewest pieces.
    """
    written = _WORD.sub(lambda m: _written(m.group(), language, pieces), headline)
    first = next((i for i, c in enumerate(written) if c.isalpha()), 0)
    large = written[first : first + 1].upper()
    return f"{written[:first]}{large}{written[first + 1 :]}" if len(large) == 1 else written


def _written(word: str, language: str, pieces: Pieces) -> str:
    small = word.lower()
    if len(small) != len(word):
        # The names that are found in the sentence are places of the headline: İ is two in small.
        return word
    if len(word) == 1:
        return small
    is_word = pieces(small) == 1 and len(word) > 2
    no_word = len(word) > 2 and not _VOWELS & set(small)
    if (word in bodies(language) and not is_word) or no_word:
        return word
    return min((small, word.capitalize(), word), key=pieces)
