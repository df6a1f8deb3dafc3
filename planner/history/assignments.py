"""Sentences about the duties of officers."""

from __future__ import annotations

from domain.assignment import (
    AcknowledgementLapsed,
    Assignment,
    AssignmentAcknowledged,
    AssignmentConfirmed,
    AssignmentPinned,
    AssignmentReinstated,
    AssignmentRescheduled,
    AssignmentSetBack,
    AssignmentUnpinned,
    AssignmentWithdrawn,
    DutyEnded,
    DutyStarted,
    OfficerAssigned,
    Override,
    OverrideSigned,
)
from domain.messages import Message, message
from domain.post import WHOLE
from planner.history import shown
from planner.history.names import Names
from planner.history.telling import Tellings, before_it
from planner.text import Change


def _assigned(event: OfficerAssigned, before: Names, after: Names) -> Message:
    given = {"officer": after.officer(event.officer), "place": _place(event, after), "window": event.window}
    if event.tentative:
        told = message("proposed {officer} for {place}, {window}", **given)
    else:
        told = message("assigned {officer} to {place}, {window}", **given)
    return _overriding(told, event.override)


def _place(event: OfficerAssigned, names: Names) -> Message:
    if event.shift == WHOLE:
        return message("post {post}", post=names.post(event.post))
    return message("shift {shift} of post {post}", shift=event.shift, post=names.post(event.post))


def _overriding(told: Message, override: Override | None) -> Message:
    if override is None:
        return told
    return message("{told}, overriding {rules}", told=told, rules=shown.override(override))


def _duty(before: Names, after: Names) -> Message:
    return before.duty(before_it(Assignment, before, after))


def _confirmed(event: AssignmentConfirmed, before: Names, after: Names) -> Message:
    window = before_it(Assignment, before, after).window
    return message("confirmed the duty of {duty}, {window}", duty=_duty(before, after), window=window)


def _rescheduled(event: AssignmentRescheduled, before: Names, after: Names) -> Message:
    old = before_it(Assignment, before, after)
    change = Change(old.window, event.window, spoken=True)
    told = message("moved the duty of {duty} {change}", duty=_duty(before, after), change=change)
    return _overriding(told, None if event.override == old.override else event.override)


def _acknowledged(event: AssignmentAcknowledged, before: Names, after: Names) -> Message:
    window = before_it(Assignment, before, after).window
    return message("acknowledged the duty of {duty}, {window}", duty=_duty(before, after), window=window)


def _lapsed(event: AcknowledgementLapsed, before: Names, after: Names) -> Message:
    if before_it(Assignment, before, after).duty == event.duty:  # nothing to read anew: the act was taken back
        return message("took back the acknowledgement of the duty of {duty}", duty=_duty(before, after))
    return message(
        "changed the acknowledged duty of {duty}, which must be acknowledged again", duty=_duty(before, after)
    )


def _started(event: DutyStarted, before: Names, after: Names) -> Message:
    return message("reported the beginning of the duty of {duty}", duty=_duty(before, after))


def _ended(event: DutyEnded, before: Names, after: Names) -> Message:
    return message("reported the end of the duty of {duty}", duty=_duty(before, after))


def _set_back(event: AssignmentSetBack, before: Names, after: Names) -> Message:
    return message("set the duty of {duty} back to {status}", duty=_duty(before, after), status=event.status)


def _withdrew(event: AssignmentWithdrawn, before: Names, after: Names) -> Message:
    window = before_it(Assignment, before, after).window
    return message("withdrew the duty of {duty}, {window}", duty=_duty(before, after), window=window)


def _reinstated(event: AssignmentReinstated, before: Names, after: Names) -> Message:
    window = before_it(Assignment, before, after).window
    told = message(
        "reinstated the duty of {duty}, {window}, to be acknowledged again",
        duty=_duty(before, after),
        window=window,
    )
    return _overriding(told, event.override)


def _pinned(event: AssignmentPinned, before: Names, after: Names) -> Message:
    return message("pinned the duty of {duty}, so that no proposal moves it", duty=_duty(before, after))


def _unpinned(event: AssignmentUnpinned, before: Names, after: Names) -> Message:
    return message("no longer pinned the duty of {duty}", duty=_duty(before, after))


def _signed(event: OverrideSigned, before: Names, after: Names) -> Message:
    return message("signed the override for the duty of {duty}", duty=_duty(before, after))


TELLINGS: Tellings = {
    OfficerAssigned: _assigned,
    AssignmentConfirmed: _confirmed,
    AssignmentRescheduled: _rescheduled,
    AssignmentAcknowledged: _acknowledged,
    AcknowledgementLapsed: _lapsed,
    DutyStarted: _started,
    DutyEnded: _ended,
    AssignmentSetBack: _set_back,
    AssignmentWithdrawn: _withdrew,
    AssignmentReinstated: _reinstated,
    AssignmentPinned: _pinned,
    AssignmentUnpinned: _unpinned,
    OverrideSigned: _signed,
}
