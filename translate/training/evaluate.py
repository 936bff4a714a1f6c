"""Score a package against a reference: `python -m translate.training.evaluate PACKAGE SOURCE REF`.

SOURCE and REFERENCE are text files of one sentence a line, or one .jsonl file given twice whose
keys are language codes. Needs sacrebleu; uses CTranslate2 alone, one core, int8, beam 4.
"""

import argparse
import json
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import ctranslate2
import sentencepiece

_BEAM = 4
_BATCH_TOKENS = 2_048


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """BLEU and chrF as sacreBLEU counts them; speed in source words a second."""

    sentences: int
    bleu: float
    chrf: float
    words_per_second: float
    repeated: float
    """Share of sentences with a repetition that the source has not, see `repeats`."""
    repeated_runs: float
    """Share of four-word runs of the translations that their own sentence had before."""
    repeated_runs_of_reference: float


def translate_all(package: Path, sentences: Sequence[str], threads: int = 1) -> list[str]:
    """Translate with a packed or unpacked `package`, in the order of `sentences`."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = _unpacked(package, Path(scratch))
        processor = sentencepiece.SentencePieceProcessor(
            model_file=str(folder / "sentencepiece.model")
        )
        translator = ctranslate2.Translator(
            str(folder / "model"), device="cpu", compute_type="int8", intra_threads=threads
        )
        results = translator.translate_batch(
            processor.encode(list(sentences), out_type=str),
            beam_size=_BEAM,
            max_batch_size=_BATCH_TOKENS,
            batch_type="tokens",
        )
    return ["".join(result.hypotheses[0]).replace("▁", " ").strip() for result in results]


def evaluate(package: Path, sources: Sequence[str], references: Sequence[str]) -> Score:
    """Translate `sources` and compare with `references`."""
    import sacrebleu

    began = time.perf_counter()
    translations = translate_all(package, sources)
    seconds = time.perf_counter() - began
    return Score(
        sentences=len(sources),
        bleu=sacrebleu.corpus_bleu(translations, [list(references)]).score,
        chrf=sacrebleu.corpus_chrf(translations, [list(references)]).score,
        words_per_second=sum(len(source.split()) for source in sources) / seconds,
        repeated=sum(map(repeats, sources, translations)) / max(len(sources), 1),
        repeated_runs=repeated_runs(translations),
        repeated_runs_of_reference=repeated_runs(references),
    )


def repeats(source: str, translation: str, size: int = 3) -> bool:
    """Whether `size` words in a row come twice in the translation and not so in the source."""
    return _most(translation, size) > max(1, _most(source, size))


def repeated_runs(sentences: Sequence[str], size: int = 4) -> float:
    """Share of runs of `size` words that stand earlier in the same sentence already."""
    counts = [_runs(sentence, size) for sentence in sentences]
    total = sum(map(Counter.total, counts))
    return (total - sum(map(len, counts))) / max(total, 1)


def _most(text: str, size: int) -> int:
    return max(_runs(text, size).values(), default=0)


def _runs(text: str, size: int) -> Counter[tuple[str, ...]]:
    words = text.split()
    return Counter(tuple(words[i : i + size]) for i in range(len(words) - size + 1))


def _unpacked(package: Path, scratch: Path) -> Path:
    """The folder that holds metadata.json."""
    if package.is_dir():
        return package
    with zipfile.ZipFile(package) as archive:
        archive.extractall(scratch)
    return next(scratch.glob("*/metadata.json")).parent


def _lines(path: Path, code: str) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)[code] for line in lines] if path.suffix == ".jsonl" else lines


def _codes(package: Path) -> tuple[str, str]:
    with tempfile.TemporaryDirectory() as scratch:
        metadata = json.loads(
            (_unpacked(package, Path(scratch)) / "metadata.json").read_text("utf-8")
        )
    return metadata["from_code"], metadata["to_code"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one line a figure."""
    parser = argparse.ArgumentParser(prog="python -m translate.training.evaluate")
    parser.add_argument("package", type=Path)
    parser.add_argument("source", type=Path)
    parser.add_argument("reference", type=Path)
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N translations")
    given = parser.parse_args(arguments)
    source_code, target_code = _codes(given.package)
    sources = _lines(given.source, source_code)
    references = _lines(given.reference, target_code)
    if len(sources) != len(references) or not sources:
        parser.error(f"{len(sources)} source lines and {len(references)} reference lines")
    score = evaluate(given.package, sources, references)
    out = sys.stdout
    out.write(f"sentences              {score.sentences}\n")
    out.write(f"BLEU                   {score.bleu:.1f}\n")
    out.write(f"chrF                   {score.chrf:.1f}\n")
    out.write(f"source words a second  {score.words_per_second:.0f}\n")
    out.write(f"sentences that repeat  {score.repeated:.1%}\n")
    out.write(
        f"repeated 4-word runs   {score.repeated_runs:.2%} "
        f"(reference {score.repeated_runs_of_reference:.2%})\n"
    )
    if given.show:
        shown = sources[: given.show]
        for text, translation in zip(shown, translate_all(given.package, shown), strict=True):
            out.write(f"\n{text}\n{translation}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
