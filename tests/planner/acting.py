"""Accounts that act in tests, a clock that stands, and the commonest command."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from domain.assignment import AssignmentStatus
from domain.base import Actor, Role
from domain.membership import ROLES, Terms
from planner.application import Planner
from planner.deciding import Outcome
from tests.examples import (
    PLANNING,
    VIETNAMESE_OFFICERS,
    VISIT,
    officer_details,
    post_details,
    venue_details,
    visit_details,
)

HOA = Actor("planner.hoa", frozenset({Role.PLANNER}))
BINH = Actor("commander.binh", frozenset({Role.COMMANDER}))
THAO = Actor("officer.thao", frozenset({Role.OFFICER}), officer="CA-0113")
NGHIA = Actor("officer.nghia", frozenset({Role.OFFICER}), officer="CA-0114")


ADMINISTRATOR = Actor("admin", frozenset({Role.ADMINISTRATOR}))


class Clock:
    """A clock that stands until somebody sets it, or lets time pass."""

    def __init__(self) -> None:
        self.moment = PLANNING

    def __call__(self) -> datetime:
        return self.moment

    def passes(self, length: timedelta) -> None:
        self.moment += length


def another(place: Path, clock: Clock) -> Planner:
    """Another process's planner on the same data."""
    return Planner(place / "data", place / "key", clock=clock)


def prepare(planner: Planner) -> None:
    """A visit, two officers, a post of four hours at a hotel and another at the same time."""
    with planner.together(HOA):
        planner.register_visit(VISIT, visit_details(), by=HOA)
        planner.register_venue("HOTEL-1", venue_details(), by=HOA)
        planner.register_officer("CA-0113", officer_details(VIETNAMESE_OFFICERS[0]), by=HOA)
        planner.register_officer("CA-0114", officer_details(VIETNAMESE_OFFICERS[1]), by=HOA)
        planner.create_post(VISIT, "P-01", post_details(venue="HOTEL-1"), by=HOA)
        planner.create_post(VISIT, "P-02", post_details(task="Tuần tra vòng ngoài"), by=HOA)


def let_in(planner: Planner, *actors: Actor, visit: str = "") -> None:
    """Makes accounts members of every visit, or of one, in all roles that they have."""
    for actor in actors:
        if not actor.roles & ROLES:
            continue
        terms = Terms(roles=actor.roles & ROLES)
        if visit:
            by = Actor("somebody.else", frozenset({Role.COMMANDER}))
            let_in(planner, by)
            planner.grant_membership(visit, actor.user, terms, by=by, reason="Test")
            planner.end_site_membership(by.user, by=ADMINISTRATOR, reason="Test")
        elif planner.plan.membership("", actor.user).terms is None:
            planner.grant_site_membership(actor.user, terms, by=ADMINISTRATOR, reason="Test")


def assign(planner: Planner, post: str = "P-01", officer: str = "CA-0113", **why: Any) -> Outcome:
    return planner.assign_officer(VISIT, post, officer, **{"by": HOA, **why})


def status(planner: Planner, code: str = "A-0001") -> AssignmentStatus:
    return planner.plan.assignment(VISIT, code).status
