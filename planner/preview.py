"""What a command would make wrong, asked before it is given: for forms that show conflicts while choosing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from domain.base import Act, Actor, Decision
from domain.finding import Finding
from domain.plan import Plan
from domain.rules import new_findings


def preview(
    plan: Plan, decision: Callable[[Plan, Act], Decision], by: Actor, as_of: datetime
) -> tuple[Finding, ...]:
    """The findings that a decision would newly make; nothing is recorded.

    Raises what the decision refuses. A missing reason is not asked for yet.
    """
    act = Act(
        by=by.user,
        recorded_at=as_of,
        occurred_at=as_of,
        reason="preview",
        command_id="preview",
        via=by.via,
        officer=by.officer,
        roles=by.roles,
    )
    events = decision(plan, act)
    return new_findings(plan, plan.after(events), events, as_of) if events else ()
