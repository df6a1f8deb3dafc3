"""Accounts that act in tests, a clock that stands, and the commonest command."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from domain.assignment import AssignmentStatus
from domain.base import Actor, Role
from planner.application import Planner
from planner.deciding import Outcome
from tests.examples import PLANNING, VISIT

HOA = Actor("planner.hoa", frozenset({Role.PLANNER}))
BINH = Actor("commander.binh", frozenset({Role.COMMANDER}))
THAO = Actor("officer.thao", frozenset({Role.OFFICER}), officer="CA-0113")
NGHIA = Actor("officer.nghia", frozenset({Role.OFFICER}), officer="CA-0114")


class Clock:
    """A clock that stands until somebody sets it."""

    def __init__(self) -> None:
        self.moment = PLANNING

    def __call__(self) -> datetime:
        return self.moment


def another(place: Path, clock: Clock) -> Planner:
    """Another process's planner on the same data."""
    return Planner(place / "data", place / "key", clock=clock)


def assign(planner: Planner, post: str = "P-01", officer: str = "CA-0113", **why: Any) -> Outcome:
    return planner.assign_officer(VISIT, post, officer, **{"by": HOA, **why})


def status(planner: Planner, code: str = "A-0001") -> AssignmentStatus:
    return planner.plan.assignment(VISIT, code).status
