"""The auditor's question that the log of reads answers: who read a visit, or tried to, without a part in it."""

from __future__ import annotations

from collections.abc import Iterable

from domain.messages import message
from planner.access.reads import Recorded
from planner.history.cases import Case


def outside_duty(reads: Iterable[Recorded], visit: str) -> tuple[Case, ...]:
    """The cases, first come first; ``reads`` are those of the visit outside duty, newest first."""
    return tuple(_case(one, visit) for one in reads)[::-1]


def _case(one: Recorded, visit: str) -> Case:
    read = one.read
    said = message(
        "{outcome}: {what}, by the right of: {standing}, by way of {way}",
        outcome=read.outcome,
        what=read.about or read.query,
        standing=read.standing,
        way=read.via or "–",
    )
    return Case(subject=f"visit/{visit}", message=said, recorded_at=one.at, by=read.user, reason=read.purpose)
