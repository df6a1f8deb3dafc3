"""HiGHS as the engine uses it: silent, on one thread."""

from __future__ import annotations

import highspy
import numpy as np
from highspy.highs import HighsCallbackEvent
from scipy.sparse import csc_array

from planner.rostering.stopping import Ask, Stopped, never


class Solver(highspy.Highs):
    """It greets on the standard output while it is made, unless it is told by then to be silent."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # highspy has no types there
        self.setOptionValue("threads", 1)

    def enableCallbacks(self) -> None:  # noqa: N802 - the name is HiGHS's own
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]  # highspy has no types there

    def run_for(self, seconds: float, ask: Ask = never) -> highspy.HighsModelStatus:
        """Solve for so long at the most; answers how it ended. Branch and bound asks whether it is to stop."""
        self.setOptionValue("time_limit", self.getRunTime() + max(seconds, 0.0))
        stopped = list[Stopped]()

        def asked(event: HighsCallbackEvent) -> None:
            try:
                ask()
            except Stopped as stop:
                stopped.append(stop)
                event.interrupt()

        if ask is not never:
            self.cbMipInterrupt += asked
        self.run()
        if stopped:
            raise stopped[0]
        return self.getModelStatus()


def whole_numbers(table: csc_array) -> highspy.HighsLp:
    """A model whose columns are nought or one and cost nothing; what its rows may add up to is still to be said."""
    rows, columns = table.shape
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = rows, columns
    model.col_cost_, model.col_lower_, model.col_upper_ = np.zeros(columns), np.zeros(columns), np.ones(columns)
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = table.indptr, table.indices, table.data
    model.integrality_ = [highspy.HighsVarType.kInteger] * columns
    return model
