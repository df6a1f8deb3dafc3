"""The list of rules, checking with a scope, the findings that a command makes, and what a reader may see."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assignment import AssignmentRescheduled
from domain.base import Event
from domain.finding import Finding, Severity
from domain.plan import Plan
from domain.policy import PolicyNumbers
from domain.rules import RULES, check, for_reader, new_findings
from domain.rules.scope import concerns, entity_of, visit_of
from tests.examples import (
    OTHER_VISIT,
    PLANNING,
    VISIT,
    Story,
    absence,
    at,
    member,
    officer_details,
    place,
    room,
    shift,
    venue_details,
    window,
)


def busy() -> Story:
    """Two visits that share officers and rooms and break every rule somewhere."""
    story = Story()
    for venue, lat in (("HOTEL-1", 19.88), ("HALL-1", 19.95)):
        story.venue(venue, lat=lat)
        story.room("R-1", 50, venue=venue)
    for number in range(1, 6):
        story.officer(f"CA-{number}", unit=f"Đội {number % 2}")
    for visit in (VISIT, OTHER_VISIT):
        story.visit(visit)
        story.delegation("LA", visit, members=3)
        story.activity("A-01", "09:00", "10:00", visit=visit, venue="HOTEL-1", room="R-1", headcount=30)
        story.activity("A-02", "10:05", "11:00", visit=visit, venue="HALL-1", room="R-1", fixed=True)
        story.activity("A-03", "11:30", "12:00", visit=visit)
        story.activity("A-04", "08:00", "09:00", day=40, visit=visit)
        needs: dict[str, Any] = {"critical": True, "required": ("K9",), "detail": "TIEP-CAN"}
        story.post("P-01", "08:00", "20:30", visit=visit, venue="HOTEL-1", **needs)
        story.post("P-02", "20:00", "23:00", visit=visit, headcount=2)
        for officer in ("CA-1", "CA-2"):
            story.placed(officer, "P-01", visit=visit)
        story.placed("CA-3", "P-02", visit=visit)
        story.duty("CA-4", "08:00", "09:00", visit=visit, venue="HOTEL-1")
        story.duty("CA-4", "09:00", "09:30", visit=visit, venue="HALL-1")
        story.duty("CA-5", "13:00", "14:00", visit=visit, venue="HALL-1", critical=True, day=1 if visit == VISIT else 2)
    story.route("R-01", "HOTEL-1", "HALL-1")
    story.away("CA-3", absence("22:00", "23:00"))
    return story


BUSY = busy()


def test_the_rules_read_like_contents() -> None:
    assert [(rule.number, str(rule.label)) for rule in RULES] == [
        ("R01", "Officer double-booked"),
        ("R02", "No time from one post to the next"),
        ("R03", "Rest and load"),
        ("R04", "Qualification missing, lapsed or lapsing"),
        ("R05", "Uncovered post"),
        ("R06", "Single point of failure"),
        ("R07", "Venue capacity"),
        ("R08", "Venue double use"),
        ("R09", "Leg infeasible in the programme"),
        ("R16", "Detail of several units"),
        ("R17", "Far from the days of the visit"),
    ]


def test_every_rule_finds_something_in_the_busy_plan() -> None:
    assert {finding.rule for finding in BUSY.findings()} == {rule.number for rule in RULES}


def test_the_worst_comes_first() -> None:
    severities = [finding.severity for finding in BUSY.findings()]

    assert severities == sorted(severities, key=list(Severity).index)


def test_no_two_findings_share_an_identity() -> None:
    ids = [finding.id for finding in BUSY.findings()]

    assert len(set(ids)) == len(ids)


def test_an_empty_plan_is_clean() -> None:
    assert check(Plan(), PLANNING) == ()


def test_checking_a_visit_tells_what_concerns_it() -> None:
    found = check(BUSY.plan, PLANNING, visit=VISIT)

    assert list(found) == [f for f in BUSY.findings() if VISIT in map(visit_of, f.subjects)]
    assert 0 < len(found) < len(BUSY.findings())


ACTIVITIES = [f"activity/{visit}/A-0{number}" for visit in (VISIT, OTHER_VISIT, "NONE") for number in range(1, 5)]
ENTITIES = st.sampled_from(sorted(BUSY.plan.entities) + ACTIVITIES)


@given(st.frozensets(ENTITIES, max_size=6))
def test_a_scope_asks_for_the_findings_of_the_whole_that_concern_it(scope: frozenset[str]) -> None:
    assert BUSY.findings(scope=scope) == [f for f in BUSY.findings() if concerns(f, scope)]


PLACES = st.tuples(
    st.sampled_from([None, "LA", "KH", "GONE"]), st.sampled_from(["main", "spouse"]), st.sampled_from(["HOTEL-1", None])
)


@given(st.lists(PLACES, min_size=2, max_size=7), st.frozensets(st.sampled_from(range(7)), min_size=1, max_size=2))
def test_an_activity_is_asked_for_with_the_legs_around_it_alone(
    places: list[tuple[str | None, str, str | None]], asked: frozenset[int]
) -> None:
    story = Story()
    story.visit()
    for venue, lat in (("HOTEL-1", 19.88), ("HALL-1", 19.95)):
        story.venue(venue, lat=lat)
    for code in ("LA", "KH", "GONE"):
        story.delegation(code)
    for number, (delegation, party, at_hotel) in enumerate(places):
        story.activity(
            f"A-{number}", f"{9 + number}:00", f"{9 + number}:55",
            venue=at_hotel or ("HALL-1" if number % 2 else None), delegation=delegation, party=party,
        )  # fmt: skip
    story.tell(story.plan.delegation(VISIT, "GONE").withdraw(story.act("they do not come")))
    scope = frozenset(f"activity/{VISIT}/A-{number}" for number in asked)

    found = story.findings("R09", scope=scope)

    assert found == [f for f in story.findings("R09") if not scope.isdisjoint(f.subjects)]


@given(st.randoms(use_true_random=False))
def test_findings_do_not_depend_on_the_order_of_independent_events(random: Random) -> None:
    queues: dict[str, list[Event]] = {}
    for event in BUSY.events:
        queues.setdefault(event.originator_id, []).append(event)
    shuffled: list[Event] = []
    while queues:
        chosen = random.choice(sorted(queues))
        shuffled.append(queues[chosen].pop(0))
        if not queues[chosen]:
            del queues[chosen]

    plan = Plan().after(shuffled)

    assert plan.entities == BUSY.plan.entities
    assert [finding.id for finding in check(plan, PLANNING)] == [finding.id for finding in BUSY.findings()]


CHANGES: dict[str, Callable[[Story], tuple[Event, ...]]] = {
    "an activity moves": lambda s: s.plan.visit(VISIT).move_activity("A-02", window("10:01", "11:00"), s.act()),
    "an activity is relocated": lambda s: s.plan.visit(VISIT).relocate_activity("A-03", "HALL-1", "R-1", s.act()),
    "a visit is cancelled": lambda s: s.plan.visit(OTHER_VISIT).cancel(s.act()),
    "a guest joins": lambda s: s.plan.delegation(VISIT, "LA").add_member(member("M-09"), s.act()),
    "a room shrinks": lambda s: s.plan.venue("HOTEL-1").amend_room(room("R-1", None, fire_limit=20), s.act()),
    "a venue lies elsewhere": lambda s: s.plan.venue("HALL-1").amend(venue_details(coordinates=place(20.5)), s.act()),
    "a route is closed": lambda s: s.plan.route(VISIT, "R-01").close(window("08:00", "12:00"), s.act()),
    "an officer falls ill": lambda s: s.plan.officer("CA-2").record_absence(
        absence("07:00", "23:00", code="X"), s.act()
    ),
    "an officer retires": lambda s: s.plan.officer("CA-3").retire(s.act()),
    "a duty is withdrawn": lambda s: s.plan.assignment(VISIT, "A-0001").withdraw(s.act()),
    "a post is cancelled": lambda s: s.plan.post(OTHER_VISIT, "P-01").cancel(s.act()),
    "a post moves": lambda s: s.plan.post(VISIT, "P-02").reschedule(window("21:00", "24:00"), None, s.act()),
    "shifts are planned": lambda s: s.plan.post(VISIT, "P-02").plan_shifts((shift("S1", "20:00", "21:00"),), s.act()),
    "other numbers count": lambda s: s.plan.policy.adopt(
        PolicyNumbers(max_span_hours=2), at("00:00", day=-60), s.act()
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_command_returns_exactly_the_findings_that_it_made(change: str) -> None:
    story = busy()
    before = story.plan
    events = CHANGES[change](story)

    after = story.tell(events)

    known = {(finding.id, finding.severity) for finding in check(before, PLANNING)}
    made = [finding for finding in check(after, PLANNING) if (finding.id, finding.severity) not in known]
    assert list(new_findings(before, after, events, PLANNING)) == made


def test_a_clash_uncovers_the_post_that_was_not_touched_too() -> None:
    story = Story()
    story.visit()
    story.visit(OTHER_VISIT)
    story.officer("CA-1")
    story.venue("HOTEL-1")
    story.duty("CA-1", "08:00", "12:00", venue="HOTEL-1")
    duty = story.duty("CA-1", "12:00", "14:00", visit=OTHER_VISIT, venue="HOTEL-1")
    before = story.plan
    assert story.findings() == []

    moved = AssignmentRescheduled(**story.act().on(duty), window=window("11:00", "14:00"))
    made = new_findings(before, story.tell((moved,)), (moved,), PLANNING)

    assert [finding.rule for finding in made] == ["R01", "R05", "R05"]
    assert f"post/{VISIT}/P-01" in {subject for finding in made for subject in finding.subjects}


def test_a_change_that_breaks_nothing_makes_no_finding() -> None:
    story = busy()
    before = story.plan

    events = story.plan.officer("CA-4").amend(officer_details("Đặng Thuỳ Dương"), story.act())
    after = story.tell(events)

    assert new_findings(before, after, events, PLANNING) == ()


@given(st.integers(1, 400))
def test_shifting_a_whole_visit_by_days_leaves_its_findings(days: int) -> None:
    def planned(day: int) -> list[tuple[str, Severity, object]]:
        story = Story()
        story.visit()
        story.officer("CA-1")
        story.venue("HOTEL-1")
        story.venue("HALL-1", lat=19.95)
        story.room("R-1", 50)
        story.activity("A-01", "09:00", "10:00", day, venue="HOTEL-1", room="R-1")
        story.activity("A-02", "09:30", "10:00", day, venue="HOTEL-1", room="R-1")
        story.activity("A-03", "10:05", "11:00", day, venue="HALL-1", fixed=True)
        story.duty("CA-1", "08:00", "12:00", day)
        story.duty("CA-1", "11:00", "13:00", day)
        later = at("00:00", day) - at("00:00")
        return [
            (f.rule, f.severity, f.window and f.window.shifted(-later))
            for f in story.findings()
            if f.rule in ("R01", "R08", "R09")
        ]

    assert planned(1 + days) == planned(1)
    assert {rule for rule, _, _ in planned(1)} == {"R01", "R08", "R09"}


# What a reader may see


def clash(story: Story) -> Finding:
    return next(f for f in story.findings("R01") if f.subjects[0] == "officer/CA-1")


def test_who_may_see_every_visit_is_told_everything() -> None:
    assert for_reader(BUSY.findings(), None) == tuple(BUSY.findings())


def test_a_clash_with_a_hidden_visit_says_only_on_other_duty() -> None:
    seen = for_reader((clash(BUSY),), {VISIT})[0]

    assert seen.message.text == "Officer {officer} is on other duty {window}."
    assert seen.subjects == ("officer/CA-1", f"assignment/{VISIT}/A-0001")
    assert OTHER_VISIT not in str(seen.message)


def test_what_lies_in_hidden_visits_alone_is_not_told() -> None:
    seen = for_reader(BUSY.findings(), {VISIT})

    assert all(visit_of(subject) in (None, VISIT) for finding in seen for subject in finding.subjects)
    assert not any(OTHER_VISIT in str(finding.message) for finding in seen)
    assert len(seen) < len(BUSY.findings())


@pytest.mark.parametrize(
    ("subject", "entity"),
    [
        ("activity/LA-2026-01/A-01", "visit/LA-2026-01"),
        ("room/HOTEL-1/R-1", "venue/HOTEL-1"),
        ("qualification/CA-1/Lái xe hạng D/E", "officer/CA-1"),
        ("shift/LA-2026-01/P-01/S1", "post/LA-2026-01/P-01"),
        ("post/LA-2026-01/P-01", "post/LA-2026-01/P-01"),
    ],
)
def test_a_part_belongs_to_its_entity(subject: str, entity: str) -> None:
    assert entity_of(subject) == entity
