"""By whose clock times are shown."""

from __future__ import annotations

from planner.text import DEFAULT_ZONE
from planner.zones import zone_of
from tests.examples import OTHER_VISIT, VISIT, Story


def test_a_thing_of_a_visit_has_the_clock_of_its_place() -> None:
    told = Story()
    told.visit(VISIT, zone="Asia/Tokyo")
    told.visit(OTHER_VISIT)

    assert zone_of(told.plan, "officer/CA-0113", f"post/{VISIT}/P-01") == "Asia/Tokyo"
    assert zone_of(told.plan, f"visit/{OTHER_VISIT}") == DEFAULT_ZONE


def test_what_belongs_to_no_visit_has_the_clock_that_all_visits_share() -> None:
    told = Story()
    told.visit(VISIT, zone="Asia/Tokyo")
    told.visit(OTHER_VISIT, zone="Asia/Tokyo")

    assert zone_of(told.plan, "officer/CA-0113") == "Asia/Tokyo"


def test_where_visits_differ_it_is_the_usual_clock() -> None:
    told = Story()
    told.visit(VISIT, zone="Asia/Tokyo")
    told.visit(OTHER_VISIT)

    assert zone_of(told.plan, "officer/CA-0113") == zone_of(Story().plan) == DEFAULT_ZONE
