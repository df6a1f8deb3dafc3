"""Whether exactly so many officers are enough for fixed tasks: branch and bound over who does what at each moment.

An officer who is on duty does one task at most of those that go on at one moment; only moments that no other one
covers are asked about. Small enough a model where officers and tasks are some hundreds.
"""

from __future__ import annotations

import highspy
import numpy as np
from scipy.sparse import csc_array

from planner.rostering.problem import NONE, Bools, Ints
from planner.rostering.solver import Solver, whole_numbers


class TooMany(Exception):
    """No plan for all tasks exists with so many officers."""


def crew_of(size: int, windows: Ints, able: Bools, seconds: float) -> Ints | None:
    """Who does which task when ``size`` officers do all; None where the seconds were too few.

    Windows are n × 2, start and end; ``able`` is officers × n. Raises ``TooMany`` where it is proven impossible.
    """
    officers, tasks = np.nonzero(able)
    m, n = able.shape
    solver = Solver()
    solver.passModel(_model(size, officers, tasks, _moments(windows), m, n))
    match solver.run_for(seconds):
        case highspy.HighsModelStatus.kInfeasible:
            raise TooMany
        case highspy.HighsModelStatus.kOptimal:
            taken = np.array(solver.getSolution().col_value)[: len(tasks)] > 0.5
            holder = np.full(n, NONE, dtype=np.int64)
            holder[tasks[taken]] = officers[taken]
            return holder
        case _:
            return None


def _moments(windows: Ints) -> Bools:
    """Moments × n: which tasks go on at each start that is not covered by another."""
    starts = np.unique(windows[:, 0])
    going = (windows[:, 0] <= starts[:, None]) & (windows[:, 1] > starts[:, None])
    counts = going.sum(axis=1)
    shared = going.astype(np.int64) @ going.T.astype(np.int64)
    larger = (shared == counts[:, None]) & (counts[:, None] < counts)
    kept: Bools = going[~larger.any(axis=1)]
    return kept


def _model(size: int, officers: Ints, tasks: Ints, moments: Bools, m: int, n: int) -> highspy.HighsLp:
    """Columns: each officer and task that fit, then each officer. Rows: tasks, officers at moments, how many."""
    count = len(tasks)
    at, choice = np.nonzero(moments[:, tasks])
    busy, place = np.unique(at * m + officers[choice], return_inverse=True)
    rows = [tasks, n + place.ravel(), n + np.arange(len(busy)), np.full(m, n + len(busy))]
    columns = [np.arange(count), choice, count + busy % m, count + np.arange(m)]
    values = [np.ones(count), np.ones(len(choice)), -np.ones(len(busy)), np.ones(m)]
    shape = (n + len(busy) + 1, count + m)
    table = csc_array((np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=shape)
    model = whole_numbers(table)
    model.row_lower_ = np.concatenate([np.ones(n), np.full(len(busy), -np.inf), [size]])
    model.row_upper_ = np.concatenate([np.ones(n), np.zeros(len(busy)), [size]])
    return model
