"""Our translation beside Argos Translate's own and the bare model, on the same package and texts.

The texts are our sample articles; the references are our own reviewed translations of them. Argos
Translate splits sentences with a model that must be downloaded: here it gets our splitter instead,
which is quicker than its own, so that the comparison needs no network and favours it. A running
LibreTranslate server takes part when LIBRETRANSLATE_URL names it.
"""

from __future__ import annotations

import json
import logging
import os
import resource
import statistics
import tempfile
import time
import tomllib
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import ctranslate2
import sacrebleu
import sentencepiece

from translate import packages
from translate.decoding import Decoding
from translate.engine import Engine
from translate.package_folder import Package
from translate.service import TranslationService
from translate.text import split

ROOT = Path(__file__).resolve().parent.parent.parent
LENGTHS = (5, 20, 60)
ROUNDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One paragraph and a person's translation of it."""

    source: str
    reference: str


def run(say: Callable[[str], None]) -> None:
    """One table a target language."""
    with tempfile.TemporaryDirectory() as folder:
        for file in sorted((ROOT / "translate" / "starter").glob("*.argosmodel")):
            package = packages.install(file, Path(folder))
            if package.from_code == "en":
                _table(package, Path(folder), say)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    say(f"\nPeak memory of all together in one process: {peak} MiB.")


def _table(package: Package, folder: Path, say: Callable[[str], None]) -> None:
    paragraphs = _paragraphs(package.to_code)
    rivals: dict[str, Callable[[str], str]] = {
        "Argos Translate": _argos(package),
        "bare CTranslate2, all sentences in one call": _bare(package),
        "Rayak": _ours(folder, package),
    }
    if server := os.environ.get("LIBRETRANSLATE_URL"):
        rivals["LibreTranslate"] = _libretranslate(server, package)
    say(
        f"\n## Translation {package.from_code}-{package.to_code}, package {package.version}, beam 4"
    )
    say("\n| text | with | s | sentences/s | words/s | against Argos | BLEU | chrF |")
    say("|---|---|---|---|---|---|---|---|")
    for length in LENGTHS:
        chosen = paragraphs[:length]
        text = "\n\n".join(p.source for p in chosen)
        baseline = 0.0
        for name, (seconds, output) in _timed(rivals, text).items():
            baseline = baseline or seconds
            bleu, chrf = _quality(output, chosen)
            sentences = sum(p.sentence for p in split(text, "en"))
            say(
                f"| {len(chosen)} paragraphs | {name} | {seconds:.2f} | {sentences / seconds:.1f} "
                f"| {len(text.split()) / seconds:.0f} | {baseline / seconds:.1f}x "
                f"| {bleu:.1f} | {chrf:.1f} |"
            )
        service = TranslationService(Engine(folder))
        service.translate([text], "en", package.to_code)
        begin = time.perf_counter()
        service.translate([text], "en", package.to_code)
        seconds = time.perf_counter() - begin
        say(
            f"| {len(chosen)} paragraphs | Rayak, from memory | {seconds:.4f} | | "
            f"| {baseline / seconds:.0f}x | | |"
        )


def _paragraphs(language: str) -> list[Paragraph]:
    found = []
    for path in sorted((ROOT / "translate" / "samples").glob("*.toml")):
        texts = tomllib.loads(path.read_text(encoding="utf-8"))["text"]
        if "en" in texts and language in texts:
            bodies = (texts[c]["body"].strip().split("\n\n") for c in ("en", language))
            found += [Paragraph(source=s, reference=r) for s, r in zip(*bodies, strict=True)]
    return found


def _timed(rivals: dict[str, Callable[[str], str]], text: str) -> dict[str, tuple[float, str]]:
    """For each the median of some rounds, and what it said; the first round loads the models.

    They take turns, so that what else the machine does hits all alike. Before each turn comes
    another text: LibreTranslate keeps the last one's paragraphs.
    """
    times: dict[str, list[float]] = {name: [] for name in rivals}
    outputs: dict[str, str] = {}
    for number in range(ROUNDS + 1):
        for name, translate in rivals.items():
            translate(f"Something else, number {number}.")
            begin = time.perf_counter()
            outputs[name] = translate(text)
            if number:
                times[name].append(time.perf_counter() - begin)
    return {name: (statistics.median(times[name]), outputs[name]) for name in rivals}


def _quality(output: str, chosen: list[Paragraph]) -> tuple[float, float]:
    lines = [line for line in output.split("\n") if line.strip()]
    references = [[p.reference for p in chosen]]
    if len(lines) != len(chosen):
        raise RuntimeError(f"{len(chosen)} paragraphs in, {len(lines)} out")
    bleu = sacrebleu.corpus_bleu(lines, references).score
    return bleu, sacrebleu.corpus_chrf(lines, references).score


def _ours(folder: Path, package: Package) -> Callable[[str], str]:
    engine = Engine(folder)

    def translate(text: str) -> str:
        # A service of its own each time: nothing is remembered from the round before.
        service = TranslationService(engine, Decoding())
        return service.translate([text], package.from_code, package.to_code)[0].text

    return translate


def _bare(package: Package) -> Callable[[str], str]:
    translator = ctranslate2.Translator(
        str(package.path / "model"), inter_threads=2, intra_threads=1, compute_type="int8"
    )
    processor = sentencepiece.SentencePieceProcessor(
        model_file=str(package.path / "sentencepiece.model")
    )

    def translate(text: str) -> str:
        pieces = split(text, package.from_code)
        sentences = [p.text for p in pieces if p.sentence]
        results = translator.translate_batch(
            processor.encode(sentences, out_type=str),
            max_batch_size=1024,
            batch_type="tokens",
            beam_size=4,
            length_penalty=0.2,
        )
        outputs = iter(processor.decode_pieces(r.hypotheses[0]) for r in results)
        return "".join(next(outputs) if p.sentence else p.text for p in pieces)

    return translate


def _libretranslate(server: str, package: Package) -> Callable[[str], str]:
    """A LibreTranslate server that was started with the same packages."""

    def translate(text: str) -> str:
        body = {"q": text, "source": package.from_code, "target": package.to_code}
        request = urllib.request.Request(  # noqa: S310 -- the address is the developer's own
            server.rstrip("/") + "/translate",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=600) as answer:  # noqa: S310 -- as above
            return str(json.load(answer)["translatedText"])

    return translate


def _argos(package: Package) -> Callable[[str], str]:
    from argostranslate.package import Package as ArgosPackage
    from argostranslate.translate import Language, PackageTranslation

    logging.disable(logging.INFO)
    languages = [Language(c, c) for c in package.pair]
    translation: Any = PackageTranslation(*languages, ArgosPackage(package.path))
    translation.sentencizer = SimpleNamespace(
        split_sentences=lambda text: [p.text for p in split(text, package.from_code) if p.sentence]
    )
    return lambda text: str(translation.translate(text))
