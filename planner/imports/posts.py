"""Posts from a workbook: one sheet of posts, another of their shifts where they have any."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from domain.assigning import moved_shifts
from domain.base import Act, Decision, by_code, changed
from domain.draft import Draft
from domain.messages import Message, message
from domain.plan import Plan
from domain.post import Post, PostDetails, PostKind, Shift
from domain.references import known_post, near_post
from domain.refusals import InvalidInput
from domain.values import Coordinates
from planner.exports.plan_json import PostEntry
from planner.imports import cells
from planner.imports.preview import (
    EPOCH,
    Existing,
    Look,
    Preview,
    Progress,
    Row,
    Take,
    built,
    far_off,
    lost,
    taken_in,
    tried,
    unwatched,
)
from planner.imports.programme import venue_code
from planner.imports.table import Column, Line, Table, demand, find
from planner.imports.times import Times, window_columns
from planner.imports.workbook import read_workbook


def _at(name: str) -> Callable[[Post], float | None]:
    return lambda post: None if post.details.coordinates is None else getattr(post.details.coordinates, name)


_FIRST = (
    Column("code", "Code", cells.code, lambda p: p.code, ("Post", "Chốt số"), True, width=10),
    Column("task", "Task", cells.text, lambda p: p.details.task, ("Duty",), True, width=40),
    Column(
        "kind",
        "Kind",
        cells.member_of(PostKind, PostKind.GUARD),
        lambda p: p.details.kind,
        ("Type",),
        choices=PostKind,
        width=18,
    ),
)
_REST = (
    Column(
        "headcount",
        "Officers needed",
        cells.whole,
        lambda p: p.details.headcount,
        ("Headcount", "Persons", "Quân số"),
        width=10,
    ),
    Column("venue", "Venue", cells.code, lambda p: p.details.venue, width=14, hint="code or name"),
    Column("key_point", "Key point", cells.code, lambda p: p.details.key_point, width=12),
    Column("lat", "Latitude", cells.number, _at("lat"), ("Lat",), width=11),
    Column("lon", "Longitude", cells.number, _at("lon"), ("Lon", "Long"), width=11),
    Column("place", "Place in words", cells.text, lambda p: p.details.place, ("Place",), width=28),
    Column("activity", "Activity", cells.code, lambda p: p.details.activity, width=10),
    Column(
        "required",
        "Required qualifications",
        cells.listed,
        lambda p: ", ".join(p.details.required),
        ("Required",),
        width=22,
    ),
    Column(
        "desired",
        "Desired qualifications",
        cells.listed,
        lambda p: ", ".join(p.details.desired),
        ("Desired",),
        width=22,
    ),
    Column(
        "languages",
        "Languages",
        cells.listed,
        lambda p: ", ".join(p.details.languages),
        width=14,
        hint="lo, km, en",
    ),
    Column("licence", "Driving licence", cells.text, lambda p: p.details.licence, ("Licence", "GPLX"), width=10),
    Column("detail", "Protection detail", cells.code, lambda p: p.details.detail, ("Detail", "Package"), width=12),
    Column("critical", "Critical", cells.truth, lambda p: p.details.critical, width=9),
    Column("commander", "Post commander", cells.code, lambda p: p.details.commander, ("Commander",), width=14),
    Column("backups", "Named backups", cells.listed, lambda p: ", ".join(p.details.backups), ("Backups",), width=18),
    Column("equipment", "Equipment", cells.listed, lambda p: ", ".join(p.details.equipment), width=22),
    Column("radio", "Radio", cells.text, lambda p: p.details.radio, width=12),
    Column("instructions", "Instructions", cells.text, lambda p: p.details.instructions, ("Post order",), width=44),
)


def posts_table(zone: ZoneInfo) -> Table:
    """The columns of posts, with times in a zone."""
    return Table("Posts", (*_FIRST, *window_columns(zone, lambda post: post.window), *_REST))


def shifts_table(zone: ZoneInfo) -> Table:
    """The columns of shifts; each is written as a pair of post and shift."""
    return Table(
        "Shifts",
        (
            Column("post", "Post", cells.code, lambda pair: pair[0].code, ("Post code",), True, width=10),
            Column("code", "Shift", cells.code, lambda pair: pair[1].code, ("Shift code",), True, width=10),
            *window_columns(zone, lambda pair: pair[1].window),
            Column(
                "headcount",
                "Officers needed",
                cells.whole,
                lambda pair: pair[1].headcount,
                ("Headcount", "Quân số"),
                width=10,
            ),
        ),
    )


def preview_posts(
    content: bytes, plan: Plan, visit: str, existing: Existing = Existing.AMEND, progress: Progress = unwatched
) -> Preview[PostEntry]:
    """What importing this workbook into a visit would do. Raises ``NotFound``, and ``InvalidInput`` for no workbook."""
    zone = ZoneInfo(plan.visit(visit).details.zone)
    sheets = read_workbook(content)
    found, shifts = demand(sheets, posts_table(zone)), find(sheets, shifts_table(zone))
    by_post: dict[str, list[Line]] = {}
    for line in shifts.lines if shifts else ():
        by_post.setdefault(str(line.values.get("post")), []).append(line)
    seen: set[str] = set()
    posts = {post.code: post for post in plan.posts(visit)}
    rows = [
        _row(line, plan, posts, by_post.pop(str(line.values.get("code")), []), Times(zone), seen)
        for line in found.lines
    ]
    look: Look[PostEntry] = far_off(plan.visit(visit), plan.numbers(plan.recorded_at or EPOCH))
    left: list[Row[PostEntry]] = [lost(line, _lost(code)) for code, lines in by_post.items() for line in lines]
    return Preview((*tried(rows, plan, _taker(visit), existing, progress, look), *left), found.ignored)


def imported_posts(plan: Plan, visit: str, posts: Iterable[PostEntry], existing: Existing, act: Act) -> Decision:
    """The events that bring these posts into a visit; none is taken out, and duties move along with their shifts."""
    return taken_in(plan, posts, act, _taker(visit), existing)


def _taker(visit: str) -> Take[PostEntry]:
    def take(draft: Draft, entry: PostEntry, existing: Existing) -> bool:
        key = f"{draft.plan.visit(visit).key}/{entry.code}"
        details = PostDetails(**{f.name: getattr(entry, f.name) for f in dataclasses.fields(PostDetails)})
        known_post(draft.plan, visit, details)
        if not draft.plan.has(Post, key):
            draft.add(Post.create(key, near_post(draft.plan, visit, details), draft.act))
            draft.add(draft.plan.post(visit, entry.code).plan_shifts(entry.shifts, draft.act))
            return True
        if existing is Existing.SKIP:
            return False
        before, post = draft.plan, draft.plan.post(visit, entry.code)
        window = entry.window if entry.window == post.window else draft.plan.visit(visit).near(entry.window)
        rescheduled = post.reschedule(window, entry.shifts, draft.act)
        draft.add(rescheduled)
        if rescheduled:
            draft.add(moved_shifts(before, draft.plan, key, draft.act))
        draft.add(draft.plan.post(visit, entry.code).amend(details, draft.act))
        return True

    return take


def _row(
    line: Line, plan: Plan, posts: Mapping[str, Post], shifts: list[Line], times: Times, seen: set[str]
) -> Row[PostEntry]:
    errors = [*line.errors, *(_beside(one.number, error) for one in shifts for error in one.errors)]
    code = line.values.get("code")
    if code in seen:
        errors.append(message("Code {code} stands in an earlier row too.", code=code))
    if code is not None:
        seen.add(code)
    earlier = posts.get(code or "")
    return built(line, tuple(errors), lambda: _post(line.values, plan, earlier, shifts, times), shifts)


def _beside(number: int, error: Message) -> Message:
    return message("shifts, row {number}: {error}", number=str(number), error=error)


def _lost(code: str) -> Message:
    return message("Post {code} of this shift has no row among the posts.", code=code)


_TOGETHER = frozenset({"day", "start", "end_day", "end", "lat", "lon"})


def _post(values: Mapping[str, Any], plan: Plan, earlier: Post | None, shifts: list[Line], times: Times) -> PostEntry:
    facts: dict[str, Any] = {}
    own: tuple[Shift, ...] = ()
    if earlier is not None:
        facts = {field.name: getattr(earlier.details, field.name) for field in dataclasses.fields(earlier.details)}
        own = earlier.own_shifts
    facts |= {name: value for name, value in values.items() if name not in _TOGETHER}
    facts["headcount"] = facts.get("headcount") or 1
    if facts.get("venue"):
        facts["venue"] = venue_code(plan, facts["venue"])
    facts["window"] = times.window(values, None if earlier is None else earlier.window)
    facts["coordinates"] = _coordinates(values, facts.get("coordinates"))
    if shifts:
        own = tuple(_shift(line.values, by_code(own).get(line.values["code"]), times) for line in shifts)
    elif earlier is not None and facts["window"].length == earlier.window.length:
        by = facts["window"].start - earlier.window.start
        own = tuple(changed(shift, window=shift.window.shifted(by)) if by else shift for shift in own)
    return PostEntry(**facts, shifts=own)


def _shift(values: Mapping[str, Any], earlier: Shift | None, times: Times) -> Shift:
    window = times.window(values, None if earlier is None else earlier.window)
    headcount = values.get("headcount", None if earlier is None else earlier.headcount)
    return Shift(code=values["code"], window=window, headcount=headcount)


def _coordinates(values: Mapping[str, Any], earlier: Coordinates | None) -> Coordinates | None:
    if not {"lat", "lon"} & set(values):
        return earlier
    lat, lon = values.get("lat"), values.get("lon")
    if lat is None and lon is None:
        return None
    if lat is None or lon is None:
        raise InvalidInput.because("Coordinates need both latitude and longitude.")
    return Coordinates(lat=lat, lon=lon)
