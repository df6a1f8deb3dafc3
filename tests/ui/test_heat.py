"""The heat map tells the worst moment of each hour, site by site."""

from __future__ import annotations

from collections.abc import Callable

from domain.plan import Plan
from domain.post import Post
from planner.text import Speaker
from tests.examples import PLANNING, VISIT, Story, at, window
from ui.charts import duty
from ui.charts.heat import Heat, Hour, heat

EN = Speaker("en", "Asia/Ho_Chi_Minh")


def told_by(plan: Plan, start: str, end: str, row: Callable[[Post], str] | None = None) -> Heat:
    hours, numbers = window(start, end), plan.numbers(PLANNING)
    manned = [(post, duty.pieces(plan, post, numbers, hours)) for post in plan.posts(VISIT)]
    return heat(manned, hours, row or (lambda post: duty.site(plan, post, EN) or "Other places"))


def shown(plan: Plan, start: str, end: str, row: Callable[[Post], str] | None = None) -> list[tuple[str, list[Hour]]]:
    return [(name, list(hours)) for name, hours in told_by(plan, start, end, row).rows]


def story() -> Story:
    story = Story()
    story.visit()
    story.venue("HOTEL-1", name="Khách sạn")
    story.officer("CA-1")
    return story


def test_a_gap_of_a_minute_marks_its_hour() -> None:
    told = story()
    told.post("P-01", "08:00", "10:00", venue="HOTEL-1")
    told.placed("CA-1", "P-01", window=window("08:00", "09:59"))

    assert shown(told.plan, "07:00", "10:00") == [
        ("Khách sạn", [Hour(0, 0, critical=False), Hour(0, 1, critical=False), Hour(1, 1, critical=False)])
    ]


def test_what_is_missing_at_different_times_of_an_hour_is_not_added_up() -> None:
    told = story()
    told.post("P-01", "08:00", "08:30", venue="HOTEL-1")
    told.post("P-02", "08:30", "09:00", venue="HOTEL-1", headcount=2)

    assert shown(told.plan, "08:00", "09:00") == [("Khách sạn", [Hour(2, 2, critical=False)])]


def test_a_critical_post_marks_the_hour_and_the_worst_site_comes_first() -> None:
    told = story()
    told.post("P-01", "08:00", "09:00", venue="HOTEL-1")
    told.post("P-02", "08:00", "09:00", headcount=3, critical=True)

    assert shown(told.plan, "08:00", "09:00") == [
        ("Other places", [Hour(3, 3, critical=True)]),
        ("Khách sạn", [Hour(1, 1, critical=False)]),
    ]


def test_hours_begin_where_the_day_of_the_posts_begins() -> None:
    told = story()
    told.post("P-01", "08:00", "09:30", venue="HOTEL-1")

    assert told_by(told.plan, "08:00", "09:30").hours == (at("08:00"), at("09:00"))


def test_rows_may_be_posts() -> None:
    told = story()
    told.post("P-01", "08:00", "09:00", venue="HOTEL-1")
    told.post("P-02", "08:00", "09:00", venue="HOTEL-1", headcount=2)

    assert shown(told.plan, "08:00", "09:00", lambda post: post.code) == [
        ("P-02", [Hour(2, 2, critical=False)]),
        ("P-01", [Hour(1, 1, critical=False)]),
    ]
