"""A proposal for a visit as people see it: made from the plan, found by the engine, held against the rules."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable

from domain.finding import Finding
from domain.plan import Plan
from domain.refusals import NotPossible
from planner.access.seen import behind
from planner.history.names import Names
from planner.rostering.bounds import best
from planner.rostering.changes import Change, open_places
from planner.rostering.checked import Refused
from planner.rostering.easing import Eased, eased
from planner.rostering.from_plan import Laid, laid
from planner.rostering.problem import Ints
from planner.rostering.proposal import Ended, cost_by_term
from planner.rostering.proposing import Effort, Progress, propose
from planner.rostering.replan import replan, standing
from planner.rostering.roster import Roster
from planner.rostering.seating import Asked, Place
from planner.rostering.spreading import spread
from planner.rostering.stopping import Stopped


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Made:
    """A proposal: who is to hold which seat, what that changes and costs, and how much better any plan could be.

    ``cost_before`` is of the roster as it stands, where a duty that breaks a rule counts as an open place. ``bound``
    and ``gap`` are the engine's, of the problem as it was laid, None where few changes were sought and not the lowest
    cost; ``refused`` is what the rules took out of the engine's roster, ``findings`` what they would newly say to what
    is left, and to the move of the visit.
    """

    laid: Laid
    holder: Ints
    changes: tuple[Change, ...]
    cost: float
    cost_before: float
    terms: dict[str, float]
    bound: float | None
    seed: int
    seconds: float
    ended: Ended
    refused: tuple[Refused, ...]
    findings: tuple[Finding, ...]
    #: The plan as it would be.
    then: Plan
    #: Seat and officer where somebody was spared who would have had too much duty.
    spared: frozenset[tuple[int, int]] = frozenset()

    @property
    def visit(self) -> str:
        return self.laid.asked.visit

    @property
    def plan(self) -> Plan:
        """The plan that it was made from, the visit moved where that was asked."""
        return self.laid.plan

    @property
    def names(self) -> Names:
        """What officers and posts are called."""
        return Names(self.plan, f"visit/{self.visit}")

    @property
    def gap(self) -> float | None:
        """The share of the cost that a better plan could save at most."""
        if self.bound is None:
            return None
        return 0.0 if self.cost <= self.bound else (self.cost - self.bound) / self.cost

    @property
    def open(self) -> tuple[tuple[int, Place], ...]:
        """Seat and place of what stays open."""
        return open_places(self.laid, self.holder)

    @property
    def roster(self) -> Roster:
        """The roster as one that can be asked and worked on."""
        return Roster.of(self.laid.problem, self.holder)


def make(
    plan: Plan,
    asked: Asked,
    *,
    seed: int = 1,
    effort: Effort | None = None,
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Made:
    """The best roster for a visit that the effort finds.

    Raises ``NotFound`` for an unknown visit, ``NotPossible`` where it is stopped before there is a roster.
    """
    set_out = _laid(plan, asked)
    try:
        found = propose(set_out.problem, seed, effort, progress, stop)
    except Stopped:
        raise NotPossible.because("It was stopped before there was a roster to show.") from None
    sound = spread(set_out, eased(set_out, found.holder, stop), stop)
    before = standing(set_out.problem, set_out.problem.published)[0].cost
    return _made(set_out, sound, before, found.bound, seed, found.seconds, found.ended)


def replaced(plan: Plan, asked: Asked, seed: int = 1, stop: Callable[[], bool] | None = None) -> Made:
    """The roster with as few changes as can be where officers must give up their duties, or the visit is moved."""
    began = time.monotonic()
    set_out = _laid(plan, asked)
    done = replan(set_out.problem, set_out.problem.published)
    sound = spread(set_out, eased(set_out, done.roster.holder, stop), stop)
    return _made(set_out, sound, done.cost_before, None, seed, time.monotonic() - began, Ended.STEPS)


def _laid(plan: Plan, asked: Asked) -> Laid:
    """The problem with everybody's other duties, those too that stand in visits hidden from who asks."""
    plan.visit(asked.visit)
    whole, _ = behind(plan)
    return laid(whole, asked)


def _made(
    set_out: Laid, eased: Eased, before: float, bound: float | None, seed: int, seconds: float, ended: Ended
) -> Made:
    sound, problem = eased.sound, set_out.problem
    roster = Roster.of(problem, sound.holder)
    if ended is Ended.PROVED and bound is not None and not best(problem, roster.cost, bound):
        ended = Ended.EASED
    return Made(
        laid=set_out,
        holder=sound.holder,
        changes=sound.changes,
        cost=roster.cost,
        cost_before=before,
        terms=cost_by_term(problem, roster),
        bound=None if bound is None else min(bound, roster.cost),
        seed=seed,
        seconds=seconds,
        ended=ended,
        refused=sound.refused,
        findings=sound.said.findings,
        then=sound.said.plan,
        spared=eased.spared,
    )
