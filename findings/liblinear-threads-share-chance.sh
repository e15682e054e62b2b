#!/usr/bin/env bash
# scikit-learn 1.7.2: LinearSVC with dual=True and random_state=0 gives the same model each time, fitted alone. Fitted
# in threads at once it gives others: liblinear's random numbers come from one generator of the process, which every
# fit seeds anew and all draw from at the same time. The primal solver (dual=False) draws none and stays the same.
# Seen on 2026-11-29: alone 1 model; eight fits at once in four threads: more than 1; primal: 1.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check scikit-learn==1.7.2 numpy==2.2.6 scipy==1.15.3
"$work/venv/bin/python" - <<'EOF'
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version

import numpy as np
from sklearn.svm import LinearSVC

warnings.simplefilter("ignore")
chance = np.random.default_rng(7)
rows = chance.normal(size=(1500, 120))
labels = chance.integers(0, 6, size=1500)


def model(dual: bool) -> bytes:
    return LinearSVC(dual=dual, random_state=0, max_iter=60).fit(rows, labels).coef_.tobytes()


def at_once(dual: bool) -> int:
    with ThreadPoolExecutor(4) as pool:
        return len(set(pool.map(model, [dual] * 8)))


print("scikit-learn", version("scikit-learn"))
alone = len({model(True) for _ in range(3)})
threads, primal = at_once(True), at_once(False)
print("expected: 1 model from each")
print("seen: alone", alone, "in threads", threads, "in threads, primal", primal)
sys.exit(0 if alone == 1 and threads > 1 and primal == 1 else 1)
EOF
