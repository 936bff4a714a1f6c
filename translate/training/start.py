"""Weights and vocabulary of an existing package, to go on training from it."""

import json
import struct
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .errors import UnusableStartPackage
from .model import HEAD, Translator, sinusoids
from .plan import Shape

_TYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}
_LARGEST = 2**31
Weights = dict[str, NDArray[np.float32]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """An opened package: `weights` flat and in the model's order, `vocabulary` the file's bytes."""

    shape: Shape
    weights: Tensor
    vocabulary: bytes
    version: str
    card: str


def open_start(package: Path, source_code: str, target_code: str) -> Start:
    """Read `package`; raises UnusableStartPackage when nothing can be built on it."""
    with tempfile.TemporaryDirectory() as scratch:
        try:
            with zipfile.ZipFile(package) as archive:
                archive.extractall(scratch)
            folder = next(Path(scratch).glob("*/metadata.json")).parent
            metadata = json.loads((folder / "metadata.json").read_text("utf-8"))
            vocabulary = (folder / "sentencepiece.model").read_bytes()
            weights = read_weights(folder / "model" / "model.bin")
            readme = folder / "README.md"
            card = readme.read_text("utf-8") if readme.exists() else ""
        except (OSError, zipfile.BadZipFile, StopIteration, ValueError, struct.error) as error:
            raise UnusableStartPackage(
                f"{package} is not a readable Argos package ({error or 'no metadata.json'})."
            ) from error
    pair = metadata.get("from_code"), metadata.get("to_code")
    if pair != (source_code, target_code):
        raise UnusableStartPackage(
            f"{package} translates {pair[0]} to {pair[1]}, not {source_code} to {target_code}."
        )
    shape = _shape(weights, package)
    return Start(
        shape=shape,
        weights=_flat(weights, shape, package),
        vocabulary=vocabulary,
        version=str(metadata.get("package_version", "0.0")),
        card=card,
    )


def read_weights(path: Path) -> Weights:
    """The variables of a CTranslate2 model.bin by name, int8 ones brought back to float32."""
    raw, aliases = _variables(path.read_bytes())
    weights = {}
    for name, value in raw.items():
        scale = raw.get(f"{name}_scale")
        weights[name] = value.astype(np.float32)
        if scale is not None:
            weights[name] /= scale.astype(np.float32).reshape(-1, *[1] * (value.ndim - 1))
    return weights | {alias: weights[name] for alias, name in aliases.items() if name in weights}


def _variables(content: bytes) -> tuple[dict[str, NDArray[np.generic]], dict[str, str]]:
    """Variables and aliases of binary version 6: name, shape, type and bytes, one by one."""
    reader = _Reader(content)
    version = reader.number("<I")
    if version < 5:
        raise ValueError(f"binary version {version} is too old")
    reader.text()  # the specification's name
    reader.number("<I")  # and its revision
    found: dict[str, NDArray[np.generic]] = {}
    for _ in range(reader.number("<I")):
        name = reader.text()
        shape = [reader.number("<I") for _ in range(reader.number("<B"))]
        kind = _TYPES.get(reader.number("<B"))
        size = reader.number("<I")
        if kind is None:
            raise ValueError(f"{name} is stored in a type that cannot be trained on")
        found[name] = np.frombuffer(reader.take(size), kind).reshape(shape)
    aliases = {reader.text(): reader.text() for _ in range(reader.number("<I"))}
    return found, aliases


class _Reader:
    """Reads little-endian values one after another; running out of bytes is an error."""

    def __init__(self, content: bytes) -> None:
        self._content, self._at = content, 0

    def take(self, size: int) -> bytes:
        if size > _LARGEST or self._at + size > len(self._content):
            raise ValueError("model.bin ends too early")
        self._at += size
        return self._content[self._at - size : self._at]

    def number(self, kind: str) -> int:
        (value,) = struct.unpack(kind, self.take(struct.calcsize(kind)))
        return int(value)

    def text(self) -> str:
        return self.take(self.number("<H")).rstrip(b"\0").decode("utf-8")


def _shape(weights: Weights, package: Path) -> Shape:
    """The sizes, when the package has this project's architecture."""

    def layers(side: str) -> int:
        numbers = {name.split("/")[1] for name in weights if name.startswith(f"{side}/layer_")}
        return len(numbers - {"layer_norm"})

    embedding = weights.get("decoder/embeddings/weight")
    if embedding is None or "encoder/layer_norm/gamma" not in weights:
        raise UnusableStartPackage(f"{package} is no pre-norm Transformer: it cannot be adapted.")
    vocabulary, width = embedding.shape
    shape = Shape(
        vocabulary=vocabulary, width=width, encoder=layers("encoder"), decoder=layers("decoder")
    )
    heads = int(weights.get("encoder/num_heads", np.array(0)))
    shared = weights.get("decoder/projection/weight", embedding)
    positions = weights.get("encoder/position_encodings/encodings", np.zeros((1, width)))
    same = (
        heads * HEAD == width
        and np.array_equal(shared, embedding)
        and np.allclose(positions, sinusoids(len(positions), width).numpy(), atol=0.02)
        and int(weights.get("encoder/activation", np.array(0))) == 0
    )
    if not same:
        raise UnusableStartPackage(
            f"{package} is of another architecture than the packages trained here "
            "(heads of 64, one embedding for both languages, sinusoidal positions): it cannot be "
            "adapted."
        )
    return shape


def _flat(weights: Weights, shape: Shape, package: Path) -> Tensor:
    parts = []
    for name, parameter in Translator(shape).named_parameters():
        value = weights.get(stored_name(name))
        if value is None or value.shape != tuple(parameter.shape):
            raise UnusableStartPackage(
                f"{package} is of another architecture: {name} is missing or of another size."
            )
        parts.append(torch.from_numpy(np.ascontiguousarray(value)).reshape(-1))
    return torch.cat(parts)


def stored_name(name: str) -> str:
    """What CTranslate2 calls the parameter that PyTorch calls `name`."""
    if name == "embedding.weight":
        return "decoder/embeddings/weight"
    head, _, kind = name.rpartition(".")
    if head.endswith("norm"):
        kind = {"weight": "gamma", "bias": "beta"}[kind]
    if head in {"encoder_norm", "decoder_norm"}:
        return f"{head.removesuffix('_norm')}/layer_norm/{kind}"
    side, number, *rest = head.split(".")
    return f"{side}/layer_{number}/{_INSIDE['.'.join(rest)]}/{kind}"


_INSIDE = {
    "self_norm": "self_attention/layer_norm",
    "self_attention.query_key_value": "self_attention/linear_0",
    "self_attention.output": "self_attention/linear_1",
    "cross_norm": "attention/layer_norm",
    "cross_attention.query": "attention/linear_0",
    "cross_attention.key_value": "attention/linear_1",
    "cross_attention.output": "attention/linear_2",
    "ffn_norm": "ffn/layer_norm",
    "expand": "ffn/linear_0",
    "contract": "ffn/linear_1",
}
