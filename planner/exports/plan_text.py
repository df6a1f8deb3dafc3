"""The plan of a visit as lines of text, for reading at a terminal and in a bundle."""

from __future__ import annotations

from collections.abc import Iterator

from domain.assignment import AssignmentStatus
from domain.plan import Plan
from domain.visit import Visit
from planner.text import Speaker


def plan_lines(plan: Plan, code: str, speaker: Speaker) -> Iterator[str]:
    """The visit, its delegations, its programme day by day, its routes, and its posts with who stands there."""
    visit = plan.visit(code)
    yield f"{visit.key}  {visit.details.title}" + _state(visit.cancelled, speaker("cancelled"))
    days = f"{speaker.day(visit.details.first_day)} – {speaker.day(visit.details.last_day)}"
    yield f"{days}  ·  {speaker.zone_name(str(speaker.zone))}"
    if plan.recorded_at is not None:
        yield speaker("as of event {position}, {moment}", position=str(plan.position), moment=plan.recorded_at)
    yield from _delegations(plan, code, speaker)
    yield from _programme(plan, visit, speaker)
    yield from _routes(plan, code, speaker)
    yield from _posts(plan, code, speaker)


def _state(holds: bool, word: str) -> str:
    return f"  [{word}]" if holds else ""


def _delegations(plan: Plan, code: str, speaker: Speaker) -> Iterator[str]:
    for delegation in plan.delegations(code):
        yield ""
        country = speaker.country(delegation.details.country)
        yield f"{delegation.code}  {delegation.details.name} ({country})" + _state(
            delegation.withdrawn, speaker("withdrawn")
        )
        for member in delegation.members:
            head = _state(member.code == delegation.head, speaker("head of delegation"))
            name = " ".join(filter(None, (member.name.romanised, member.name.original)))
            yield f"  {member.code}  {name}  {member.rank}{head}".rstrip()


def _programme(plan: Plan, visit: Visit, speaker: Speaker) -> Iterator[str]:
    day = ""
    for activity in visit.programme:
        if speaker.day(activity.window.start) != day:
            day = speaker.day(activity.window.start)
            yield ""
            yield day
        place = "" if activity.venue is None else plan.venue(activity.venue).details.named(speaker.language)
        kind = speaker.label(activity.type)
        yield f"  {speaker.times(activity.window)}  {activity.code}  {activity.title} ({kind})  {place}".rstrip()
    for activity in visit.activities:
        if activity.code in visit.called_off:
            yield f"  {activity.code}  {activity.title}" + _state(True, speaker("cancelled"))


def _routes(plan: Plan, code: str, speaker: Speaker) -> Iterator[str]:
    routes = [route for route in plan.routes(code) if not route.withdrawn]
    if routes:
        yield ""
    for route in routes:
        details = route.details
        length = speaker("{km} km, {minutes} min", km=details.km, minutes=details.minutes)
        marks = f"{speaker.label(details.kind)}, {speaker.label(details.source)}"
        closed = "" if route.closed is None else _state(True, speaker("closed {window}", window=route.closed))
        yield f"{route.code}  {details.origin} → {details.destination}  {marks}  {length}{closed}"


def _posts(plan: Plan, code: str, speaker: Speaker) -> Iterator[str]:
    for post in plan.posts(code):
        yield ""
        details = post.details
        yield f"{post.code}  {details.task} ({speaker.label(details.kind)})" + _state(
            post.cancelled, speaker("cancelled")
        )
        yield f"  {speaker.window(post.window)}  {speaker.counted('{n} officer', '{n} officers', details.headcount)}"
        for assignment in plan.assignments_of_post(code, post.code):
            if assignment.status is not AssignmentStatus.WITHDRAWN:
                name = plan.officer(assignment.officer).name.romanised
                status = speaker.label(assignment.status)
                yield f"    {speaker.times(assignment.window)}  {assignment.officer}  {name}  [{status}]"
