"""The auditor's question about break-glass: who opened the visit, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from domain.emergency import EmergencyAccess, Opening
from domain.messages import Message, message
from domain.plan import Plan
from domain.values import TimeWindow
from planner.history.cases import Case


def opened(plan: Plan, visit: str, now: datetime, positions: Mapping[tuple[str, int], int]) -> Iterator[Case]:
    """Every time that somebody opened the visit, in order; ``positions`` of events by originator id and version."""
    found = [(opening, one) for one in plan.emergencies(visit) for opening in one.openings]
    for opening, one in sorted(found, key=lambda pair: pair[0].opened_at):
        open_for = opening.until > opening.opened_at
        yield Case(
            subject=one.id,
            message=_said(one, opening, now),
            window=TimeWindow(start=opening.opened_at, end=opening.until) if open_for else None,
            position=positions.get((one.id, opening.of)),
            recorded_at=opening.opened_at,
            by=one.user,
            reason=opening.reason,
        )


def _said(one: EmergencyAccess, opening: Opening, now: datetime) -> Message:
    told = {"user": one.user, "signed": message("signed") if opening.signed else message("not signed")}
    if opening.reviewed:
        return message(
            "{user} opened the visit in an emergency ({signed}); reviewed by {reviewer}: «{verdict}»",
            **told,
            reviewer=opening.reviewer,
            verdict=opening.verdict,
        )
    if opening.overdue(now):
        return message(
            "{user} opened the visit in an emergency ({signed}); the review is overdue since {due}.",
            **told,
            due=opening.due,
        )
    return message(
        "{user} opened the visit in an emergency ({signed}); to be reviewed until {due}.", **told, due=opening.due
    )
