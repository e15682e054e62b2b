"""Turn what users have back into a student: `python models/encoder/restore.py FILE TEACHER OUT`.

The way back of write.py, but for what a byte has no room for: `finetune.py` goes on from it when
the field has grown, at a third of the cost of a beginning. The head that leads to the teacher's
vectors is fitted anew.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import torch
from distil import centred
from student import HEADS, WIDTH, Student
from texts import Alphabet, plain

from bot.embeddings.encoder import Encoder

#: Texts by which the head is fitted, and how much it is held back.
TEXTS, HELD_BACK = 8000, 1e-2
#: Texts that go through the student together.
BATCH = 64


def state_of(encoder: Encoder) -> dict[str, torch.Tensor]:
    """Return the weights by the student's names; norms stay in the matrices, at 1 themselves."""
    found = {
        "characters.weight": encoder.by_character,
        "sounds.weight": encoder.by_sound,
        "pairs.weight": encoder.by_pair,
        "order": encoder.order,
        "slopes": encoder.slopes,
        "last": encoder.last,
    }
    scale = (WIDTH // HEADS) ** 0.5
    for at, layer in enumerate(encoder.layers):
        here = f"layers.{at}"
        qkv, bias = layer.qkv.T.copy(), layer.qkv_bias.copy()
        qkv[:WIDTH] *= scale
        bias[:WIDTH] *= scale
        found |= {
            f"{here}.before_attention": np.ones(WIDTH), f"{here}.before_inner": np.ones(WIDTH),
            f"{here}.qkv.weight": qkv, f"{here}.qkv.bias": bias,
            f"{here}.out.weight": layer.out.T, f"{here}.out.bias": layer.out_bias,
            f"{here}.up.weight": layer.up.T, f"{here}.up.bias": layer.up_bias,
            f"{here}.down.weight": layer.down.T, f"{here}.down.bias": layer.down_bias,
        }  # fmt: skip
    return {name: torch.tensor(v.copy(), dtype=torch.float32) for name, v in found.items()}


def head_of(own: torch.Tensor, right: torch.Tensor) -> dict[str, torch.Tensor]:
    """Return the linear map that leads nearest to the teacher's vectors."""
    middle = own.mean(0)
    rows = own - middle
    squares = rows.T @ rows + HELD_BACK * len(rows) * torch.eye(WIDTH) * rows.var()
    weight = torch.linalg.solve(squares, rows.T @ right)
    return {"weight": weight.T.contiguous(), "bias": -(middle @ weight)}


def main() -> None:
    """Write the student, with a head fitted to the teacher."""
    encoder, out = Encoder.load(Path(sys.argv[1])), sys.argv[3]
    with np.load(sys.argv[2], allow_pickle=False) as rows:
        texts, right = [plain(t) for t in rows["texts"].tolist()], centred(rows["vectors"])
    alphabet = Alphabet(list(encoder.characters), list(encoder.sounds))
    student = Student(len(alphabet.characters) + 2, len(alphabet.sounds) + 1)
    student.load_state_dict(state_of(encoder))
    student.eval()
    full = sorted((at for at, t in enumerate(texts) if t), key=lambda at: len(texts[at]))
    full = full[:: max(1, len(full) // TEXTS)]
    parts = [full[at : at + BATCH] for at in range(0, len(full), BATCH)]
    with torch.no_grad():
        own = torch.cat([student(*alphabet.batch([texts[at] for at in p])) for p in parts])
    head = head_of(own, right[full])
    near = torch.cosine_similarity(own @ head["weight"].T + head["bias"], right[full]).mean()
    state = {"student": student.state_dict(), "head": head}
    torch.save({**state, "characters": alphabet.characters, "sounds": alphabet.sounds}, out)
    print(f"{encoder.name}: cosine to the teacher {near:.4f}")


if __name__ == "__main__":
    main()
