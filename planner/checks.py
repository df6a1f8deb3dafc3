"""What is wrong with each visit, kept up with the plan: checked whole once, then only what changes touch."""

from __future__ import annotations

import dataclasses
import threading
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import datetime, timedelta

from domain.erasing import erasures
from domain.finding import Finding, Severity
from domain.plan import Plan
from domain.rules import check, in_order, touched, visit_of
from domain.rules.scope import concerns
from planner.timeline import Timeline

#: Changes that are checked one by one; after more, the visit is checked whole.
FEW_EVENTS = 200
#: Duties up to which a visit is checked while the reader waits; a larger one is checked beside.
FEW_DUTIES = 1_500
#: How long findings stand although nothing changed: qualifications lapse with time.
STANDS = timedelta(hours=1)


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


def _rank(finding: Finding) -> int:
    return _RANKS[finding.severity]


@dataclasses.dataclass(frozen=True, slots=True)
class Checked:
    """The findings of a visit, worst first, in the plan at ``position``; ``fresh`` where that is the current one."""

    findings: tuple[Finding, ...]
    position: int
    fresh: bool = True

    def count(self, severity: Severity) -> int:
        """How many there are of a severity: they lie together."""
        rank = _RANKS[severity]
        after = bisect_right(self.findings, rank, key=_rank)
        return after - bisect_left(self.findings, rank, hi=after, key=_rank)


@dataclasses.dataclass(frozen=True, slots=True)
class _Known:
    plan: Plan
    as_of: datetime
    findings: tuple[Finding, ...]


class Checks:
    """The findings of all visits of one planner. Safe for several threads."""

    def __init__(self, timeline: Timeline, clock: Callable[[], datetime]) -> None:
        self._timeline = timeline
        self._clock = clock
        self._known: dict[str, _Known] = {}
        self._running: set[str] = set()
        self._lock = threading.Lock()

    def of(self, plan: Plan, visit: str) -> Checked:
        """The findings of a visit in the current ``plan``; of an earlier one while a large visit is checked anew."""
        as_of = self._clock()
        known = self._known.get(visit)
        if known is not None and erasures(known.plan) != erasures(plan):
            # Findings name people: none may be told of somebody who was erased since.
            known = self._known.pop(visit, None) and None
        if known is not None and known.plan is plan and as_of - known.as_of < STANDS:
            return Checked(known.findings, plan.position)
        if known is not None and self._can_follow(known, plan, as_of):
            # What nothing touched is as old as it was, or a plan that changes all day would never be checked whole.
            return self._keep(visit, plan, known.as_of, self._followed(known, plan, visit, as_of))
        if len(plan.indexes.get(f"assignment of visit/{visit}", ())) <= FEW_DUTIES:
            return self._keep(visit, plan, as_of, check(plan, as_of, visit=visit))
        self._beside(visit, plan, as_of)
        if known is None:
            return Checked((), 0, fresh=False)
        return Checked(known.findings, known.plan.position, fresh=False)

    def _can_follow(self, known: _Known, plan: Plan, as_of: datetime) -> bool:
        return 0 <= plan.position - known.plan.position <= FEW_EVENTS and as_of - known.as_of < STANDS

    def _followed(self, known: _Known, plan: Plan, visit: str, as_of: datetime) -> tuple[Finding, ...]:
        """The known findings with those replaced that the events since touch."""
        events = tuple(event for _, event in self._timeline.events(known.plan.position, plan.position))
        scope = touched(known.plan, plan, events, as_of)
        if scope is None:
            return check(plan, as_of, visit=visit)
        kept = (f for f in known.findings if not concerns(f, scope))
        anew = (f for f in check(plan, as_of, scope) if visit in map(visit_of, f.subjects))
        return in_order((*kept, *anew))

    def _keep(self, visit: str, plan: Plan, as_of: datetime, findings: tuple[Finding, ...]) -> Checked:
        with self._lock:
            known = self._known.get(visit)
            if known is None or known.plan.position <= plan.position:
                self._known[visit] = _Known(plan, as_of, findings)
        return Checked(findings, plan.position)

    def _beside(self, visit: str, plan: Plan, as_of: datetime) -> None:
        with self._lock:
            if visit in self._running:
                return
            self._running.add(visit)

        def run() -> None:
            try:
                self._keep(visit, plan, as_of, check(plan, as_of, visit=visit))
            finally:
                self._running.discard(visit)

        threading.Thread(target=run, name=f"check {visit}", daemon=True).start()
