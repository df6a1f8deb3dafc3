"""Every event in one plain sentence: what was done, and in full who did it, when and why."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.base import Event
from domain.erasure import Erased
from domain.messages import Message, message
from domain.parked import Unreadable
from domain.plan import Plan
from planner.history import (
    assignments,
    delegations,
    emergencies,
    erasures,
    memberships,
    officers,
    posts,
    routes,
    signers,
    venues,
    visits,
)
from planner.history.names import Names, one_line, subject_id
from planner.history.telling import Telling
from planner.text import Sentence
from planner.vocabulary import EVENT_NAMES

#: How each class of event is told.
TELLINGS: dict[type[Event], Telling] = {
    **visits.TELLINGS,
    **delegations.TELLINGS,
    **venues.TELLINGS,
    **routes.TELLINGS,
    **officers.TELLINGS,
    **posts.TELLINGS,
    **assignments.TELLINGS,
    **memberships.TELLINGS,
    **emergencies.TELLINGS,
    **signers.TELLINGS,
    **erasures.TELLINGS,
}

#: Both clocks are told where they differ by more.
SAME_TIME = timedelta(minutes=1)


def sentence(event: Event, before: Plan, after: Plan) -> Message:
    """What was done: «Moved activity A-05 «Hội đàm» from … to …». Who and why are shown beside it.

    ``before`` and ``after`` are the plans on both sides of the event: old values and names are as they were.
    """
    told = _told(event, before, after)
    return Sentence(told.text, told.values, told.plural)


def full_sentence(event: Event, before: Plan, after: Plan) -> Message:
    """Who did what, when and why, in one sentence."""
    given = {"when": _when(event), "who": event.by, "did": _told(event, before, after)}
    reason = one_line(event.reason)
    if not reason:
        return message("{when}, {who} {did}.", **given)
    return message("{when}, {who} {did} — {reason}", **given, reason=reason)


def subject(event: Event) -> str:
    """What an event is about, for scripts: ``post LA-2026-01/P-07``; the same in every language."""
    return subject_id(event).replace("/", " ", 1)


def name(event: Event) -> Message:
    """What happened, as a noun phrase: «activity moved»."""
    if isinstance(event, Erased):
        return message("erased event")
    if isinstance(event, Unreadable):
        return message("unreadable event")
    return EVENT_NAMES[type(event)]


def _told(event: Event, before: Plan, after: Plan) -> Message:
    about = event.originator_id
    if isinstance(event, Unreadable):
        return event.alarm
    return TELLINGS[type(event)](event, Names(before, about), Names(after, about))


def _when(event: Event) -> Message | datetime:
    recorded, occurred = event.recorded_at, event.occurred_at
    if abs(recorded - occurred) <= SAME_TIME:
        return recorded
    return message("{occurred} (recorded {recorded})", occurred=occurred, recorded=recorded)
