"""R17: what lies far from the days of its visit is told, and refused no more than before."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.finding import Severity
from domain.policy import PolicyNumbers
from domain.rules import check, new_findings
from domain.values import TimeWindow
from tests.examples import FIRST_DAY, PLANNING, VISIT, Story, window

DAYS = PolicyNumbers().far_from_visit_days
LAST = 2


@pytest.fixture
def story() -> Story:
    story = Story()
    story.visit()
    return story


def found(story: Story) -> list[tuple[tuple[str, ...], object]]:
    return [(f.subjects, f.message.values["said"]) for f in story.findings("R17")]


def days(story: Story) -> list[object]:
    return [f.message.values["said"].values["days"] for f in story.findings("R17")]


def test_a_month_too_late_warns_with_how_far_it_is(story: Story) -> None:
    story.activity("A-01", day=1 + 30, title="<b>Hội đàm</b>")

    (finding,) = story.findings("R17")

    assert (finding.severity, finding.subjects) == (Severity.WARN, (f"activity/{VISIT}/A-01",))
    assert finding.message.values["activity"] == "A-01 «<b>Hội đàm</b>»"
    assert finding.window == window("09:00", "10:00", day=31)
    assert days(story) == [30 - (LAST - 1)]


@pytest.mark.parametrize(
    ("day", "far"), [(LAST + DAYS, []), (LAST + DAYS + 1, [DAYS + 1]), (1 - DAYS, []), (-DAYS, [DAYS + 1])]
)
def test_the_days_of_preparing_and_after_are_whole_days_of_the_visits_zone(
    story: Story, day: int, far: list[int]
) -> None:
    story.activity("A-01", "00:00", "23:59", day=day)
    story.post("P-01", window=window("00:00", "23:59", day=day))

    assert days(story) == far * 2


def test_a_post_is_found_by_its_own_id(story: Story) -> None:
    story.post("P-01", window=window("08:00", "12:00", day=40))

    (finding,) = story.findings("R17", scope=frozenset({f"post/{VISIT}/P-01"}))

    assert finding.subjects == (f"post/{VISIT}/P-01",)
    assert story.findings("R17", scope=frozenset({f"post/{VISIT}/P-02"})) == []


def test_what_is_cancelled_is_not_told(story: Story) -> None:
    story.activity("A-01", day=40)
    story.tell(story.plan.visit(VISIT).cancel_activity("A-01", story.act("nhầm tháng")))

    assert found(story) == []


def test_moving_the_visit_itself_is_found_of_what_stayed(story: Story) -> None:
    story.activity("A-01")
    before = story.plan
    details = before.visit(VISIT).details
    later = FIRST_DAY + timedelta(days=60)
    (amended,) = before.visit(VISIT).amend(
        type(details)(title=details.title, first_day=later, last_day=later), story.act()
    )
    story.tell((amended,))

    newly = [f for f in new_findings(before, story.plan, (amended,), PLANNING) if f.rule == "R17"]

    assert [f.subjects for f in newly] == [(f"activity/{VISIT}/A-01",)]


def test_one_activity_is_asked_for_as_in_the_whole_check(story: Story) -> None:
    story.activity("A-01", day=40)
    story.activity("A-02", day=41)

    alone = check(story.plan, PLANNING, frozenset({f"activity/{VISIT}/A-02"}))

    assert [f for f in alone if f.rule == "R17"] == [
        f for f in check(story.plan, PLANNING) if f.rule == "R17" and f.subjects[0].endswith("A-02")
    ]


def test_a_visit_over_the_date_line_counts_its_own_days() -> None:
    story = Story()
    story.visit(zone="Pacific/Auckland", first_day=date(2026, 11, 24), last_day=date(2026, 11, 24))
    end = window("11:00", "12:00", day=1 + DAYS).end
    # 12:00 of Vietnam is 18:00 of Auckland; 12 hours later it is another day there already.
    story.activity("A-01", window=TimeWindow(start=end - timedelta(hours=1), end=end))
    story.activity("A-02", window=TimeWindow(start=end, end=end + timedelta(hours=12)))

    assert [subjects for subjects, _ in found(story)] == [(f"activity/{VISIT}/A-02",)]
