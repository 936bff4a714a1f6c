"""The SentencePiece vocabulary, one for both languages of a pair."""

import hashlib
import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import sentencepiece

BOS, PAD, EOS, UNKNOWN = 0, 1, 2, 3
"""Ids of the special pieces; CTranslate2 configurations written by `package` rely on them."""

# Characters that a small sample may lack and a news site will need.
_ALWAYS = (
    "0123456789$€£¥%‰§@#&*+=<>/\\|_~^{}[]()⟦⟧«»“”‘’„…–—-•·°²³½×"
    "ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŒÆàâäçéèêëîïôöùûüÿœæñÑáíóúãõåøßšžčćğışİŞĞłńőř"
)
_ALWAYS_IN = {"ar": "،؛؟ـآأؤإئىةء\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652٠١٢٣٤٥٦٧٨٩"}


def train_vocabulary(
    sentences: Iterable[str], path: Path, *, size: int, languages: Sequence[str]
) -> None:
    """Learn about `size` pieces from `sentences`; `path` is written whole or not at all.

    Digits are pieces of their own: numbers are copied digit by digit, none is learned by heart.
    """
    required = _ALWAYS + "".join(_ALWAYS_IN.get(code, "") for code in languages)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        prefix = Path(folder, "vocabulary")
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(sentences),
            model_prefix=str(prefix),
            vocab_size=size,
            hard_vocab_limit=False,
            character_coverage=0.9999,
            bos_id=BOS,
            pad_id=PAD,
            eos_id=EOS,
            unk_id=UNKNOWN,
            num_threads=os.cpu_count() or 1,
            normalization_rule_name="nmt_nfkc",
            split_digits=True,
            required_chars="".join(dict.fromkeys(required)),
            max_sentence_length=8192,
            minloglevel=2,
        )
        prefix.with_suffix(".model").replace(path)


class Vocabulary:
    """Sentences to ids and back."""

    def __init__(self, path: Path) -> None:
        self._processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
        self.path = path

    def __len__(self) -> int:
        return int(self._processor.get_piece_size())

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the model file: weights fit only the vocabulary they were trained with."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    def pieces(self) -> list[str]:
        """Every piece, at its id."""
        return [str(self._processor.id_to_piece(i)) for i in range(len(self))]

    def encode(self, sentences: Sequence[str]) -> list[list[int]]:
        """Ids of each sentence, without begin and end."""
        ids: list[list[int]] = self._processor.encode(list(sentences))
        return ids

    def id_of(self, piece: str) -> int:
        """The id of `piece`, UNKNOWN when it has none."""
        return int(self._processor.piece_to_id(piece))
