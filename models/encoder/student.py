"""The encoder as PyTorch trains it; bot/embeddings/encoder.py computes the same in numpy.

A character is looked up as itself, by its sound and with the character after it. Three layers of
attention and feed-forward follow; distance is a bias of the attention, order a short convolution,
so that a text may be of any length. The vector of a text is the mean of its characters.
"""

from __future__ import annotations

import math

import torch
from torch import nn
from torch.nn import functional as F

#: Sizes: of vectors, of the feed-forward layer; numbers of heads and of layers.
WIDTH, INNER, HEADS, LAYERS = 256, 512, 4, 3
#: Pairs of neighbouring characters share this many rows.
PAIRS = 16384
#: Characters that the convolution looks at.
REACH = 5


def norm(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Divide by the root of the mean square."""
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * weight


class Layer(nn.Module):
    """Attention and feed-forward, each on what is normed before."""

    def __init__(self) -> None:
        super().__init__()
        self.before_attention = nn.Parameter(torch.ones(WIDTH))
        self.before_inner = nn.Parameter(torch.ones(WIDTH))
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.up = nn.Linear(WIDTH, INNER)
        self.down = nn.Linear(INNER, WIDTH)
        self.drop = nn.Dropout(0.1)

    def forward(self, x: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        """Give each place what it takes from the others."""
        batch, length, _ = x.shape
        qkv = self.qkv(norm(x, self.before_attention))
        q, k, v = qkv.view(batch, length, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
        seen = F.scaled_dot_product_attention(q, k, v, attn_mask=bias.to(q.dtype))
        x = x + self.drop(self.out(seen.transpose(1, 2).reshape(batch, length, WIDTH)))
        return x + self.drop(self.down(F.relu(self.up(norm(x, self.before_inner)))))


class Student(nn.Module):
    """Characters, sounds and pairs of a batch of texts to a vector a text."""

    def __init__(self, characters: int, sounds: int) -> None:
        super().__init__()
        self.characters = nn.Embedding(characters, WIDTH, padding_idx=0)
        self.sounds = nn.Embedding(sounds, WIDTH, padding_idx=0)
        self.pairs = nn.Embedding(PAIRS, WIDTH)
        for table in (self.characters, self.sounds, self.pairs):
            nn.init.normal_(table.weight, std=0.5 / math.sqrt(3))
        self.order = nn.Parameter(torch.randn(REACH, WIDTH) * 0.1)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.last = nn.Parameter(torch.ones(WIDTH))
        self.slopes: torch.Tensor
        slopes = torch.tensor([2.0 ** -(2 * head) for head in range(1, HEADS)] + [0.0])
        self.register_buffer("slopes", slopes)

    def forward(
        self, characters: torch.Tensor, sounds: torch.Tensor, pairs: torch.Tensor
    ) -> torch.Tensor:
        """Return a row a text, not yet of length 1; places of character 0 are empty."""
        there = characters > 0
        x = self.characters(characters) + self.sounds(sounds) + self.pairs(pairs)
        x = x * there[..., None]
        side = REACH // 2
        wide = F.pad(x, (0, 0, side, side))
        length = x.shape[1]
        x = x + sum(wide[:, at : at + length] * self.order[at] for at in range(REACH))
        places = torch.arange(length)
        far = (places[:, None] - places[None, :]).abs()
        bias = -self.slopes[:, None, None] * far
        bias = bias[None] + torch.where(there, 0.0, -1e4)[:, None, None, :]
        for layer in self.layers:
            x = layer(x, bias)
        x = norm(x, self.last) * there[..., None]
        return x.sum(1) / there.sum(1, keepdim=True).clamp(min=1)
