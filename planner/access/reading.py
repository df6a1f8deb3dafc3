"""What an account may be told of visits."""

from __future__ import annotations

from datetime import datetime

from domain.base import Actor
from domain.plan import Plan
from planner.access.members import everywhere, visits_of
from planner.access.registry import QUERIES


def told_visits(plan: Plan, actor: Actor, moment: datetime) -> frozenset[str] | None:
    """The visits whose affairs may be named to an account where they stand against its own; None where all may."""
    readers = QUERIES["read_programme"].roles
    if everywhere(plan, actor, moment) & readers:
        return None
    return frozenset(code for code, roles in visits_of(plan, actor, moment).items() if roles & readers)
