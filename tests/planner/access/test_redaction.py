"""What a redacted file leaves out is decided for every text that there is; numbers that identify are masked."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import pytest
from pydantic import StringConstraints

from domain.base import Code, Entity, Event
from domain.events import EVENTS
from domain.officer import AbsenceRecorded
from planner.access.reader import Reader
from planner.access.redaction import KEPT, LEFT_OUT, MASK, TREATED, Redaction, without_identifying
from planner.access.seen import SeenPlan
from planner.application import Planner
from planner.exports.watermark import WITHHELD
from planner.history.differences import differences
from tests.examples import OTHER_VISIT, VISIT, Story, absence, officer_details, visit_details
from tests.planner.acting import BINH, HOA, let_in

#: What every event has, and its own texts that are no free text: codes of an erased person's keys.
_OF_EVENTS = {field.name for field in dataclasses.fields(Event)} | {"keys"}


def values(kind: Any, seen: set[Any]) -> Iterator[Any]:
    """A class of values and all that it holds."""
    if kind in seen:
        return
    seen.add(kind)
    yield kind
    for hint in get_type_hints(kind, include_extras=True).values():
        for one in parts(hint):
            if dataclasses.is_dataclass(one):
                yield from values(one, seen)


def parts(hint: Any) -> Iterator[Any]:
    """What a type is made of."""
    yield hint
    for one in get_args(hint):
        if isinstance(one, type) or get_args(one):
            yield from parts(one)


def is_text(hint: Any) -> bool:
    """True for text that people type; codes name things and are none."""
    if hint == Code or hint is Code:
        return False
    if get_origin(hint) is Annotated:
        first, *marks = get_args(hint)
        constrained = [mark for mark in marks if isinstance(mark, StringConstraints)]
        return (first is str and bool(constrained)) or (first is not str and is_text(first))
    return any(is_text(one) for one in get_args(hint) if one is not Ellipsis)


def texts() -> list[tuple[Any, str]]:
    """Every text that any event may hold, by its class and name."""
    seen: set[Any] = set()
    kinds = [kind for event in EVENTS for kind in values(event, seen)]
    found = []
    for kind in kinds:
        for name, hint in get_type_hints(kind, include_extras=True).items():
            if is_text(hint) and not (issubclass(kind, Event) and name in _OF_EVENTS):
                found.append((kind, name))
    return found


def decided(kind: Any, name: str) -> bool:
    if issubclass(kind, Event):
        return name in LEFT_OUT or name == "duty" or (kind, name) in KEPT
    return name in TREATED.get(kind, {}) or (kind, name) in KEPT


def test_it_is_decided_for_every_text_that_an_event_may_hold() -> None:
    assert [f"{kind.__name__}.{name}" for kind, name in texts() if not decided(kind, name)] == []


def test_every_text_is_looked_at() -> None:
    """The control: the search finds the texts that are known to be there."""
    found = {f"{kind.__name__}.{name}" for kind, name in texts()}

    assert found >= {
        *(
            "Member.needs",
            "OfficerDetails.phone",
            "VenueDetails.notes",
            "PostDetails.equipment",
            "PersonName.romanised",
        ),
        *("PostOrderIssued.instructions", "Override.authority", "Contact.phone", "RouteDetails.streets"),
    }


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Hộ chiếu P1234567 (VN)", f"Hộ chiếu {MASK} (VN)"),
        ("passport pa 0123456", f"passport {MASK}"),
        ("CCCD 079203001234.", f"CCCD {MASK}."),
        ("gọi 0912 345 678 hoặc +856 20 5555-1234", f"gọi {MASK} hoặc {MASK}"),
        ("tel (024) 3825.1151", f"tel ({MASK}"),
        ("sinh ngày 12/03/1961 tại Huế", f"{MASK} tại Huế"),
        ("Born: 1961-03-12", MASK),
        ("sinh ngày 12 tháng 3 năm 1961, Huế", f"{MASK}, Huế"),
        ("Ngày sinh: mười hai tháng Ba 1961", f"Ngày {MASK}"),
        ("SINH NĂM 1961 tại Huế", f"{MASK} tại Huế"),
        ("sn 1961, nữ", f"{MASK}, nữ"),
        ("born on 12 March 1961 in Vientiane", f"{MASK} in Vientiane"),
        ("date of birth: March 12th, 1961.", f"date of {MASK}."),
        ("Birthday 12 March 1961", MASK),
        ("D.O.B. 12 Mar 1961", MASK),
        ("gọi 0912 345 678 08:00 24/11/2026", f"gọi {MASK} 08:00 24/11/2026"),
        ("gọi 0912.345.678, 24/11/2026 08:00", f"gọi {MASK}, 24/11/2026 08:00"),
        ("+84 24 38.25.1151 hoặc 09.12.03.2012", f"{MASK} hoặc {MASK}"),
        ("CCCD 079203001234 24/11/2026", f"CCCD {MASK} 24/11/2026"),
        ("thư ký@mofa.example.vn, a.b+c@x.la", f"thư {MASK}, {MASK}"),
        ("ເລກ ໐໑໒໓໔໕໖໗໘໙", f"ເລກ {MASK}"),
    ],
)
def test_numbers_that_identify_somebody_are_masked(typed: str, said: str) -> None:
    assert without_identifying(typed) == said


@pytest.mark.parametrize(
    "typed",
    [
        *("", "Hội đàm 24/11/2026 08:00", "2026-11-24 – 2026-11-26", "24/11/2026-26/11/2026", "VN 920", "CA-0113"),
        *("08:00 24/11/2026", "08:00 2026-11-24", "08:00 (24/11/2026)", "08:00–10:00 24.11.2026", "8h00 24-11-2026"),
        *("24-26/11/2026", "24/11-26/11/2026", "08:00 24/11/2026 - 10:00 26/11/2026", "at 08:00, 24/11/2026"),
        *("Gặp học sinh 24/11/2026", "Giao lưu sinh viên năm 2026", "vệ sinh phòng 24/11/2026", "newborn ward 2026"),
        *("LA-2026-01", "Quốc lộ 13, km 384", "12 Trần Phú", "80A-123.45", "19.88000, 102.13000", "phòng 1204"),
    ],
)
def test_what_identifies_nobody_stays_as_typed(typed: str) -> None:
    assert without_identifying(typed) == typed


def test_whoever_commands_a_post_keeps_name_and_rank() -> None:
    story = Story()
    story.visit()
    story.officer("CA-0113", phone="0912 345 678")
    story.officer("CA-0114", "Trần Đức Nghĩa", phone="0912 345 679")
    story.post("P-01", commander="CA-0114")

    plan = Redaction.of(story.plan).plan(story.plan)

    told = [(one.name.romanised, one.details.rank, one.details.phone) for one in plan.officers]
    assert told == [(WITHHELD, "", ""), ("Trần Đức Nghĩa", "Đại uý", "")]
    assert plan.officer("CA-0113") == plan.officers[0]


def test_entities_lose_no_more_than_absences_and_names_of_accounts() -> None:
    """A field of the same name elsewhere, such as the guests of a delegation, is not left out with them."""
    left_out = {
        f"{kind.__name__}.{field.name}"
        for kind in Entity.__subclasses__()
        for field in dataclasses.fields(kind)
        if field.name in LEFT_OUT
    }

    assert left_out == {"Erasure.accounts", "Officer.absences", "Visit.registrar"}


def test_a_change_of_what_is_left_out_is_no_difference() -> None:
    story = Story()
    story.visit()
    story.officer("CA-0113", phone="0912 345 678")
    before = story.plan
    story.tell(story.plan.officer("CA-0113").amend(officer_details(phone="0900 000 000"), story.act()))
    redaction = Redaction.of(story.plan)

    found = [
        list(differences(one, two))
        for one, two in (
            (redaction.plan(before), redaction.plan(story.plan)),
            (before, story.plan),
        )
    ]

    assert [len(one) for one in found] == [0, 1]


def test_the_log_says_what_happened_but_not_who_did_it_nor_that_somebody_is_ill(planner: Planner) -> None:
    let_in(planner, HOA)
    planner.record_absence("CA-0113", absence("20:00", "22:00"), by=HOA, reason="Ốm")
    whole = Reader(planner, HOA)

    events = [event for _, event in whole.redacting().timeline.events()]

    assert {(event.by, event.reason, event.via, event.command_id) for event in events} == {(WITHHELD, "", "", "")}
    assert not [event for event in events if isinstance(event, AbsenceRecorded) or event.kind == "membership"]
    assert any(isinstance(event, AbsenceRecorded) for _, event in whole.timeline.events())


def test_what_a_reader_may_not_see_is_no_more_seen_redacted(planner: Planner) -> None:
    planner.register_visit(OTHER_VISIT, visit_details(), by=BINH)
    reader = Reader(planner, HOA)

    assert isinstance(reader.plan, SeenPlan)
    assert [one.key for one in reader.redacting().plan.visits] == [one.key for one in reader.plan.visits] == [VISIT]
    assert len(reader.redacting().plan.officers) == len(reader.plan.officers)
