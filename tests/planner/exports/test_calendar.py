"""Calendars that update and cancel properly."""

from __future__ import annotations

from typing import Any

import pytest
from icalendar import Calendar

from domain.assigning import reschedule
from domain.refusals import NotFound
from planner.exports.calendar import officer_calendar, visit_calendar
from planner.text import Speaker
from tests.examples import HOSTILE_NAMES, VISIT, Story, a_visit, at, window

SPEAKER = Speaker("en")


def story() -> Story:
    told = a_visit()
    told.placed("CA-0113", "P-01")
    return told


def entries(content: bytes) -> list[Any]:
    return Calendar.from_ical(content).walk("VEVENT")


def duty(told: Story) -> Any:
    (entry,) = entries(officer_calendar(told.plan, "CA-0113", SPEAKER))
    return entry


def test_a_duty_says_when_where_and_what() -> None:
    entry = duty(story())

    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (at("08:00"), at("12:00"))
    assert str(entry["SUMMARY"]) == "P-01 Kiểm soát người và phương tiện vào cổng chính"
    assert str(entry["LOCATION"]).startswith("Khách sạn Mường Thanh Grand Luang Prabang, ")
    assert (str(entry["STATUS"]), str(entry["UID"])) == ("CONFIRMED", f"assignment/{VISIT}/A-0001@delegation-planner")
    assert b"DTSTART:20261124T010000Z" in officer_calendar(story().plan, "CA-0113", SPEAKER)


def test_a_duty_is_told_by_the_clock_and_the_names_of_the_place_whoever_asks() -> None:
    told = Story()
    told.visit(zone="Asia/Tokyo")
    told.venue("HOTEL-1", name="Khách sạn Bờ Biển", name_en="Seafront hotel")
    told.officer("CA-0113")
    told.duty("CA-0113", "08:00", "12:00", venue="HOTEL-1")

    entry = duty(told)

    assert "Time: Tue 24/11/2026 10:00–14:00 (UTC+9)" in str(entry["DESCRIPTION"]).splitlines()
    assert str(entry["LOCATION"]).split(", ")[:2] == ["Seafront hotel", "Số 1 đường Xi-xa-vang-vông"]


def test_a_changed_duty_keeps_its_name_and_rises_in_sequence() -> None:
    told = story()
    before = duty(told)
    told.tell(told.plan.post(VISIT, "P-01").issue_order("Không rời vị trí", told.act()))
    amended = duty(told)
    duty_now = told.plan.assignment(VISIT, "A-0001")
    told.tell(reschedule(told.plan, duty_now, window("09:00", "12:00"), told.act()))
    moved = duty(told)

    assert before["UID"] == amended["UID"] == moved["UID"]
    assert before["SEQUENCE"] < amended["SEQUENCE"] < moved["SEQUENCE"]
    assert before["DTSTAMP"].dt < amended["DTSTAMP"].dt < moved["DTSTAMP"].dt
    assert "Không rời vị trí" in str(amended["DESCRIPTION"])


def test_a_withdrawn_duty_stays_as_cancelled() -> None:
    told = story()
    before = duty(told)

    told.tell(told.plan.assignment(VISIT, "A-0001").withdraw(told.act()))

    after = duty(told)
    assert (str(after["STATUS"]), str(after["TRANSP"])) == ("CANCELLED", "TRANSPARENT")
    assert (after["UID"], after["SEQUENCE"] > before["SEQUENCE"]) == (before["UID"], True)


def test_a_duty_at_a_cancelled_post_or_in_a_cancelled_visit_is_cancelled() -> None:
    post, visit = story(), story()

    post.tell(post.plan.post(VISIT, "P-01").cancel(post.act()))
    visit.tell(visit.plan.visit(VISIT).cancel(visit.act()))

    assert [str(duty(told)["STATUS"]) for told in (story(), post, visit)] == ["CONFIRMED", "CANCELLED", "CANCELLED"]


def test_a_proposed_duty_is_tentative() -> None:
    told = a_visit()
    told.placed("CA-0113", "P-01", tentative=True)

    assert str(duty(told)["STATUS"]) == "TENTATIVE"


def test_an_officer_sees_no_duties_of_others() -> None:
    told = story()
    told.officer("CA-0114")

    assert entries(officer_calendar(told.plan, "CA-0114", SPEAKER)) == []
    assert len(entries(officer_calendar(told.plan, "CA-0113", SPEAKER))) == 1


def test_hostile_names_come_back_as_typed() -> None:
    told = a_visit()
    hostile = (*HOSTILE_NAMES, "a;b,c\\n\\", "BEGIN:VEVENT", "dòng một\ndòng hai" * 9)
    for number, name in enumerate(hostile):
        told.activity(f"A-{number:02d}", title=name.replace("\n", " "), notes=name)

    found = entries(visit_calendar(told.plan, VISIT, SPEAKER))

    assert [str(entry["SUMMARY"]) for entry in found] == [name.replace("\n", " ") for name in hostile]
    assert [str(entry["DESCRIPTION"]).partition("(UTC+7)\n")[2] for entry in found] == list(hostile)


def test_a_cancelled_activity_is_cancelled_and_the_others_are_not() -> None:
    told = a_visit()
    told.activity("A-01", "08:00", "09:00")
    told.activity("A-02", "09:00", "10:00")
    told.tell(told.plan.visit(VISIT).cancel_activity("A-01", told.act()))

    found = entries(visit_calendar(told.plan, VISIT, SPEAKER))

    assert [str(entry["STATUS"]) for entry in found] == ["CANCELLED", "CONFIRMED"]


def test_the_same_position_gives_the_same_bytes() -> None:
    assert officer_calendar(story().plan, "CA-0113", SPEAKER) == officer_calendar(story().plan, "CA-0113", SPEAKER)


def test_no_line_is_longer_than_calendars_allow() -> None:
    told = a_visit()
    told.activity("A-01", title="Hội đàm " * 24, notes="ພົມມະຈັນ" * 100)

    lines = visit_calendar(told.plan, VISIT, SPEAKER).split(b"\r\n")

    assert max(len(line) for line in lines) <= 75


def test_unknown_officers_and_visits_are_refused() -> None:
    with pytest.raises(NotFound):
        officer_calendar(story().plan, "CA-9", SPEAKER)
    with pytest.raises(NotFound):
        visit_calendar(story().plan, "XX", SPEAKER)
