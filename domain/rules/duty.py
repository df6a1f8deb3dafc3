"""What one officer can do: R01 to R04, each over the duties of that officer.

The findings of an officer are a function of the officer, the duties and the policy's numbers. So the same
function checks the plan as it is and the plan as it would be with one more duty (``domain.assigning``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import Final, NamedTuple

from domain.assignment import Assignment, AssignmentStatus
from domain.base import by_code
from domain.finding import Finding, Scope, Severity
from domain.messages import LanguageCode, Message, message
from domain.officer import Absence, Officer
from domain.plan import Plan
from domain.policy import PolicyNumbers
from domain.post import Post
from domain.requirements import NeedKind, has_lasting, needs
from domain.rules.naming import at_post, named
from domain.rules.rest import rest_and_load_of
from domain.rules.scope import officers_named, within
from domain.rules.travel import too_far_apart
from domain.values import Qualification, TimeWindow

#: An officer's duties in order of time.
type Duties = tuple[Assignment, ...]
type OfficerRule = Callable[[Plan, PolicyNumbers, Officer, Duties], Iterable[Finding]]


def officer_double_booked(plan: Plan, numbers: PolicyNumbers, as_of: datetime, scope: Scope) -> tuple[Finding, ...]:
    """R01: an officer is in two places at once, away, or retired, while on duty. Blocks.

    Touching windows do not overlap. Left out, because the product has no such thing yet: standby with recall.
    """
    return _of_officers(plan, numbers, scope, double_booked)


def no_time_between_posts(plan: Plan, numbers: PolicyNumbers, as_of: datetime, scope: Scope) -> tuple[Finding, ...]:
    """R02: between two duties of an officer there is less time than the way takes. Blocks; warns where it is tight.

    The way is a walk inside one venue, else the quickest open route that is planned between both venues, else what was
    measured on a map, both times the policy's factor, else an estimate; each says which (``travel.way``). An unknown
    place is told as information within one duty period.
    Left out, because the product has no such things yet: measured runs, handover and setting up at a post.
    """
    return _of_officers(plan, numbers, scope, too_far_apart)


def rest_and_load(plan: Plan, numbers: PolicyNumbers, as_of: datetime, scope: Scope) -> tuple[Finding, ...]:
    """R03: a duty period lasts too long (blocks); too much duty in a day, a week, or nights in a row (warns).

    A duty period is a maximal run of duties in which no gap reaches the minimum rest. Ended duties were worked,
    so they count for rest. Left out, because the product has no such things yet: briefings and travel.
    """
    return _of_officers(plan, numbers, scope, rest_and_load_of)


def qualification_missing(plan: Plan, numbers: PolicyNumbers, as_of: datetime, scope: Scope) -> tuple[Finding, ...]:
    """R04: a qualification does not cover the whole duty: required ones block, desired ones warn.

    One that lapses soon after the duty is told as information. A language that must be spoken, and the class of the
    driving licence, are required like a qualification. Left out, because the product has no such thing yet: the level
    at which a language is spoken.
    """
    return _of_officers(plan, numbers, scope, unqualified)


def duties_of(plan: Plan, officer: str) -> Duties:
    """An officer's duties in order of time, ended ones too, without those of cancelled posts and visits."""
    return plan.remembered_of(f"officer/{officer}", "duties", lambda: in_order(_taking_place(plan, officer)))


def in_order(duties: Iterable[Assignment]) -> Duties:
    """Duties in order of time."""
    return tuple(sorted(duties, key=lambda duty: (duty.window.start, duty.window.end, duty.key)))


def near(duties: Iterable[Assignment], window: TimeWindow) -> Iterator[Assignment]:
    """Of duties in order of time those that overlap a window; what begins after it is not looked at."""
    start, end = window.start, window.end
    for duty in duties:
        if duty.window.start >= end:
            return
        if duty.window.end > start:
            yield duty


def blocked(plan: Plan, numbers: PolicyNumbers, officer: str) -> frozenset[str]:
    """The ids of the officer's assignments with a blocking finding of R01 to R04: they do not cover a post."""
    return _found(plan, numbers, officer).blocked


def found_by(rule: OfficerRule, plan: Plan, numbers: PolicyNumbers, officer: str) -> tuple[Finding, ...]:
    """What a rule finds about one officer in the plan as it is."""
    return _found(plan, numbers, officer).by_rule.get(rule, ())


def found_about(plan: Plan, numbers: PolicyNumbers, officer: str) -> Iterable[Finding]:
    """What R01 to R04 find about one officer in the plan as it is."""
    return chain.from_iterable(_found(plan, numbers, officer).by_rule.values())


class _Found(NamedTuple):
    """What each of R01 to R04 finds about an officer, if anything, and which duties cover no post because of it."""

    by_rule: Mapping[OfficerRule, tuple[Finding, ...]]
    blocked: frozenset[str]


_NOTHING_FOUND: Final = _Found({}, frozenset())


def _found(plan: Plan, numbers: PolicyNumbers, officer: str) -> _Found:
    """Worked out once a plan, all four rules together: whoever asks for one of them asks for the others too."""

    def worked_out() -> _Found:
        duties = duties_of(plan, officer)
        if not duties:
            return _NOTHING_FOUND
        member = plan.officer(officer)
        answers = ((rule, judged(rule(plan, numbers, member, duties), duties)) for rule in OFFICER_RULES)
        by_rule = {rule: findings for rule, findings in answers if findings}
        if not by_rule:
            return _NOTHING_FOUND
        blocking = (one for findings in by_rule.values() for one in findings if one.severity is Severity.BLOCK)
        subjects = (subject for finding in blocking for subject in finding.subjects)
        return _Found(by_rule, frozenset(one for one in subjects if one.startswith("assignment/")))

    return plan.remembered_of(f"officer/{officer}", ("found", numbers), worked_out)


def judged(findings: Iterable[Finding], duties: Duties) -> tuple[Finding, ...]:
    """The findings, those that an authority accepted as warnings that say so."""
    accepted = {found: duty.override.authority for duty in duties if duty.override for found in duty.override.findings}
    if not accepted:
        return tuple(findings)
    return tuple(
        finding.accepted(accepted[finding.id])
        if finding.severity is Severity.BLOCK and finding.id in accepted
        else finding
        for finding in findings
    )


# R01


def double_booked(plan: Plan, numbers: PolicyNumbers, officer: Officer, duties: Duties) -> Iterator[Finding]:
    """Every pair of overlapping duties, every duty during an absence, every duty of one who is retired."""
    counting = [duty for duty in duties if duty.counts]
    for index, earlier in enumerate(counting):
        end = earlier.window.end
        for later in islice(counting, index + 1, None):
            if later.window.start >= end:
                break
            yield _clash(plan, officer, earlier, later)
        for absence in officer.absences:
            if absence.window.overlaps(earlier.window):
                yield _away(plan, officer, earlier, absence)
        if officer.retired:
            yield _retired(plan, officer, earlier)


def _clash(plan: Plan, officer: Officer, one: Assignment, other: Assignment) -> Finding:
    both = one.window.intersection(other.window)
    return Finding(
        rule="R01",
        severity=Severity.BLOCK,
        subjects=(officer.id, *sorted((one.id, other.id))),
        window=both,
        message=message(
            "{officer} is in two places for {length}: at {one} and at {other}.",
            officer=named(officer),
            length=timedelta(0) if both is None else both.length,
            one=at_post(plan, one),
            other=at_post(plan, other),
        ),
    )


def _away(plan: Plan, officer: Officer, duty: Assignment, absence: Absence) -> Finding:
    return Finding(
        rule="R01",
        severity=Severity.BLOCK,
        subjects=(officer.id, duty.id, f"absence/{officer.key}/{absence.code}"),
        window=duty.window.intersection(absence.window),
        message=message(
            "{officer} is away ({kind}, {away}) during the duty at {duty}.",
            officer=named(officer),
            kind=absence.kind,
            away=absence.window,
            duty=at_post(plan, duty),
        ),
    )


def _retired(plan: Plan, officer: Officer, duty: Assignment) -> Finding:
    return Finding(
        rule="R01",
        severity=Severity.BLOCK,
        subjects=(officer.id, duty.id),
        window=duty.window,
        message=message(
            "{officer} is retired and cannot be on duty at {duty}.", officer=named(officer), duty=at_post(plan, duty)
        ),
    )


# R04


def unqualified(plan: Plan, numbers: PolicyNumbers, officer: Officer, duties: Duties) -> Iterator[Finding]:
    """Every qualification that a duty's post asks for and the officer does not hold during the whole of it."""
    qualifications, notice = by_code(officer.qualifications), timedelta(days=numbers.lapse_notice_days)
    for duty in duties:
        if not duty.counts:
            continue
        post = plan.entities.get(f"post/{duty.post_key}")
        if not isinstance(post, Post):
            continue
        yield from _without(plan, officer, duty, post)
        for code in dict.fromkeys((*post.details.required, *post.details.desired)):
            required = code in post.details.required
            held = qualifications.get(code)
            if held is None or not held.holds(duty.window):
                severity = Severity.BLOCK if required else Severity.WARN
                yield _about(officer, duty, code, severity, _missing(plan, officer, duty, code, held, required))
            elif (until := _until(held)) - duty.window.end < notice:
                said = message(
                    "{qualification} of {officer} ends on {until}, soon after the duty at {duty}.",
                    qualification=code,
                    officer=named(officer),
                    until=until,
                    duty=at_post(plan, duty),
                )
                yield _about(officer, duty, code, Severity.INFO, said)


def _without(plan: Plan, officer: Officer, duty: Assignment, post: Post) -> Iterator[Finding]:
    """The languages and the licence that the post requires and the officer has not."""
    if not post.details.languages and not post.details.licence:
        return
    values = {"officer": named(officer), "duty": at_post(plan, duty)}
    for need in needs(post.details):
        if need.kind is NeedKind.QUALIFICATION or has_lasting(officer, need):
            continue
        if need.kind is NeedKind.LANGUAGE:
            spoken = LanguageCode(need.code)
            said = message("{officer} does not speak {language}, required at {duty}.", language=spoken, **values)
        else:
            said = message(
                "{officer} holds no driving licence of class {licence}, required at {duty}.",
                licence=need.code,
                **values,
            )
        part = f"{need.kind}/{officer.key}/{need.code}"
        subjects = (officer.id, duty.id, f"post/{duty.post_key}", part)
        yield Finding(rule="R04", severity=Severity.BLOCK, subjects=subjects, window=duty.window, message=said)


def _until(held: Qualification) -> datetime:
    return held.valid.end if held.revoked_from is None else min(held.valid.end, held.revoked_from)


def _about(officer: Officer, duty: Assignment, code: str, severity: Severity, said: Message) -> Finding:
    subjects = (officer.id, duty.id, f"post/{duty.post_key}", f"qualification/{officer.key}/{code}")
    return Finding(rule="R04", severity=severity, subjects=subjects, window=duty.window, message=said)


def _missing(
    plan: Plan, officer: Officer, duty: Assignment, code: str, held: Qualification | None, required: bool
) -> Message:
    values = {"officer": named(officer), "qualification": code, "duty": at_post(plan, duty)}
    if held is None:
        if required:
            return message("{officer} does not hold {qualification}, required at {duty}.", **values)
        return message("{officer} does not hold {qualification}, desired at {duty}.", **values)
    until = _until(held)
    if until <= held.valid.start:
        lacking = message("revoked before it began")
    elif held.revoked_from is not None and held.revoked_from < held.valid.end:
        lacking = message(
            "valid {valid}, then revoked", valid=TimeWindow(start=held.valid.start, end=held.revoked_from)
        )
    else:
        lacking = message("valid {valid}", valid=held.valid)
    values |= {"lacking": lacking}
    if required:
        return message(
            "{qualification} of {officer} ({lacking}) does not cover the whole duty at {duty}, which requires it.",
            **values,
        )
    return message(
        "{qualification} of {officer} ({lacking}) does not cover the whole duty at {duty}, which desires it.", **values
    )


#: R01 to R04, each of one officer: by these a duty counts or does not.
OFFICER_RULES: Final[tuple[OfficerRule, ...]] = (double_booked, too_far_apart, rest_and_load_of, unqualified)


# Which officers


def _of_officers(plan: Plan, numbers: PolicyNumbers, scope: Scope, rule: OfficerRule) -> tuple[Finding, ...]:
    officers = _officers_in(plan, scope)
    return within((finding for code in officers for finding in found_by(rule, plan, numbers, code)), scope)


def _officers_in(plan: Plan, scope: Scope) -> Iterable[str]:
    """The officers whose findings a scope may ask for."""
    if scope is None:
        return (officer.key for officer in plan.officers)
    return officers_named(plan, scope)


def _taking_place(plan: Plan, officer: str) -> Iterator[Assignment]:
    for assignment in plan.assignments_of_officer(officer):
        if assignment.status is not AssignmentStatus.WITHDRAWN and plan.takes_place(assignment):
            yield assignment
