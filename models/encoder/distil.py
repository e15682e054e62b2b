"""Teach the student the teacher's vectors: `python models/encoder/distil.py TEACHER OUT MINUTES`.

The student learns where the teacher puts each text, and how near texts are to each other. A third
of the texts is mistyped on its way in, and means what it meant.
"""

from __future__ import annotations

import math
import random
import sys
import time
from pathlib import Path

import numpy as np
import torch
from student import WIDTH, Student
from texts import Alphabet, plain
from torch.nn import functional as F

#: Characters of a batch, about; texts of like length go together.
BATCH = 4000
RATE = 1.2e-3
SPOILED = 0.3
#: Texts that are not learned from, to see how near the student comes.
HELD_OUT = 2000


def centred(vectors: np.ndarray) -> torch.Tensor:
    """Return vectors without their mean, of length 1."""
    rows = torch.from_numpy(vectors.astype(np.float32))
    return F.normalize(rows - rows.mean(0), dim=1)


def batches(lengths: np.ndarray, chance: random.Random) -> list[list[int]]:
    """Return the places of the texts of each batch, in an order of chance."""
    order = sorted(range(len(lengths)), key=lambda at: lengths[at] + chance.uniform(-2, 2))
    found: list[list[int]] = [[]]
    for at in order:
        if len(found[-1]) * lengths[at] > BATCH:
            found.append([])
        found[-1].append(at)
    chance.shuffle(found)
    return found


def loss_of(found: torch.Tensor, head: torch.nn.Linear, right: torch.Tensor) -> torch.Tensor:
    """Return how far a batch is from the teacher: each text, and each pair of texts."""
    each = 1 - F.cosine_similarity(head(found), right).mean()
    own = F.normalize(found - found.mean(0), dim=1)
    theirs = F.normalize(right - right.mean(0), dim=1)
    return each + 4 * (own @ own.T - theirs @ theirs.T).pow(2).mean()


def main() -> None:
    """Train for some minutes; say how near the student is to texts not seen."""
    taught, out, minutes = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
    torch.manual_seed(0)
    chance = random.Random(0)
    with np.load(taught, allow_pickle=False) as kept:
        texts, right = [plain(text) for text in kept["texts"].tolist()], centred(kept["vectors"])
    full = [at for at, text in enumerate(texts) if text]
    seen, unseen = full[HELD_OUT:], full[:HELD_OUT]
    alphabet = Alphabet.of_texts(texts)
    student = Student(len(alphabet.characters) + 2, len(alphabet.sounds) + 1)
    head = torch.nn.Linear(WIDTH, right.shape[1])
    weights = [*student.parameters(), *head.parameters()]
    learning = torch.optim.AdamW(weights, lr=RATE, weight_decay=0.01)
    lengths = np.array([len(texts[at]) for at in seen])
    start, step, epoch = time.time(), 0, 0
    while (gone := (time.time() - start) / 60 / minutes) < 1:
        student.train()
        for part in batches(lengths, chance):
            gone = min(1.0, (time.time() - start) / 60 / minutes)
            rate = RATE * min(1.0, step / 200) * (0.5 + 0.5 * math.cos(math.pi * gone))
            for group in learning.param_groups:
                group["lr"] = rate
            read = [texts[seen[at]] for at in part]
            read = [alphabet.spoil(t, chance) if chance.random() < SPOILED else t for t in read]
            with torch.autocast("cpu", dtype=torch.bfloat16):
                found = student(*alphabet.batch(read))
            loss = loss_of(found.float(), head, right[[seen[at] for at in part]])
            learning.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(weights, 1.0)
            learning.step()
            step += 1
            if gone >= 1:
                break
        epoch += 1
        student.eval()
        with torch.no_grad():
            parts = [unseen[at : at + 200] for at in range(0, len(unseen), 200)]
            own = torch.cat([student(*alphabet.batch([texts[at] for at in p])) for p in parts])
            near = F.cosine_similarity(head(own), right[unseen]).mean()
        state = {"student": student.state_dict(), "head": head.state_dict()}
        torch.save({**state, "characters": alphabet.characters, "sounds": alphabet.sounds}, out)
        print(
            f"epoch {epoch}, step {step}, {gone:.0%}: cosine to the teacher {near:.4f}", flush=True
        )


if __name__ == "__main__":
    main()
