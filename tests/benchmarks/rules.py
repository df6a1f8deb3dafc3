"""How fast the rules are on a summit: a hundred thousand assignments, written without asking any rule."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import cast

from domain.assigning import newly_broken, why_not
from domain.assignment import Assignment, AssignmentStatus, OfficerAssigned
from domain.base import Event
from domain.finding import Finding
from domain.founding import FOUNDERS
from domain.officer import Officer
from domain.plan import Plan
from domain.policy import PolicyNumbers
from domain.post import Post, Shift
from domain.rules import check, new_findings
from domain.rules.duty import double_booked, duties_of, near
from domain.values import TimeWindow
from domain.venue import Venue
from domain.visit import Visit
from tests.examples import (
    PLANNING,
    act,
    activity,
    at,
    officer_details,
    place,
    post_details,
    venue_details,
    visit_details,
    window,
)

VISITS, POSTS, DAYS, HEADCOUNT, VENUES = 40, 62, 7, 2, 80
SHIFTS_A_DAY = 3
OFFICERS = VISITS * POSTS * HEADCOUNT * SHIFTS_A_DAY


def summit() -> Plan:
    """Forty visits of a week, each post in three shifts of eight hours, each officer in the same shift every day."""
    events: list[Event] = []
    for number in range(OFFICERS):
        events += Officer.register(f"O-{number:05d}", officer_details(), act())
    for number in range(VENUES):
        here = place(19 + number % 9 / 40, 102 + number % 7 / 40)
        events += Venue.register(f"V-{number:02d}", venue_details(coordinates=here), act())
    for number in range(VISITS):
        events += _visit(number)
    gc.disable()
    plan = Plan().after(events)
    gc.enable()
    return plan


def _visit(number: int) -> list[Event]:
    code = f"X-{number:02d}"
    (registered,) = Visit.register(code, visit_details(), act())
    events: list[Event] = [registered]
    visit = cast(Visit, FOUNDERS[type(registered)](registered))
    for slot in range(60):
        hour, day = 7 + slot % 12, 1 + slot // 12
        venue = f"V-{(number * 7 + slot) % VENUES:02d}"
        (event,) = visit.schedule(activity(f"A-{slot:02d}", f"{hour}:00", f"{hour}:40", day, venue=venue), act())
        events.append(event)
        visit = visit.evolve(event)
    shifts = tuple(
        Shift(
            code=f"S{day}{part}", window=TimeWindow(start=at(f"{8 * part}:00", day), end=at(f"{8 * part + 8}:00", day))
        )
        for day in range(1, DAYS + 1)
        for part in range(SHIFTS_A_DAY)
    )
    whole = TimeWindow(start=at("00:00"), end=at("24:00", DAYS))
    for post in range(POSTS):
        (created,) = Post.create(f"{code}/P-{post:02d}", post_details(window=whole, headcount=HEADCOUNT), act())
        events += (created, *cast(Post, FOUNDERS[type(created)](created)).plan_shifts(shifts, act()))
        events += _duties(number, post, shifts)
    return events


def _duties(number: int, post: int, shifts: tuple[Shift, ...]) -> list[Event]:
    first = (number * POSTS + post) * HEADCOUNT
    return [
        OfficerAssigned(
            **act().founds(Assignment, f"X-{number:02d}/A-{post:02d}-{shift.code}-{rank}"),
            post=f"P-{post:02d}",
            shift=shift.code,
            officer=f"O-{int(shift.code[2]) * (OFFICERS // SHIFTS_A_DAY) + first + rank:05d}",
            window=shift.window,
        )
        for shift in shifts
        for rank in range(HEADCOUNT)
    ]


def candidates(plan: Plan, count: int = 1000) -> list[Assignment]:
    """One more duty for each of many officers."""
    return [
        Assignment(
            key="X-00/?",
            version=1,
            post="P-01",
            shift="S10",
            officer=officer.key,
            window=window("00:00", "08:00"),
            status=AssignmentStatus.CONFIRMED,
        )
        for officer in plan.officers[:: max(1, OFFICERS // count)]
    ]


def clashes(plan: Plan, numbers: PolicyNumbers, duty: Assignment) -> list[Finding]:
    """R01 alone for one more duty, by the index of its officer."""
    officer = plan.officer(duty.officer)
    beside = near(duties_of(plan, officer.key), duty.window)
    return list(double_booked(plan, numbers, officer, (*beside, duty)))


def clashes_by_scan(plan: Plan, numbers: PolicyNumbers, every: list[Assignment], duty: Assignment) -> list[Finding]:
    """The same by looking at every assignment there is."""
    officer = plan.officer(duty.officer)
    near = [o for o in every if o.officer == duty.officer and o.counts and o.window.overlaps(duty.window)]
    return list(double_booked(plan, numbers, officer, (*near, duty)))


def seconds(work: Callable[[], object], times: int = 1) -> float:
    """CPU seconds of one run, the best of some."""
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def conflict_check(plan: Plan | None = None) -> dict[str, float]:
    """R01 of one more duty by its index, how much faster that is than a scan, and whether both find the same."""
    plan = plan or summit()
    numbers, asked = plan.numbers(PLANNING), candidates(plan)
    every = [duty for visit in plan.visits for duty in plan.assignments(visit.key)]
    few = asked[:: len(asked) // 5]
    clashes(plan, numbers, asked[0])
    indexed = seconds(lambda: [clashes(plan, numbers, duty) for duty in asked], 5) / len(asked)
    scanned = seconds(lambda: [clashes_by_scan(plan, numbers, every, duty) for duty in few], 3) / len(few)
    same = [clashes(plan, numbers, d) == clashes_by_scan(plan, numbers, every, d) for d in few]
    return {
        "assignments": float(len(every)),
        "r01_of_one_change_us": indexed * 1e6,
        "r01_times_faster_than_a_scan": scanned / indexed,
        "r01_same_as_the_scan": float(all(same)),
    }


def run() -> dict[str, float]:
    """The measures by name: seconds for the whole check, milliseconds and microseconds as their names say."""
    plan = summit()
    gc.freeze()
    numbers, asked = plan.numbers(PLANNING), candidates(plan)
    whole = seconds(lambda: check(plan, PLANNING))
    stamp = act().founds(Assignment, "X-00/NEW")
    given = (OfficerAssigned(**stamp, post="P-01", shift="S10", officer="O-00000", window=asked[0].window),)
    after = plan.after(given)
    refusing = seconds(lambda: [newly_broken(plan, numbers, duty) for duty in asked], 3) / len(asked)
    told = seconds(
        lambda: [why_not(plan, "X-00", "P-01", d.officer, shift="S10", as_of=PLANNING) for d in asked], 3
    ) / len(asked)
    return {
        **conflict_check(plan),
        "whole_check_s": whole,
        "refusing_rules_of_one_change_us": refusing * 1e6,
        "why_not_of_one_officer_us": told * 1e6,
        "findings_of_one_command_ms": seconds(lambda: new_findings(plan, after, given, PLANNING)) * 1e3,
    }
