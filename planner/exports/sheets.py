"""What the printed sheets say, in the reader's words: an officer's duties, a post's order, a visit's programme."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from datetime import datetime

from domain.assignment import Assignment, AssignmentStatus
from domain.delegation import Delegation, Member
from domain.duty import Duty, duty
from domain.officer import Officer
from domain.plan import Plan
from domain.post import Post
from domain.secrecy import mark_of
from domain.values import SecrecyLevel
from domain.venue import Venue
from domain.visit import Activity, Visit
from planner.text import Speaker, zone_label


@dataclasses.dataclass(frozen=True, slots=True)
class PrintedColumn:
    """A column's heading and its share of the width."""

    title: str
    width: float


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """A headed part: text, or a table whose rows of one cell are headings across it."""

    heading: str
    text: str = ""
    columns: tuple[PrintedColumn, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Sheet:
    """A printed sheet; ``head`` stands on every page, ``reference`` names it for machines, ``about`` is its time.

    ``clocks`` where its times are those of several places, which each day then says.
    """

    reference: str
    title: str
    subtitle: str
    head: str
    secrecy: SecrecyLevel
    about: datetime | None
    facts: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    clocks: bool = False


def of_officer(plan: Plan, code: str, speaker: Speaker, visit: str | None = None) -> Sheet:
    """An officer's duties in order of time, then the orders of their posts. Raises ``NotFound``."""
    officer = plan.officer(code)
    duties = tuple(_duties(plan, code, visit))
    visits = tuple(
        plan.visit(key) for key in sorted({told.assignment.visit for told in duties} | ({visit} if visit else set()))
    )
    told_once = {told.post.key: told.post for told in duties if told.post.details.instructions}
    return Sheet(
        reference=f"officer/{code}",
        title=officer.name.romanised,
        subtitle=speaker("Duty sheet of officer {code}", code=code),
        head=f"{code} · {officer.name.romanised}",
        secrecy=SecrecyLevel.highest(*(mark_of(plan, one.key) for one in visits)),
        about=duties[0].assignment.window.start if duties else None,
        facts=_facts(
            (speaker("Rank"), officer.details.rank),
            (speaker("Unit"), officer.details.unit),
            (speaker("Callsign"), officer.details.callsign),
            (speaker("Telephone"), officer.details.phone),
            *((speaker("Visit"), f"{one.key} · {one.details.title}") for one in visits),
        ),
        parts=(
            _duty_table(plan, duties, speaker),
            *(
                Part(f"{post.code} · {post.details.task}", post.details.instructions)
                for _, post in sorted(told_once.items())
            ),
        ),
        clocks=len({one.details.zone for one in visits}) > 1,
    )


def at_the_place(plan: Plan, officer: str, speaker: Speaker, visit: str | None = None) -> Speaker:
    """The speaker with the clock of the place of the duties, where it is one. Raises ``NotFound``."""
    plan.officer(officer)
    zones = {_zone(plan, told) for told in _duties(plan, officer, visit)}
    return Speaker(speaker.language, zones.pop()) if len(zones) == 1 else speaker


def _zone(plan: Plan, told: Duty) -> str:
    zone: str = plan.visit(told.assignment.visit).details.zone
    return zone


def _duties(plan: Plan, officer: str, visit: str | None) -> Iterator[Duty]:
    given: tuple[Assignment, ...] = plan.assignments_of_officer(officer)
    for assignment in sorted(given, key=lambda one: (one.window.start, one.key)):
        if visit is not None and assignment.visit != plan.visit(visit).key:
            continue
        told = duty(plan, assignment)
        over = assignment.status in (AssignmentStatus.WITHDRAWN, AssignmentStatus.ENDED)
        if not over and not told.post.cancelled and not plan.visit(assignment.visit).cancelled:
            yield told


def _duty_table(plan: Plan, duties: Sequence[Duty], speaker: Speaker) -> Part:
    """Times have the clock of the place of each duty; the days say which, where there are several."""
    rows: list[tuple[str, ...]] = []
    several = len({_zone(plan, told) for told in duties}) > 1
    day = ""
    for told in duties:
        window, details = told.assignment.window, told.post.details
        there = Speaker(speaker.language, _zone(plan, told))
        today = there.day(window.start)
        if several:
            today = f"{today} ({zone_label(there.local(window.start))})"
        if today != day:
            day = today
            rows.append((day,))
        what = _lines(f"{told.post.code} · {details.task}", speaker.label(details.kind), _equipment(told.post, speaker))
        commander = _commander(plan, told.post)
        rows.append(
            (
                there.times(window),
                what,
                _where(told, speaker),
                _lines(commander, details.radio and speaker("Radio: {radio}", radio=details.radio)),
                speaker.label(told.assignment.status),
            )
        )
    columns = _columns(
        (speaker("Time"), 1.1),
        (speaker("Post and task"), 2.6),
        (speaker("Where"), 2.6),
        (speaker("Commander"), 1.8),
        (speaker("Status"), 1.4),
    )
    if not rows:
        return Part(speaker("Duties"), speaker("No duties are planned."))
    return Part(speaker("Duties"), columns=columns, rows=tuple(rows))


def of_post(plan: Plan, visit: str, code: str, speaker: Speaker) -> Sheet:
    """A post's order, who stands there when, and the points of its venue to know. Raises ``NotFound``."""
    whole, post = plan.visit(visit), plan.post(visit, code)
    details = post.details
    venue = None if details.venue is None else plan.venue(details.venue)
    state = f" [{speaker('cancelled')}]" if post.cancelled else ""
    return Sheet(
        reference=f"post/{post.key}",
        title=f"{post.code} · {details.task}{state}",
        subtitle=speaker("Duty sheet of a post, visit {visit}: {title}", visit=whole.key, title=whole.details.title),
        head=f"{whole.key} · {post.code}",
        secrecy=SecrecyLevel.highest(whole.details.secrecy, *([venue.details.secrecy] if venue else [])),
        about=post.window.start,
        facts=_facts(
            (speaker("Kind"), speaker.label(details.kind)),
            (speaker("Time"), speaker.window(post.window)),
            (speaker("Where"), _post_place(post, venue, speaker)),
            (speaker("Officers needed"), str(details.headcount)),
            (speaker("Required qualifications"), ", ".join(details.required)),
            (speaker("Languages"), ", ".join(map(speaker.tongue, details.languages))),
            (speaker("Driving licence"), details.licence),
            (speaker("Protection detail"), details.detail or ""),
            (speaker("Post commander"), _commander(plan, post)),
            (speaker("Radio"), details.radio),
            (speaker("Equipment"), ", ".join(details.equipment)),
        ),
        parts=tuple(_post_parts(plan, post, venue, speaker)),
    )


def _post_parts(plan: Plan, post: Post, venue: Venue | None, speaker: Speaker) -> Iterator[Part]:
    if post.details.instructions:
        yield Part(speaker("Instructions"), post.details.instructions)
    yield _manning(plan, post, speaker)
    if venue is not None and venue.key_points:
        yield Part(
            speaker("Key points of {venue}", venue=venue.details.named(speaker.language)),
            columns=_columns(
                (speaker("Kind"), 1.4),
                (speaker("Key point"), 2.2),
                (speaker("Coordinates"), 1.4),
                (speaker("Telephone"), 1.2),
            ),
            rows=tuple(
                (speaker.label(point.kind), point.name, speaker.show(point.coordinates), point.phone)
                for point in venue.key_points
            ),
        )


def _manning(plan: Plan, post: Post, speaker: Speaker) -> Part:
    given = plan.assignments_of_post(post.visit, post.code)
    rows: list[tuple[str, ...]] = []
    for shift in post.shifts:
        needed = shift.headcount or post.details.headcount
        here = [one for one in given if one.shift == shift.code]
        window = speaker.window(shift.window)
        rows.append((speaker("{window}: {n} of {needed} officers", window=window, n=len(here), needed=needed),))
        rows += [_stander(plan, one, speaker) for one in sorted(here, key=lambda one: (one.window.start, one.key))]
    others = [one for one in given if one.shift not in {shift.code for shift in post.shifts}]
    if others:
        rows.append((speaker("At other times"),))
        rows += [_stander(plan, one, speaker) for one in others]
    columns = _columns(
        (speaker("Officer"), 2.2),
        (speaker("Rank and unit"), 2),
        (speaker("Telephone"), 1.3),
        (speaker("Time"), 1.1),
        (speaker("Status"), 1.4),
        (speaker("Signature"), 1.3),
    )
    return Part(speaker("Officers"), columns=columns, rows=tuple(rows))


def _stander(plan: Plan, one: Assignment, speaker: Speaker) -> tuple[str, ...]:
    officer = plan.officer(one.officer)
    details = officer.details
    return (
        _lines(_named(officer), details.callsign),
        _lines(details.rank, details.unit),
        details.phone,
        speaker.times(one.window),
        speaker.label(one.status),
        "",
    )


def of_programme(plan: Plan, visit: str, speaker: Speaker) -> Sheet:
    """The programme day by day, and who comes. Raises ``NotFound``."""
    whole = plan.visit(visit)
    state = f" [{speaker('cancelled')}]" if whole.cancelled else ""
    days = f"{speaker.day(whole.details.first_day)} – {speaker.day(whole.details.last_day)}"
    coming = tuple(one for one in plan.delegations(visit) if not one.withdrawn)
    return Sheet(
        reference=f"visit/{whole.key}",
        title=f"{whole.details.title}{state}",
        subtitle=speaker("Programme of visit {visit}", visit=whole.key),
        head=f"{whole.key} · {whole.details.title}",
        secrecy=mark_of(plan, whole.key),
        about=whole.programme[0].window.start if whole.programme else None,
        facts=_facts(
            (speaker("Days"), days),
            *((speaker("Delegation"), _delegation(one, speaker)) for one in coming),
        ),
        parts=(_programme(plan, whole, speaker), *(_members(one, speaker) for one in coming if one.members)),
    )


def _programme(plan: Plan, visit: Visit, speaker: Speaker) -> Part:
    rows: list[tuple[str, ...]] = []
    day = ""
    for activity in visit.programme:
        if speaker.day(activity.window.start) != day:
            day = speaker.day(activity.window.start)
            rows.append((day,))
        rows.append(_activity(plan, activity, speaker))
    if not rows:
        return Part(speaker("Programme"), speaker("Nothing is planned yet."))
    columns = _columns(
        (speaker("Time"), 1.1), (speaker("Activity"), 3.2), (speaker("Where"), 2.6), (speaker("Party and host"), 2)
    )
    return Part(speaker("Programme"), columns=columns, rows=tuple(rows))


def _activity(plan: Plan, activity: Activity, speaker: Speaker) -> tuple[str, ...]:
    place = ""
    if activity.venue is not None:
        venue = plan.venue(activity.venue)
        room = next((room.name for room in venue.rooms if room.code == activity.room), "")
        place = _lines(venue.details.named(speaker.language), room, venue.details.address)
    journey = activity.journey
    travel = "" if journey is None else " ".join((speaker.label(journey.mode), journey.number, journey.gate)).strip()
    what = _lines(activity.title, f"{activity.code} · {speaker.label(activity.type)}", travel, activity.notes)
    persons = activity.headcount and speaker.counted("{n} person", "{n} persons", activity.headcount)
    party = "" if activity.party == "main" else activity.party
    return (speaker.times(activity.window), what, place, _lines(party, activity.host, persons or ""))


def _delegation(one: Delegation, speaker: Speaker) -> str:
    head = one.head_of_delegation
    led = "" if head is None else speaker("head: {name}", name=_guest(head))
    return " · ".join(filter(None, (one.details.name, speaker.country(one.details.country), led)))


def _members(one: Delegation, speaker: Speaker) -> Part:
    columns = _columns(
        (speaker("Name"), 2.4),
        (speaker("Name in original script"), 2.2),
        (speaker("Rank"), 1.8),
        (speaker("Role"), 1.6),
    )
    rows = tuple(
        (
            _lines(member.name.form_of_address, member.name.romanised, member.name.said),
            member.name.original,
            member.rank,
            _lines(member.role, speaker("head of delegation") if member.code == one.head else ""),
        )
        for member in one.in_precedence
    )
    return Part(speaker("Members of {delegation}", delegation=one.details.name), columns=columns, rows=rows)


def _guest(member: Member) -> str:
    return " ".join(filter(None, (member.name.form_of_address, member.name.romanised, member.name.original)))


def _named(officer: Officer) -> str:
    return f"{officer.name.romanised} ({officer.key})"


def _commander(plan: Plan, post: Post) -> str:
    if post.details.commander is None:
        return ""
    officer = plan.officer(post.details.commander)
    return _lines(_named(officer), officer.details.phone)


def _equipment(post: Post, speaker: Speaker) -> str:
    return speaker("Equipment: {equipment}", equipment=post.details.equipment) if post.details.equipment else ""


def _where(told: Duty, speaker: Speaker) -> str:
    point = "" if told.key_point is None else told.key_point.name
    name = "" if told.venue is None else told.venue.details.named(speaker.language)
    address = "" if told.venue is None else told.venue.details.address
    here = "" if told.coordinates is None else speaker.show(told.coordinates)
    return _lines(told.post.details.place, point, name, address, here)


def _post_place(post: Post, venue: Venue | None, speaker: Speaker) -> str:
    details = post.details
    point = next((p for p in venue.key_points if p.code == details.key_point), None) if venue else None
    here = (
        details.coordinates or (point.coordinates if point else None) or (venue.details.coordinates if venue else None)
    )
    names = (details.place, point.name if point else "", venue.details.named(speaker.language) if venue else "")
    address = venue.details.address if venue else ""
    return _lines(*names, address, "" if here is None else speaker.show(here))


def _lines(*lines: str) -> str:
    return "\n".join(line for line in lines if line)


def _facts(*facts: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((label, value) for label, value in facts if value)


def _columns(*columns: tuple[str, float]) -> tuple[PrintedColumn, ...]:
    return tuple(PrintedColumn(title, width) for title, width in columns)
