"""The questions an auditor asks of every visit: rules overridden, late changes, orders nobody acknowledged, gaps.

The answers are found in one walk along the events that concern the visit, folded on their own: what else the site
did does not matter to them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple, TextIO
from zoneinfo import ZoneInfo

from domain.assignment import (
    AcknowledgementLapsed,
    Assignment,
    AssignmentAcknowledged,
    AssignmentConfirmed,
    AssignmentPinned,
    AssignmentReinstated,
    AssignmentRescheduled,
    AssignmentSetBack,
    AssignmentStatus,
    AssignmentUnpinned,
    DutyEnded,
    DutyStarted,
    OfficerAssigned,
    OverrideSigned,
)
from domain.base import Event
from domain.delegation import Delegation
from domain.emergency import EmergencyAccessOpened
from domain.messages import Message, counted, message
from domain.parked import Unreadable
from domain.plan import Plan
from domain.post import Post
from domain.route import Route, RouteClosed
from domain.rules.coverage import gaps, lacking
from domain.values import TimeWindow
from domain.visit import JourneyReported, Visit
from planner.history import emergency_cases
from planner.history.cases import Case
from planner.history.names import Names
from planner.history.records import NOTHING, write_rows
from planner.history.steps import Step
from planner.text import Speaker, both


class Question(StrEnum):
    """What is asked."""

    OVERRIDES = "overrides"
    LATE_CHANGES = "late_changes"
    UNACKNOWLEDGED = "unacknowledged"
    UNCOVERED = "uncovered"
    BREAK_GLASS = "break_glass"
    REFUSED = "refused_commands"
    OUTSIDE_DUTY = "read_outside_duty"


type Answers = dict[Question, tuple[Case, ...]]

#: What changes less than so long before it begins has changed late, unless the auditor says otherwise.
LATE: Final = timedelta(hours=24)
MOST_HOURS: Final = 8_760
#: What only tells how things went, or that somebody read: no change of a plan.
_NO_CHANGE: Final = (
    AssignmentConfirmed,
    AssignmentAcknowledged,
    AssignmentSetBack,
    AcknowledgementLapsed,
    AssignmentPinned,
    AssignmentUnpinned,
    OverrideSigned,
    DutyStarted,
    DutyEnded,
    JourneyReported,
)
_GIVEN: Final = (AssignmentStatus.CONFIRMED, AssignmentStatus.ACKNOWLEDGED, AssignmentStatus.ON_POST)

#: The questions, as they are asked.
ASKED: Final[dict[Question, Message]] = {
    Question.OVERRIDES: message("Which rules were overridden?"),
    Question.LATE_CHANGES: message("What changed late?"),
    Question.UNACKNOWLEDGED: message("Which orders did nobody acknowledge?"),
    Question.UNCOVERED: message("When was a post short of officers?"),
    Question.BREAK_GLASS: message("Who opened the visit in an emergency?"),
    Question.REFUSED: message("Which commands were refused to whom?"),
    Question.OUTSIDE_DUTY: message("Who read, or tried to, without a part in the visit?"),
}


def answered(events: Iterable[tuple[int, Event]], plan: Plan, visit: str, now: datetime, late: timedelta) -> Answers:
    """The cases of each question, in the order they came about.

    ``events`` are those that concern the visit, in order; ``plan`` is the plan after the last of them. Who read it, and
    what was refused, stands in other logs: ``planner.access.outside`` and ``refused``.
    """
    overrides, changes, duties = list[Case](), list[Case](), _Duties(now)
    opened = dict[tuple[str, int], int]()
    before = Plan()
    for position, event in events:
        after = before.after((event,), position)
        if not isinstance(event, Unreadable) and event.originator_id in after.entities:
            step = Step(position, event, before, after)
            if _overrides(event):
                overrides.append(_case(step))
            if (changed := _changed(step, visit, late)) is not None:
                changes.append(changed)
            if isinstance(event, EmergencyAccessOpened):
                opened[event.originator_id, event.originator_version] = position
            duties.follow(position, event, after)
        before = after
    return {
        Question.OVERRIDES: tuple(overrides),
        Question.LATE_CHANGES: tuple(changes),
        Question.UNACKNOWLEDGED: tuple(duties.unacknowledged(plan, visit)),
        Question.UNCOVERED: tuple(_uncovered(plan, visit)),
        Question.BREAK_GLASS: tuple(emergency_cases.opened(plan, visit, now, opened)),
    }


def _case(step: Step, window: TimeWindow | None = None, notice: timedelta | None = None) -> Case:
    event, entity = step.event, step.after.entities[step.event.originator_id]
    if window is None and isinstance(entity, Assignment):
        window = entity.window
    return Case(
        subject=event.originator_id,
        message=step.sentence,
        window=window,
        position=step.position,
        recorded_at=event.recorded_at,
        by=event.by,
        reason=event.reason,
        notice=notice,
    )


def _overrides(event: Event) -> bool:
    given = (OfficerAssigned, AssignmentRescheduled, AssignmentReinstated)
    return isinstance(event, given) and event.override is not None


# Late changes


def _changed(step: Step, visit: str, late: timedelta) -> Case | None:
    """A change that came late; None where it did not, or is none."""
    if isinstance(step.event, _NO_CHANGE):
        return None
    windows = [window for plan in (step.before, step.after) for window in _when(step.event, plan, visit)]
    if not windows:
        return None
    first = min(windows, key=lambda window: window.start)
    notice = first.start - step.event.recorded_at
    return _case(step, first, notice) if notice < late else None


def _when(event: Event, plan: Plan, visit: str) -> Iterator[TimeWindow]:
    """When that takes place which an event is about, as it is in one plan; nothing where it is no part of the visit."""
    entity = plan.entities.get(event.originator_id)
    match entity:
        case Assignment() | Post():
            yield entity.window
        case Visit():
            named = getattr(event, "activity", None)
            code = named if named is None or isinstance(named, str) else named.code
            if code is None:
                yield _whole(entity)
            else:
                yield from (one.window for one in entity.activities if one.code == code)
        case Route() if isinstance(event, RouteClosed):
            yield event.window
        case Delegation() | Route():
            of = plan.entities.get(f"visit/{visit}")
            if isinstance(of, Visit):
                yield _whole(of)


def _whole(visit: Visit) -> TimeWindow:
    """From the first midnight of the visit to the last."""
    zone, details = ZoneInfo(visit.details.zone), visit.details
    return TimeWindow(
        start=datetime.combine(details.first_day, time(), zone),
        end=datetime.combine(details.last_day + timedelta(days=1), time(), zone),
    )


# Orders


class _Stood(NamedTuple):
    """How a duty stood after an event."""

    position: int
    event: Event
    status: AssignmentStatus


class _Duties:
    """How each duty stood, and since when, while the events are walked along."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._stood: dict[str, list[_Stood]] = {}

    def follow(self, position: int, event: Event, after: Plan) -> None:
        entity = after.entities[event.originator_id]
        if isinstance(entity, Assignment):
            self._stood.setdefault(entity.id, []).append(_Stood(position, event, entity.status))

    def unacknowledged(self, plan: Plan, visit: str) -> Iterator[Case]:
        """Duties that were given and not acknowledged when they began, or are not yet."""
        for duty in sorted(plan.assignments(visit), key=lambda duty: (duty.window.start, duty.key)):
            known = self._stood.get(duty.id)
            if not known or not plan.takes_place(duty):
                continue
            began = duty.window.start <= self._now
            # A duty that was given when it had begun counts as it was given.
            until = max(duty.window.start, known[0].event.recorded_at) if began else self._now
            stood = [one for one in known if one.event.recorded_at <= until]
            if stood and stood[-1].status in _GIVEN and not _taken(stood):
                given = (one for one in reversed(stood) if one.status is AssignmentStatus.CONFIRMED)
                yield _untaken(plan, duty, next(given, stood[0]), began=began)


def _untaken(plan: Plan, duty: Assignment, since: _Stood, *, began: bool) -> Case:
    told = {"duty": Names(plan, duty.id).duty(duty), "window": duty.window}
    said = (
        message("Nobody had acknowledged the duty of {duty}, {window}, when it began.", **told)
        if began
        else message("Nobody has acknowledged the duty of {duty}, {window}, yet.", **told)
    )
    event = since.event
    notice = duty.window.start - event.recorded_at
    return Case(
        duty.id, said, duty.window, since.position, event.recorded_at, by=event.by, reason=event.reason, notice=notice
    )


def _taken(stood: list[_Stood]) -> bool:
    """True where the last word on a duty, before it began, was that the officer takes it."""
    for one in reversed(stood):
        match one.event:
            case AssignmentAcknowledged():
                return True
            case AcknowledgementLapsed() | OfficerAssigned() | AssignmentReinstated():
                return False
    return False


# Coverage


def _uncovered(plan: Plan, visit: str) -> Iterator[Case]:
    """The times at which posts have or had fewer officers than they need; whose duty ended was there."""
    if plan.visit(visit).cancelled:
        return
    found = []
    for post in plan.posts(visit):
        if post.cancelled:
            continue
        duties = [
            dataclasses.replace(duty, status=AssignmentStatus.ON_POST)
            if duty.status is AssignmentStatus.ENDED
            else duty
            for duty in plan.assignments_of_post(visit, post.code)
        ]
        found += [Case(post.id, lacking(post, gap), gap.window) for gap in gaps(post, duties)]
    yield from sorted(found, key=lambda case: (case.window and case.window.start, case.subject))


def late_of(hours: str) -> timedelta:
    """The time that a number of hours in an address says; what is none, or beyond a year, is the usual one."""
    try:
        given = float(hours)
    except ValueError:
        return LATE
    return timedelta(hours=given) if 0 <= given <= MOST_HOURS else LATE


def noticed(notice: timedelta) -> Message:
    """How long before the beginning, or after it: in days where it is more than three."""
    if notice >= timedelta(days=3):
        return counted("{n} day before it began", "{n} days before it began", notice.days)
    if notice < timedelta(0):
        return message("{time} after it began", time=-notice)
    return message("{time} before it began", time=notice)


def minutes(cases: Iterable[Case]) -> int:
    """The minutes of all windows together, rounded."""
    return round(sum(case.window.minutes for case in cases if case.window is not None))


def record(question: Question, case: Case, zone: str) -> dict[str, Any]:
    """A case as scripts get it: moments with their zone, minutes, the sentence in both languages."""
    window = case.window
    return {
        "question": question.value,
        "subject": case.subject,
        "window": None if window is None else {"start": window.start.isoformat(), "end": window.end.isoformat()},
        "position": case.position,
        "recorded_at": None if case.recorded_at is None else case.recorded_at.isoformat(),
        "by": case.by,
        "reason": case.reason,
        "notice_minutes": None if case.notice is None else round(case.notice.total_seconds() / 60),
        "message": both(case.message, zone),
    }


#: What a row of the table holds, in this order; the sentence in one language.
COLUMNS: Final = (
    "question",
    "subject",
    "start",
    "end",
    "position",
    "recorded_at",
    "by",
    "reason",
    "notice_minutes",
    "message",
)


def write_csv(out: TextIO, answers: Answers, speaker: Speaker, beside: Mapping[str, str] = NOTHING) -> None:
    """A line of headings and one for each case; ``beside`` says the same in every row."""

    def told(question: Question, case: Case) -> tuple[Any, ...]:
        fields = record(question, case, speaker.zone.key)
        fields |= fields.pop("window") or {}
        fields["message"] = speaker.say(case.message)
        return tuple(fields.get(name) for name in COLUMNS)

    write_rows(out, COLUMNS, (told(asked, case) for asked, cases in answers.items() for case in cases), beside)
