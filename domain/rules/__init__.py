"""The rules that a plan is checked against, numbered as in the force's handbook.

A rule is a pure function of the plan, the policy's numbers, the moment as of which it is asked, and a scope:
the originator ids that a check is about, or None for everything. It answers the findings with a subject in the
scope, the same as the whole check would; so one change is checked by the same functions as the whole plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from domain.assignment import Assignment
from domain.base import Event
from domain.finding import Finding, Scope
from domain.messages import Message, message
from domain.officer import Officer
from domain.plan import Plan
from domain.policy import PolicyNumbers
from domain.rules.coverage import post_uncovered
from domain.rules.days import far_from_visit
from domain.rules.details import detail_split, mates
from domain.rules.duty import (
    blocked,
    no_time_between_posts,
    officer_double_booked,
    qualification_missing,
    rest_and_load,
)
from domain.rules.legs import leg_infeasible
from domain.rules.moving import Moved, beside_time
from domain.rules.programme import venue_capacity, venue_double_use
from domain.rules.readers import for_reader
from domain.rules.resilience import leaning_on, single_point_of_failure
from domain.rules.scope import keys_of, subjects_of, visit_of
from domain.visit import VisitAmended, VisitCancelled, VisitReinstated

__all__ = ["RULES", "Moved", "Rule", "check", "for_reader", "in_order", "new_findings", "touched", "visit_of"]


class Rule(NamedTuple):
    """A rule: its number, its label for people, and the function that finds where it is broken."""

    number: str
    label: Message
    find: Callable[[Plan, PolicyNumbers, datetime, Scope], tuple[Finding, ...]]


RULES: tuple[Rule, ...] = (
    Rule("R01", message("Officer double-booked"), officer_double_booked),
    Rule("R02", message("No time from one post to the next"), no_time_between_posts),
    Rule("R03", message("Rest and load"), rest_and_load),
    Rule("R04", message("Qualification missing, lapsed or lapsing"), qualification_missing),
    Rule("R05", message("Uncovered post"), post_uncovered),
    Rule("R06", message("Single point of failure"), single_point_of_failure),
    Rule("R07", message("Venue capacity"), venue_capacity),
    Rule("R08", message("Venue double use"), venue_double_use),
    Rule("R09", message("Leg infeasible in the programme"), leg_infeasible),
    Rule("R16", message("Detail of several units"), detail_split),
    Rule("R17", message("Far from the days of the visit"), far_from_visit),
)


def check(plan: Plan, as_of: datetime, scope: Scope = None, visit: str | None = None) -> tuple[Finding, ...]:
    """All findings that a scope asks for, worst first; with a visit, those that concern it."""
    numbers = plan.numbers(as_of)
    if visit is not None:
        asked = frozenset(_of_visit(plan, visit))
        scope = asked if scope is None else scope & asked
    found = (finding for rule in RULES for finding in rule.find(plan, numbers, as_of, scope))
    if visit is not None:
        found = (finding for finding in found if visit in map(visit_of, finding.subjects))
    return in_order(found)


def new_findings(
    before: Plan, after: Plan, events: Iterable[Event], as_of: datetime, moved: Moved | None = None
) -> tuple[Finding, ...]:
    """The findings that a command's events made: in the plan after them and not in the one before, worst first.

    Of a visit that is ``moved`` as a whole, what was found before is not new for standing at another time now; only
    what may be found otherwise there is asked again.
    """
    found = check(after, as_of, touched(before, after, tuple(events), as_of, moved))
    # Two that are the same have the same subjects: of the plan before nothing else need be asked.
    earlier = check(before, as_of, subjects_of(found)) if found else ()
    known = {(finding.id, finding.severity) for finding in earlier}
    if moved is not None:
        known |= {(_later(finding, moved.by).id, finding.severity) for finding in earlier}
    return tuple(finding for finding in found if (finding.id, finding.severity) not in known)


def _later(finding: Finding, by: timedelta) -> Finding:
    return finding if finding.window is None else finding._replace(window=finding.window.shifted(by))


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Worst first, then by rule, time and subjects."""
    return tuple(sorted(findings, key=lambda f: (*f.order, f.window.end.timestamp() if f.window is not None else 0.0)))


def touched(before: Plan, after: Plan, events: Iterable[Event], as_of: datetime, moved: Moved | None = None) -> Scope:
    """The entities whose findings these events may change; None where that is everything.

    Of a visit that is ``moved`` as a whole, without those whose findings only stand at another time then.
    """
    found: set[str] = set()
    if moved is not None:
        beside = beside_time(before, after, events, before.numbers(as_of), moved)
        if beside is not None:
            found, events = beside
        else:
            found.update(*(_of_visit(plan, moved.visit) for plan in (before, after)))
    for event in events:
        if event.kind == "policy":
            return None
        found.add(event.originator_id)
        for plan in (before, after):
            if event.originator_id in plan.entities:
                found |= _around(plan, event)
    for plan in (before, after):
        found |= leaning_on(plan, found)
    plans = ((before, before.numbers(as_of)), (after, after.numbers(as_of)))
    for officer in keys_of(frozenset(found), "officer"):
        found |= _posts_otherwise_covered(plans, officer)
    return frozenset(found)


def _around(plan: Plan, event: Event) -> set[str]:
    """What an event reaches besides its own entity."""
    visit, _, code = event.key.partition("/")
    match event.kind:
        case "assignment":
            assignment = plan.assignment(visit, code)
            return {f"officer/{assignment.officer}", f"post/{assignment.post_key}"}
        case "post":
            officers = {f"officer/{duty.officer}" for duty in plan.assignments_of_post(visit, code)}
            return officers | mates(plan, visit, code)
        case "venue":
            return {visit.id for visit in plan.visits_at(event.key)} | _on_duty_at(plan, event.key)
        case "visit" if isinstance(event, VisitAmended | VisitCancelled | VisitReinstated):
            return _of_visit(plan, event.key)
        case "ways":
            return _of_visit(plan, visit)
        case "delegation":
            return {f"visit/{visit}"}
        case "route":
            route = plan.route(visit, code)
            ends = (route.details.origin, route.details.destination)
            return {f"visit/{visit}"}.union(*(_on_duty_at(plan, venue) for venue in ends))
    return set()


def _on_duty_at(plan: Plan, venue: str) -> set[str]:
    """The officers with a duty at a venue: how they get there may have changed."""
    return {
        f"officer/{duty.officer}"
        for post in plan.posts_at(venue)
        for duty in plan.assignments_of_post(post.visit, post.code)
    }


def _posts_otherwise_covered(plans: Sequence[tuple[Plan, PolicyNumbers]], officer: str) -> set[str]:
    """The posts at which the officer counts in one of two plans and, for a conflict, not in the other."""
    before, after = (
        blocked(plan, numbers, officer) if plan.has(Officer, officer) else frozenset[str]() for plan, numbers in plans
    )
    duties = (plan.entities.get(subject) for subject in before ^ after for plan, _ in plans)
    return {f"post/{duty.post_key}" for duty in duties if isinstance(duty, Assignment)}


def _of_visit(plan: Plan, visit: str) -> set[str]:
    """A visit, its posts, and the officers on duty in it."""
    duties: tuple[Assignment, ...] = plan.assignments(visit)
    return {
        f"visit/{visit}",
        *(post.id for post in plan.posts(visit)),
        *(f"officer/{duty.officer}" for duty in duties if duty.status != "withdrawn"),
    }
