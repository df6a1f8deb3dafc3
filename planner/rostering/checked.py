"""The exact check: a roster is held against the rules of the domain before anybody sees it.

All changes are decided as the commands would decide them, withdrawals first, and the rules are asked once about the
plan that comes of it: whatever breaks none there breaks none on the way. What is refused, or would stand with a
blocking finding of R01 to R04, is taken out; what the engine may put in its place is checked again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

from domain.assigning import codes_of_next, unjudged
from domain.assignment import AssignmentWithdrawn
from domain.base import Act, Event
from domain.finding import Finding, Severity
from domain.messages import Message
from domain.plan import Plan
from domain.refusals import PlanningError
from domain.rules import for_reader, new_findings
from planner.rostering.changes import Change, Given, changes
from planner.rostering.from_plan import Laid, Move
from planner.rostering.problem import NONE, Bools, Ints
from planner.rostering.replan import replan

#: So often the engine may fill anew what the rules took out; then it stays open.
TRIES = 4
OF_DUTIES = frozenset({"R01", "R02", "R03", "R04"})


@dataclasses.dataclass(frozen=True, slots=True)
class Refused:
    """A place that the rules do not let an officer have, and why."""

    given: Given
    why: Message


@dataclasses.dataclass(frozen=True, slots=True)
class Tried:
    """The plan as it would be and what leads to it, what the rules refuse, and what they would newly find."""

    plan: Plan
    events: tuple[Event, ...]
    refused: tuple[Refused, ...]
    findings: tuple[Finding, ...]
    #: What would be given, by the id that the assignment would have.
    given: Mapping[str, Given]


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """A roster that breaks no rule, what the rules refused on the way to it, and what they say to it.

    ``able`` is who may hold which seat, the engine's table without what the rules refused.
    """

    holder: Ints
    changes: tuple[Change, ...]
    able: Bools
    refused: tuple[Refused, ...]
    said: Tried


def tried(plan: Plan, visit: str, asked: Iterable[Change], act: Act, move: Move | None = None) -> Tried:
    """What the rules say to the changes, all withdrawals first, and to the move that made the plan; nothing is
    recorded."""
    move = move or Move(plan)
    asked, refused = tuple(asked), list[Refused]()
    withdrawn = [AssignmentWithdrawn(**act.on(duty)) for change in asked for duty in change.withdrawn]
    by_duty: dict[str, Given] = {}
    codes, decided = codes_of_next(plan, visit), list[Event]()
    code = next(codes)
    for given in (given for change in asked for given in change.given):
        try:
            decided.append(unjudged(plan, visit, given.post, given.officer, act, shift=given.shift, code=code))
        except PlanningError as refusal:
            refused.append(Refused(given, refusal.message))
            continue
        by_duty[decided[-1].originator_id] = given
        code = next(codes)
    # What is decided asks for posts, officers and codes: of these withdrawals change nothing.
    events = [*withdrawn, *decided]
    plan = plan.after(events)
    happened = (*move.besides, *events)
    findings = for_reader(new_findings(move.before, plan, happened, act.recorded_at, move.moved), act.visible)
    for finding in findings:
        if finding.rule in OF_DUTIES and finding.severity is Severity.BLOCK:
            for given in (by_duty.pop(subject) for subject in finding.subjects if subject in by_duty):
                refused.append(Refused(given, finding.message))
    return Tried(plan, tuple(events), tuple(refused), findings, by_duty)


def said_of(laid: Laid, wanted: Iterable[Change]) -> Tried:
    """What the rules say to changes, and to the move of the visit where that is asked for."""
    return tried(laid.plan, laid.asked.visit, wanted, laid.asked.act, laid.move)


def sound_by_the_rules(laid: Laid, holder: Ints, able: Bools | None = None) -> Sound:
    """The roster without what the rules refuse, filled anew where the engine can, with those who are able."""
    able = (laid.problem.able if able is None else able).copy()
    number = {officer.key: place for place, officer in enumerate(laid.seating.officers)}
    wanted = changes(laid, holder)
    refused, said, tries = list[Refused](), said_of(laid, wanted), TRIES
    while said.refused:
        refused.extend(said.refused)
        holder = holder.copy()
        for one in said.refused:
            able[number[one.given.officer], one.given.seat] = False
            holder[one.given.seat] = NONE
        if tries:
            tries -= 1
            holder = replan(laid.problem.with_able(able), holder).roster.holder
        wanted = changes(laid, holder)
        said = said_of(laid, wanted)
    return Sound(holder, wanted, able, tuple(refused), said)
