"""Write a student as the file that users have: `python models/encoder/write.py STUDENT OUT.npz`.

Tables and matrices in 8 bits with a scale a row (of what is added up), the rest as it is; weights
of norms and the scale of attention are multiplied into the matrices after them.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import torch
from student import HEADS, LAYERS, PAIRS, WIDTH
from texts import plain

from bot.embeddings.encoder import Encoder

#: Texts by whose mean vectors are centred.
CENTRE = 4000


def in_bytes(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return rows as whole numbers of a byte, and the scale of each."""
    scales = np.maximum(np.abs(rows).max(axis=1), 1e-8).astype(np.float32) / 127
    return np.rint(rows / scales[:, None]).astype(np.int8), scales


def arrays_of(state: dict[str, torch.Tensor]) -> dict[str, np.ndarray]:
    """Return the weights by the names that bot/embeddings/encoder reads: input × output."""
    of = {name: value.float().numpy() for name, value in state.items()}
    tables = {"by_character": "characters", "by_sound": "sounds", "by_pair": "pairs"}
    found = {name: of[f"{table}.weight"] for name, table in tables.items()}
    found |= {"order": of["order"], "slopes": of["slopes"], "last": of["last"]}
    for at in range(LAYERS):
        here = f"layers.{at}"
        qkv = of[f"{here}.qkv.weight"].copy()
        bias = of[f"{here}.qkv.bias"].copy()
        qkv *= of[f"{here}.before_attention"]
        scale = (WIDTH // HEADS) ** -0.5
        qkv[:WIDTH] *= scale
        bias[:WIDTH] *= scale
        found[f"{here}.qkv"], found[f"{here}.qkv_bias"] = qkv.T, bias
        found[f"{here}.out"] = of[f"{here}.out.weight"].T
        found[f"{here}.out_bias"] = of[f"{here}.out.bias"]
        found[f"{here}.up"] = (of[f"{here}.up.weight"] * of[f"{here}.before_inner"]).T
        found[f"{here}.up_bias"] = of[f"{here}.up.bias"]
        found[f"{here}.down"] = of[f"{here}.down.weight"].T
        found[f"{here}.down_bias"] = of[f"{here}.down.bias"]
    return found


def main() -> None:
    """Write the file, centred on the texts of the corpus beside the student."""
    student, out = torch.load(sys.argv[1]), Path(sys.argv[2])
    corpus = Path(sys.argv[3]).read_text(encoding="utf-8").splitlines()[:CENTRE]
    arrays: dict[str, Any] = {}
    for name, value in arrays_of(student["student"]).items():
        value = np.ascontiguousarray(value)
        if value.ndim == 2 and name != "order":
            arrays[name], arrays[f"{name}.scales"] = in_bytes(value)
        else:
            arrays[name] = value.astype(np.float32)
    arrays["mean"] = np.zeros(WIDTH, dtype=np.float32)
    about = {"layers": LAYERS, "characters": student["characters"], "sounds": student["sounds"]}

    def written(name: str) -> bytes:
        held = io.BytesIO()
        text = json.dumps({"name": name, **about}, ensure_ascii=False)
        np.savez_compressed(held, about=np.array(text), **arrays)
        return held.getvalue()

    out.write_bytes(written("not centred"))
    arrays["mean"] = Encoder.load(out).mean_vector([plain(text) for text in corpus])
    weights = hashlib.sha256(
        b"".join(np.asarray(arrays[name]).tobytes() for name in sorted(arrays))
    )
    name = f"jiuye-{date.today()}-{weights.hexdigest()[:8]}"
    out.write_bytes(written(name))
    print(f"{name}: {out.stat().st_size / 1e6:.1f} MB, {PAIRS} pairs")


if __name__ == "__main__":
    main()
