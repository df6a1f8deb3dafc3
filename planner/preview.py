"""What a command would make wrong, asked before it is given: for forms that show conflicts while choosing."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from domain import assigning
from domain.base import Act, Actor, Decision
from domain.finding import Finding
from domain.officer import Officer
from domain.plan import Plan
from domain.policy import PolicyNumbers
from domain.rules import check, for_reader, new_findings
from domain.rules.duty import duties_of
from domain.rules.resilience import takes_over
from domain.rules.rest import Burden, heaviest
from domain.values import TimeWindow
from planner.access.seen import behind


def preview(plan: Plan, decision: Callable[[Plan, Act], Decision], by: Actor, as_of: datetime) -> tuple[Finding, ...]:
    """The findings that a decision would newly make; nothing is recorded.

    Raises what the decision refuses. A missing reason is not asked for yet.
    """
    whole, visible = behind(plan)
    events = decision(whole, _act(by, as_of, visible))
    return for_reader(new_findings(whole, whole.after(events), events, as_of), visible) if events else ()


def standing(
    plan: Plan, decision: Callable[[Plan, Act], Decision], by: Actor, as_of: datetime, activity: str
) -> tuple[Finding, ...]:
    """All findings about an activity (``activity/LA-2026-01/A-05``) as they would be after a decision, worst first.

    Raises what the decision refuses. A missing reason is not asked for yet.
    """
    whole, visible = behind(plan)
    after = whole.after(decision(whole, _act(by, as_of, visible)))
    return for_reader(check(after, as_of, frozenset({activity})), visible)


def why_not(
    plan: Plan, visit: str, post: str, officer: str, *, shift: str | None, window: TimeWindow | None, as_of: datetime
) -> tuple[Finding, ...]:
    """What assigning this officer would newly break, in visits too that the reader of ``plan`` may not see."""
    plan.visit(visit)
    whole, visible = behind(plan)
    return assigning.why_not(whole, visit, post, officer, shift=shift, window=window, as_of=as_of, visible=visible)


def backups(plan: Plan, visit: str, post: str, as_of: datetime) -> frozenset[str]:
    """Who could step in at a post at any time of it, as R06 counts a backup; nobody who is on duty at the post."""
    whole, _ = behind(plan)
    at, numbers = whole.post(visit, post), whole.numbers(as_of)
    here = {duty.officer for duty in whole.assignments_of_post(visit, post) if duty.counts}
    able = (one.key for one in whole.officers if one.key not in here)
    return frozenset(code for code in able if takes_over(whole, numbers, at, at.window, code))


def loads(plan: Plan, visit: str, numbers: PolicyNumbers) -> tuple[tuple[Officer, Burden], ...]:
    """Everybody on duty in a visit with the highest load anywhere, in visits too that the reader may not see."""
    whole, _ = behind(plan)
    on_duty = sorted({duty.officer for duty in plan.assignments(visit) if duty.counts})
    found = [(plan.officer(code), heaviest(whole, numbers, duties_of(whole, code))) for code in on_duty]
    return tuple(sorted(found, key=lambda one: (-one[1].week, -one[1].day, one[0].key)))


def _act(by: Actor, as_of: datetime, visible: Collection[str] | None) -> Act:
    return Act(
        by=by.user,
        recorded_at=as_of,
        occurred_at=as_of,
        reason="preview",
        command_id="preview",
        via=by.via,
        officer=by.officer,
        roles=by.roles,
        visible=None if visible is None else frozenset(visible),
    )
