"""A small pre-norm Transformer with tied embeddings, in a shape that CTranslate2 can run."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from .plan import Shape
from .vocabulary import PAD

POSITIONS = 256
"""Pieces of the longest sentence the model has positions for."""
HEAD = 64
_MASKED = -1e4  # large enough to vanish in a softmax, small enough for bfloat16
_GUIDED_HEADS = 2


class Attention(nn.Module):
    """Multi-head attention over itself, or over the encoder's output when `cross`."""

    def __init__(self, width: int, *, cross: bool) -> None:
        super().__init__()
        self.cross = cross
        if cross:
            self.query = nn.Linear(width, width)
            self.key_value = nn.Linear(width, 2 * width)
        else:
            self.query_key_value = nn.Linear(width, 3 * width)
        self.output = nn.Linear(width, width)

    def forward(self, x: Tensor, memory: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """(batch, length, width) and the weights (batch, heads, length, memory length).

        Written out: on a processor the fused kernel takes several times as long at these sizes.
        """
        if self.cross:
            query = self.query(x)
            key, value = self.key_value(memory).chunk(2, -1)
        else:
            query, key, value = self.query_key_value(x).chunk(3, -1)
        query, key, value = _heads(query), _heads(key), _heads(value)
        weights = torch.softmax((query * HEAD**-0.5) @ key.transpose(2, 3) + mask, -1)
        mixed = (weights @ value).transpose(1, 2).reshape(x.shape)
        return self.output(mixed), weights


class Layer(nn.Module):
    """One encoder layer, or one decoder layer when `cross`."""

    def __init__(self, width: int, dropout: float, *, cross: bool) -> None:
        super().__init__()
        self.self_norm = nn.LayerNorm(width)
        self.self_attention = Attention(width, cross=False)
        self.cross_norm = nn.LayerNorm(width) if cross else None
        self.cross_attention = Attention(width, cross=True) if cross else None
        self.ffn_norm = nn.LayerNorm(width)
        self.expand = nn.Linear(width, 4 * width)
        self.contract = nn.Linear(4 * width, width)
        self.dropout = nn.Dropout(dropout) if dropout else nn.Identity()

    def forward(
        self,
        x: Tensor,
        mask: Tensor,
        memory: Tensor | None = None,
        memory_mask: Tensor | None = None,
    ) -> tuple[Tensor, Tensor | None]:
        """The layer's output and, in a decoder, its cross-attention weights."""
        normal = self.self_norm(x)
        x = x + self.dropout(self.self_attention(normal, normal, mask)[0])
        weights = None
        if self.cross_attention is not None and self.cross_norm is not None:
            y, weights = self.cross_attention(self.cross_norm(x), memory, memory_mask)
            x = x + self.dropout(y)
        hidden = functional.relu(self.expand(self.ffn_norm(x)))
        return x + self.dropout(self.contract(hidden)), weights


class Translator(nn.Module):
    """Encoder and decoder; the output projection is the embedding matrix."""

    positions: Tensor

    def __init__(self, shape: Shape, dropout: float = 0.0) -> None:
        super().__init__()
        width = shape.width
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocabulary, width)
        self.register_buffer("positions", sinusoids(POSITIONS, width), persistent=False)
        self.encoder = nn.ModuleList(
            Layer(width, dropout, cross=False) for _ in range(shape.encoder)
        )
        self.decoder = nn.ModuleList(
            Layer(width, dropout, cross=True) for _ in range(shape.decoder)
        )
        self.encoder_norm = nn.LayerNorm(width)
        self.decoder_norm = nn.LayerNorm(width)
        self._start()

    def forward(self, source: Tensor, decoder_input: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Hidden states (batch, target, width) before the output projection, and, for each
        decoder layer, the cross-attention (batch, target, source) that guidance may act on.
        """
        padding = torch.zeros_like(source, dtype=self.embedding.weight.dtype)
        padding = padding.masked_fill(source == PAD, _MASKED)[:, None, None, :]
        x = self._embed(source)
        for layer in self.encoder:
            x, _ = layer(x, padding)
        x = self.encoder_norm(x)
        length = decoder_input.shape[1]
        future = torch.full((length, length), _MASKED, dtype=x.dtype, device=x.device).triu(1)
        y = self._embed(decoder_input)
        attentions = []
        for layer in self.decoder:
            y, weights = layer(y, future, x, padding)
            attentions.append(weights[:, :_GUIDED_HEADS].float().mean(1))
        return self.decoder_norm(y), attentions

    def _embed(self, ids: Tensor) -> Tensor:
        scaled = self.embedding(ids) * math.sqrt(self.shape.width)
        return scaled + self.positions[: ids.shape[1]]

    def _start(self) -> None:
        for name, parameter in self.named_parameters():
            if name.startswith("embedding"):
                nn.init.normal_(parameter, std=self.shape.width**-0.5)
            elif parameter.dim() == 2:
                # Smaller where a layer writes to the residual stream: deep stacks start calm.
                last = name.endswith(("output.weight", "contract.weight"))
                nn.init.xavier_uniform_(parameter, gain=0.5 if last else 1.0)
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)


def with_weights(shape: Shape, flat: Tensor) -> Translator:
    """A model of `shape` in float32 whose parameters, in their order, are `flat`."""
    model = Translator(shape)
    nn.utils.vector_to_parameters(flat, model.parameters())
    model.eval()
    return model


def sinusoids(length: int, width: int) -> Tensor:
    """Fixed positions (length, width): sines, then cosines."""
    at = torch.arange(length)[:, None].float()
    step = -math.log(10_000) / (width // 2 - 1)
    frequency = torch.exp(torch.arange(width // 2).float() * step)
    return torch.cat([torch.sin(at * frequency), torch.cos(at * frequency)], 1)


def _heads(x: Tensor) -> Tensor:
    batch, length, width = x.shape
    return x.view(batch, length, width // HEAD, HEAD).transpose(1, 2)
