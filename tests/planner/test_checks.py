"""Findings kept up with the plan: followed change by change they are those of the whole check."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.base import Actor, Role, changed
from domain.finding import Finding, Severity
from domain.messages import message
from domain.refusals import PlanningError
from domain.rules import check, in_order
from domain.rules import scope as scopes
from planner import checks as checking
from planner.application import Planner
from planner.checks import STANDS, Checked, Checks
from tests.domain.test_emergency import Signs
from tests.examples import (
    OTHER_VISIT,
    VISIT,
    absence,
    activity,
    officer_details,
    post_details,
    qualification,
    venue_details,
    visit_details,
    window,
)
from tests.planner.acting import HOA, Clock, another, assign

VISITS = (VISIT, OTHER_VISIT)
CHIEF = Actor("commander.binh", frozenset({Role.COMMANDER, Role.PLANNER}), signer=Signs())


@contextmanager
def two_visits() -> Iterator[tuple[Planner, Clock]]:
    """Two visits that share venues and officers, with posts at the same time."""
    clock = Clock()
    with tempfile.TemporaryDirectory() as place:
        planner = another(Path(place), clock)
        with planner.together(HOA):
            for code in ("HOTEL-1", "HALL-1"):
                planner.register_venue(code, venue_details(), by=HOA)
            for number in range(1, 5):
                planner.register_officer(f"CA-{number}", officer_details(), by=HOA)
            for visit in VISITS:
                planner.register_visit(visit, visit_details(), by=HOA)
                planner.create_post(visit, "P-1", post_details("08:00", "20:00", venue="HOTEL-1", headcount=2), by=HOA)
                planner.create_post(visit, "P-2", post_details("19:00", "23:00", required=("K9",)), by=HOA)
                for code, start, end in (("A-1", "09:00", "10:00"), ("A-2", "10:05", "11:00")):
                    planner.schedule_activity(visit, activity(code, start, end, venue="HOTEL-1"), by=HOA)
        try:
            yield planner, clock
        finally:
            planner.close()


def findings(planner: Planner, clock: Clock, visit: str) -> tuple[Finding, ...]:
    return check(planner.plan, clock(), visit=visit)


visits = st.sampled_from(VISITS)
officers = st.sampled_from([f"CA-{number}" for number in range(1, 5)])
posts = st.sampled_from(["P-1", "P-2"])
starts = st.sampled_from(["06:00", "09:30", "13:00", "18:00"])
ends = st.sampled_from(["19:00", "20:30", "23:30"])
acts = st.one_of(
    st.tuples(st.just("assign"), visits, posts, officers, st.booleans()),
    st.tuples(st.just("withdraw"), visits, st.integers(1, 4)),
    st.tuples(st.just("move duty"), visits, st.integers(1, 4), starts, ends),
    st.tuples(st.just("move post"), visits, posts, starts, ends),
    st.tuples(st.just("cancel post"), visits, posts),
    st.tuples(st.just("reinstate post"), visits, posts),
    st.tuples(st.just("move activity"), visits, st.sampled_from(["A-1", "A-2"]), starts, ends),
    st.tuples(st.just("relocate"), visits, st.sampled_from(["A-1", "A-2"]), st.sampled_from(["HALL-1", "HOTEL-1"])),
    st.tuples(st.just("cancel activity"), visits, st.sampled_from(["A-1", "A-2"])),
    st.tuples(st.just("absence"), officers, starts, ends),
    st.tuples(st.just("trained"), officers),
    st.tuples(st.just("cancel visit"), visits),
    st.tuples(st.just("reinstate visit"), visits),
    st.tuples(st.just("policy"), st.sampled_from([4.0, 11.0])),
)


def done(planner: Planner, clock: Clock, act: tuple[object, ...]) -> None:  # noqa: C901 - a table
    """Gives a command; what it refuses is not done."""
    clock.moment += timedelta(minutes=1)
    why: dict[str, Any] = {"by": CHIEF, "reason": "kế hoạch thay đổi"}
    with suppress(PlanningError):
        match act:
            case ("assign", str(visit), str(post), str(officer), bool(over)):
                authority = "Chỉ huy trưởng" if over else None
                planner.assign_officer(visit, post, officer, override_authority=authority, **why)
            case ("withdraw", str(visit), int(number)):
                planner.withdraw_assignment(visit, f"A-{number:04d}", **why)
            case ("move duty", str(visit), int(number), str(start), str(end)):
                code = f"A-{number:04d}"
                planner.reschedule_assignment(visit, code, window(start, end), **why)
            case ("move post", str(visit), str(post), str(start), str(end)):
                planner.reschedule_post(visit, post, window(start, end), **why)
            case ("cancel post", str(visit), str(post)):
                planner.cancel_post(visit, post, **why)
            case ("reinstate post", str(visit), str(post)):
                planner.reinstate_post(visit, post, **why)
            case ("move activity", str(visit), str(code), str(start), str(end)):
                planner.move_activity(visit, code, window(start, end), **why)
            case ("relocate", str(visit), str(code), str(venue)):
                planner.relocate_activity(visit, code, venue, None, **why)
            case ("cancel activity", str(visit), str(code)):
                planner.cancel_activity(visit, code, **why)
            case ("absence", str(officer), str(start), str(end)):
                number = len(planner.plan.officer(officer).absences)
                planner.record_absence(officer, absence(start, end, code=f"OM-{number}"), **why)
            case ("trained", str(officer)):
                planner.grant_qualification(officer, qualification("K9"), **why)
            case ("cancel visit", str(visit)):
                planner.cancel_visit(visit, **why)
            case ("reinstate visit", str(visit)):
                planner.reinstate_visit(visit, **why)
            case ("policy", float(hours)):
                numbers = planner.plan.numbers(clock())
                planner.adopt_policy(
                    changed(numbers, min_rest_hours=hours),
                    clock(),
                    **why,
                )
            case _:
                raise AssertionError(act)


@pytest.mark.slow
@given(told=st.lists(st.tuples(acts, st.booleans()), min_size=1, max_size=12))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_findings_followed_change_by_change_are_those_of_the_whole_check(
    told: list[tuple[tuple[object, ...], bool]],
) -> None:
    with two_visits() as (planner, clock):
        followed = Checks(planner.timeline, clock)
        for visit in VISITS:
            followed.of(planner.plan, visit)

        for act, looked in told:
            done(planner, clock, act)
            if looked:
                seen = {visit: followed.of(planner.plan, visit).findings for visit in VISITS}
                assert seen == {visit: findings(planner, clock, visit) for visit in VISITS}

        assert {visit: followed.of(planner.plan, visit).findings for visit in VISITS} == {
            visit: findings(planner, clock, visit) for visit in VISITS
        }


def test_the_followed_findings_are_not_the_first_ones(planner: Planner, clock: Clock) -> None:
    """The control: findings do change, and following is what is done."""
    before = planner.checks.of(planner.plan, VISIT)

    assign(planner)
    after = planner.checks.of(planner.plan, VISIT)

    assert [finding.rule for finding in before.findings] == ["R05", "R05"]
    assert [finding.rule for finding in after.findings] == ["R05"]
    assert after == Checked(findings(planner, clock, VISIT), planner.plan.position)


def test_what_is_wrong_with_an_activity_goes_with_its_visit(planner: Planner) -> None:
    for code, start in (("A-01", "09:00"), ("A-02", "09:30")):
        planner.schedule_activity(VISIT, activity(code, start, "10:00", venue="HOTEL-1"), by=HOA)
    before = planner.checks.of(planner.plan, VISIT)

    planner.cancel_visit(VISIT, by=HOA, reason="hoãn")

    assert "R09" in [finding.rule for finding in before.findings]
    assert planner.checks.of(planner.plan, VISIT).findings == ()


def test_only_what_a_change_touches_is_looked_at_again(planner: Planner, monkeypatch: pytest.MonkeyPatch) -> None:
    planner.checks.of(planner.plan, VISIT)
    asked: list[object] = []

    def noted(*given: Any, **named: Any) -> tuple[Finding, ...]:
        asked.append(given[2] if len(given) > 2 else named.get("visit"))
        return check(*given, **named)

    monkeypatch.setattr(checking, "check", noted)
    assign(planner)
    planner.checks.of(planner.plan, VISIT)
    planner.checks.of(planner.plan, VISIT)

    assert len(asked) == 1
    assert isinstance(asked[0], frozenset)
    assert all(scopes.visit_of(subject) in (VISIT, None) for subject in asked[0])


def test_after_many_changes_a_visit_is_checked_whole(
    planner: Planner, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    planner.checks.of(planner.plan, VISIT)
    monkeypatch.setattr(checking, "FEW_EVENTS", 1)

    for post in ("P-01", "P-02"):
        planner.cancel_post(VISIT, post, by=HOA, reason="gộp")

    assert planner.checks.of(planner.plan, VISIT).findings == findings(planner, clock, VISIT) == ()


def test_findings_grow_old_although_nothing_changes(planner: Planner, clock: Clock) -> None:
    stricter_in_two_hours(planner, clock)
    before = planner.checks.of(planner.plan, VISIT)

    clock.moment += 3 * STANDS
    after = planner.checks.of(planner.plan, VISIT)

    assert "R04" not in [finding.rule for finding in before.findings]
    assert "R04" in [finding.rule for finding in after.findings]


def test_findings_grow_old_however_often_something_changes(planner: Planner, clock: Clock) -> None:
    stricter_in_two_hours(planner, clock)
    planner.checks.of(planner.plan, VISIT)

    seen = Checked((), 0)
    for number in range(6):
        clock.moment += STANDS / 2
        planner.amend_officer("CA-0114", officer_details(f"Người thứ {number}"), by=HOA)
        seen = planner.checks.of(planner.plan, VISIT)

    assert "R04" in [finding.rule for finding in seen.findings]
    assert seen.findings == findings(planner, clock, VISIT)


def stricter_in_two_hours(planner: Planner, clock: Clock) -> None:
    """A duty whose qualification ends soon after it, which counts as soon only from in two hours on."""
    planner.grant_qualification("CA-0113", qualification("K9"), by=HOA)
    planner.create_post(VISIT, "P-03", post_details("13:00", "15:00", required=("K9",)), by=HOA)
    assign(planner, "P-03")
    strict = planner.plan.numbers(clock())
    planner.adopt_policy(changed(strict, lapse_notice_days=0), clock(), by=CHIEF, reason="thử")
    planner.adopt_policy(strict, clock() + 2 * STANDS, by=CHIEF, reason="thử")


def test_a_large_visit_is_checked_beside_and_its_last_findings_stand_meanwhile(
    planner: Planner, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assign(planner)
    monkeypatch.setattr(checking, "FEW_DUTIES", 0)
    first = planner.checks.of(planner.plan, VISIT)

    found = waited(planner, fresh_at=planner.plan.position)
    monkeypatch.setattr(checking, "FEW_EVENTS", -1)
    planner.cancel_post(VISIT, "P-02", by=HOA, reason="gộp")
    meanwhile = planner.checks.of(planner.plan, VISIT)
    later = waited(planner, fresh_at=planner.plan.position)

    assert first == Checked((), 0, fresh=False)
    assert found.findings != ()
    assert (meanwhile.findings, meanwhile.fresh) == (found.findings, False)
    assert (later.findings, later.fresh) == (findings(planner, clock, VISIT), True)


def waited(planner: Planner, fresh_at: int) -> Checked:
    """The findings as soon as they are those of a position."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        seen = planner.checks.of(planner.plan, VISIT)
        if seen.fresh and seen.position == fresh_at:
            return seen
        time.sleep(0.01)
    raise AssertionError("the check beside did not end")


def test_a_small_visit_is_checked_at_once(planner: Planner) -> None:
    assert planner.checks.of(planner.plan, VISIT).fresh


@given(st.lists(st.sampled_from(list(Severity)), max_size=12))
def test_findings_are_counted_by_severity(severities: list[Severity]) -> None:
    found = in_order(Finding("R05", one, (f"post/{VISIT}/P-01",), None, message("x")) for one in severities)

    counts = {severity: Checked(found, 1).count(severity) for severity in Severity}

    assert counts == {severity: severities.count(severity) for severity in Severity}
