"""Giving duties: who may be assigned where, what stands against it, and duties that move with their post.

Assigning, moving and reinstating one duty are refused for what they would newly break of R01, the rest of R03
and R04, unless overridden with a reason and an authority. Duties that move along with their post are never
refused: what that breaks is found.

A duty whose shift no longer exists after the shifts were planned anew stays as it is, at its time: nobody is
sent home silently. R05 finds it, and it covers the post at its time until it is withdrawn or moved.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import count

from domain.assignment import (
    Assignment,
    AssignmentReinstated,
    AssignmentRescheduled,
    AssignmentStatus,
    OfficerAssigned,
    Override,
)
from domain.base import Act, Decision
from domain.finding import Finding, Severity
from domain.messages import Message, message
from domain.officer import Officer
from domain.plan import Plan
from domain.policy import PolicyNumbers
from domain.post import Post, Shift
from domain.refusals import (
    DutyTooLong,
    InvalidInput,
    NotPossible,
    OfficerDoubleBooked,
    PlanningError,
    QualificationMissing,
    RestTooShort,
)
from domain.rules.duty import double_booked, duties_of, found_about, in_order, judged, near, unqualified
from domain.rules.readers import as_seen
from domain.rules.rest import longest_break, rest_and_load_of
from domain.rules.travel import too_far_apart
from domain.values import TimeWindow


def assign(
    plan: Plan,
    visit: str,
    post: str,
    officer: str,
    act: Act,
    *,
    shift: str | None = None,
    window: TimeWindow | None = None,
    tentative: bool = False,
    override_authority: str | None = None,
    code: str | None = None,
    visible: Collection[str] | None = None,
) -> Decision:
    """Give an officer a shift of a post; a tentative duty is only proposed.

    The only shift and its whole window are meant where none are named. Raises ``NotFound``, ``NotPossible``,
    ``InvalidInput``, ``CodeTaken``, and ``OfficerDoubleBooked``, ``RestTooShort``, ``DutyTooLong`` or
    ``QualificationMissing`` without an authority for the override. A clash with a visit outside ``visible``
    (all visits where it is None) is told without its place.
    """
    event = unjudged(
        plan,
        visit,
        post,
        officer,
        act,
        shift=shift,
        window=window,
        tentative=tentative,
        code=code or next(codes_of_next(plan, visit)),
    )
    override = _allowed(plan, Assignment.founded(event), act, override_authority, visible)
    return (dataclasses.replace(event, override=override),)


def unjudged(
    plan: Plan,
    visit: str,
    post: str,
    officer: str,
    act: Act,
    *,
    code: str,
    shift: str | None = None,
    window: TimeWindow | None = None,
    tentative: bool = False,
) -> OfficerAssigned:
    """What ``assign`` decides where no rule has anything against it: for whoever asks the rules about many at once."""
    place, duty_shift, duty_window = _asked(plan, visit, post, shift, window)
    member = _assignable(plan, officer)
    return OfficerAssigned(
        **act.founds(Assignment, plan.free(Assignment, f"{visit}/{code}")),
        post=place.code,
        shift=duty_shift.code,
        officer=member.key,
        window=duty_window,
        tentative=tentative,
    )


def reschedule(
    plan: Plan,
    assignment: Assignment,
    window: TimeWindow,
    act: Act,
    *,
    override_authority: str | None = None,
    visible: Collection[str] | None = None,
) -> Decision:
    """Move one duty within its post's window; refused and overridden as assigning is."""
    if not assignment.counts:
        raise NotPossible.because("Assignment {code} is over already.", code=assignment.code)
    if window == assignment.window:
        return ()
    post = _needed(plan, assignment.visit, assignment.post)
    _inside(window, post)
    event = AssignmentRescheduled(**act.on(assignment), window=window)
    override = _allowed(plan, assignment.evolve(event), act, override_authority, visible)
    return (dataclasses.replace(event, override=_together(assignment.override, override)),)


def reinstate(
    plan: Plan,
    assignment: Assignment,
    act: Act,
    override_authority: str | None = None,
    *,
    visible: Collection[str] | None = None,
) -> Decision:
    """Let a withdrawn duty stand again, in its shift as that is now; refused and overridden as assigning is."""
    if assignment.status is not AssignmentStatus.WITHDRAWN:
        raise NotPossible.because("Assignment {code} is not withdrawn.", code=assignment.code)
    post = _needed(plan, assignment.visit, assignment.post)
    _assignable(plan, assignment.officer)
    shift = post.shift(assignment.shift)
    back = AssignmentReinstated(**act.on(assignment))
    stands = assignment.evolve(back)
    if shift.window.covers(assignment.window):
        override = _allowed(plan, stands, act, override_authority, visible)
        return (dataclasses.replace(back, override=override),)
    moved = AssignmentRescheduled(**act.on(stands), window=shift.window)
    override = _allowed(plan, stands.evolve(moved), act, override_authority, visible)
    return (dataclasses.replace(back, override=override), dataclasses.replace(moved, override=override))


def why_not(
    plan: Plan,
    visit: str,
    post: str,
    officer: str,
    *,
    shift: str | None = None,
    window: TimeWindow | None = None,
    as_of: datetime,
    visible: Collection[str] | None = None,
) -> tuple[Finding, ...]:
    """What assigning this officer would newly break, worst first; empty for one who can take the duty.

    Raises what ``assign`` raises for unknown or cancelled things, but nothing about the officer: one who is
    retired, away or elsewhere is told by a finding.
    """
    place, duty_shift, duty_window = _asked(plan, visit, post, shift, window)
    candidate = Assignment(
        key=f"{visit}/?",
        version=1,
        post=place.code,
        shift=duty_shift.code,
        officer=officer,
        window=duty_window,
        status=AssignmentStatus.CONFIRMED,
    )
    found = newly_broken(plan, plan.numbers(as_of), candidate)
    told = (as_seen(finding, visible) for finding in found if finding.severity is not Severity.INFO)
    return tuple(sorted(told, key=lambda finding: finding.order))


def newly_broken(plan: Plan, numbers: PolicyNumbers, duty: Assignment) -> tuple[Finding, ...]:
    """The findings of R01 to R04 that the plan would have with this duty and does not have now."""
    officer = plan.officer(duty.officer)
    others = tuple(other for other in duties_of(plan, officer.key) if other.key != duty.key)
    together = in_order((*others, duty))
    place = together.index(duty)
    beside = together[max(place - 1, 0) : place + 2]
    found = (
        *double_booked(plan, numbers, officer, tuple(near(together, duty.window))),
        *too_far_apart(plan, numbers, officer, beside),
        *rest_and_load_of(plan, numbers, officer, together),
        *unqualified(plan, numbers, officer, (duty,)),
    )
    # Mostly nothing is found; then nobody need know what was found before.
    if not others or not found:
        return found
    known = {(finding.rule, finding.subjects, finding.window) for finding in found_about(plan, numbers, officer.key)}
    return tuple(
        finding for finding in judged(found, together) if (finding.rule, finding.subjects, finding.window) not in known
    )


def moved_shifts(before: Plan, after: Plan, post_key: str, act: Act) -> Decision:
    """The duties of a post that move along with its shifts from the plan ``before`` to the plan ``after``.

    A duty over its whole shift takes the shift's new window. One with a window of its own keeps its place in a
    shift that only moved, and the part that is left in one that shrank. Ended duties and duties whose shift no
    longer exists stay.
    """
    visit, _, code = post_key.partition("/")
    now = {shift.code: shift.window for shift in after.post(visit, code).shifts}
    along = windows_along(before.post(visit, code).shifts, now, after.assignments_of_post(visit, code))
    return tuple(AssignmentRescheduled(**act.on(duty), window=window) for duty, window in along)


def windows_along(
    before: Iterable[Shift], now: Mapping[str, TimeWindow], duties: Iterable[Assignment]
) -> Iterator[tuple[Assignment, TimeWindow]]:
    """The duties of a post that move along with its shifts, from what these were to their windows now by their codes,
    each with its window then."""
    was = {shift.code: shift.window for shift in before}
    for assignment in duties:
        old, new = was.get(assignment.shift), now.get(assignment.shift)
        if not assignment.counts or old is None or new is None or old == new:
            continue
        window = _moved(assignment.window, old, new)
        if window != assignment.window:
            yield assignment, window


def _moved(window: TimeWindow, old: TimeWindow, new: TimeWindow) -> TimeWindow:
    if window == old:
        return new
    if old.length == new.length:
        window = window.shifted(new.start - old.start)
    return window.intersection(new) or new


# What is asked for


def _asked(
    plan: Plan, visit: str, code: str, shift: str | None, window: TimeWindow | None
) -> tuple[Post, Shift, TimeWindow]:
    """The post, the shift and the window that are meant."""
    post = _needed(plan, visit, code)
    if shift is not None:
        chosen = post.shift(shift)
    elif len(post.shifts) == 1:
        chosen = post.shifts[0]
    else:
        raise InvalidInput.because(
            "Post {post} has several shifts; say which one: {shifts}.",
            post=post.code,
            shifts=[item.code for item in post.shifts],
        )
    if window is None:
        return post, chosen, chosen.window
    _inside(window, post)
    return post, chosen, window


def _needed(plan: Plan, visit: str, code: str) -> Post:
    post = plan.post(visit, code)
    if plan.visit(visit).cancelled:
        raise NotPossible.because("Visit {visit} is cancelled; reinstate it first.", visit=visit)
    if post.cancelled:
        raise NotPossible.because("Post {post} is cancelled; reinstate it first.", post=post.code)
    return post


def _inside(window: TimeWindow, post: Post) -> None:
    if not post.window.covers(window):
        raise InvalidInput.because(
            "The duty ({window}) lies outside the window of post {post} ({whole}).",
            window=window,
            post=post.code,
            whole=post.window,
        )


def _assignable(plan: Plan, code: str) -> Officer:
    officer = plan.officer(code)
    if officer.retired:
        raise NotPossible.because("Officer {code} is retired; reinstate or choose another officer.", code=code)
    return officer


def codes_of_next(plan: Plan, visit: str) -> Iterator[str]:
    """The codes that the next duties of a visit get: numbers are never used twice, withdrawn duties keep theirs."""
    numbered = (f"A-{number:04d}" for number in count(plan.assignments_ever_made(visit) + 1))
    return (code for code in numbered if not plan.has(Assignment, f"{visit}/{code}"))


# What stands against it

REFUSALS: dict[str, type[PlanningError]] = {
    "R01": OfficerDoubleBooked,
    "R03": RestTooShort,
    "R04": QualificationMissing,
}


def _allowed(
    plan: Plan, duty: Assignment, act: Act, authority: str | None, visible: Collection[str] | None
) -> Override | None:
    """Refuse what the duty would newly break, or the override that accepts it; None where nothing is broken."""
    numbers = plan.numbers(act.recorded_at)
    broken = [finding for finding in newly_broken(plan, numbers, duty) if refused(finding)]
    if not broken:
        return None
    if authority is None or not authority.strip():
        raise _refusal(broken[0], plan, duty)(_told(broken[0], visible))
    act.needs_reason()
    return Override(
        rules=tuple(sorted({finding.rule for finding in broken})),
        authority=authority,
        findings=tuple(finding.id for finding in broken),
    )


def refuse_newly_broken(before: Plan, after: Plan, officers: Iterable[str], act: Act) -> None:
    """Refuse what the duties of these officers break after a change and did not break before it."""
    numbers = after.numbers(act.recorded_at)
    for officer in sorted(officers):
        known = {(finding.rule, finding.subjects, finding.window) for finding in found_about(before, numbers, officer)}
        for finding in found_about(after, numbers, officer):
            if refused(finding) and (finding.rule, finding.subjects, finding.window) not in known:
                duty = next(one for one in duties_of(after, officer) if one.id in finding.subjects)
                raise _refusal(finding, after, duty)(_told(finding, act.visible))


def _together(old: Override | None, new: Override | None) -> Override | None:
    """Both overrides as one, on the authority of the new one; None where there is no new one."""
    if old is None or new is None:
        return new
    return Override(
        rules=tuple(sorted({*old.rules, *new.rules})),
        authority=new.authority,
        findings=tuple(dict.fromkeys((*old.findings, *new.findings))),
    )


def refused(finding: Finding) -> bool:
    """True for what assigning is refused for.

    What is only found: a single duty that is too long by itself, which is the post's fault, and a way that is too
    long (R02), which a lift or another route may shorten.
    """
    alone = finding.rule == "R03" and sum(subject.startswith("assignment/") for subject in finding.subjects) == 1
    return finding.severity is Severity.BLOCK and finding.rule in REFUSALS and not alone


def _refusal(finding: Finding, plan: Plan, duty: Assignment) -> type[PlanningError]:
    if finding.rule != "R03":
        return REFUSALS[finding.rule]
    others = (other for other in duties_of(plan, duty.officer) if other.id in finding.subjects and other.id != duty.id)
    return RestTooShort if longest_break(in_order((*others, duty))) is not None else DutyTooLong


def _told(finding: Finding, visible: Collection[str] | None) -> Message:
    return message(
        "{finding} Choose another officer or another time, or have it overridden with a reason and an authority.",
        finding=as_seen(finding, visible).message,
    )
