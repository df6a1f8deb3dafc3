"""The shift minimisation personnel task scheduling problem: fixed tasks, who may do them, the fewest workers.

Instances of Krishnamoorthy, Ernst and Baatar (EJOR 219(1), 2012) and of Smet et al. (2014). The bound is the most
tasks at one moment, or one more each time that so many are proven too few.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np

from planner.rostering.fewest import fewest_officers
from planner.rostering.problem import Bools, Ints


def read(file: Path) -> tuple[Ints, Bools]:
    """Start and end of each task, and workers × tasks: who may do which."""
    lines = [line for line in file.read_text(encoding="ascii").splitlines() if line.strip() and line[0] != "#"]
    at = next(k for k, line in enumerate(lines) if line.startswith("Jobs"))
    count = int(lines[at].split("=")[1])
    times = np.array([[int(word) for word in line.split()] for line in lines[at + 1 : at + 1 + count]])
    head = lines[at + 1 + count]
    workers = int(head.split("=")[1])
    able = np.zeros((workers, count), dtype=np.bool_)
    for worker, line in enumerate(lines[at + 2 + count : at + 2 + count + workers]):
        _, _, tasks = line.partition(":")
        able[worker, [int(task) for task in re.findall(r"\d+", tasks)]] = True
    return times, able


def solved(file: Path, seconds: float) -> dict[str, Any]:
    """One line of the benchmark; ``officers_used`` is None where no plan for all tasks was found."""
    times, able = read(file)
    found = fewest_officers(times, able, seconds)
    return {
        "instance": file.stem,
        "officers_used": found.used,
        "proven_bound": found.bound,
        "seconds": round(found.seconds, 2),
    }
