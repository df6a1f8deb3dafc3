"""A force of officers and posts that all want them at the same time, and processes that plan on it."""

from __future__ import annotations

import multiprocessing
import time
from datetime import timedelta
from itertools import pairwise
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

from domain.assigning import assign
from domain.base import Actor, Role
from domain.plan import Plan
from domain.refusals import RuleBroken
from planner.application import Planner
from planner.deciding import Permission, Why
from tests.examples import PLANNING, VISIT, officer_details, post_details, visit_details

HOA = Actor("planner.hoa", frozenset({Role.PLANNER}))
OFFICERS = [f"CA-{n:04d}" for n in range(1, 25)]


MAY_ASSIGN = Permission("assign_officer", VISIT)


def processes() -> ForkServerContext:
    """Processes that start quickly, with the planner loaded."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def opened(place: Path) -> Planner:
    return Planner(place / "data", place / "key", clock=lambda: PLANNING + timedelta(days=1))


def found(place: Path, writers: int) -> None:
    """A visit with one post for each writer and officer; all of them last from 8 to 12."""
    planner = opened(place)
    with planner.together(HOA):
        planner.register_visit(VISIT, visit_details(), by=HOA)
        for officer in OFFICERS:
            planner.register_officer(officer, officer_details(), by=HOA)
        for writer in range(writers):
            for officer in OFFICERS:
                planner.create_post(VISIT, f"P-{writer}-{officer}", post_details(), by=HOA)
    planner.close()


def take_all(place: str, writer: int, start: Any, done: Any) -> None:
    """Takes every officer, in the order in which all others want them too."""
    planner = opened(Path(place))
    start.wait(60)
    taken = 0
    for officer in OFFICERS:
        try:
            planner.assign_officer(VISIT, f"P-{writer}-{officer}", officer, by=HOA)
            taken += 1
        except RuleBroken:
            continue
    done.put(taken)
    planner.close()


def look_then_take_all(place: str, writer: int, start: Any, done: Any) -> None:
    """What must not be done: decides on what it saw, and saves without gate or expected position."""
    planner = opened(Path(place))
    start.wait(60)
    taken = 0
    for officer in OFFICERS:
        plan = planner.plan
        act = planner.act(plan, Why(by=HOA, command_id=f"{writer}-{officer}", permission=MAY_ASSIGN))
        try:
            post = f"P-{writer}-{officer}"
            events = assign(plan, VISIT, post, officer, act, code=f"A-{writer}-{officer}")
        except RuleBroken:
            continue
        time.sleep(0.005)
        planner.recorder.insert_events([planner.mapper.to_stored_event(event) for event in events])
        taken += 1
    done.put(taken)
    planner.close()


def contend(place: Path, way: Any, writers: int) -> tuple[Plan, list[int]]:
    """Lets all writers start at once. Returns the plan and how many officers each of them took."""
    found(place, writers)
    context = processes()
    start, done = context.Barrier(writers), context.Queue()
    everyone = [context.Process(target=way, args=(str(place), writer, start, done)) for writer in range(writers)]
    for process in everyone:
        process.start()
    taken = [done.get(timeout=120) for _ in everyone]
    for process in everyone:
        process.join(60)
    planner = opened(place)
    plan = planner.plan
    planner.close()
    return plan, taken


def double_bookings(plan: Plan) -> int:
    """How many duties of one officer overlap the one before."""
    count = 0
    for officer in plan.officers:
        windows = sorted((duty.window for duty in plan.assignments_of_officer(officer.key)), key=lambda w: w.start)
        count += sum(one.overlaps(next_one) for one, next_one in pairwise(windows))
    return count
