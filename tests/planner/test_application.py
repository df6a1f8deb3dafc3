"""How commands are carried out: one at a time, on the current plan, once, by who may, and how they are taken back."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.base import Actor, Role
from domain.refusals import (
    CodeTaken,
    CommandRepeated,
    InvalidInput,
    NotAllowed,
    OfficerDoubleBooked,
    PlanMoved,
    PlanningError,
)
from planner.access import COMMANDS
from planner.application import Planner, commands
from planner.deciding import Permission, Why
from planner.store.refusals import GateBusy
from tests.examples import (
    PLANNING,
    VISIT,
    absence,
    post_details,
    visit_details,
)
from tests.planner.acting import BINH, HOA, Clock, another, assign

# Carrying out


def test_a_command_answers_with_its_events_and_the_position_of_the_last(planner: Planner) -> None:
    before = planner.plan.position

    outcome = assign(planner, reason="Theo phương án", command_id="c-9")

    (event,) = outcome.events
    assert (outcome.position, outcome.command_id, outcome.repeated) == (before + 1, "c-9", False)
    assert (event.by, event.reason, event.command_id) == ("planner.hoa", "Theo phương án", "c-9")
    assert event.originator_id == outcome.subject == f"assignment/{VISIT}/A-0001"
    assert planner.plan.position == before + 1


def test_a_refused_command_leaves_no_trace(planner: Planner) -> None:
    assign(planner)
    before = planner.plan

    with pytest.raises(OfficerDoubleBooked):
        assign(planner, post="P-02", command_id="c-refused")

    assert planner.plan is before
    assert planner.recorder.find_command("c-refused") is None


def test_a_command_that_changes_nothing_records_nothing(planner: Planner) -> None:
    before = planner.plan.position

    outcome = planner.amend_visit(VISIT, visit_details(), by=HOA, command_id="c-1")

    assert (outcome.events, outcome.position) == ((), before)
    assert planner.recorder.head() == before


def test_findings_that_a_command_makes_come_with_its_outcome(planner: Planner) -> None:
    assign(planner)

    outcome = planner.record_absence("CA-0113", absence("09:00", "10:00"), by=HOA)

    assert {finding.rule for finding in outcome.findings} == {"R01", "R05"}


# Retries


def test_a_retry_under_the_same_id_returns_the_first_result(planner: Planner) -> None:
    first = assign(planner, command_id="c-7")

    again = assign(planner, command_id="c-7")

    assert (again.events, again.position) == (first.events, first.position)
    assert (first.repeated, again.repeated) == (False, True)
    assert planner.plan.position == first.position


def test_a_retry_is_recognised_by_another_process(planner: Planner, tmp_path: Path, clock: Clock) -> None:
    first = assign(planner, command_id="c-7")
    other = another(tmp_path, clock)

    again = assign(other, command_id="c-7")

    assert (again.events, again.repeated) == (first.events, True)
    other.close()


@pytest.mark.parametrize(
    "repeat",
    [
        lambda planner: assign(planner, officer="CA-0114", command_id="c-7"),
        lambda planner: assign(planner, by=BINH, command_id="c-7"),
        lambda planner: planner.cancel_post(VISIT, "P-01", by=HOA, reason="…", command_id="c-7"),
    ],
    ids=["other arguments", "other account", "other command"],
)
def test_an_id_that_another_command_used_is_refused(planner: Planner, repeat: Any) -> None:
    first = assign(planner, command_id="c-7")

    with pytest.raises(CommandRepeated):
        repeat(planner)

    assert planner.plan.position == first.position


# Clocks


def test_recorded_time_never_runs_backwards(planner: Planner, clock: Clock) -> None:
    clock.moment = PLANNING + timedelta(hours=1)
    assign(planner)
    clock.moment = PLANNING

    outcome = planner.cancel_post(VISIT, "P-02", by=HOA, reason="Không cần nữa")

    (event,) = outcome.events
    assert event.recorded_at == PLANNING + timedelta(hours=1)
    assert event.occurred_at == PLANNING


def test_what_happened_earlier_keeps_its_own_time(planner: Planner) -> None:
    earlier = PLANNING - timedelta(hours=3)

    outcome = assign(planner, occurred_at=earlier)

    assert (outcome.events[0].occurred_at, outcome.events[0].recorded_at) == (earlier, PLANNING)


@pytest.mark.parametrize(
    "moment",
    [PLANNING + timedelta(microseconds=1), PLANNING.replace(tzinfo=None)],
    ids=["in the future", "without a zone"],
)
def test_a_time_of_happening_that_cannot_be_is_refused(planner: Planner, moment: datetime) -> None:
    before = planner.plan

    with pytest.raises(InvalidInput):
        assign(planner, occurred_at=moment)

    assert planner.plan is before


# Others


def test_two_processes_see_what_the_other_records(planner: Planner, tmp_path: Path, clock: Clock) -> None:
    other = another(tmp_path, clock)

    assign(planner)
    with pytest.raises(OfficerDoubleBooked):
        assign(other, post="P-02")
    assign(other, post="P-02", officer="CA-0114")

    assert [duty.officer for duty in planner.plan.assignments(VISIT)] == ["CA-0113", "CA-0114"]
    assert planner.plan.position == other.plan.position
    other.close()


def test_a_head_that_moves_is_caught_up_with_and_decided_anew(
    planner: Planner, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second net: somebody appends between deciding and saving, past the gate."""
    other = another(tmp_path, clock)
    past_the_gate(other, monkeypatch, times=2)

    outcome = assign(other)

    recorded = [event for _, event in planner.timeline.events()]
    assert recorded[-1] == outcome.events[0]
    assert [event.reason for event in recorded[-3:-1]] == ["past the gate"] * 2
    assert outcome.position == len(recorded)
    other.close()


def test_a_head_that_moves_again_and_again_is_given_up_on(
    planner: Planner, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = another(tmp_path, clock)
    past_the_gate(other, monkeypatch, times=99)

    with pytest.raises(PlanMoved):
        assign(other)

    assert planner.plan.assignments(VISIT) == ()
    other.close()


def past_the_gate(planner: Planner, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Each of the next saves of a planner finds that somebody was faster."""
    record, left = planner.record, iter(range(times))

    def late(*given: Any) -> None:
        if next(left, None) is not None:
            act = planner.act(planner.plan, _past_the_gate(times))
            details = visit_details(title=f"Lần thứ {planner.plan.position}")
            planner.recorder.insert_events(
                [planner.mapper.to_stored_event(event) for event in planner.plan.visit(VISIT).amend(details, act)]
            )
        record(*given)

    monkeypatch.setattr(planner, "record", late)


def _past_the_gate(times: int) -> Why:
    permission = Permission("amend_visit", VISIT)
    return {"by": HOA, "reason": "past the gate", "command_id": f"x-{times}", "permission": permission}


def test_only_one_at_a_time_decides(planner: Planner, tmp_path: Path, clock: Clock) -> None:
    other = another(tmp_path, clock)
    inside, go_on, seen = threading.Event(), threading.Event(), []

    def slowly() -> None:
        with planner.store.gate.held():
            inside.set()
            go_on.wait(10)

    def meanwhile() -> None:
        seen.append(assign(other))

    holder, waiter = threading.Thread(target=slowly), threading.Thread(target=meanwhile)
    holder.start()
    inside.wait(10)
    waiter.start()
    waiter.join(0.2)
    while_held = list(seen)
    go_on.set()
    waiter.join(10)
    holder.join(10)

    assert (while_held, len(seen)) == ([], 1)
    other.close()


def test_who_cannot_pass_the_gate_in_time_is_told(planner: Planner, tmp_path: Path, clock: Clock) -> None:
    other = another(tmp_path, clock)
    other.store.gate._timeout = 0.1

    with planner.store.gate.held(), pytest.raises(GateBusy):
        assign(other)

    other.close()


# Together


def test_commands_given_together_see_each_other_and_are_saved_at_once(planner: Planner, tmp_path: Path) -> None:
    before = planner.recorder.head()

    with planner.together(HOA, command_id="import-1"):
        planner.create_post(VISIT, "P-03", post_details(), by=HOA)
        assign(planner, post="P-03")
        inside = (planner.recorder.head(), planner.plan.position)

    assert inside == (before, before + 2)
    assert planner.recorder.head() == before + 2
    known = planner.recorder.find_command("import-1")
    assert known is not None
    assert (known.first, known.last) == (before + 1, before + 2)


def test_a_refusal_among_commands_given_together_saves_none(planner: Planner) -> None:
    before = planner.plan

    def two_posts() -> None:
        with planner.together(HOA):
            planner.create_post(VISIT, "P-03", post_details(), by=HOA)
            planner.create_post(VISIT, "P-01", post_details(), by=HOA)

    with pytest.raises(CodeTaken):
        two_posts()

    assert planner.plan is before
    assert assign(planner).position == before.position + 1


def test_other_threads_do_not_see_what_is_not_recorded_yet(planner: Planner) -> None:
    seen = []

    with planner.together(HOA):
        planner.create_post(VISIT, "P-03", post_details(), by=HOA)
        looking = threading.Thread(target=lambda: seen.append(len(planner.plan.posts(VISIT))))
        looking.start()
        looking.join()

    assert (seen, len(planner.plan.posts(VISIT))) == ([2], 3)


# Who may


@pytest.mark.parametrize("role", Role)
def test_a_command_is_for_the_roles_that_may_give_it(planner: Planner, role: Role) -> None:
    actor = Actor("somebody", frozenset({role}), officer="CA-0113")

    allowed = []
    for name, method in commands().items():
        if permitted(planner, method, actor):
            allowed.append(name)

    assert allowed == sorted(name for name in commands() if role in COMMANDS[name].roles)


def permitted(planner: Planner, method: Any, actor: Actor) -> bool:
    """Whether a command gets past the check of roles; what it needs besides is left out."""
    try:
        method(planner, by=actor)
    except NotAllowed:
        return False
    except (TypeError, PlanningError):
        return True
    return True


def test_the_administrator_lets_people_into_every_visit_vouches_for_keys_and_gives_no_other_command() -> None:
    given = {name for name, rule in COMMANDS.items() if Role.ADMINISTRATOR in rule.roles}

    assert given == {
        *("grant_site_membership", "amend_site_membership", "end_site_membership"),
        *("make_signing_key", "vouch_for_keys", "revoke_keys"),
    }


@pytest.mark.parametrize("code", ["", "P 03/x", "a/b", "-1", "x" * 41])
def test_a_code_that_cannot_be_is_refused_whoever_asks(planner: Planner, code: str) -> None:
    before = planner.plan

    with pytest.raises(InvalidInput):
        planner.create_post(VISIT, code, post_details(), by=HOA)

    assert planner.plan is before
