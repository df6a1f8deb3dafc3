"""What a benchmark found: one table for people, one JSON object a line for scripts."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from typing import Any


@dataclasses.dataclass(frozen=True, slots=True)
class Figure:
    """One measurement and its target; ``unit`` is ``ratio`` where more is better, else less is better."""

    what: str
    measured: float
    target: float
    unit: str = "ratio"
    more: dict[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def met(self) -> bool:
        return self.measured >= self.target if self.unit == "ratio" else self.measured <= self.target


def show(figures: Sequence[Figure]) -> bool:
    """Prints all figures. True where every target is met."""
    width = max(len(figure.what) for figure in figures) + 2
    print(f"\n{'':{width}}{'measured':>10}{'target':>10}")
    for figure in figures:
        sign = "≥" if figure.unit == "ratio" else "≤"
        unit = "" if figure.unit == "ratio" else f" {figure.unit}"
        missed = "" if figure.met else "   missed"
        print(f"{figure.what:{width}}{figure.measured:>10.3g}{sign:>3}{figure.target:>7g}{unit}{missed}")
    for figure in figures:
        print(json.dumps({**dataclasses.asdict(figure), "met": figure.met}, ensure_ascii=False))
    return all(figure.met for figure in figures)
