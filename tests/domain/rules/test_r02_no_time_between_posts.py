"""R02: between two duties there is at least the time that the way takes."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.assigning import why_not
from domain.finding import Severity
from domain.route import RouteKind
from domain.rules import check, new_findings
from domain.values import Coordinates, TimeWindow
from domain.ways import Inside, Roads
from tests.examples import PLANNING, TASK, VISIT, ZONE, Story, at, key_point, place, venue_details, window


@pytest.fixture
def story() -> Story:
    """Two venues with a planned route of ten minutes, which the policy's factor makes thirteen."""
    story = Story()
    story.visit()
    story.venue("HOTEL-1")
    story.venue("HALL-2", lat=19.90, lon=102.15)
    story.route("R-01", "HOTEL-1", "HALL-2", minutes=10)
    story.officer("CA-1")
    return story


def between(story: Story, gap_ends: str, **other: Any) -> list[tuple[Severity, str]]:
    """What is found about a duty at the hotel until 12:00 and one elsewhere from a moment on."""
    story.duty("CA-1", "08:00", "12:00", post="P-01", venue="HOTEL-1")
    story.duty("CA-1", gap_ends, "15:00", post="P-02", **{"venue": "HALL-2", **other})
    return [(finding.severity, str(finding.message.values["way"])) for finding in story.findings("R02")]


def test_a_minute_less_than_the_way_takes_blocks(story: Story) -> None:
    assert between(story, "12:12") == [(Severity.BLOCK, "0:13:00 by route R-01")]


def test_exactly_the_way_without_time_to_spare_warns(story: Story) -> None:
    assert between(story, "12:13") == [(Severity.WARN, "0:13:00 by route R-01")]


def test_a_minute_less_than_ten_to_spare_warns(story: Story) -> None:
    assert [severity for severity, _ in between(story, "12:22")] == [Severity.WARN]


def test_ten_minutes_to_spare_are_enough(story: Story) -> None:
    assert between(story, "12:23") == []


def test_the_minutes_that_are_missing_are_said(story: Story) -> None:
    between(story, "12:05")

    assert [f.message.values["missing"] for f in story.findings("R02")] == [timedelta(minutes=8)]


def test_inside_one_venue_it_is_five_minutes_on_foot(story: Story) -> None:
    story.tell(story.plan.venue("HOTEL-1").mark_key_point(key_point("K-1"), story.act()))

    assert between(story, "12:04", venue="HOTEL-1", key_point="K-1") == [
        (Severity.BLOCK, "0:05:00 on foot inside HOTEL-1 «Khách sạn Mường Thanh Grand Luang Prabang»")
    ]


def test_two_posts_at_one_place_need_no_way(story: Story) -> None:
    assert between(story, "12:00", venue="HOTEL-1") == []


def test_the_next_shift_of_the_same_post_needs_no_way(story: Story) -> None:
    story.post("P-01", "08:00", "16:00", venue="HOTEL-1")
    story.placed("CA-1", "P-01", window=window("08:00", "12:00"))
    story.placed("CA-1", "P-01", window=window("12:00", "16:00"))

    assert story.findings("R02") == []


def test_without_a_route_an_estimate_says_that_it_is_one(story: Story) -> None:
    story.venue("FAR-3", lat=20.10, lon=102.13)

    found = between(story, "12:20", venue="FAR-3")

    assert [severity for severity, _ in found] == [Severity.BLOCK]
    assert found[0][1].endswith("by estimate, as no way is planned or measured")


def test_a_route_the_other_way_round_is_not_the_way(story: Story) -> None:
    story.duty("CA-1", "08:00", "12:00", post="P-01", venue="HALL-2")
    story.duty("CA-1", "12:14", "15:00", post="P-02", venue="HOTEL-1")

    assert [
        str(f.message.values["way"]).endswith("as no way is planned or measured") for f in story.findings("R02")
    ] == [True]


def test_a_route_that_is_closed_then_is_not_taken(story: Story) -> None:
    story.tell(story.plan.route(VISIT, "R-01").close(window("11:00", "13:00"), story.act("ngập")))

    assert [said.endswith("as the planned routes are closed") for _, said in between(story, "12:05")] == [True]


@pytest.mark.parametrize(
    ("closed", "said"),
    [
        (("12:05", "14:00"), "by estimate, as the planned routes are closed"),
        (("12:12", "14:00"), "by estimate, as the planned routes are closed"),
        (("12:13", "14:00"), "by route R-01"),
        (("11:00", "12:01"), "by estimate, as the planned routes are closed"),
        (("11:00", "12:00"), "by route R-01"),
    ],
)
def test_a_route_that_closes_while_the_officer_is_on_it_is_not_taken(
    story: Story, closed: tuple[str, str], said: str
) -> None:
    story.tell(story.plan.route(VISIT, "R-01").close(window(*closed), story.act("ngập")))

    assert [way.endswith(said) for _, way in between(story, "12:05")] == [True]


def test_of_two_routes_the_open_one_is_taken(story: Story) -> None:
    story.route("R-02", "HOTEL-1", "HALL-2", minutes=20, kind=RouteKind.ALTERNATE)
    story.tell(story.plan.route(VISIT, "R-01").close(window("12:05", "14:00"), story.act("ngập")))

    assert between(story, "12:05") == [(Severity.BLOCK, "0:26:00 by route R-02")]


@pytest.mark.parametrize(
    ("gap", "severities"),
    [
        (timedelta(minutes=12, seconds=59), [Severity.BLOCK]),
        (timedelta(minutes=13), [Severity.WARN]),
        (timedelta(minutes=22, seconds=59), [Severity.WARN]),
        (timedelta(minutes=23), []),
    ],
)
@pytest.mark.parametrize("ends", ["2026-10-31T23:55:00", "2026-11-30T23:50:00", "2026-12-31T23:59:59"])
def test_seconds_count_over_midnight_and_the_end_of_a_month(
    story: Story, ends: str, gap: timedelta, severities: list[Severity]
) -> None:
    over = datetime.fromisoformat(ends).replace(tzinfo=ZONE)
    for code, venue, starts in (("P-01", "HOTEL-1", over - timedelta(hours=2)), ("P-02", "HALL-2", over + gap)):
        post = story.post(code, venue=venue)
        lasting = TimeWindow(start=starts, end=starts + timedelta(hours=2))
        story.tell(post.reschedule(lasting, (), story.act()))
        story.placed("CA-1", code)

    assert [finding.severity for finding in story.findings("R02")] == severities


def test_a_route_that_the_other_visit_planned_counts_between_its_posts_and_ours(story: Story) -> None:
    story.visit("KH-2026-02")
    story.venue("HALL-3", lat=19.95, lon=102.20)
    story.route("R-09", "HOTEL-1", "HALL-3", minutes=20, visit="KH-2026-02")
    story.duty("CA-1", "08:00", "12:00", venue="HOTEL-1")
    story.duty("CA-1", "12:25", "15:00", venue="HALL-3", visit="KH-2026-02")

    assert [(f.severity, str(f.message.values["way"])) for f in story.findings("R02")] == [
        (Severity.BLOCK, "0:26:00 by route R-09")
    ]


def test_what_the_other_visit_measured_counts_between_its_posts_and_ours(story: Story) -> None:
    story.visit("KH-2026-02")
    story.venue("HALL-3", lat=19.95, lon=102.20)
    roads = Roads.of((place(19.88, 102.13), place(19.95, 102.20)), ((0, 1200), (60, 0)))
    story.tell(story.plan.ways("KH-2026-02").measure(roads, story.act()))
    story.duty("CA-1", "08:00", "12:00", venue="HOTEL-1")
    story.duty("CA-1", "12:25", "15:00", venue="HALL-3", visit="KH-2026-02")

    assert [(f.severity, str(f.message.values["way"])) for f in story.findings("R02")] == [
        (Severity.BLOCK, "0:26:00 by car, as measured on the map")
    ]


def test_a_post_without_a_place_is_told_as_information(story: Story) -> None:
    story.duty("CA-1", "08:00", "12:00", venue="HOTEL-1")
    story.duty("CA-1", "13:00", "15:00")

    assert [(f.severity, f.message.values["post"]) for f in story.findings("R02")] == [
        (Severity.INFO, f"P-02 «{TASK}»")
    ]


def test_a_post_without_a_place_after_a_whole_rest_is_not_told(story: Story) -> None:
    story.duty("CA-1", "08:00", "09:00", venue="HOTEL-1")
    story.duty("CA-1", "21:00", "23:00")

    assert story.findings("R02") == []


def test_it_holds_across_two_visits_and_names_both(story: Story) -> None:
    story.visit("KH-2026-02")
    story.duty("CA-1", "08:00", "12:00", venue="HOTEL-1")
    story.duty("CA-1", "12:05", "15:00", venue="HALL-2", visit="KH-2026-02")

    assert [f.subjects for f in story.findings("R02")] == [
        ("officer/CA-1", "assignment/KH-2026-02/A-0001", "assignment/LA-2026-01/A-0001")
    ]


def test_overlapping_duties_are_for_r01_alone(story: Story) -> None:
    story.duty("CA-1", "08:00", "12:00", venue="HOTEL-1")
    story.duty("CA-1", "11:59", "15:00", venue="HALL-2")

    assert [f.rule for f in story.findings() if f.severity is Severity.BLOCK] == ["R01"]


def test_the_duty_that_ends_last_is_where_the_officer_comes_from(story: Story) -> None:
    story.duty("CA-1", "08:00", "12:00", venue="HALL-2")
    story.duty("CA-1", "08:30", "09:00", venue="HOTEL-1")
    story.duty("CA-1", "12:00", "14:00", venue="HOTEL-1")

    assert [f.subjects[1:] for f in story.findings("R02") if f.severity is Severity.BLOCK] == [
        ("assignment/LA-2026-01/A-0001", "assignment/LA-2026-01/A-0003")
    ]


def test_assigning_is_not_refused_for_it_but_whoever_chooses_is_told(story: Story) -> None:
    story.duty("CA-1", "08:00", "12:00", venue="HOTEL-1")
    story.post("P-09", "12:05", "15:00", venue="HALL-2")

    told = why_not(story.plan, VISIT, "P-09", "CA-1", as_of=PLANNING)
    story.assigned("CA-1", "P-09")

    assert [(f.rule, f.severity) for f in told] == [("R02", Severity.BLOCK)]


def test_whoever_cannot_be_there_in_time_does_not_cover_the_post(story: Story) -> None:
    between(story, "12:05")

    assert {f.subjects[0].rpartition("/")[2] for f in story.findings("R05")} == {"P-01", "P-02"}


def test_a_venue_that_moves_brings_the_finding_with_the_command(story: Story) -> None:
    story.venue("HALL-3", lat=19.8801, lon=102.1301)
    between(story, "12:15", venue="HALL-3")
    before = story.plan
    moved = venue_details("Nhà văn hoá", coordinates=Coordinates(lat=20.5, lon=102.5))

    events = before.venue("HALL-3").amend(moved, story.act())
    found = new_findings(before, story.tell(events), events, PLANNING)

    assert "R02" in {finding.rule for finding in found}


def test_a_scope_finds_the_same_as_the_whole_check(story: Story) -> None:
    between(story, "12:05")

    for subject in ("officer/CA-1", "assignment/LA-2026-01/A-0001", "assignment/LA-2026-01/A-0002"):
        found = check(story.plan, PLANNING, frozenset({subject}))
        assert [f for f in found if f.rule == "R02"] == story.findings("R02")


def test_a_finding_ends_with_the_way_and_what_is_meant_to_spare(story: Story) -> None:
    between(story, "12:05")

    (found,) = story.findings("R02")

    assert (found.window and found.window.start, found.window and found.window.end) == (at("12:00"), at("12:23"))


# What was measured on a map


def measured(story: Story, minutes: float | None, *, walk: float | None = None) -> None:
    """Ways between the hotel and a hall where no route is planned, and from the hotel's door to its garden."""
    story.venue("HALL-9", lat=19.91, lon=102.16)
    places = (place(19.88, 102.13), place(19.91, 102.16), place(19.8805, 102.1305))
    there = None if minutes is None else round(60 * minutes)
    driving = ((0, there, 60), (240, 0, 240), (60, there, 0))
    inside = () if walk is None else (Inside.of((0, 2), ((0, round(60 * walk)), (None, 0))),)
    roads = Roads.of(places, driving, inside, pack="ab12")
    story.tell(story.plan.ways(VISIT).measure(roads, story.act()))


def test_a_measured_way_takes_the_place_of_the_estimate_and_says_so(story: Story) -> None:
    measured(story, 20.0)

    assert between(story, "12:25", venue="HALL-9") == [(Severity.BLOCK, "0:26:00 by car, as measured on the map")]


def test_a_measured_way_that_suffices_with_time_to_spare_is_clean(story: Story) -> None:
    measured(story, 20.0)

    assert between(story, "12:36", venue="HALL-9") == []


def test_it_is_measured_in_each_direction(story: Story) -> None:
    measured(story, 20.0)
    story.duty("CA-1", "08:00", "12:00", post="P-01", venue="HALL-9")
    story.duty("CA-1", "12:05", "15:00", post="P-02", venue="HOTEL-1")

    assert [str(f.message.values["way"]) for f in story.findings("R02")] == ["0:05:12 by car, as measured on the map"]


def test_a_planned_route_goes_before_what_was_measured(story: Story) -> None:
    roads = Roads.of((place(19.88, 102.13), place(19.90, 102.15)), ((0, 5940), (5940, 0)))
    story.tell(story.plan.ways(VISIT).measure(roads, story.act()))

    assert between(story, "12:12") == [(Severity.BLOCK, "0:13:00 by route R-01")]


def test_where_the_planned_route_is_closed_the_measured_way_is_not_trusted_to_be_another(story: Story) -> None:
    roads = Roads.of((place(19.88, 102.13), place(19.90, 102.15)), ((0, 30), (30, 0)))
    story.tell(story.plan.ways(VISIT).measure(roads, story.act()))
    story.tell(story.plan.route(VISIT, "R-01").close(window("11:00", "13:00"), story.act("ngập")))

    ((severity, said),) = between(story, "12:02")

    assert (severity, said.endswith("by estimate, as the planned routes are closed")) == (Severity.BLOCK, True)


def test_where_no_street_leads_there_it_is_an_estimate_again(story: Story) -> None:
    measured(story, None)

    ((_, said),) = between(story, "12:01", venue="HALL-9")

    assert said.endswith("by estimate, as no way is planned or measured")


def test_a_venue_that_moved_since_is_not_measured_any_more(story: Story) -> None:
    measured(story, 20.0)
    moved = venue_details("Nhà văn hoá", coordinates=place(19.92, 102.17))
    story.tell(story.plan.venue("HALL-9").amend(moved, story.act()))

    ((_, said),) = between(story, "12:01", venue="HALL-9")

    assert said.endswith("by estimate, as no way is planned or measured")


@pytest.mark.parametrize(
    ("walk", "said"),
    [
        (4.0, "0:05:00 on foot inside HOTEL-1 «Khách sạn Mường Thanh Grand Luang Prabang»"),
        (5.0, "0:05:00 on foot inside HOTEL-1 «Khách sạn Mường Thanh Grand Luang Prabang»"),
        (9.0, "0:09:00 on foot inside HOTEL-1 «Khách sạn Mường Thanh Grand Luang Prabang», as measured on the map"),
    ],
)
def test_a_walk_inside_a_venue_is_measured_from_five_minutes_on(story: Story, walk: float, said: str) -> None:
    measured(story, 20.0, walk=walk)
    garden = key_point("K-1", coordinates=place(19.8805, 102.1305))
    story.tell(story.plan.venue("HOTEL-1").mark_key_point(garden, story.act()))

    assert between(story, "12:01", venue="HOTEL-1", key_point="K-1") == [(Severity.BLOCK, said)]


def test_what_is_measured_brings_its_findings_with_the_command(story: Story) -> None:
    story.venue("FAR-4", lat=19.90, lon=102.14)
    between(story, "12:30", venue="FAR-4")
    before = story.plan
    roads = Roads.of((place(19.88, 102.13), place(19.90, 102.14)), ((0, 3600), (3600, 0)))

    events = before.ways(VISIT).measure(roads, story.act())
    found = new_findings(before, story.tell(events), events, PLANNING)

    assert ("R02", Severity.BLOCK) in {(finding.rule, finding.severity) for finding in found}


def test_an_earlier_plan_finds_what_it_found_then(story: Story) -> None:
    between(story, "12:05")
    before, found = story.plan, story.findings("R02")
    roads = Roads.of((place(19.88, 102.13), place(19.90, 102.15)), ((0, 60), (60, 0)))
    story.tell(story.plan.ways(VISIT).measure(roads, story.act()))

    assert [f for f in check(before, PLANNING) if f.rule == "R02"] == found
