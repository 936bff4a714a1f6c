"""Copies of pairs with the surface changed as news pages change it: capitals, stops, addresses.

What a model should leave alone (a web address, a code, a placeholder) or see through (a headline
in capitals) it learns from these; no rule is applied at translation time.
"""

import random
import re
import string
from collections.abc import Sequence

from .pairs import Pair

_SMALL = frozenset(
    ("of", "the", "a", "an", "and", "in", "on", "at", "for", "to", "with", "by", "from")
)
_PATH = (
    "news", "education", "culture", "science", "report", "events", "media", "contact", "about",
    "en", "fr", "ar", "files", "2024", "2025", "2026", "index", "library", "press", "forum", "data",
)  # fmt: skip
_MARKS = "\u064b\u064b\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0651\u0651\u0652"
_EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_SAME = re.compile(r"\d[\d.,]*\d|\d|\b[A-Z][A-Za-z-]*[A-Za-z]\b")


def as_printed(pair: Pair, source: str, random: random.Random) -> Pair:
    """Half of the sources get the apostrophes and quotation marks of printed text, and a quarter of
    the Arabic ones some vowel marks: the corpus has none, readers' texts have a few.
    """
    if source == "ar" and random.random() < 0.25:
        return Pair(source=_with_vowel_marks(pair.source, random), target=pair.target)
    return pair if random.random() < 0.5 else _with_curly_quotes(pair)


def _with_vowel_marks(text: str, random: random.Random) -> str:
    share = random.choice((0.02, 0.05, 0.3))
    return "".join(
        letter + (random.choice(_MARKS) if "ء" <= letter <= "ي" and random.random() < share else "")
        for letter in text
    )


def _with_curly_quotes(pair: Pair) -> Pair:
    source = pair.source.replace("'", "’")
    parts = source.split('"')
    if len(parts) % 2:
        marks = ("“", "”")
        source = parts[0] + "".join(marks[i % 2] + part for i, part in enumerate(parts[1:]))
    return Pair(source=source, target=pair.target)


def variants(pairs: Sequence[Pair], source: str, target: str, random: random.Random) -> list[Pair]:
    """At most one variant of each pair; `source` and `target` are language codes."""
    found = (_variant(pair, source, target, random) for pair in pairs)
    return [pair for pair in found if pair is not None]


def _variant(pair: Pair, source: str, target: str, random: random.Random) -> Pair | None:
    words = len(pair.source.split())
    chance = random.random()
    if words >= 30:
        return None
    if chance < 0.15:
        return _without_stop(pair)
    if chance < 0.42 and source == "ar":
        return _with_eastern_digits(pair)
    if chance < 0.28:
        return _in_capitals(pair, target) if words < 20 else None
    if chance < 0.42:
        return _title_case(pair) if source == "en" and 2 < words < 16 else None
    if chance < 0.72:
        return _with_placeholders(pair, random)
    return _with_inserted(pair, source, target, random)


def _without_stop(pair: Pair) -> Pair | None:
    if not (pair.source.endswith(".") and pair.target.endswith(".")):
        return None
    return Pair(source=pair.source[:-1], target=pair.target[:-1])


def _in_capitals(pair: Pair, target: str) -> Pair:
    translation = pair.target if target == "ar" else pair.target.upper()
    return Pair(source=pair.source.upper(), target=translation)


def _with_eastern_digits(pair: Pair) -> Pair | None:
    """Arabic text of the East writes digits of its own; the translation keeps ours."""
    source = pair.source.translate(_EASTERN)
    return None if source == pair.source else Pair(source=source, target=pair.target)


def _title_case(pair: Pair) -> Pair:
    words = pair.source.rstrip(".").split()
    titled = [
        word if i and word in _SMALL else word[:1].upper() + word[1:]
        for i, word in enumerate(words)
    ]
    return Pair(source=" ".join(titled), target=pair.target.rstrip("."))


def _with_placeholders(pair: Pair, random: random.Random) -> Pair | None:
    """Numbers and names that are the same on both sides become `{0}`, `{1}`, as masking writes."""
    source, target = pair.source, pair.target
    shared = [
        token
        for token in dict.fromkeys(_SAME.findall(source))
        if source.count(token) == target.count(token) == 1 and len(token) > 1
    ]
    if not shared:
        return None
    chosen = random.sample(shared, min(len(shared), random.choice((1, 1, 1, 2))))
    chosen.sort(key=source.index)
    for number, token in enumerate(chosen):
        if source.count(token) != 1 or target.count(token) != 1:
            return None  # part of a placeholder that was just written
        source = source.replace(token, f"{{{number}}}")
        target = target.replace(token, f"{{{number}}}")
    return Pair(source=source, target=target)


def _with_inserted(
    pair: Pair, source_code: str, target_code: str, random: random.Random
) -> Pair | None:
    """An address, code or placeholder at the end, at the start, in brackets or by itself."""
    token = _token(random)
    source, target = pair.source, pair.target
    stop = source.endswith(".") and target.endswith(".")
    asked, given = (" :" if code == "fr" else ":" for code in (source_code, target_code))
    chance = random.random()
    if chance < 0.3:
        return Pair(source=f"{source} {token}", target=f"{target} {token}")
    if chance < 0.5:
        return Pair(source=f"{source} ({token})", target=f"{target} ({token})")
    if chance < 0.65:
        return Pair(source=f"{token} {source}", target=f"{token} {target}")
    if chance < 0.8:
        if not stop:
            return None
        return Pair(
            source=f"{source[:-1]}{asked} {token}.", target=f"{target[:-1]}{given} {token}."
        )
    if chance < 0.9:
        if not stop:
            return None
        return Pair(source=f"{source[:-1]} {token}.", target=f"{target[:-1]} {token}.")
    return Pair(source=token, target=token)


def _token(random: random.Random) -> str:
    chance = random.random()
    if chance < 0.35:
        return _address(random)
    if chance < 0.75:
        return f"{{{random.choice((0, 0, 0, 1, 1, 2, 3))}}}"
    if chance < 0.85:
        return random.choice(("[{0}]", "#{0}", "<{0}>")).format(random.randint(0, 20))
    if chance < 0.95:
        parts = random.randint(2, 3)
        return "-".join(
            random.choice(
                (_letters(random, string.ascii_uppercase, 2, 4), str(random.randint(1, 2030)))
            )
            for _ in range(parts)
        )
    return random.choice(("{name}", "%s", "%d", "{count}", "%(name)s", "{title}", "{organisation}"))


def _address(random: random.Random) -> str:
    host = _letters(random, string.ascii_lowercase, 3, 9) + random.choice(
        (".org", ".int", ".com", ".example", ".net", ".ma", ".info")
    )
    chance = random.random()
    if chance < 0.25:
        return _letters(random, string.ascii_lowercase, 3, 8) + "@" + host
    if chance < 0.4:
        return random.choice(("www.", "")) + host
    path = "".join("/" + random.choice(_PATH) for _ in range(random.randint(0, 3)))
    end = random.choice(("", "/", ".html", f"?id={random.randint(1, 9999)}"))
    return f"https://{random.choice(('www.', '', ''))}{host}{path}{end}"


def _letters(random: random.Random, alphabet: str, least: int, most: int) -> str:
    return "".join(random.choices(alphabet, k=random.randint(least, most)))
