"""Our translation beside Argos Translate's own and the bare model, on the same package and texts.

The texts are our sample articles; the references are our own reviewed translations of them. A
running LibreTranslate server, started with the same packages, takes part when LIBRETRANSLATE_URL
names it (and its memory is printed when LIBRETRANSLATE_PID names its process); then `rayak serve`
does so too, over the same network.
"""

from __future__ import annotations

import os
import tempfile
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import sacrebleu

from tests.benchmarks import contestants
from tests.benchmarks.contestants import BEAM, Contestant, OurServer, Pair, Server, Turn
from translate.argos import packages
from translate.text import split

ROOT = Path(__file__).resolve().parent.parent.parent
LENGTHS = (5, 20, 60)
ROUNDS = 5
# A slow contestant gets fewer turns at one text.
SECONDS_A_TEXT = 12.0
MEASURE = "Argos Translate, `ARGOS_INTRA_THREADS=1`"


class Translator(Protocol):
    """Who takes part: the seconds to its first result, its turns, and its peak memory in MiB."""

    first: float

    def forget(self) -> None: ...

    def translate(self, text: str) -> Turn: ...

    def end(self) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One paragraph and a person's translation of it."""

    source: str
    reference: str


def run(say: Callable[[str], None]) -> None:
    """Two tables a target language: speed and quality, then start and memory."""
    for file in sorted((ROOT / "translate" / "starter").glob("*.argosmodel")):
        metadata = packages.inspect(file)
        if metadata.from_code == "en":
            with tempfile.TemporaryDirectory() as folder:
                packages.install(file, Path(folder) / "packages")
                pair = Pair(source="en", target=metadata.to_code, folder=Path(folder) / "packages")
                say(f"\n## Translation en-{pair.target}, {metadata.version}, beam {BEAM}\n")
                _tables(pair, Path(folder), say)


def _tables(pair: Pair, folder: Path, say: Callable[[str], None]) -> None:
    paragraphs = _paragraphs(pair.target)
    everybody = _everybody(pair, folder)
    say("| text | with | s | sentences/s | words/s | against Argos | BLEU | chrF |")
    say("|---|---|---|---|---|---|---|---|")
    for length in LENGTHS:
        chosen = paragraphs[:length]
        text = "\n\n".join(p.source for p in chosen)
        sentences = sum(p.sentence for p in split(text, pair.source))
        turns = _best(everybody, text)
        for name, turn in turns.items():
            bleu, chrf = _quality(turn.text, chosen)
            say(
                f"| {len(chosen)} paragraphs | {name} | {turn.seconds:.3g} "
                f"| {sentences / turn.seconds:.1f} | {len(text.split()) / turn.seconds:.0f} "
                f"| {turns[MEASURE].seconds / turn.seconds:.2g}x | {bleu:.1f} | {chrf:.1f} |"
            )
    say("\n| with | first sentence, s | peak memory, MiB |\n|---|---|---|")
    for name, translator in everybody.items():
        say(f"| {name} | {translator.first:.2f} | {translator.end() or ''} |")


def _everybody(pair: Pair, folder: Path) -> dict[str, Translator]:
    single = {"ARGOS_INTRA_THREADS": "1"}
    found: dict[str, Translator] = {
        "Argos Translate, its default threads": Contestant(contestants.argos, pair),
        MEASURE: Contestant(contestants.argos, pair, single),
        "bare CTranslate2": Contestant(contestants.bare, pair),
        "Rayak": Contestant(contestants.rayak, pair),
        "Rayak, from memory": Contestant(contestants.rayak_from_memory, pair),
    }
    if address := os.environ.get("LIBRETRANSLATE_URL"):
        process = os.environ.get("LIBRETRANSLATE_PID")
        found["LibreTranslate, server"] = Server(address, pair, process)
        found["Rayak, server"] = OurServer(pair, folder / "data")
    return found


def _best(everybody: Mapping[str, Translator], text: str) -> dict[str, Turn]:
    """For each the quickest of some turns: what else the machine does only ever adds.

    They take turns, so that it hits all alike; the first round is not counted.
    """
    best: dict[str, Turn] = {}
    spent = dict.fromkeys(everybody, 0.0)
    for number in range(ROUNDS + 1):
        for name, translator in everybody.items():
            if number > 1 and spent[name] > SECONDS_A_TEXT:
                continue
            translator.forget()
            turn = translator.translate(text)
            spent[name] += turn.seconds
            if number == 0:
                continue
            if name not in best or turn.seconds < best[name].seconds:
                best[name] = turn
    return best


def _paragraphs(language: str) -> list[Paragraph]:
    found = []
    for path in sorted((ROOT / "translate" / "samples").glob("*.toml")):
        texts = tomllib.loads(path.read_text(encoding="utf-8"))["text"]
        if "en" in texts and language in texts:
            bodies = (texts[c]["body"].strip().split("\n\n") for c in ("en", language))
            found += [Paragraph(source=s, reference=r) for s, r in zip(*bodies, strict=True)]
    return found


def _quality(output: str, chosen: list[Paragraph]) -> tuple[float, float]:
    lines = [line for line in output.split("\n") if line.strip()]
    references = [[p.reference for p in chosen]]
    if len(lines) != len(chosen):
        raise RuntimeError(f"{len(chosen)} paragraphs in, {len(lines)} out")
    bleu = sacrebleu.corpus_bleu(lines, references).score
    return bleu, sacrebleu.corpus_chrf(lines, references).score
