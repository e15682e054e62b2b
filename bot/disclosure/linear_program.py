"""Linear programmes over the cells of figures, by HiGHS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


class LinearProgram:
    """Variables within bounds and with sums of zero; solved for one objective after another."""

    def __init__(self, lower: Floats, upper: Floats, sums: Sequence[Mapping[int, float]]) -> None:
        """Make a programme of bounds by variable and rows of coefficients by variable."""
        self._count = len(lower)
        solver: Any = highspy.Highs
        self._solver = solver()
        self._solver.silent()
        self._solver.setOptionValue("threads", 1)
        self._solver.setOptionValue("presolve", "off")
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(lower), len(sums)
        model.col_cost_ = np.zeros(len(lower))
        model.col_lower_, model.col_upper_ = lower, upper
        model.row_lower_ = model.row_upper_ = np.zeros(len(sums))
        starts = np.cumsum([0, *(len(item) for item in sums)])
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = starts
        model.a_matrix_.index_ = np.array([index for item in sums for index in item], np.int32)
        model.a_matrix_.value_ = np.array([c for item in sums for c in item.values()], np.float64)
        self._solver.passModel(model)

    def cost(self, cost: Floats) -> None:
        """Set what each variable costs."""
        self._solver.changeColsCost(self._count, np.arange(self._count, dtype=np.int32), cost)

    def bound(self, variable: int, lower: float, upper: float) -> None:
        """Replace the bounds of a variable."""
        self._solver.changeColBounds(variable, lower, upper)

    def solve(self, largest: bool = False) -> float | None:
        """Return the smallest (or largest) cost; None when nothing fits."""
        sense = highspy.ObjSense.kMaximize if largest else highspy.ObjSense.kMinimize
        self._solver.changeObjectiveSense(sense)
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return float(self._solver.getInfo().objective_function_value)

    def values(self) -> Floats:
        """Return the variables of the solution."""
        return np.array(self._solver.getSolution().col_value)
