"""R17: what lies far from the days of its visit, as after a month that was mistyped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from domain.finding import Finding, Scope, Severity
from domain.messages import Message, message
from domain.plan import Plan
from domain.policy import PolicyNumbers
from domain.post import Post
from domain.rules.naming import titled
from domain.rules.scope import keys_of, within
from domain.values import TimeWindow
from domain.visit import Visit


def far_from_visit(plan: Plan, numbers: PolicyNumbers, as_of: datetime, scope: Scope) -> tuple[Finding, ...]:
    """R17: an activity or a post lies more days before or after the visit than the policy takes for preparing; warns.

    Nothing of it is refused: a rehearsal a month before is as right as it looks wrong. Days are those of the visit's
    zone. What lies impossibly far was refused before.
    """
    activities = (found for key in _visits_in(plan, scope) for found in _activities(plan, numbers, key))
    posts = (found for post in _posts_in(plan, scope) for found in _post(plan, numbers, post))
    return within((*activities, *posts), scope)


def far(visit: Visit, window: TimeWindow, numbers: PolicyNumbers) -> Message | None:
    """How far a window lies from the days of a visit, where that is worth a look."""
    zone, details = ZoneInfo(visit.details.zone), visit.details
    before = (details.first_day - window.start.astimezone(zone).date()).days
    after = (window.end.astimezone(zone).date() - details.last_day).days
    if max(before, after) <= numbers.far_from_visit_days:
        return None
    values = {"window": window, "first": details.first_day, "last": details.last_day}
    if before > after:
        return message(
            "{window} lies {days} days before the visit ({first} to {last}). Check the day and the month.",
            days=before,
            **values,
        )
    return message(
        "{window} lies {days} days after the visit ({first} to {last}). Check the day and the month.",
        days=after,
        **values,
    )


def _activities(plan: Plan, numbers: PolicyNumbers, key: str) -> Iterator[Finding]:
    """What is found of the activities of a visit."""
    visit = plan.entities.get(f"visit/{key}")
    if not isinstance(visit, Visit) or visit.cancelled:
        return
    for activity in visit.activities:
        said = None if activity.code in visit.called_off else far(visit, activity.window, numbers)
        if said is not None:
            text = message(
                "Activity {activity} of visit {visit}: {said}",
                activity=titled(activity.code, activity.title),
                visit=key,
                said=said,
            )
            yield _finding(f"activity/{key}/{activity.code}", activity.window, text)


def _post(plan: Plan, numbers: PolicyNumbers, post: Post) -> Iterator[Finding]:
    visit = plan.visit(post.visit)
    said = None if post.cancelled or visit.cancelled else far(visit, post.window, numbers)
    if said is not None:
        named = titled(post.code, post.details.task)
        text = message("Post {post} of visit {visit}: {said}", post=named, visit=visit.key, said=said)
        yield _finding(post.id, post.window, text)


def _visits_in(plan: Plan, scope: Scope) -> list[str]:
    """The visits of whose activities a scope asks, in order."""
    if scope is None:
        return [visit.key for visit in plan.visits]
    return sorted({*keys_of(scope, "visit"), *(key.partition("/")[0] for key in keys_of(scope, "activity"))})


def _posts_in(plan: Plan, scope: Scope) -> Iterator[Post]:
    """The posts of which a scope asks."""
    if scope is None:
        for visit in plan.visits:
            yield from plan.posts(visit.key)
        return
    for key in keys_of(scope, "post"):
        post = plan.entities.get(f"post/{key}")
        if isinstance(post, Post):
            yield post


def _finding(subject: str, window: TimeWindow, said: Message) -> Finding:
    return Finding(rule="R17", severity=Severity.WARN, subjects=(subject,), window=window, message=said)
