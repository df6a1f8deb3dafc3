"""A programme from a workbook: new activities are scheduled, those that exist are moved and amended.

Columns that a workbook does not have leave what they hold as it is; an empty cell empties it. Times without a
zone are those of the visit.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from domain.base import Act, Decision
from domain.draft import Draft
from domain.messages import message
from domain.plan import Plan
from domain.references import known_activity, near_activity, usable_place
from domain.refusals import InvalidInput
from domain.venue import Venue
from domain.visit import Activity, ActivityType, Journey, Layout, TravelMode, Visit
from planner.imports import cells
from planner.imports.preview import (
    EPOCH,
    Existing,
    Look,
    Preview,
    Progress,
    Row,
    built,
    far_off,
    taken_in,
    tried,
    unwatched,
)
from planner.imports.table import Column, Line, Table, demand
from planner.imports.times import Times, window_columns
from planner.imports.workbook import read_workbook


def _journey(name: str) -> Any:
    return lambda activity: None if activity.journey is None else getattr(activity.journey, name)


_FIRST = (Column("code", "Code", cells.code, lambda a: a.code, ("Activity", "Hoạt động số", "STT", "Số"), width=10),)
_REST = (
    Column(
        "type",
        "Type",
        cells.member_of(ActivityType, ActivityType.OTHER),
        lambda a: a.type,
        ("Kind", "Loại hình"),
        choices=ActivityType,
        width=18,
    ),
    Column(
        "title",
        "Activity title",
        cells.text,
        lambda a: a.title,
        ("Nội dung", "Title", "Tên hoạt động", "Content"),
        True,
        width=44,
    ),
    Column(
        "venue",
        "Venue",
        cells.code,
        lambda a: a.venue,
        ("Place", "Nơi", "Địa chỉ"),
        width=16,
        hint="code or name",
    ),
    Column("room", "Room", cells.code, lambda a: a.room, width=12),
    Column(
        "layout",
        "Seating",
        cells.member_of(Layout, Layout.THEATRE),
        lambda a: a.layout,
        ("Layout",),
        choices=Layout,
        width=16,
    ),
    Column("delegation", "Delegation", cells.code, lambda a: a.delegation, width=12),
    Column("party", "Party", cells.text, lambda a: a.party, width=12),
    Column("host", "Host", cells.text, lambda a: a.host, ("Người chủ trì",), width=24),
    Column("headcount", "Persons", cells.whole, lambda a: a.headcount or None, ("Headcount", "Số lượng"), width=9),
    Column("fixed", "Fixed", cells.truth, lambda a: a.fixed, width=8),
    Column("setup_minutes", "Set-up (min)", cells.whole, lambda a: a.setup_minutes or None, width=10),
    Column("teardown_minutes", "Teardown (min)", cells.whole, lambda a: a.teardown_minutes or None, width=10),
    Column("embark_minutes", "Boarding (min)", cells.whole, lambda a: a.embark_minutes, ("Embark",), width=10),
    Column("joint_with", "Joint with", cells.listed, lambda a: ", ".join(a.joint_with) or None, width=14),
    Column("mode", "Travels by", cells.member_of(TravelMode), _journey("mode"), choices=TravelMode, width=12),
    Column("number", "Flight or train", cells.text, _journey("number"), ("Number", "Chuyến bay"), width=12),
    Column("gate", "Gate", cells.text, _journey("gate"), width=12),
    Column("notes", "Notes", cells.text, lambda a: a.notes, ("Remarks",), width=40),
)


def programme_table(zone: ZoneInfo) -> Table:
    """The columns of a programme, with times in a zone."""
    return Table("Programme", (*_FIRST, *window_columns(zone, lambda activity: activity.window), *_REST))


def preview_programme(
    content: bytes, plan: Plan, visit: str, existing: Existing = Existing.AMEND, progress: Progress = unwatched
) -> Preview[Activity]:
    """What importing this workbook into a visit would do. Raises ``NotFound``, and ``InvalidInput`` for no workbook."""
    whole = plan.visit(visit)
    zone = ZoneInfo(whole.details.zone)
    found = demand(read_workbook(content), programme_table(zone))
    codes = _Codes(whole, found.lines)
    rows = tuple(_row(line, plan, whole, Times(zone), codes) for line in found.lines)
    together = frozenset(row.item.code for row in rows if row.item is not None and not row.errors)
    rows = tuple(_joint_known(row, whole, together) for row in rows)
    look: Look[Activity] = far_off(whole, plan.numbers(plan.recorded_at or EPOCH))
    return Preview(tried(rows, plan, _taker(visit), existing, progress, look), found.ignored)


def imported_programme(
    plan: Plan, visit: str, activities: tuple[Activity, ...], existing: Existing, act: Act
) -> Decision:
    """The events that bring these activities into a visit's programme; none is taken out."""
    draft = Draft(plan, act)
    draft.add(taken_in(plan, activities, act, _taker(visit), existing))
    known = plan.visit(visit).activities
    for activity in activities:
        # Two new activities may name each other: now that both are there, they can.
        if activity.joint_with and not (existing is Existing.SKIP and known.find(activity.code)):
            whole = draft.plan.visit(visit)
            draft.add(whole.amend_activity(known_activity(draft.plan, visit, activity), act))
    return draft.decision


def _taker(visit: str) -> Any:
    def take(draft: Draft, activity: Activity, existing: Existing) -> bool:
        plan = draft.plan
        whole = plan.visit(visit)
        there = whole.activities.find(activity.code)
        alone = dataclasses.replace(activity, joint_with=_known(whole, activity.joint_with))
        if there is None:
            draft.add(whole.schedule(near_activity(plan, visit, alone), draft.act))
            return True
        if existing is Existing.SKIP:
            return False
        if activity.window != there.window:
            draft.add(whole.move_activity(activity.code, whole.near(activity.window), draft.act))
        if (activity.venue, activity.room) != (there.venue, there.room):
            place = usable_place(plan, activity.venue, activity.room)
            draft.add(draft.plan.visit(visit).relocate_activity(activity.code, *place, draft.act))
        draft.add(draft.plan.visit(visit).amend_activity(known_activity(plan, visit, alone), draft.act))
        return True

    return take


def _known(visit: Visit, codes: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(code for code in codes if visit.activities.find(code))


class _Codes:
    """Codes for rows without one: ``A-01`` …, those of the visit and of the workbook left out."""

    def __init__(self, visit: Visit, lines: tuple[Line, ...]) -> None:
        self._taken = {activity.code for activity in visit.activities}
        self._taken |= {line.values["code"] for line in lines if line.values.get("code")}
        self._seen: set[str] = set()
        self._number = 0

    def of(self, line: Line) -> str:
        """The code of a row. Raises ``InvalidInput`` where an earlier row has it too."""
        code: str | None = line.values.get("code")
        if code is None:
            code = self._free()
        if code in self._seen:
            raise InvalidInput.because("Code {code} stands in an earlier row too.", code=code)
        self._seen.add(code)
        return code

    def _free(self) -> str:
        while True:
            self._number += 1
            code = f"A-{self._number:02d}"
            if code not in self._taken and code not in self._seen:
                return code


def _row(line: Line, plan: Plan, visit: Visit, times: Times, codes: _Codes) -> Row[Activity]:
    return built(line, line.errors, lambda: _activity(line.values, plan, visit, times, codes.of(line)))


#: Columns that are put together into other fields.
_TOGETHER = frozenset({"code", "day", "start", "end_day", "end", "mode", "number", "gate"})
#: What an empty cell means where that is not None.
_EMPTY: Mapping[str, Any] = {"headcount": 0, "setup_minutes": 0, "teardown_minutes": 0, "party": "main"}


def _activity(values: Mapping[str, Any], plan: Plan, visit: Visit, times: Times, code: str) -> Activity:
    earlier = visit.activities.find(code)
    facts: dict[str, Any] = {"type": ActivityType.OTHER}
    if earlier is not None:
        facts = {field.name: getattr(earlier, field.name) for field in dataclasses.fields(earlier)}
    for name, value in values.items():
        if name not in _TOGETHER:
            facts[name] = _EMPTY[name] if name in _EMPTY and value in (None, "") else value
    if facts.get("venue"):
        facts["venue"] = venue_code(plan, facts["venue"])
    facts["code"] = code
    facts["window"] = times.window(values, None if earlier is None else earlier.window)
    facts["journey"] = _journey_of(values, None if earlier is None else earlier.journey)
    return Activity(**facts)


def venue_code(plan: Plan, typed: str) -> str:
    """The code of a venue that was named by its code or its name. Raises ``InvalidInput`` where that is unclear."""
    if plan.has(Venue, typed):
        return typed
    same = plan.remembered("venues by what they are called", lambda: _called(plan.venues)).get(cells.folded(typed), ())
    if len(same) == 1:
        return same[0]
    if same:
        raise InvalidInput.because(
            "Several venues are called «{name}»: give the code instead, one of {codes}.", name=typed, codes=tuple(same)
        )
    raise InvalidInput.because("There is no venue «{name}». Enter it first, or import the venues.", name=typed)


def _called(venues: Iterable[Venue]) -> dict[str, list[str]]:
    """The codes of venues by code and names, folded."""
    found: dict[str, list[str]] = {}
    for venue in venues:
        for name in {cells.folded(name) for name in (venue.details.name, venue.details.name_en, venue.key)} - {""}:
            found.setdefault(name, []).append(venue.key)
    return found


def _journey_of(values: Mapping[str, Any], earlier: Journey | None) -> Journey | None:
    if not {"mode", "number", "gate"} & set(values):
        return earlier
    mode = values.get("mode", None if earlier is None else earlier.mode)
    if mode is None:
        if values.get("number") or values.get("gate"):
            raise InvalidInput.because("Say how the guests travel, for example by air.")
        return None
    return Journey(
        mode=mode,
        number=values.get("number", "" if earlier is None else earlier.number),
        gate=values.get("gate", "" if earlier is None else earlier.gate),
        actual=None if earlier is None else earlier.actual,
    )


def _joint_known(row: Row[Activity], visit: Visit, together: frozenset[str]) -> Row[Activity]:
    if row.item is None or row.errors:
        return row
    there = _known(visit, row.item.joint_with)
    lost = tuple(code for code in row.item.joint_with if code not in together and code not in there)
    if not lost:
        return row
    return dataclasses.replace(row, errors=(message("There is no activity {codes} to be joint with.", codes=lost),))
