"""R05: at every moment of its window a post has the officers that it needs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.finding import Severity
from domain.post import Shift
from domain.rules.coverage import gaps
from domain.values import TimeWindow
from tests.examples import VISIT, Story, absence, at, shift, window


@pytest.fixture
def story() -> Story:
    story = Story()
    story.visit()
    for code in ("CA-1", "CA-2", "CA-3"):
        story.officer(code)
    return story


def missing(story: Story) -> list[tuple[object, object]]:
    return [(finding.window, finding.message.values["missing"]) for finding in story.findings("R05")]


def test_a_post_with_its_headcount_is_covered(story: Story) -> None:
    story.post("P-01", headcount=2)
    story.placed("CA-1", "P-01")
    story.placed("CA-2", "P-01")

    assert missing(story) == []


def test_a_post_is_told_by_code_and_task_and_a_long_task_is_cut(story: Story) -> None:
    story.post("P-90", "08:00", "12:00", task="<b>x</b>")
    story.post("P-91", "08:00", "12:00", task="Canh gác " * 20)

    told = {finding.subjects[0]: finding.message.values["post"] for finding in story.findings("R05")}

    assert told[f"post/{VISIT}/P-90"] == "P-90 «<b>x</b>»"
    assert told[f"post/{VISIT}/P-91"] == f"P-91 «{('Canh gác ' * 20)[:59]}…»"


def test_a_post_without_anybody_lacks_everybody_all_the_time(story: Story) -> None:
    story.post("P-01", headcount=2)

    assert missing(story) == [(window("08:00", "12:00"), 2)]


def test_only_a_critical_post_blocks(story: Story) -> None:
    story.post("P-01", critical=True)
    story.post("P-02")

    assert [(finding.severity, finding.subjects) for finding in story.findings("R05")] == [
        (Severity.BLOCK, ("post/LA-2026-01/P-01",)),
        (Severity.WARN, ("post/LA-2026-01/P-02",)),
    ]


def test_a_minute_at_the_change_of_shifts_is_found(story: Story) -> None:
    story.post("P-01", "08:00", "16:00")
    story.placed("CA-1", "P-01", window=window("08:00", "12:00"))
    story.placed("CA-2", "P-01", window=window("12:01", "16:00"))

    assert missing(story) == [(window("12:00", "12:01"), 1)]


def test_a_minute_between_two_planned_shifts_is_found(story: Story) -> None:
    story.post("P-01", "08:00", "16:00")
    story.shifts("P-01", shift("S1", "08:00", "12:00"), shift("S2", "12:01", "16:00"))
    story.placed("CA-1", "P-01", shift="S1")
    story.placed("CA-2", "P-01", shift="S2")

    assert missing(story) == [(window("12:00", "12:01"), 1)]


def test_of_two_one_who_is_double_booked_does_not_count(story: Story) -> None:
    story.post("P-01", headcount=2)
    story.placed("CA-1", "P-01")
    elsewhere = story.placed("CA-2", "P-01")
    assert missing(story) == []

    story.duty("CA-2", "11:00", "13:00", post="P-02")

    lacking = {finding.subjects: finding.message.values for finding in story.findings("R05")}
    assert lacking[("post/LA-2026-01/P-01", elsewhere.id)]["missing"] == 1
    assert lacking[("post/LA-2026-01/P-01", elsewhere.id)]["officers"] == ["Nguyễn Thị Phương Thảo (CA-2)"]


def test_one_who_is_away_does_not_count(story: Story) -> None:
    story.post("P-01")
    story.placed("CA-1", "P-01")

    story.away("CA-1", absence("08:00", "09:00"))

    assert missing(story) == [(window("08:00", "12:00"), 1)]


def test_one_who_is_not_qualified_does_not_count(story: Story) -> None:
    story.post("P-01", required=("K9",))

    story.placed("CA-1", "P-01")

    assert missing(story) == [(window("08:00", "12:00"), 1)]


def test_different_numbers_missing_are_different_gaps(story: Story) -> None:
    story.post("P-01", headcount=3)
    story.placed("CA-1", "P-01", window=window("08:00", "10:00"))
    story.placed("CA-2", "P-01", window=window("09:00", "12:00"))

    assert missing(story) == [
        (window("08:00", "09:00"), 2),
        (window("09:00", "10:00"), 1),
        (window("10:00", "12:00"), 2),
    ]


def test_a_relief_at_the_same_minute_leaves_no_gap(story: Story) -> None:
    story.post("P-01", headcount=2)
    story.placed("CA-1", "P-01", window=window("08:00", "10:00"))
    story.placed("CA-2", "P-01", window=window("10:00", "12:00"))

    assert missing(story) == [(window("08:00", "12:00"), 1)]


def test_a_shift_needs_its_own_headcount_or_the_posts(story: Story) -> None:
    story.post("P-01", "08:00", "16:00", headcount=2)
    story.shifts("P-01", shift("S1", "08:00", "12:00", headcount=1), shift("S2", "12:00", "16:00"))
    story.placed("CA-1", "P-01", shift="S1")
    story.placed("CA-2", "P-01", shift="S2")

    assert missing(story) == [(window("12:00", "16:00"), 1)]


def test_shifts_that_overlap_for_handover_need_both(story: Story) -> None:
    story.post("P-01", "08:00", "16:00")
    story.shifts("P-01", shift("S1", "08:00", "12:15"), shift("S2", "12:00", "16:00"))
    story.placed("CA-1", "P-01", shift="S1", window=window("08:00", "12:00"))
    story.placed("CA-2", "P-01", shift="S2")

    assert missing(story) == [(window("12:00", "12:15"), 1)]


@pytest.mark.parametrize(
    ("before", "named"),
    [
        ((), "the whole time, which is divided into shifts"),
        ((shift("S9", "08:00", "12:00"),), "shift {shift}, which no longer exists"),
    ],
)
def test_a_duty_without_its_shift_is_told_what_it_was_for(story: Story, before: tuple[Shift, ...], named: str) -> None:
    story.post("P-01")
    if before:
        story.shifts("P-01", *before)
    story.placed("CA-1", "P-01")

    story.shifts("P-01", shift("S1", "08:00", "12:00"))

    (found,) = story.findings("R05")
    assert found.message.text == f"{{officer}} is assigned to {named} at {{duty}}; move or withdraw it."


def test_a_duty_to_a_shift_that_is_gone_is_told_and_counts_at_its_time(story: Story) -> None:
    story.post("P-01")
    duty = story.placed("CA-1", "P-01")

    story.shifts("P-01", shift("S1", "08:00", "12:00"))

    found = story.findings("R05")
    assert [(finding.severity, finding.subjects) for finding in found] == [
        (Severity.WARN, (duty.id, "post/LA-2026-01/P-01", "shift/LA-2026-01/P-01/ALL"))
    ]


def test_a_cancelled_post_needs_nobody(story: Story) -> None:
    story.post("P-01")
    assert len(missing(story)) == 1

    story.tell(story.plan.post(VISIT, "P-01").cancel(story.act()))

    assert missing(story) == []


def test_a_cancelled_visit_needs_nobody(story: Story) -> None:
    story.post("P-01")
    assert len(missing(story)) == 1

    story.tell(story.plan.visit(VISIT).cancel(story.act()))

    assert missing(story) == []


HOURS = st.tuples(st.integers(0, 22), st.integers(1, 6)).map(
    lambda hours: TimeWindow(start=at(f"{hours[0]}:00"), end=at(f"{hours[0] + hours[1]}:00"))
)


@given(st.lists(st.tuples(st.sampled_from(["CA-1", "CA-2", "CA-3"]), HOURS), max_size=6), st.integers(1, 3))
def test_the_gaps_are_the_moments_at_which_officers_are_missing(
    placed: list[tuple[str, TimeWindow]], headcount: int
) -> None:
    story = Story()
    story.visit()
    post = story.post("P-01", "06:00", "20:00", headcount=headcount)
    duties = [story.placed(officer, "P-01", window=there) for officer, there in placed]

    found = list(gaps(post, duties))

    for hour in range(6, 20):
        moment = at(f"{hour}:30")
        there = len({officer for officer, window in placed if window.contains(moment)})
        assert sum(gap.missing for gap in found if gap.window.contains(moment)) == max(0, headcount - there)


@given(st.lists(st.tuples(st.sampled_from(["CA-1", "CA-2", "CA-3"]), HOURS), min_size=1, max_size=6))
def test_raw_coverage_never_falls_when_an_assignment_is_added(placed: list[tuple[str, TimeWindow]]) -> None:
    story = Story()
    story.visit()
    post = story.post("P-01", "06:00", "20:00", headcount=3)
    duties = [story.placed(officer, "P-01", window=there) for officer, there in placed]

    before = sum(gap.missing * gap.window.minutes for gap in gaps(post, duties[:-1]))
    after = sum(gap.missing * gap.window.minutes for gap in gaps(post, duties))

    assert after <= before


@given(st.lists(st.tuples(st.sampled_from(["CA-1", "CA-2", "CA-3"]), HOURS), max_size=6), HOURS)
def test_the_gaps_of_some_hours_are_those_of_the_whole_cut_at_their_ends(
    placed: list[tuple[str, TimeWindow]], hours: TimeWindow
) -> None:
    story = Story()
    story.visit()
    story.post("P-01", "06:00", "20:00", headcount=2)
    post = story.shifts("P-01", shift("S1", "06:00", "14:00"), shift("S2", "12:00", "18:00", headcount=1))
    duties = [story.placed(officer, "P-01", window=there) for officer, there in placed]

    found = list(gaps(post, duties, hours))

    cut = ((gap.window.intersection(hours), gap.missing, gap.needed) for gap in gaps(post, duties))
    assert [tuple(gap) for gap in found] == [gap for gap in cut if gap[0] is not None]
