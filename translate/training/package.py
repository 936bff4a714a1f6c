"""An Argos package made of a trained model: int8 weights, vocabulary, metadata, model card."""

import json
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
from ctranslate2.specs import TransformerSpec
from numpy.typing import NDArray

from .errors import PackageNotWritten
from .model import HEAD, POSITIONS, Attention, Layer, Translator, sinusoids
from .vocabulary import BOS, PAD, UNKNOWN, Vocabulary

LARGEST = 20 * 1024 * 1024
"""Bytes of a package that may be kept in the repository."""
_ARGOS = "1.9.0"  # the first release that reads this layout; nothing newer is used


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language as package metadata names it, such as `fr` and `French`."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What a package says about itself; `card` is Markdown."""

    source: Language
    target: Language
    version: str
    card: str

    @property
    def folder(self) -> str:
        """Name of the only folder in the archive."""
        return f"translate-{self.source.code}_{self.target.code}-{self.version.replace('.', '_')}"


def write_package(path: Path, model: Translator, vocabulary: Vocabulary, label: Label) -> None:
    """Write `path`; it appears complete and tried, or not at all.

    Raises PackageNotWritten; a package that was at `path` before is then untouched.
    """
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".package-") as scratch:
            folder = Path(scratch, label.folder)
            _fill(folder, model, vocabulary, label)
            _try(folder / "model")
            archive = Path(scratch, path.name)
            _zip(folder, archive)
            archive.replace(path)
    except OSError as error:
        raise PackageNotWritten(
            f"{path} could not be written ({error.strerror or error}). Free some disk space or "
            "choose another folder; the training itself is kept in the work folder."
        ) from error


def _fill(folder: Path, model: Translator, vocabulary: Vocabulary, label: Label) -> None:
    (folder / "model").mkdir(parents=True)
    spec = specification(model, vocabulary)
    spec.validate()
    spec.optimize(quantization="int8")
    spec.save(str(folder / "model"))
    shutil.copyfile(vocabulary.path, folder / "sentencepiece.model")
    metadata = {
        "package_version": label.version,
        "argos_version": _ARGOS,
        "from_code": label.source.code,
        "from_name": label.source.name,
        "to_code": label.target.code,
        "to_name": label.target.name,
        "type": "translate",
    }
    (folder / "metadata.json").write_text(json.dumps(metadata, indent=1) + "\n", "utf-8")
    (folder / "README.md").write_text(label.card, "utf-8")


def _try(model: Path) -> None:
    """A model that CTranslate2 cannot load is not worth writing."""
    ctranslate2.Translator(str(model), device="cpu", compute_type="int8")


def _zip(folder: Path, archive: Path) -> None:
    """Same content, same bytes: names sorted, times fixed."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            name = path.relative_to(folder.parent).as_posix()
            entry = zipfile.ZipInfo(name, date_time=(2026, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            file.writestr(entry, path.read_bytes())


def specification(model: Translator, vocabulary: Vocabulary) -> Any:
    """`model` as CTranslate2 describes Transformers, in float32."""
    shape = model.shape
    heads = shape.width // HEAD
    spec = TransformerSpec.from_config(
        (shape.encoder, shape.decoder), heads, pre_norm=True, activation=0
    )
    embedding = _array(model.embedding.weight)
    for side in (spec.encoder, spec.decoder):
        side.scale_embeddings = True
        side.position_encodings.encodings = sinusoids(POSITIONS, shape.width).numpy()
    spec.encoder.embeddings[0].weight = embedding
    spec.decoder.embeddings.weight = embedding
    spec.decoder.projection.weight = embedding
    spec.decoder.projection.bias = _never(shape.vocabulary)
    _norm(spec.encoder.layer_norm, model.encoder_norm)
    _norm(spec.decoder.layer_norm, model.decoder_norm)
    for layers, side in ((model.encoder, spec.encoder), (model.decoder, spec.decoder)):
        for layer, target in zip(layers, side.layer, strict=True):
            _layer(target, layer)
    config = spec.config
    config.bos_token, config.eos_token, config.unk_token = "<s>", "</s>", "<unk>"
    config.decoder_start_token = "</s>"  # noqa: S105 -- a piece, no secret
    # Argos sends pieces without an end of sentence; the model was trained with one.
    config.add_source_eos, config.add_source_bos = True, False
    spec.register_source_vocabulary(vocabulary.pieces())
    spec.register_target_vocabulary(vocabulary.pieces())
    return spec


def _never(vocabulary: int) -> NDArray[np.float32]:
    """Output bias under which no padding, begin of sentence or unknown piece is ever written."""
    bias = np.zeros(vocabulary, np.float32)
    bias[[BOS, PAD, UNKNOWN]] = -1e4
    return bias


def _layer(target: Any, layer: Layer) -> None:
    _norm(target.self_attention.layer_norm, layer.self_norm)
    _attention(target.self_attention, layer.self_attention)
    if layer.cross_attention is not None:
        _norm(target.attention.layer_norm, layer.cross_norm)
        _attention(target.attention, layer.cross_attention)
    _norm(target.ffn.layer_norm, layer.ffn_norm)
    _linear(target.ffn.linear_0, layer.expand)
    _linear(target.ffn.linear_1, layer.contract)


def _attention(target: Any, attention: Attention) -> None:
    parts = (
        (attention.query, attention.key_value, attention.output)
        if attention.cross
        else (attention.query_key_value, attention.output)
    )
    for linear, module in zip(target.linear, parts, strict=True):
        _linear(linear, module)


def _linear(target: Any, module: Any) -> None:
    target.weight, target.bias = _array(module.weight), _array(module.bias)


def _norm(target: Any, module: Any) -> None:
    target.gamma, target.beta = _array(module.weight), _array(module.bias)


def _array(tensor: Any) -> Any:
    """A copy: CTranslate2 quantises in place, and the model must stay what it was."""
    return tensor.detach().float().cpu().numpy().copy()
