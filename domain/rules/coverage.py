"""Whether posts are covered: R05."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from domain.assignment import Assignment
from domain.finding import Finding, Scope, Severity
from domain.messages import Message, message
from domain.plan import Plan
from domain.policy import PolicyNumbers
from domain.post import WHOLE, Post
from domain.rules.duty import blocked
from domain.rules.naming import at_post, named, titled
from domain.rules.scope import keys_of, within
from domain.values import TimeWindow
from domain.visit import Visit


def post_uncovered(plan: Plan, numbers: PolicyNumbers, as_of: datetime, scope: Scope) -> tuple[Finding, ...]:
    """R05: at some time fewer officers are at a post than it needs. Blocks at a critical post, else warns.

    A shift needs its own headcount, or the post's; where shifts overlap, both are needed; where the post's window
    lies in no shift, the post's headcount is. Whoever has a blocking finding of R01 to R04 is not counted. An
    assignment to a shift that the post no longer has is told, and counted at its time. Left out, because the
    product has no such thing yet: roles within a post.
    """
    return within((finding for post in _posts_in(plan, scope) for finding in _of_post(plan, numbers, post)), scope)


class Gap(NamedTuple):
    """A time at which ``missing`` of ``needed`` officers are not at a post."""

    window: TimeWindow
    missing: int
    needed: int


def gaps(post: Post, duties: Iterable[Assignment], hours: TimeWindow | None = None) -> Iterator[Gap]:
    """The maximal times with the same number missing, in order, by a sweep over the post's window.

    With ``hours`` only that part of the window is looked at, and a gap is cut where it goes beyond.
    """
    whole = post.window if hours is None else post.window.intersection(hours)
    if whole is None:
        return
    since, until, lacking = whole.start, whole.start, (0, 0)
    for start, end, needed, present in _sweep(post, duties, whole):
        here = (needed - present, needed)
        if here != lacking:
            if lacking[0] > 0:
                yield Gap(TimeWindow(start=since, end=until), *lacking)
            since, lacking = start, here
        until = end
    if lacking[0] > 0:
        yield Gap(TimeWindow(start=since, end=until), *lacking)


def _sweep(
    post: Post, duties: Iterable[Assignment], whole: TimeWindow
) -> Iterator[tuple[datetime, datetime, int, int]]:
    """The times from … to … in a part of the post's window in which nobody comes or goes: needed, and there."""
    own = post.details.headcount
    #: moment, a shift's headcount that begins (+) or ends (-) to count, an officer who comes (1) or goes (-1)
    changes: list[tuple[datetime, int, str, int]] = [(whole.start, 0, "", 0), (whole.end, 0, "", 0)]
    for shift in post.shifts:
        if shift.window.overlaps(whole):
            wanted = own if shift.headcount is None else shift.headcount
            changes += (
                (max(shift.window.start, whole.start), wanted, "", 0),
                (min(shift.window.end, whole.end), -wanted, "", 0),
            )
    for duty in duties:
        if duty.counts and duty.window.overlaps(whole):
            changes += (
                (max(duty.window.start, whole.start), 0, duty.officer, 1),
                (min(duty.window.end, whole.end), 0, duty.officer, -1),
            )
    changes.sort(key=itemgetter(0))
    wanted, here = 0, Counter[str]()
    for (moment, wants, officer, comes), following in pairwise(changes):
        wanted += wants
        if comes:
            here[officer] += comes
            if not here[officer]:
                del here[officer]
        if following[0] > moment:
            yield moment, following[0], wanted or own, len(here)


def _of_post(plan: Plan, numbers: PolicyNumbers, post: Post) -> Iterator[Finding]:
    duties = [duty for duty in plan.assignments_of_post(post.visit, post.code) if duty.counts]
    discounted = {duty.id: duty for duty in duties if duty.id in blocked(plan, numbers, duty.officer)}
    for gap in gaps(post, (duty for duty in duties if duty.id not in discounted)):
        lost = [duty for duty in discounted.values() if duty.window.overlaps(gap.window)]
        yield Finding(
            rule="R05",
            severity=Severity.BLOCK if post.details.critical else Severity.WARN,
            subjects=(post.id, *sorted(duty.id for duty in lost)),
            window=gap.window,
            message=_without(plan, post, gap, lost) if lost else lacking(post, gap),
        )
    shifts = {shift.code for shift in post.shifts}
    for duty in duties:
        if duty.shift not in shifts:
            yield Finding(
                rule="R05",
                severity=Severity.WARN,
                subjects=(duty.id, post.id, f"shift/{duty.post_key}/{duty.shift}"),
                window=duty.window,
                message=_in_no_shift(plan, duty),
            )


def _in_no_shift(plan: Plan, duty: Assignment) -> Message:
    """That a duty is left over from shifts as they were, or from a post that had none."""
    officer, there = named(plan.officer(duty.officer)), at_post(plan, duty)
    if duty.shift == WHOLE:
        return message(
            "{officer} is assigned to the whole time, which is divided into shifts at {duty}; move or withdraw it.",
            officer=officer,
            duty=there,
        )
    return message(
        "{officer} is assigned to shift {shift}, which no longer exists at {duty}; move or withdraw it.",
        officer=officer,
        shift=duty.shift,
        duty=there,
    )


def lacking(post: Post, gap: Gap) -> Message:
    """How many officers a post lacks, and when."""
    return message("Post {post} of visit {visit} lacks {missing} of {needed} officers {window}.", **_said(post, gap))


def _without(plan: Plan, post: Post, gap: Gap, lost: list[Assignment]) -> Message:
    return message(
        "Post {post} of visit {visit} lacks {missing} of {needed} officers {window}; "
        "not counted because of conflicts of their own: {officers}.",
        officers=sorted({named(plan.officer(duty.officer)) for duty in lost}),
        **_said(post, gap),
    )


def _said(post: Post, gap: Gap) -> dict[str, object]:
    return {
        "post": titled(post.code, post.details.task),
        "visit": post.visit,
        "missing": gap.missing,
        "needed": gap.needed,
        "window": gap.window,
    }


def _posts_in(plan: Plan, scope: Scope) -> Iterator[Post]:
    """The posts that are needed and whose findings a scope may ask for."""
    for visit, code in _keys(plan, scope):
        post, of = plan.entities.get(f"post/{visit}/{code}"), plan.entities.get(f"visit/{visit}")
        if isinstance(post, Post) and not post.cancelled and isinstance(of, Visit) and not of.cancelled:
            yield post


def _keys(plan: Plan, scope: Scope) -> Iterable[tuple[str, str]]:
    if scope is None:
        return ((visit.key, post.code) for visit in plan.visits for post in plan.posts(visit.key))
    found = {(visit, code) for visit, _, code in (key.partition("/") for key in keys_of(scope, "post"))}
    for key in keys_of(scope, "assignment"):
        assignment = plan.entities.get(f"assignment/{key}")
        if isinstance(assignment, Assignment):
            found.add((assignment.visit, assignment.post))
    return sorted(found)
