"""What can be seen to be wrong with a translated sentence without understanding it."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache

from translate.languages import UNSPACED, scripts
from translate.sentences.mask import addresses


class Flag(StrEnum):
    """One failed check; the names are those of the API and of the editors' pages."""

    NUMBER = "number"
    ADDRESS = "address"
    TERM = "term"
    REPETITION = "repetition"
    COPIED = "copied"
    LENGTH = "length"
    # The translation, or the sentence itself: what a package cannot read it makes something up for.
    SCRIPT = "script"
    # Letters of two scripts grown together in one word.
    MIXED = "mixed"
    # A name in capitals that the package does not know is not there any more.
    ACRONYM = "acronym"
    # The protected stretches got lost, so the sentence was translated in parts around them.
    FRAGMENTED = "fragmented"


# A digit group: 1,250,000 and 1 250 000 and 1.250.000 and 7,5 each as one.
_NUMBER = re.compile(r"\d+(?:[.,٫٬' \u00a0\u202f]\d{3})+(?![\d])(?:[.,٫]\d+)?|\d+(?:[.,٫]\d+)?")
# Signs beside a number, and the words that may stand for them.
_SIGNS = {
    "$": ("$", "dollar", "usd", "دولار"),
    "€": ("€", "euro", "eur", "يورو", "أورو"),
    "£": ("£", "pound", "livre", "sterling", "gbp", "جنيه", "إسترليني"),
    "¥": ("¥", "yen", "yuan", "jpy", "cny", "ين", "يوان"),
    "%": ("%", "٪", "percent", "per cent", "pour cent", "مئة", "مائة", "مئوي"),
}
_SIGNED = re.compile(r"([$€£¥])[\u00a0\u202f ]?\d|\d[\u00a0\u202f ]?([$€£¥%])")
_WORD = re.compile(r"[^\W\d_]+")
_RUNNING_WORD = re.compile(r"[^\s.,;:!?؟،؛…\"“”«»()\[\]–—]+")
_ONE_LETTER = re.compile(r"([^\W\d_])\1{11}")
_LONGEST_PHRASE = 8
_LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
# Greek, Cyrillic, Hebrew, Arabic without the stroke that joins it to other letters, Devanagari,
# Bengali: scripts whose words do not grow together with Latin ones, as Korean particles do.
_OTHERS = (
    "\u0370-\u052f\u05d0-\u05ea\u0620-\u063f\u0641-\u064a\u0671-\u06d3\u0750-\u077f\u0904-\u09e1"
)
_MIXED = re.compile(f"[{_LATIN}][{_OTHERS}]|[{_OTHERS}][{_LATIN}]")
# Share of letters that must be of the target's script; names may stay in another.
_SCRIPT_SHARE = 0.5


def check(
    source: str,
    target: str,
    source_language: str,
    target_language: str,
    terms: Iterable[str] = (),
) -> frozenset[Flag]:
    """Compare a sentence with its translation; `terms` must stand in the translation as they are.

    Never raises, whatever the texts are.
    """
    flags = set()
    terms = tuple(terms)
    if numbers(source) != numbers(target) or lost_sign(source, target, target_language):
        flags.add(Flag.NUMBER)
    if _addresses(source) != _addresses(target):
        flags.add(Flag.ADDRESS)
    if any(term not in target for term in terms):
        flags.add(Flag.TERM)
    if _repeats(target) and not _repeats(source):
        flags.add(Flag.REPETITION)
    if source_language != target_language and _is_copied(source, target):
        flags.add(Flag.COPIED)
    if _length_is_odd(source, target, {source_language, target_language}):
        flags.add(Flag.LENGTH)
    if _wrong_script(target, target_language) or _wrong_script(source, source_language):
        flags.add(Flag.SCRIPT)
    if _is_mixed(target, terms) and not _is_mixed(source, ()):
        flags.add(Flag.MIXED)
    return frozenset(flags)


def numbers(text: str) -> Counter[str]:
    """The numbers of a text, however grouped and in whatever digits: `1,250.5` is `1250.5`.

    A group of three digits after a separator is taken for thousands; addresses do not count.
    """
    return Counter(_normal_number(m.group()) for m in _NUMBER.finditer(_without_addresses(text)))


def _normal_number(written: str) -> str:
    digits = "".join(
        str(unicodedata.decimal(c)) if c.isdecimal() else c
        for c in written.replace("٫", ".").replace("٬", ",")
    )
    parts = re.split(r"[.,' \u00a0\u202f]", digits)
    whole, rest = parts[0], parts[1:]
    separators = re.findall(r"[.,' \u00a0\u202f]", digits)
    while rest and len(rest[0]) == 3 and (len(rest) > 1 or separators[0] not in ".," or whole):
        # The last group behind another separator is a fraction: 1.250,500
        if len(rest) == 1 and len(parts) > 2 and separators[-1] != separators[0]:
            break
        whole += rest.pop(0)
    fraction = "".join(rest).rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole


def lost_sign(source: str, target: str, target_language: str) -> bool:
    """Whether dollars are no dollars any more, or percents no percents."""
    if target_language not in ("en", "fr", "ar"):
        return False
    signs = {sign for m in _SIGNED.finditer(source) for sign in m.groups() if sign}
    small = target.lower()
    return any(all(form not in small for form in _SIGNS[sign]) for sign in signs)


def _addresses(text: str) -> Counter[str]:
    return Counter(text[start:end] for start, end in addresses(text))


def _without_addresses(text: str) -> str:
    bare = text
    for start, end in reversed(addresses(text)):
        bare = f"{bare[:start]} {bare[end:]}"
    return bare


def _repeats(text: str) -> bool:
    """A run of the same words: one word four times, or two to eight words twice.

    Of 120,000 human translations into French and as many into Arabic none says a phrase twice.
    Case and the punctuation between do not matter; twelve times the same letter is a run too.
    """
    if _ONE_LETTER.search(text):
        return True
    words = _RUNNING_WORD.findall(text.lower())
    for size in range(1, min(_LONGEST_PHRASE, len(words) // 2) + 1):
        needed = 3 if size == 1 else size
        run = 0
        for word, earlier in zip(words[size:], words, strict=False):
            run = run + 1 if word == earlier else 0
            if run >= needed:
                return True
    return False


def _is_copied(source: str, target: str) -> bool:
    """The sentence came back as it was; names and single words may."""
    words = _WORD.findall(source)
    return len(words) >= 3 and source.strip().casefold() == target.strip().casefold()


def _length_is_odd(source: str, target: str, languages: set[str]) -> bool:
    # Letters: punctuation left where words were lost must not pass for a translation.
    a, b = _letters(source), _letters(target)
    if not b:
        return a > 0 or (not target.strip() and bool(source.strip()))
    # Short labels differ by whole words, and scripts without spaces are denser.
    slack = 12 if not languages & UNSPACED else 30
    longest = 4.0 if languages & UNSPACED else 2.5
    return b > longest * a + slack or a > longest * b + slack


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _wrong_script(target: str, language: str) -> bool:
    letters = [c for c in _without_addresses(target) if c.isalpha()]
    if len(letters) < 8:
        return False
    wanted = scripts(language)
    fitting = sum(_script(c) in wanted for c in letters)
    return fitting < _SCRIPT_SHARE * len(letters)


def _is_mixed(text: str, terms: Iterable[str]) -> bool:
    """Whether a word is half of one script and half of another; particles may join the terms."""
    if not _MIXED.search(text):
        return False
    for term in terms:
        text = text.replace(term, " ") if term else text
    return bool(_MIXED.search(_without_addresses(text)))


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    """The script of a letter, as its Unicode name begins."""
    return re.split("[ -]", unicodedata.name(letter, ""), maxsplit=1)[0]
