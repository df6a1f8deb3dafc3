"""What the rules newly find once a whole visit is moved: only what is tied to something that did not move."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from domain.assignment import Assignment, AssignmentRescheduled, Override
from domain.base import Act, Decision, Event
from domain.finding import Finding
from domain.parked import Unreadable
from domain.plan import Plan
from domain.post import Shift
from domain.rules import Moved, check, new_findings, touched
from domain.shifting import as_shifted, shifted
from domain.values import Qualification, TimeWindow
from tests.examples import OTHER_VISIT, PLANNING, VISIT, Story, absence, at, qualification, shift, window

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOVES = (HOUR, -HOUR, timedelta(minutes=90), DAY, -DAY, 3 * DAY, 45 * DAY)


def whole(before: Plan, after: Plan, by: timedelta) -> tuple[Finding, ...]:
    """The same by asking every rule about everything, before and after."""
    earlier = check(before, PLANNING)
    known = {(finding.id, finding.severity) for finding in earlier}
    for finding in earlier:
        if finding.window is not None:
            known.add((finding._replace(window=finding.window.shifted(by)).id, finding.severity))
    return tuple(finding for finding in check(after, PLANNING) if (finding.id, finding.severity) not in known)


def newly(story: Story, by: timedelta, *more: Event) -> tuple[Finding, ...]:
    """What is newly found once the visit is moved and more has happened; the story goes on from there."""
    before, events = story.plan, (*shifted(story.plan, VISIT, by, story.act()), *more)
    after = story.tell(events)

    found = new_findings(before, after, events, PLANNING, Moved(VISIT, by))

    assert found == whole(before, after, by)
    assert found == at_once(before, by, story.act(), more)
    return found


def at_once(before: Plan, by: timedelta, act: Act, more: Iterable[Event] = ()) -> tuple[Finding, ...]:
    """The same where the visit is moved without its events, which must lead to the same plan."""
    moved = as_shifted(before, VISIT, by, act)
    assert moved.plan == before.after(shifted(before, VISIT, by, act), before.position)
    events = (*moved.besides, *more)
    return new_findings(before, moved.plan.after(more), events, PLANNING, moved.moved)


@pytest.fixture
def story() -> Story:
    """Two officers on duty at a hotel for two days."""
    story = Story()
    story.venue()
    story.visit()
    for number in (1, 2):
        story.officer(f"CA-{number}")
        story.duty(f"CA-{number}", "08:00", "12:00", day=number, venue="HOTEL-1", critical=number == 1)
    return story


@pytest.mark.parametrize("by", MOVES[:-1])
def test_a_move_that_meets_nothing_asks_about_nobody_and_finds_nothing(story: Story, by: timedelta) -> None:
    before, events = story.plan, shifted(story.plan, VISIT, by, story.act())

    asked = touched(before, before.after(events), events, PLANNING, Moved(VISIT, by))

    assert asked == frozenset({f"visit/{VISIT}"})
    assert newly(story, by) == ()


def test_a_duty_elsewhere_is_met(story: Story) -> None:
    story.visit(OTHER_VISIT)
    story.duty("CA-1", "12:30", "13:30", visit=OTHER_VISIT)

    assert {finding.rule for finding in newly(story, HOUR)} == {"R01", "R05"}


def test_an_absence_is_met_and_another_is_left_behind(story: Story) -> None:
    story.away("CA-1", absence("12:00", "13:00"))
    story.away("CA-2", absence("08:00", "09:00", day=2))

    found = newly(story, HOUR)

    assert [finding.subjects[0] for finding in found if finding.rule == "R01"] == ["officer/CA-1"]


def test_a_qualification_lapses_before_the_new_time_is_over(story: Story) -> None:
    story.officer("CA-3")
    story.qualified("CA-3", qualification("K9", "00:00", "12:30"))
    story.duty("CA-3", "08:00", "12:00", required=("K9",))

    assert [finding.rule for finding in newly(story, HOUR)] == ["R04", "R05"]


def test_nights_are_told_by_the_clock(story: Story) -> None:
    story.policy(max_consecutive_nights=1)
    story.officer("CA-3")
    for day in (1, 2):
        story.duty("CA-3", "18:30", "23:30", day=day)

    assert [finding.rule for finding in newly(story, 2 * HOUR)] == ["R03"]


def test_one_long_duty_lasts_through_two_nights(story: Story) -> None:
    story.policy(max_consecutive_nights=1, max_span_hours=48)
    story.officer("CA-3")
    story.duty("CA-3", "00:00", "23:59")

    assert "R03" in {finding.rule for finding in newly(story, 2 * HOUR)}


def test_a_way_is_closed_at_the_new_time(story: Story) -> None:
    story.venue("HALL-1", lat=20.5)
    story.route("R-01", "HOTEL-1", "HALL-1", minutes=5.0)
    story.tell(story.plan.route(VISIT, "R-01").close(window("12:30", "14:00"), story.act("đường cấm")))
    story.duty("CA-1", "12:30", "13:00", venue="HALL-1")

    assert "R02" in {finding.rule for finding in newly(story, HOUR)}


def test_what_was_overridden_at_one_time_is_found_at_another(story: Story) -> None:
    story.officer("CA-3")
    story.duty("CA-3", "08:00", "10:00")
    story.post("P-09", "09:00", "11:00")
    both = Override(rules=("R01",), authority="Cục trưởng", findings=(overlap(story),))
    story.placed("CA-3", "P-09", override=both)

    assert "R01" in {finding.rule for finding in newly(story, HOUR)}


def overlap(story: Story) -> str:
    """The id of what will be found once CA-3 stands at P-09 too."""
    trial = Story()
    trial.tell(story.events)
    trial.placed("CA-3", "P-09")
    return next(finding.id for finding in trial.findings("R01"))


def test_a_backup_in_another_visit_is_kept_by_the_new_time(story: Story) -> None:
    story.visit(OTHER_VISIT)
    story.officer("CA-3")
    story.duty("CA-3", "13:00", "14:00", visit=OTHER_VISIT, critical=True, backups=("CA-1",))
    assert [f.subjects[0] for f in story.findings("R06") if f.subjects[0] == "officer/CA-3"] == []

    found = newly(story, 2 * HOUR)

    assert [f.subjects[0] for f in found if f.rule == "R06"] == ["officer/CA-3"]


def test_a_backup_without_duties_is_away_at_the_new_time(story: Story) -> None:
    story.officer("CA-3")
    story.officer("CA-4")
    story.away("CA-4", absence("16:00", "18:00"))
    story.duty("CA-3", "13:00", "15:00", critical=True, backups=("CA-4",))

    found = newly(story, 2 * HOUR)

    assert [f.subjects[0] for f in found if f.rule == "R06"] == ["officer/CA-3"]


def test_a_month_too_late_is_far_from_days_that_stay() -> None:
    story = Story()
    story.visit()
    story.officer("CA-1")
    story.duty("CA-1", "08:00", "12:00")

    assert [finding.rule for finding in newly(story, timedelta(days=60, hours=1))] == ["R17"]


def test_what_stays_behind_of_a_visit_that_has_begun_is_found(story: Story) -> None:
    story.officer("CA-3")
    story.post("P-03", "08:00", "16:00")
    story.shifts("P-03", shift("S1", "08:00", "12:00"), shift("S2", "12:00", "16:00"))
    for code in ("S1", "S2"):
        story.placed("CA-3", "P-03", shift=code)
    begun = story.act(recorded_at=at("09:00"))
    before = story.plan
    events = shifted(before, VISIT, HOUR, begun)
    after = story.tell(events)

    found = new_findings(before, after, events, PLANNING, Moved(VISIT, HOUR))
    assert found == whole(before, after, HOUR)
    assert found == at_once(before, HOUR, begun)


def test_what_cannot_be_read_stays_and_is_no_part_of_the_move(story: Story) -> None:
    parked = f"post/{VISIT}/P-01"
    assert parked in story.plan.entities
    gap = Unreadable(
        originator_id=parked,
        originator_version=9,
        recorded_at=PLANNING,
        occurred_at=PLANNING,
        by="planner.hoa",
        command_id="c-9",
        position=9,
        forged=False,
    )
    before = story.plan.after([gap])

    moved = as_shifted(before, VISIT, HOUR, story.act())

    assert moved.plan == before.after(shifted(before, VISIT, HOUR, story.act()), before.position)
    assert moved.plan.entities[parked] is before.entities[parked]
    assert moved.moved.along is not None
    assert parked not in moved.moved.along
    assert f"post/{VISIT}/P-02" in moved.moved.along


def test_a_duty_left_over_from_other_shifts_stays_and_leaves_its_post(story: Story) -> None:
    story.officer("CA-3")
    story.post("P-03", "08:00", "12:00")
    story.shifts("P-03", shift("S1", "08:00", "12:00"))
    story.placed("CA-3", "P-03", shift="S1")
    story.shifts("P-03", shift("S2", "08:00", "12:00"))

    found = newly(story, 4 * HOUR)

    assert [(finding.rule, finding.subjects) for finding in found] == [("R05", (f"post/{VISIT}/P-03",))]


def test_duties_at_a_cancelled_post_stay_and_nothing_is_found(story: Story) -> None:
    story.officer("CA-3")
    story.duty("CA-3", "08:00", "12:00", post="P-03")
    story.tell(story.plan.post(VISIT, "P-03").cancel(story.act()))

    assert newly(story, HOUR) == ()


def random_story(draw: Random) -> Story:
    """Two visits that share officers, with all that can be tied to a time."""
    story = Story()
    if draw.random() < 0.5:
        story.policy(max_consecutive_nights=draw.choice((1, 2)), max_hours_24h=8)
    for venue, lat in (("HOTEL-1", 19.88), ("HALL-1", 20.2)):
        story.venue(venue, lat=lat)
    codes = [f"CA-{number}" for number in range(1, draw.randint(3, 8))]
    for code in codes:
        story.officer(code, unit=f"Đội {draw.randint(1, 2)}")
        if draw.random() < 0.6:
            since, until = at("00:00", draw.choice((-40, -20, 1))), at("00:00", draw.choice((2, 3, 50, 300)))
            story.qualified(code, Qualification(code="K9", valid=TimeWindow(start=since, end=until)))
        if draw.random() < 0.4:
            story.away(code, absence("06:00", "12:00", day=draw.randint(1, 5)))
    for visit in (VISIT, OTHER_VISIT):
        story.visit(visit)
        story.activity("A-01", "09:00", "10:00", visit=visit, venue="HOTEL-1")
        for number in range(draw.randint(2, 7) if visit == VISIT else draw.randint(0, 2)):
            _random_post(story, draw, visit, f"P-{number:02d}", codes)
    if draw.random() < 0.2:
        story.route("R-01", "HOTEL-1", "HALL-1", minutes=5.0)
        story.tell(story.plan.route(VISIT, "R-01").close(window("09:00", "18:00"), story.act("đường cấm")))
    return story


def _random_post(story: Story, draw: Random, visit: str, code: str, codes: list[str]) -> None:
    start, length = draw.randint(0, 22), draw.choice((2, 4, 8, 12))
    end = f"{(start + length) % 24:02d}:00"
    details: dict[str, Any] = {
        "venue": draw.choice(("HOTEL-1", "HALL-1", None)),
        "critical": draw.random() < 0.4,
        "headcount": draw.randint(1, 2),
        "required": ("K9",) if draw.random() < 0.3 else (),
        "desired": ("K9",) if draw.random() < 0.1 else (),
        "backups": tuple(draw.sample(codes, 1)) if draw.random() < 0.2 else (),
        "detail": "TIEP-CAN" if draw.random() < 0.2 else None,
        "kind": draw.choice(("guard", "guard", "guard", "reserve")),
    }
    day = draw.randint(1, 3)
    story.post(code, f"{start:02d}:00", end, day, visit, **details)
    shifts: tuple[str | None, ...] = (None,)
    if draw.random() < 0.3:
        shifts = ("S1", "S2")
        middle = f"{(start + length // 2) % 24:02d}:00"
        first = window(f"{start:02d}:00", middle, day)
        second = TimeWindow(start=first.end, end=first.end + timedelta(hours=length - length // 2))
        story.shifts(code, Shift(code="S1", window=first), Shift(code="S2", window=second), visit=visit)
    for officer in draw.sample(codes, draw.randint(0, 2)):
        both = None
        if draw.random() < 0.1:
            both = Override(rules=("R01",), authority="Cục trưởng", findings=("none",))
        duty = story.placed(officer, code, visit=visit, shift=draw.choice(shifts), override=both)
        _lived(story, draw, duty)


def _lived(story: Story, draw: Random, duty: Assignment) -> None:
    """Now and then a duty is pinned, withdrawn, over already, or of less than its shift."""
    act, what = story.act(), draw.random()
    if what < 0.1:
        story.tell(duty.pin(act))
    elif what < 0.15:
        story.tell(duty.withdraw(act))
    elif what < 0.2:
        story.tell(duty.start(act))
        story.tell(story.plan.assignment(duty.visit, duty.code).end(act))
    elif what < 0.3:
        late = TimeWindow(start=duty.window.start + timedelta(minutes=30), end=duty.window.end)
        story.tell([AssignmentRescheduled(**act.on(duty), window=late)])


@pytest.mark.parametrize("seeds", [range(40), pytest.param(range(40, 400), marks=pytest.mark.slow)])
def test_asking_about_what_may_differ_finds_what_asking_about_everything_finds(seeds: range) -> None:
    found, less = Counter[str](), 0
    for seed in seeds:
        draw = Random(seed)
        story = random_story(draw)
        by = draw.choice(MOVES)
        # Now and then the visit has begun, and what is left of it is put off.
        running = by > timedelta(0) and draw.random() < 0.3
        later = [post for post in story.plan.posts(VISIT) if post.window.start > at("10:00")]
        act = story.act(recorded_at=at("10:00")) if running and later else story.act()
        before, events = story.plan, list(shifted(story.plan, VISIT, by, act))
        more: Decision = ()
        standing = [duty for duty in before.after(events).assignments(VISIT) if duty.counts]
        if standing and draw.random() < 0.5:
            more = draw.choice(standing).withdraw(act)
        events += more
        after = story.tell(events)

        newly_found = new_findings(before, after, events, PLANNING, Moved(VISIT, by))

        assert (seed, newly_found) == (seed, whole(before, after, by))
        assert (seed, newly_found) == (seed, at_once(before, by, act, more))
        found.update(finding.rule for finding in newly_found)
        asked, every = (touched(before, after, events, PLANNING, moved) for moved in (Moved(VISIT, by), None))
        less += len(asked or every or ()) < len(every or ())
    assert set(found) >= {"R01", "R02", "R03", "R04", "R05", "R06"}
    assert less > len(seeds) / 3
