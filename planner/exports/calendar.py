"""Calendars (iCalendar, RFC 5545): the duties of an officer, and the programme of a visit.

Every entry has a UID that never changes, a SEQUENCE that rises when its duty changes, and stays in the calendar as
CANCELLED when it was taken back: that is how updates and cancellations reach a calendar that holds it already.
DTSTAMP is the log's clock, so the same position gives the same bytes. What a duty is told in words has the clock of
the place, like every page: the officer stands there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, vText

from domain.assignment import Assignment, AssignmentStatus
from domain.duty import Duty, duty
from domain.plan import Plan
from domain.refusals import NotFound
from domain.secrecy import mark_of
from domain.values import Coordinates, SecrecyLevel
from domain.visit import Activity, Visit
from planner.exports.watermark import Watermark
from planner.text import Speaker

PRODUCT = "-//delegation-planner//planner//EN"
#: How often calendar programs are asked to look for changes.
REFRESH = timedelta(minutes=15)


def officer_calendar(
    plan: Plan, officer: str, speaker: Speaker, visit: str | None = None, *, watermark: Watermark | None = None
) -> bytes:
    """All duties an officer ever had, withdrawn ones cancelled; of one visit where it is named. Raises ``NotFound``."""
    person = plan.officer(officer)
    calendar = _calendar(speaker("Duties of {officer} ({code})", officer=person.name.romanised, code=person.key))
    _issued(calendar, watermark, speaker)
    for assignment in _ever_given(plan, officer, visit):
        calendar.add_component(_duty_entry(plan, duty(plan, assignment), speaker))
    return bytes(calendar.to_ical())


def visit_calendar(plan: Plan, visit: str, speaker: Speaker, *, watermark: Watermark | None = None) -> bytes:
    """The programme of a visit, cancelled activities cancelled. Raises ``NotFound``."""
    whole = plan.visit(visit)
    calendar = _calendar(f"{whole.key}: {whole.details.title}")
    _issued(calendar, watermark, speaker)
    for activity in sorted(whole.activities, key=lambda a: (a.window.start, a.code)):
        calendar.add_component(_activity_entry(plan, whole, activity, speaker))
    return bytes(calendar.to_ical())


def _calendar(name: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT15M")
    return calendar


def _issued(calendar: Calendar, watermark: Watermark | None, speaker: Speaker) -> None:
    """For whom the calendar is, where programs show it: in the description of the whole, and in a property of ours."""
    if watermark is None:
        return
    said = filter(None, (watermark.marked(speaker), watermark.for_whom(speaker), watermark.under(speaker)))
    told = vText("\n".join(said))
    calendar.add("description", told)
    calendar.add("x-wr-caldesc", told)
    calendar.add("x-planner-export", vText(json.dumps(watermark.fields(), ensure_ascii=False)))


def _ever_given(plan: Plan, officer: str, visit: str | None) -> Iterator[Assignment]:
    visits = [one.key for one in plan.visits] if visit is None else [plan.visit(visit).key]
    given = (assignment for code in visits for assignment in plan.assignments(code) if assignment.officer == officer)
    yield from sorted(given, key=lambda assignment: (assignment.window.start, assignment.key))


def _entry(plan: Plan, uid: str, title: str, start: datetime, end: datetime) -> Event:
    if plan.recorded_at is None:
        raise NotFound.because("There is no visit yet.")
    entry = Event()
    entry.add("uid", f"{uid}@delegation-planner")
    entry.add("dtstamp", plan.recorded_at.astimezone(UTC).replace(microsecond=0))
    entry.add("last-modified", plan.recorded_at.astimezone(UTC).replace(microsecond=0))
    entry.add("dtstart", start.astimezone(UTC))
    entry.add("dtend", end.astimezone(UTC))
    entry.add("summary", title)
    entry.add("class", "CONFIDENTIAL")
    return entry


def _duty_entry(plan: Plan, told: Duty, speaker: Speaker) -> Event:
    assignment, post = told.assignment, told.post
    visit = plan.visit(assignment.visit)
    speaker = Speaker(speaker.language, visit.details.zone)
    entry = _entry(
        plan,
        f"assignment/{assignment.key}",
        f"{post.code} {post.details.task}",
        assignment.window.start,
        assignment.window.end,
    )
    off = assignment.status is AssignmentStatus.WITHDRAWN or post.cancelled or visit.cancelled
    tentative = assignment.status is AssignmentStatus.PROPOSED
    entry.add("status", "CANCELLED" if off else "TENTATIVE" if tentative else "CONFIRMED")
    entry.add("transp", "TRANSPARENT" if off else "OPAQUE")
    # Both versions only ever rise, so their sum does.
    entry.add("sequence", assignment.version + post.version)
    place = ", ".join(filter(None, _places(told, speaker.language)))
    if place:
        entry.add("location", place)
    _geo(entry, told.coordinates)
    entry.add("description", "\n".join(_told(plan, visit, told, speaker)))
    return entry


def _places(told: Duty, language: str) -> Iterator[str]:
    yield told.post.details.place
    if told.key_point is not None:
        yield told.key_point.name
    if told.venue is not None:
        yield told.venue.details.named(language)
        yield told.venue.details.address


def _told(plan: Plan, visit: Visit, told: Duty, speaker: Speaker) -> Iterator[str]:
    """What an officer must know, line by line; the secrecy mark first."""
    details = told.post.details
    yield from _mark(plan, visit, speaker)
    yield speaker("Visit: {visit}", visit=f"{visit.key} {visit.details.title}")
    yield speaker("Time: {window}", window=told.assignment.window)
    yield speaker("Status: {status}", status=told.assignment.status)
    if details.commander is not None:
        commander = plan.officer(details.commander)
        named = " ".join(filter(None, (commander.name.romanised, f"({commander.key})", commander.details.phone)))
        yield speaker("Post commander: {commander}", commander=named)
    if details.radio:
        yield speaker("Radio: {radio}", radio=details.radio)
    if details.equipment:
        yield speaker("Equipment: {equipment}", equipment=details.equipment)
    if details.instructions:
        yield speaker("Instructions: {instructions}", instructions=details.instructions)


def _mark(plan: Plan, visit: Visit, speaker: Speaker) -> Iterator[str]:
    mark = mark_of(plan, visit.key)
    if mark is not SecrecyLevel.NONE:
        yield speaker.label(mark).upper()


def _activity_entry(plan: Plan, visit: Visit, activity: Activity, speaker: Speaker) -> Event:
    entry = _entry(
        plan, f"activity/{visit.key}/{activity.code}", activity.title, activity.window.start, activity.window.end
    )
    off = visit.cancelled or activity.code in visit.called_off
    entry.add("status", "CANCELLED" if off else "CONFIRMED")
    entry.add("transp", "TRANSPARENT" if off else "OPAQUE")
    entry.add("sequence", visit.version)
    if activity.venue is not None:
        venue = plan.venue(activity.venue)
        room = next((room.name for room in venue.rooms if room.code == activity.room), "")
        entry.add(
            "location", ", ".join(filter(None, (room, venue.details.named(speaker.language), venue.details.address)))
        )
        _geo(entry, venue.details.coordinates)
    said = [*_mark(plan, visit, speaker), speaker("Type: {type}", type=activity.type)]
    said.append(speaker("Time: {window}", window=activity.window))
    if activity.host:
        said.append(speaker("Host: {host}", host=activity.host))
    if activity.notes:
        said.append(activity.notes)
    entry.add("description", "\n".join(said))
    return entry


def _geo(entry: Event, here: Coordinates | None) -> None:
    if here is not None:
        entry.add("geo", (round(here.lat, 6), round(here.lon, 6)))
