"""Officers from a workbook: one sheet of officers, another of their qualifications with how long these are valid."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain.base import Act, Decision, by_code, replaced
from domain.draft import Draft
from domain.messages import Message, message
from domain.officer import Officer, OfficerDetails
from domain.plan import Plan
from domain.values import PersonName, Qualification, TimeWindow
from planner.exports.plan_json import OfficerEntry, officer_entry
from planner.imports import cells
from planner.imports.preview import Existing, Preview, Progress, Row, built, lost, taken_in, tried, unwatched
from planner.imports.table import Column, Line, Table, demand, find
from planner.imports.workbook import read_workbook
from planner.text import DEFAULT_ZONE

OFFICERS = Table(
    "Officers",
    (
        Column("code", "Code", cells.code, lambda o: o.key, ("Officer", "Số hiệu"), True, width=12),
        Column("romanised", "Name", cells.text, lambda o: o.name.romanised, ("Full name", "Họ tên"), True, width=28),
        Column("unit", "Unit", cells.text, lambda o: o.details.unit, ("Phòng", "Team"), True, width=26),
        Column("rank", "Rank", cells.text, lambda o: o.details.rank, width=16),
        Column("callsign", "Callsign", cells.text, lambda o: o.details.callsign, width=12),
        Column(
            "phone", "Telephone", cells.text, lambda o: o.details.phone, ("Phone", "Số điện thoại", "SĐT"), width=16
        ),
        Column(
            "languages",
            "Languages",
            cells.listed,
            lambda o: ", ".join(o.details.languages),
            width=14,
            hint="lo, km, en",
        ),
        Column(
            "licences",
            "Driving licences",
            cells.listed,
            lambda o: ", ".join(o.details.licences),
            ("Licences", "GPLX"),
            width=14,
        ),
    ),
)


def _first_day(held: tuple[Officer, Qualification]) -> date:
    return held[1].valid.start.astimezone(ZoneInfo(DEFAULT_ZONE)).date()


def _last_day(held: tuple[Officer, Qualification]) -> date:
    return (held[1].valid.end.astimezone(ZoneInfo(DEFAULT_ZONE)) - timedelta(seconds=1)).date()


QUALIFICATIONS = Table(
    "Qualifications",
    (
        Column(
            "officer",
            "Officer",
            cells.code,
            lambda held: held[0].key,
            ("Officer code", "Số hiệu", "Mã cán bộ"),
            True,
            width=12,
        ),
        Column("code", "Qualification", cells.text, lambda held: held[1].code, ("Certificate",), True, width=28),
        Column(
            "valid_from", "Valid from", cells.day, _first_day, ("From", "Từ ngày"), True, form="dd/mm/yyyy", width=14
        ),
        Column(
            "valid_to",
            "Valid through",
            cells.day,
            _last_day,
            ("To", "Until", "Đến ngày"),
            True,
            form="dd/mm/yyyy",
            width=14,
        ),
    ),
)


def preview_officers(
    content: bytes, plan: Plan, existing: Existing = Existing.AMEND, progress: Progress = unwatched
) -> Preview[OfficerEntry]:
    """What importing this workbook would do. Raises ``InvalidInput`` for no workbook."""
    sheets = read_workbook(content)
    found, held = demand(sheets, OFFICERS), find(sheets, QUALIFICATIONS)
    by_officer: dict[str, list[Line]] = {}
    for line in held.lines if held else ():
        by_officer.setdefault(str(line.values.get("officer")), []).append(line)
    seen: set[str] = set()
    rows = [_row(line, plan, by_officer.pop(str(line.values.get("code")), []), seen) for line in found.lines]
    left: list[Row[OfficerEntry]] = [lost(line, _lost(code)) for code, lines in by_officer.items() for line in lines]
    return Preview((*tried(rows, plan, take_officer, existing, progress), *left), found.ignored)


def imported_officers(plan: Plan, officers: Iterable[OfficerEntry], existing: Existing, act: Act) -> Decision:
    """The events that bring these officers into the register; nobody and no qualification is taken out."""
    return taken_in(plan, officers, act, take_officer, existing)


def take_officer(draft: Draft, entry: OfficerEntry, existing: Existing) -> bool:
    """Register or amend one officer, and grant the qualifications that differ."""
    details = OfficerDetails(**{f.name: getattr(entry, f.name) for f in dataclasses.fields(OfficerDetails)})
    if not draft.plan.has(Officer, entry.code):
        draft.add(Officer.register(entry.code, details, draft.act))
    elif existing is Existing.SKIP:
        return False
    else:
        draft.add(draft.plan.officer(entry.code).amend(details, draft.act))
    for qualification in entry.qualifications:
        draft.add(draft.plan.officer(entry.code).grant(qualification, draft.act))
    return True


def _row(line: Line, plan: Plan, held: list[Line], seen: set[str]) -> Row[OfficerEntry]:
    errors = [*line.errors, *(_beside(one.number, error) for one in held for error in (*one.errors, *_backwards(one)))]
    code = line.values.get("code")
    if code in seen:
        errors.append(message("Code {code} stands in an earlier row too.", code=code))
    if code is not None:
        seen.add(code)
    return built(line, tuple(errors), lambda: _officer(line.values, plan, held), held)


def _beside(number: int, error: Message) -> Message:
    return message("qualifications, row {number}: {error}", number=str(number), error=error)


def _backwards(line: Line) -> tuple[Message, ...]:
    """What is wrong with a qualification that ends before it begins."""
    first, last = line.values.get("valid_from"), line.values.get("valid_to")
    if first is None or last is None or first <= last:
        return ()
    return (message("«Valid through», {last}, is before «Valid from», {first}.", last=last, first=first),)


def _lost(code: str) -> Message:
    return message("Officer {code} of this qualification has no row among the officers.", code=code)


def _officer(values: Mapping[str, Any], plan: Plan, held: list[Line]) -> OfficerEntry:
    code = values["code"]
    facts: dict[str, Any] = {"code": code}
    name: dict[str, Any] = {}
    if plan.has(Officer, code):
        earlier = officer_entry(plan.officer(code))
        facts = {field.name: getattr(earlier, field.name) for field in dataclasses.fields(earlier)}
        name = {field.name: getattr(earlier.name, field.name) for field in dataclasses.fields(earlier.name)}
    facts |= {key: value for key, value in values.items() if key not in ("code", "romanised")}
    facts["name"] = PersonName(**{**name, "romanised": values["romanised"]})
    qualifications: tuple[Qualification, ...] = facts.get("qualifications", ())
    for line in held:
        qualifications = replaced(qualifications, _qualification(line.values, qualifications))
    return OfficerEntry(**{**facts, "qualifications": qualifications})


def _qualification(values: Mapping[str, Any], held: tuple[Qualification, ...]) -> Qualification:
    """Valid from the beginning of the first day to the end of the last."""
    zone = ZoneInfo(DEFAULT_ZONE)
    start = datetime.combine(values["valid_from"], time(), tzinfo=zone)
    end = datetime.combine(values["valid_to"] + timedelta(days=1), time(), tzinfo=zone)
    earlier = by_code(held).get(values["code"])
    if earlier is not None and (_day(earlier.valid.start), _day(earlier.valid.end - timedelta(seconds=1))) == (
        values["valid_from"],
        values["valid_to"],
    ):
        return earlier
    return Qualification(code=values["code"], valid=TimeWindow(start=start, end=end))


def _day(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(DEFAULT_ZONE)).date()
