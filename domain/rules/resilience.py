"""R06: whose absence would leave critical posts uncovered, with nobody in reserve who could take over; and streets."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from domain.assignment import Assignment
from domain.finding import Finding, Scope, Severity
from domain.messages import Message, message
from domain.officer import Officer
from domain.plan import Plan
from domain.policy import PolicyNumbers
from domain.post import Post, PostKind
from domain.requirements import meets
from domain.rules.bottlenecks import bottlenecks
from domain.rules.coverage import gaps
from domain.rules.duty import blocked, duties_of
from domain.rules.naming import named, post_named
from domain.rules.scope import keys_of, officers_named, within
from domain.rules.travel import place_of, way
from domain.values import TimeWindow


def single_point_of_failure(plan: Plan, numbers: PolicyNumbers, as_of: datetime, scope: Scope) -> tuple[Finding, ...]:
    """R06: without this officer a critical post, or one of liaison officers or interpreters with a language, is
    uncovered and nobody can take over; warns, for two posts blocks. The same of a stretch of street that all routes of
    a leg run along, for two legs (``bottlenecks``).

    Taking over can a named backup, or an officer on duty at a reserve post of the visit during the whole of it, who is
    present, not on duty elsewhere, qualified, and, from the reserve post, there within the response time; one without a
    reserve post has no standby place and is only asked for the rest. Left out, because the product has no such things
    yet: vehicles and gates that several depend on, and channels to fall back on: a post names one, in words.
    """
    of_officers = (f for code in _officers_in(plan, scope) for f in _of_officer(plan, numbers, code))
    return within((*of_officers, *bottlenecks(plan, numbers, scope)), scope)


def _of_officer(plan: Plan, numbers: PolicyNumbers, code: str) -> Iterator[Finding]:
    alone = [duty for duty in duties_of(plan, code) if _cannot_be_missed(plan, numbers, duty)]
    if not alone:
        return
    posts = list(dict.fromkeys(duty.post_key for duty in alone))
    officer = plan.officer(code)
    yield Finding(
        rule="R06",
        severity=Severity.BLOCK if len(posts) > 1 else Severity.WARN,
        subjects=(officer.id, *(f"post/{key}" for key in sorted(posts)), *sorted(duty.id for duty in alone)),
        window=TimeWindow(start=min(duty.window.start for duty in alone), end=max(duty.window.end for duty in alone)),
        message=_said(plan, officer, posts, numbers),
    )


def _said(plan: Plan, officer: Officer, posts: Collection[str], numbers: PolicyNumbers) -> Message:
    return message(
        "Without {officer} these posts, critical or bound to a language, are uncovered, and nobody in reserve could "
        "take over within {minutes}: {posts}. Name a backup, or put somebody in reserve nearby.",
        officer=named(officer),
        posts=[post_named(plan, key) for key in posts],
        minutes=timedelta(minutes=numbers.reserve_response_minutes),
    )


def _cannot_be_missed(plan: Plan, numbers: PolicyNumbers, duty: Assignment) -> bool:
    """True where the duty's critical post lacks somebody without it, and nobody could take over."""
    post = plan.entities.get(f"post/{duty.post_key}")
    if not duty.counts or not isinstance(post, Post) or not must_be_held(post):
        return False
    if duty.id in blocked(plan, numbers, duty.officer):
        return False
    others = [
        other
        for other in plan.assignments_of_post(post.visit, post.code)
        if other.counts and other.id != duty.id and other.id not in blocked(plan, numbers, other.officer)
    ]
    if next(gaps(post, others, duty.window), None) is None:
        return False
    return not any(takes_over(plan, numbers, post, duty.window, code) for code in _in_reserve(plan, post, duty))


def must_be_held(post: Post) -> bool:
    """Critical, or of liaison officers or interpreters bound to a language: nobody can step in without it."""
    bound = post.details.kind in (PostKind.LIAISON, PostKind.INTERPRETER) and bool(post.details.languages)
    return post.details.critical or bound


def _in_reserve(plan: Plan, post: Post, duty: Assignment) -> list[str]:
    """Who is named as a backup, and who is on duty at a reserve post of the visit during the whole duty."""
    found = dict.fromkeys(code for code in post.details.backups if plan.has(Officer, code))
    for reserve in _reserve_posts(plan, post.visit):
        for other in plan.assignments_of_post(reserve.visit, reserve.code):
            if other.counts and other.window.covers(duty.window):
                found[other.officer] = None
    found.pop(duty.officer, None)
    return list(found)


def _reserve_posts(plan: Plan, visit: str) -> tuple[Post, ...]:
    """The reserve posts of a visit that are needed."""
    return tuple(post for post in plan.reserve_posts(visit) if not post.cancelled)


def takes_over(plan: Plan, numbers: PolicyNumbers, post: Post, window: TimeWindow, code: str) -> bool:
    """Whether an officer could step in at a post during a time: serving, present, not on duty but at a reserve post of
    the visit within the response time, and able to do what the post requires."""
    officer = plan.officer(code)
    if officer.retired or any(absence.window.overlaps(window) for absence in officer.absences):
        return False
    standby: Post | None = None
    for other in duties_of(plan, code):
        if not other.counts or not other.window.overlaps(window):
            continue
        at = plan.entities.get(f"post/{other.post_key}")
        if not isinstance(at, Post) or at.details.kind is not PostKind.RESERVE or other.visit != post.visit:
            return False
        standby = at
    if not meets(officer, post.details, window):
        return False
    if standby is None:
        return True
    if place_of(plan, standby) is None or place_of(plan, post) is None:
        return False
    needed = way(plan, numbers, standby, post, window.start).needed
    return needed <= timedelta(minutes=numbers.reserve_response_minutes)


# Which officers


def _officers_in(plan: Plan, scope: Scope) -> tuple[str, ...]:
    """The officers on critical posts whose findings a scope may ask for."""
    if scope is None:
        return tuple(sorted({code for visit in plan.visits for code in _on_critical_posts(plan, visit.key)}))
    return officers_named(plan, scope)


def _on_critical_posts(plan: Plan, visit: str) -> set[str]:
    return {
        duty.officer
        for post in plan.posts(visit)
        if must_be_held(post)
        for duty in plan.assignments_of_post(visit, post.code)
    }


def leaning_on(plan: Plan, subjects: Collection[str]) -> set[str]:
    """The officers whose finding may change with these: mates at a critical post, and those whom a reserve backs."""
    scope = frozenset(subjects)
    posts = set(keys_of(scope, "post"))
    for code in keys_of(scope, "officer"):
        posts.update(duty.post_key for duty in plan.assignments_of_officer(code))
        posts.update(post.key for post in plan.posts_backed_by(code))
    for venue in keys_of(scope, "venue"):
        posts.update(post.key for post in plan.posts_at(venue))
    officers, visits = set[str](), set[str]()
    for key in posts:
        post = plan.entities.get(f"post/{key}")
        if not isinstance(post, Post):
            continue
        if post.details.kind is PostKind.RESERVE:
            visits.add(post.visit)
        if must_be_held(post) or post.cancelled:
            officers |= {duty.officer for duty in plan.assignments_of_post(post.visit, post.code)}
    for visit in visits:
        officers |= _on_critical_posts(plan, visit)
    return {f"officer/{code}" for code in officers}
