"""Detection of short texts beside other libraries, on beginnings of sentences in en, fr and ar.

Ours is measured in the project's environment. The others are no dependency of the project: run the
file with the Python of an environment that has them, and whichever can be imported take part:
`OTHER/bin/python -m tests.benchmarks.detection`. Each is told to choose among the three languages
where it can be told.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from translate.detect import UNSURE, detect

ROOT = Path(__file__).resolve().parent.parent.parent
HELD_OUT = ROOT / "translate" / "starter" / "held-out.jsonl"
LANGUAGES = ("en", "fr", "ar")
LENGTHS = (1, 2, 3, 5, 10)

# Gives a language's code, or another value for none.
Detector = Callable[[str], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The beginning of a sentence, and its language."""

    text: str
    language: str


def run(say: Callable[[str], None]) -> None:
    """One table of right answers, one of how honest our confidence is."""
    detectors = _detectors()
    say("\n## Detection: share of right answers by length of text\n")
    say(f"| words | texts | {' | '.join(detectors)} |\n|---|---|{'---|' * len(detectors)}")
    spent = dict.fromkeys(detectors, 0.0)
    number = 0
    for words in LENGTHS:
        samples = _samples(words)
        number += len(samples)
        shares = []
        for name, detector in detectors.items():
            begin = time.perf_counter()
            right = sum(detector(s.text) == s.language for s in samples)
            spent[name] += time.perf_counter() - begin
            shares.append(f"{right / len(samples):.3f}")
        say(f"| {words} | {len(samples)} | {' | '.join(shares)} |")
    micro = (f"{seconds / number * 1e6:.0f}" for seconds in spent.values())
    say(f"| µs a text | | {' | '.join(micro)} |")
    say("\n| words | we are sure | of these right | unsure, and right all the same |")
    say("|---|---|---|---|")
    for words in LENGTHS:
        _honesty(words, _samples(words), say)


def _honesty(words: int, samples: list[Sample], say: Callable[[str], None]) -> None:
    sure: list[bool] = []
    unsure: list[bool] = []
    for sample in samples:
        found = detect(sample.text, LANGUAGES)[0]
        side = sure if found.confidence >= UNSURE else unsure
        side.append(found.language == sample.language)
    of_sure = f"{sum(sure) / len(sure):.3f}" if sure else ""
    of_unsure = f"{sum(unsure) / len(unsure):.3f}" if unsure else ""
    say(f"| {words} | {len(sure) / len(samples):.2f} | {of_sure} | {of_unsure} |")


def _samples(words: int) -> list[Sample]:
    """The first words of each held-out sentence, without repeats; shorter ones are left out."""
    found: dict[str, Sample] = {}
    for line in HELD_OUT.read_text(encoding="utf-8").splitlines():
        triple = json.loads(line)
        for language in LANGUAGES:
            beginning = triple[language].split()[:words]
            text = " ".join(beginning)
            if len(beginning) == words and any(c.isalpha() for c in text):
                found.setdefault(text, Sample(text=text, language=language))
    return list(found.values())


def _detectors() -> dict[str, Detector]:
    found: dict[str, Detector] = {"Rayak": lambda text: detect(text, LANGUAGES)[0].language}
    for name, make in _OTHERS.items():
        try:
            found[name] = make()
        except ModuleNotFoundError:
            continue
    return found


def _lingua() -> Detector:
    lingua: Any = import_module("lingua")
    codes = [getattr(lingua.IsoCode639_1, code.upper()) for code in LANGUAGES]
    detector = lingua.LanguageDetectorBuilder.from_iso_codes_639_1(*codes).build()

    def language(text: str) -> str | None:
        one = detector.detect_language_of(text)
        return one.iso_code_639_1.name.lower() if one else None

    return language


def _langdetect() -> Detector:
    langdetect: Any = import_module("langdetect")
    langdetect.DetectorFactory.seed = 0

    def language(text: str) -> str | None:
        try:
            found = langdetect.detect_langs(text)
        except langdetect.LangDetectException:
            return None
        return next((f.lang for f in found if f.lang in LANGUAGES), None)

    return language


def _langid() -> Detector:
    langid: Any = import_module("py3langid")
    langid.set_languages(list(LANGUAGES))
    return lambda text: str(langid.classify(text)[0])


def _cld2() -> Detector:
    cld2: Any = import_module("pycld2")

    def language(text: str) -> str | None:
        found = cld2.detect(text, bestEffort=True)[2]
        return next((code for _, code, _, _ in found if code in LANGUAGES), None)

    return language


_OTHERS: dict[str, Callable[[], Detector]] = {
    "lingua": _lingua,
    "langdetect": _langdetect,
    "py3langid": _langid,
    "cld2": _cld2,
}


if __name__ == "__main__":
    run(print)
