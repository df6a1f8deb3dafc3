"""The duty board's data: how posts are manned, as pieces of time, rows and bars; and what the drawing is given."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from domain.assignment import AssignmentStatus
from domain.policy import PolicyNumbers
from domain.refusals import PlanningError
from domain.values import TimeWindow
from planner.text import Speaker
from tests.examples import HOSTILE_NAMES, VISIT, Story, a_visit, at, shift, window
from ui.charts.duty import (
    LOOKS,
    NARROW,
    Board,
    Cover,
    Piece,
    board,
    drawn,
    duties,
    eight_hours,
    hours_of,
    pieces,
    worst,
)
from ui.components.shift_forms import reliefs

NUMBERS = PolicyNumbers()
DAY = TimeWindow(start=at("00:00"), end=at("24:00"))
ENGLISH = Speaker("en")


def manned(story: Story, code: str = "P-01", hours: TimeWindow = DAY) -> tuple[Piece, ...]:
    return pieces(story.plan, story.plan.post(VISIT, code), NUMBERS, hours)


def told(story: Story, code: str = "P-01") -> list[tuple[str, Cover, str]]:
    """Time, coverage and «present/needed» of each piece."""
    return [(ENGLISH.times(p.window), p.cover, f"{p.present}/{p.needed}") for p in manned(story, code)]


def shown(story: Story, hours: TimeWindow = DAY, **given: Any) -> Board:
    posts = [(post, pieces(story.plan, post, NUMBERS, hours)) for post in story.plan.posts(VISIT)]
    return board(story.plan, posts, hours, ENGLISH, **given)


# Pieces


def test_a_post_without_anybody_is_short_for_its_whole_time() -> None:
    assert told(a_visit()) == [("08:00–12:00", Cover.SHORT, "0/1")]


def test_a_critical_post_without_anybody_is_critically_short() -> None:
    story = Story()
    story.visit()
    story.post("P-01", critical=True)

    assert told(story) == [("08:00–12:00", Cover.CRITICAL, "0/1")]


def test_a_post_with_its_officer_is_covered_and_says_who() -> None:
    story = a_visit()
    story.placed("CA-0113")

    (piece,) = manned(story)

    assert (piece.cover, piece.officers, piece.shift) == (Cover.COVERED, ("Nguyễn Thị Phương Thảo",), "ALL")


def test_a_proposed_duty_makes_the_cover_tentative_and_the_name_doubtful() -> None:
    story = a_visit()
    story.placed("CA-0113", tentative=True)

    (piece,) = manned(story)

    assert (piece.cover, piece.officers) == (Cover.TENTATIVE, ("Nguyễn Thị Phương Thảo?",))


def test_one_minute_without_anybody_at_a_relief_is_a_piece_of_its_own() -> None:
    story = a_visit()
    story.shifts("P-01", shift("C-1", "08:00", "10:00"), shift("C-2", "10:00", "12:00"))
    story.officer("CA-0114")
    story.placed("CA-0113", shift="C-1", window=window("08:00", "09:59"))
    story.placed("CA-0114", shift="C-2")

    assert told(story) == [
        ("08:00–09:59", Cover.COVERED, "1/1"),
        ("09:59–10:00", Cover.SHORT, "0/1"),
        ("10:00–12:00", Cover.COVERED, "1/1"),
    ]


def test_an_officer_with_a_clash_of_the_own_does_not_cover() -> None:
    story = a_visit()
    story.placed("CA-0113")
    story.duty("CA-0113", "09:00", "10:00", post="P-02")

    assert [piece.cover for piece in manned(story)] == [Cover.SHORT]


def test_duty_beyond_the_hours_is_cut_at_their_end() -> None:
    story = Story()
    story.visit()
    story.officer("CA-0113")
    story.post("P-01", "22:00", "06:00")
    story.placed("CA-0113")

    assert [piece.window for piece in manned(story)] == [window("22:00", "24:00")]


def test_the_worst_of_the_pieces_counts() -> None:
    story = a_visit()

    assert (worst(manned(story)), worst(())) == (Cover.SHORT, Cover.COVERED)


# Rows and bars


def test_posts_stand_under_the_heading_of_their_site_in_order_of_codes() -> None:
    story = a_visit()
    story.post("P-00", venue="HOTEL-1", task="Gác")
    story.post("P-02", task="Tuần tra")

    rows = shown(story).rows

    assert [row[:4] for row in rows if row.startswith("P-")] == ["P-02", "P-00", "P-01"]
    assert rows[0] == "OTHER PLACES"
    assert len(rows) == 5


def test_on_a_phone_only_posts_with_a_gap_in_the_eight_hours_are_left() -> None:
    story = a_visit()
    story.post("P-02", "08:00", "09:00")
    story.placed("CA-0113", "P-02")
    story.post("P-03", "20:00", "21:00")
    eight = TimeWindow(start=at("08:00"), end=at("16:00"))

    found = shown(story, eight, width=NARROW, only_gaps=True)

    assert {bar.about for bar in found.bars} == {f"post/{VISIT}/P-01"}
    assert shown(story, window("12:00", "16:00"), only_gaps=True).empty


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_names_stand_in_the_bars_as_typed(name: str) -> None:
    story = a_visit()
    story.officer("CA-0200", name)
    story.placed("CA-0200")

    (bar,) = shown(story, window("08:00", "12:00")).bars

    assert bar.text == f"✔ 1/1 {name}"


def test_a_bar_too_narrow_for_the_name_keeps_sign_and_count() -> None:
    story = a_visit()
    story.placed("CA-0113")

    (bar,) = shown(story, TimeWindow(start=at("00:00"), end=at("24:00", 2))).bars

    assert bar.text == "✔ 1/1"


def test_one_post_shows_its_coverage_and_each_duty_in_its_state() -> None:
    story = a_visit()
    story.placed("CA-0113", tentative=True)
    post = story.plan.post(VISIT, "P-01")

    found = duties(story.plan, post, post.window, NUMBERS, ENGLISH)

    assert [bar.look for bar in found.bars] == [Cover.TENTATIVE, AssignmentStatus.PROPOSED]
    assert found.rows == ("Coverage", "A-0001 Nguyễn Thị Phương Thảo")


def test_every_state_has_a_look_of_its_own_sign() -> None:
    assert set(LOOKS) == {*Cover, *AssignmentStatus}
    assert len({LOOKS[cover][0] for cover in Cover}) == len(Cover)


# Hours


def test_the_hours_of_a_day_are_whole_ones_around_its_posts() -> None:
    story = Story()
    story.visit()
    posts = [story.post("P-01", "08:20", "11:40"), story.post("P-02", "22:00", "06:00")]

    assert hours_of(posts, DAY) == TimeWindow(start=at("08:00"), end=at("24:00"))
    assert hours_of(posts[:1], DAY) == window("08:00", "12:00")
    assert hours_of([], DAY) == DAY


def test_eight_hours_begin_now_or_at_the_first_gap() -> None:
    found = manned(a_visit(), "P-01")
    hours = window("06:00", "20:00")

    assert eight_hours(found, hours, at("09:30")).start == at("09:00")
    assert eight_hours(found, hours, at("09:30", 2)).start == at("08:00")
    assert eight_hours((), hours, at("09:30", 2)).start == at("06:00")


# The drawing


def test_the_chart_shows_the_clock_of_the_place_whatever_the_browser_thinks() -> None:
    story = a_visit()

    spec = drawn(shown(story, window("08:00", "12:00")), at("09:00"), Speaker("en", "Asia/Ho_Chi_Minh"))

    (bar,) = next(layer["data"]["values"] for layer in spec["layer"] if layer["data"]["name"] == "bars")
    assert ((bar["end"] - bar["start"]) / 3_600_000, bar["start"] / 3_600_000 % 24) == (4.0, 8.0)


def test_the_line_for_now_is_drawn_only_inside_the_hours() -> None:
    story = a_visit()
    hours = shown(story, window("08:00", "12:00"))

    inside, outside = (len(drawn(hours, moment, ENGLISH)["layer"]) for moment in (at("09:00"), at("13:00")))

    assert inside == outside + 1


# Reliefs


def test_reliefs_follow_each_other_and_stay_for_the_handover() -> None:
    made = reliefs(window("06:00", "18:00"), timedelta(hours=4), timedelta(minutes=15))

    assert [(one.code, ENGLISH.times(one.window)) for one in made] == [
        ("C-01", "06:00–10:15"),
        ("C-02", "10:00–14:15"),
        ("C-03", "14:00–18:00"),
    ]


def test_a_rest_no_longer_than_the_handover_is_no_shift_of_its_own() -> None:
    made = reliefs(window("06:00", "10:10"), timedelta(hours=4), timedelta(minutes=15))

    assert [ENGLISH.times(one.window) for one in made] == ["06:00–10:10"]


@pytest.mark.parametrize(("hours", "minutes"), [(1, 60), (0, 0), (1, 90)])
def test_a_handover_as_long_as_the_shift_is_refused(hours: int, minutes: int) -> None:
    with pytest.raises(PlanningError):
        reliefs(window("06:00", "18:00"), timedelta(hours=hours), timedelta(minutes=minutes))


def test_very_many_reliefs_are_refused() -> None:
    with pytest.raises(PlanningError):
        reliefs(TimeWindow(start=at("00:00"), end=at("00:00", 6)), timedelta(minutes=30), timedelta(0))
