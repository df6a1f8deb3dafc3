"""What a command would make wrong, asked before it is given: for forms that show conflicts while choosing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from domain.base import Act, Actor, Decision
from domain.finding import Finding
from domain.plan import Plan
from domain.rules import check, new_findings


def preview(plan: Plan, decision: Callable[[Plan, Act], Decision], by: Actor, as_of: datetime) -> tuple[Finding, ...]:
    """The findings that a decision would newly make; nothing is recorded.

    Raises what the decision refuses. A missing reason is not asked for yet.
    """
    events = decision(plan, _act(by, as_of))
    return new_findings(plan, plan.after(events), events, as_of) if events else ()


def standing(
    plan: Plan, decision: Callable[[Plan, Act], Decision], by: Actor, as_of: datetime, activity: str
) -> tuple[Finding, ...]:
    """All findings about an activity (``activity/LA-2026-01/A-05``) as they would be after a decision, worst first.

    Raises what the decision refuses. A missing reason is not asked for yet.
    """
    return check(plan.after(decision(plan, _act(by, as_of))), as_of, frozenset({activity}))


def _act(by: Actor, as_of: datetime) -> Act:
    return Act(
        by=by.user,
        recorded_at=as_of,
        occurred_at=as_of,
        reason="preview",
        command_id="preview",
        via=by.via,
        officer=by.officer,
        roles=by.roles,
    )
