"""Runs the models: the only module that knows CTranslate2, SentencePiece and Argos' tokenizer."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

import ctranslate2
import sentencepiece

from translate.argos.catalogue import Catalogue
from translate.argos.package_folder import Package
from translate.errors import EngineFailed
from translate.sentences.batches import batch_size
from translate.sentences.decoding import Decoding, Output, Resources
from translate.turns import Turns

# Small models know 256 positions and fail past them; others cut silently at some length.
_MOST_INPUT = 200
_MOST_OUTPUT = 250
_PAUSES = (",", ";", ":", "،", "؛")


class _Tokenizer(Protocol):
    def encode(self, sentence: str) -> list[str]: ...

    def decode(self, tokens: Sequence[str]) -> str: ...


class _SentencePiece:
    """SentencePiece itself: underscores survive, as they do not in Argos' own decoder."""

    def __init__(self, path: Path) -> None:
        self._processor = sentencepiece.SentencePieceProcessor(model_file=str(path))

    def encode(self, sentence: str) -> list[str]:
        tokens: list[str] = self._processor.encode(sentence, out_type=str)
        return tokens

    def decode(self, tokens: Sequence[str]) -> str:
        text: str = self._processor.decode_pieces(list(tokens))
        return text.replace("\u2581", " ")


class _Bpe:
    """Argos' own tokenizer for the packages that came from OPUS models."""

    def __init__(self, path: Path, package: Package) -> None:
        # Only here: the import makes folders in the home of whoever runs it.
        from argostranslate.tokenizer import BPETokenizer

        self._tokenizer = BPETokenizer(path, package.from_code, package.to_code)

    def encode(self, sentence: str) -> list[str]:
        tokens: list[str] = self._tokenizer.encode(sentence)
        return tokens

    def decode(self, tokens: Sequence[str]) -> str:
        text: str = self._tokenizer.decode(list(tokens))
        return text


class _Model:
    """One loaded package."""

    def __init__(self, package: Package, workers: int) -> None:
        pieces = package.path / "sentencepiece.model"
        self.package = package
        try:
            self.tokenizer: _Tokenizer = (
                _SentencePiece(pieces)
                if pieces.exists()
                else _Bpe(package.path / "bpe.model", package)
            )
            self.translator: Any = ctranslate2.Translator(
                str(package.path / "model"),
                device="cpu",
                compute_type="int8",
                inter_threads=workers,
                intra_threads=1,
            )
        except (OSError, RuntimeError, ValueError) as error:
            raise EngineFailed(
                f"The package {package.from_code}-{package.to_code} cannot be loaded ({error}); "
                "see `rayak packages verify`"
            ) from error


class Engine:
    """Translators, one a pair and process, loaded at their first use and kept within a budget."""

    def __init__(self, folder: Path, resources: Resources | None = None) -> None:
        """Open a folder of packages; nothing is loaded yet."""
        self.catalogue = Catalogue(folder)
        self.resources = resources or Resources()
        self.workers = self.resources.workers or len(os.sched_getaffinity(0))
        self._lock = threading.Lock()
        self._loading: dict[str, threading.Lock] = {}
        self._models: OrderedDict[str, _Model] = OrderedDict()
        self.turns = Turns(self.resources.waiting)

    def loaded(self) -> list[Package]:
        """The packages in memory now, least recently used first."""
        with self._lock:
            return [m.package for m in self._models.values()]

    def turn(self) -> AbstractContextManager[None]:
        """A place in the bounded queue, held for the whole of one request; see `Turns.turn`.

        :raise EngineBusy: at once, when the queue is full.
        """
        return self.turns.turn()

    def translate(
        self,
        package: Package,
        sentences: Sequence[str],
        decoding: Decoding,
        *,
        hypotheses: int = 1,
        attention: bool = False,
    ) -> list[Iterator[Output]]:
        """Translate sentences in one go: sorted by length, cut into batches for all workers.

        :return: for each sentence its outputs, best first; at least one, at most `hypotheses`.
            They are put into words one by one, as they are asked for: most are never looked at.
        :raise EngineFailed: when the model cannot be loaded or run; nothing is returned then.
        """
        model = self._model(package)
        parts: list[list[str]] = []
        owners: list[int] = []
        for number, sentence in enumerate(sentences):
            tokens = model.tokenizer.encode(sentence) or [""]
            for part in _short_enough(tokens):
                parts.append(part)
                owners.append(number)
        if not parts:
            return []
        results = self._run(model, parts, decoding, hypotheses, attention)
        grouped: list[list[Iterator[Output]]] = [[] for _ in sentences]
        for owner, part, result in zip(owners, parts, results, strict=True):
            grouped[owner].append(_outputs(model, part, result))
        return [_joined(group) for group in grouped]

    def pieces(self, package: Package, word: str) -> int:
        """Of how many pieces of the package's vocabulary a word is made; a lone space is none.

        :raise EngineFailed: when the model cannot be loaded.
        """
        return len([t for t in self._model(package).tokenizer.encode(word) if t != "\u2581"])

    def _run(
        self,
        model: _Model,
        parts: list[list[str]],
        decoding: Decoding,
        hypotheses: int,
        attention: bool,
    ) -> list[Any]:
        batch = batch_size([len(p) for p in parts], self.workers, self.resources.batch_tokens)
        prefix = model.package.target_prefix
        try:
            results: list[Any] = model.translator.translate_batch(
                parts,
                target_prefix=[[prefix]] * len(parts) if prefix else None,
                max_batch_size=batch,
                batch_type="tokens",
                beam_size=max(decoding.beam_size, hypotheses),
                num_hypotheses=hypotheses,
                length_penalty=decoding.length_penalty,
                no_repeat_ngram_size=decoding.no_repeat_ngram,
                repetition_penalty=decoding.repetition_penalty,
                max_input_length=0,
                # The same for every call: what a sentence becomes must not hang on its neighbours.
                max_decoding_length=_MOST_OUTPUT,
                replace_unknowns=True,
                return_attention=attention,
            )
        except (RuntimeError, ValueError) as error:
            pair = f"{model.package.from_code}-{model.package.to_code}"
            raise EngineFailed(f"The package {pair} failed: {error}") from error
        return results

    def _model(self, package: Package) -> _Model:
        with self._lock:
            model = self._models.get(package.checksum)
            if model:
                self._models.move_to_end(package.checksum)
                return model
            loading = self._loading.setdefault(package.checksum, threading.Lock())
        # Eight first requests together load it once: seven wait here for the first.
        with loading:
            with self._lock:
                model = self._models.get(package.checksum)
            if model is None:
                model = _Model(package, self.workers)
                with self._lock:
                    self._make_room(package)
                    self._models[package.checksum] = model
        return model

    def _make_room(self, package: Package) -> None:
        """Forget models of the pair's older version, then the least recently used ones.

        One that is still translating lives until its call returns.
        """
        for key in [k for k, m in self._models.items() if m.package.pair == package.pair]:
            del self._models[key]
        while self._models and package.size + self._size() > self.resources.memory:
            self._models.popitem(last=False)

    def _size(self) -> int:
        return sum(m.package.size for m in self._models.values())


def _short_enough(tokens: list[str]) -> Iterator[list[str]]:
    """Cut a sentence of too many tokens at a pause, else before a word."""
    while len(tokens) > _MOST_INPUT:
        window = range(_MOST_INPUT, _MOST_INPUT // 2, -1)
        cut = next((i for i in window if tokens[i - 1].endswith(_PAUSES)), None)
        cut = cut or next((i for i in window if tokens[i].startswith("\u2581")), _MOST_INPUT)
        yield tokens[:cut]
        tokens = tokens[cut:]
    yield tokens


def _outputs(model: _Model, source: list[str], result: Any) -> Iterator[Output]:
    prefix = model.package.target_prefix
    for number, tokens in enumerate(result.hypotheses):
        rows = result.attention[number] if result.attention else None
        if prefix and tokens[:1] == [prefix]:
            tokens = tokens[1:]
            rows = rows[1:] if rows else None
        yield Output(
            text=model.tokenizer.decode(tokens).strip(),
            source_tokens=tuple(source),
            target_tokens=tuple(tokens),
            attention=tuple(tuple(r) for r in rows[: len(tokens)]) if rows else None,
        )


def _joined(parts: list[Iterator[Output]]) -> Iterator[Output]:
    """The outputs of a sentence that had to be cut for its length; its alignment is given up."""
    if len(parts) == 1:
        return parts[0]
    return iter([Output(" ".join(next(p).text for p in parts))])
