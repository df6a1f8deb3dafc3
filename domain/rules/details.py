"""R16: whether a detail, a package of posts that is given as one, is manned by one unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from domain.assignment import Assignment
from domain.finding import Finding, Scope, Severity
from domain.messages import message
from domain.officer import Officer
from domain.plan import Plan
from domain.policy import PolicyNumbers
from domain.post import Post
from domain.rules.duty import duties_of
from domain.rules.scope import keys_of, within
from domain.values import TimeWindow


def detail_split(plan: Plan, numbers: PolicyNumbers, as_of: datetime, scope: Scope) -> tuple[Finding, ...]:
    """R16: the officers of one detail come from several units; warns.

    A detail is what its posts say: those that name the same one. Ended duties count no more.
    """
    asked = _details_in(plan, scope)
    return within((found for visit, detail in asked for found in _split(plan, visit, detail)), scope)


def _split(plan: Plan, visit: str, detail: str) -> Iterator[Finding]:
    posts = [post for post in plan.posts_of_detail(visit, detail) if not post.cancelled]
    duties: list[Assignment] = [
        duty
        for post in posts
        for duty in plan.assignments_of_post(visit, post.code)
        if duty.counts and plan.takes_place(duty)
    ]
    officers = sorted({duty.officer for duty in duties if plan.has(Officer, duty.officer)})
    units = sorted({plan.officer(code).details.unit for code in officers})
    if len(units) < 2:
        return
    yield Finding(
        rule="R16",
        severity=Severity.WARN,
        subjects=(
            *(post.id for post in posts),
            *sorted(duty.id for duty in duties),
            *(f"officer/{code}" for code in officers),
        ),
        window=TimeWindow(start=min(duty.window.start for duty in duties), end=max(duty.window.end for duty in duties)),
        message=message(
            "Detail {detail} of visit {visit} is manned by {n} units: {units}. Give it to one of them.",
            detail=detail,
            visit=visit,
            n=len(units),
            units=units,
        ),
    )


def mates(plan: Plan, visit: str, code: str) -> set[str]:
    """The posts of the detail that a post is part of."""
    post = plan.entities.get(f"post/{visit}/{code}")
    if not isinstance(post, Post) or post.details.detail is None:
        return set()
    return {other.id for other in plan.posts_of_detail(visit, post.details.detail)}


def _details_in(plan: Plan, scope: Scope) -> list[tuple[str, str]]:
    """Visit and code of the details that a scope asks for, in order."""
    if scope is None:
        return sorted({key for visit in plan.visits for key in _of(plan.posts(visit.key))})
    keys = {f"post/{key}" for key in keys_of(scope, "post")}
    for key in keys_of(scope, "assignment"):
        duty = plan.entities.get(f"assignment/{key}")
        if isinstance(duty, Assignment):
            keys.add(f"post/{duty.post_key}")
    for code in keys_of(scope, "officer"):
        keys.update(f"post/{duty.post_key}" for duty in duties_of(plan, code))
    posts = (plan.entities.get(key) for key in keys)
    return sorted(_of(post for post in posts if isinstance(post, Post)))


def _of(posts: Iterable[Post]) -> set[tuple[str, str]]:
    return {(post.visit, post.details.detail) for post in posts if post.details.detail is not None}
