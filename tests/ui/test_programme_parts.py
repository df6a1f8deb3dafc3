"""Parts of a crowded programme: in order of time, by delegation, by venue."""

from __future__ import annotations

import pytest

from domain.visit import Activity
from planner.text import Speaker
from tests.examples import VISIT, Story, at
from ui.charts.programme import in_time
from ui.charts.programme_parts import MANY, Parts, part_at, part_label, parts_of

ENGLISH = Speaker("en")


def told(number: int) -> Story:
    """A visit of so many activities, one a minute, in two venues."""
    story = Story()
    story.visit()
    story.venue("HALL-1", name="Hội trường tỉnh")
    story.venue("HOTEL-1", name="Khách sạn <b>Mường Thanh</b>")
    for one in range(number):
        start = f"{8 + one // 60:02}:{one % 60:02}"
        story.activity(f"A-{one + 1:03}", start, "23:00", venue="HOTEL-1" if one % 2 else "HALL-1")
    return story


def listed(story: Story) -> list[Activity]:
    return in_time(story.plan.visit(VISIT))


@pytest.mark.parametrize("number", [0, 1, MANY])
def test_a_list_that_fits_is_one_part(number: int) -> None:
    parts = parts_of(listed(told(number)))

    assert {name: len(some) for name, some in parts.items()} == {"1": number}


def test_one_more_than_fits_makes_a_second_part_and_one_for_each_venue() -> None:
    parts = parts_of(listed(told(MANY + 1)))

    assert {name: len(some) for name, some in parts.items()} == {
        "1": MANY,
        "2": 1,
        "venue/HALL-1": MANY // 2 + 1,
        "venue/HOTEL-1": MANY // 2,
    }


def test_every_activity_is_in_one_part_in_order_of_time() -> None:
    whole = listed(told(3 * MANY))

    parts = parts_of(whole)

    assert [one for name, some in parts.items() if name.isdecimal() for one in some] == whole


def test_an_activity_is_looked_at_in_the_part_that_holds_it_and_now_in_the_part_that_is_not_over() -> None:
    story = Story()
    story.visit()
    for one in range(2 * MANY):
        hour, minute = 8 + one // 12, one % 12 * 5
        story.activity(f"A-{one + 1:03}", f"{hour:02}:{minute:02}", f"{hour:02}:{minute + 4:02}")
    parts: Parts = parts_of(listed(story))

    assert part_at(parts, "A-041", at("06:00")) == "2"
    assert part_at(parts, "A-040", at("23:00")) == "1"
    assert part_at(parts, "gone", at("06:00")) == "1"
    assert part_at(parts, None, at("06:00")) == "1"
    assert part_at(parts, None, at("12:00")) == "2"
    assert part_at(parts, None, at("23:00")) == "1"


def test_a_part_is_named_by_its_times_or_by_its_venue() -> None:
    story = told(MANY + 1)
    parts = parts_of(listed(story))

    labels = [part_label(story.plan, VISIT, parts, name, ENGLISH) for name in parts]

    assert labels == [
        "08:00–08:39 · 40 activities",
        "08:40–08:40 · 1 activity",
        "Hội trường tỉnh · 21 activities",
        "Khách sạn <b>Mường Thanh</b> · 20 activities",
    ]
