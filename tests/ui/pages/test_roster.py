"""The duty board proposes a roster, compares it, accepts it whole or in part, replaces somebody, and shows the load."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from domain.base import Actor, Role
from domain.finding import Severity
from domain.rules import check
from domain.values import Coordinates
from domain.ways import Roads
from planner.access.reader import Reader
from planner.routing.measuring import places
from tests.demo_pages import page, said
from tests.examples import PLANNING, VISIT, absence, post_details, window
from tests.planner.acting import HOA, assign
from tests.small_force import small_force
from ui.shell import Shell

pytestmark = pytest.mark.slow

LAN = Actor("lan", frozenset({Role.PLANNER}))


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    with small_force(tmp_path, Role.PLANNER) as shell:
        yield shell


def opened(view: str = "roster") -> AppTest:
    run = page("duty_board")
    for name, asked in {"visit": VISIT, "view": view}.items():
        run.query_params[name] = asked
    return run.run()


def told(shell: Shell) -> frozenset[str] | None:
    return Reader(shell.planner, LAN).clearance.told


def proposed(shell: Shell, run: AppTest) -> AppTest:
    """The page once the proposal is there; it is made beside the page."""
    run.button(key="propose").click().run()
    work = shell.rosters.of(VISIT, told(shell))
    assert work is not None
    assert work.over.wait(60)
    return run.run()


def on_duty(shell: Shell) -> list[tuple[str, str]]:
    return sorted((duty.post, duty.officer) for duty in shell.planner.plan.assignments(VISIT) if duty.counts)


def test_a_proposal_is_compared_and_accepted_and_breaks_nothing(shell: Shell) -> None:
    run = proposed(shell, opened())
    before = on_duty(shell)

    run.button(key="accept_all").click().run()

    assert not run.exception
    assert before == []
    assert ("P-02", "CA-0113") in on_duty(shell)
    assert [post for post, _ in on_duty(shell)] == ["P-01", "P-02"]
    found = check(shell.planner.plan, PLANNING, visit=VISIT)
    assert [one.rule for one in found if one.severity is Severity.BLOCK] == []
    assert run.session_state["planner.told"].sentence == "The proposal was accepted."
    assert shell.rosters.of(VISIT, told(shell)) is None


def test_leaving_the_page_does_not_lose_the_proposal(shell: Shell) -> None:
    proposed(shell, opened())

    again = opened()

    assert not again.exception
    assert "Proposal and present roster" in said(again)


def test_a_part_is_accepted(shell: Shell) -> None:
    run = proposed(shell, opened())

    box = run.checkbox(key="tick_P-02/ALL").check()
    box.run()
    run.button(key="accept_part").click().run()

    assert on_duty(shell) == [("P-02", "CA-0113")]
    name = shell.planner.plan.officer("CA-0113").name.romanised
    assert box.label.endswith(f": – → {name} (CA-0113)")
    told_of = run.session_state["planner.told"].sentence
    assert told_of == "1 change of the proposal was accepted, with what it needs."


def test_a_change_beyond_the_boxes_is_accepted_by_searching_for_it(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.components.rostering.MOST", 1)
    run = proposed(shell, opened())
    assert [box.key for box in run.checkbox if str(box.key).startswith("tick_")] == ["tick_P-01/ALL"]

    run.multiselect(key="tick_others").select("P-02/ALL").run()
    run.button(key="accept_part").click().run()

    assert on_duty(shell) == [("P-02", "CA-0113")]


def test_an_accepted_proposal_is_taken_back_by_one_undo(shell: Shell) -> None:
    run = proposed(shell, opened())
    run.button(key="accept_all").click().run()

    shell.planner.undo(run.session_state["planner.told"].command, by=HOA)

    assert on_duty(shell) == []


def test_a_plan_that_moved_refuses_with_the_reason(shell: Shell) -> None:
    run = proposed(shell, opened())
    for officer in ("CA-0113", "CA-0114", "CA-0115"):
        shell.planner.record_absence(officer, absence("08:00", "14:00"), by=HOA)

    run.button(key="accept_all").click().run()

    assert ["The plan has changed since" in error.value for error in run.error] == [True]
    assert on_duty(shell) == []


def test_what_stays_open_says_why(shell: Shell) -> None:
    shell.planner.create_post(VISIT, "P-03", post_details(required=("Lặn",)), by=HOA)

    run = proposed(shell, opened())

    assert "• Nobody can take this place, whatever else is changed." in said(run)
    assert "• 3 officers lack a qualification." in said(run)


def test_of_any_open_shift_it_is_proven_why_when_asked(shell: Shell) -> None:
    """Of the first twenty it is proven at once; beyond the thirtieth they are found by searching."""
    for number in range(10, 45):
        post = post_details("08:00", "12:00", required=("DIVER",))
        shell.planner.create_post(VISIT, f"P-{number}", post, by=HOA)
    run = proposed(shell, opened())
    proof = "• Nobody can take this place, whatever else is changed."
    before = [one.value for one in run.text].count(proof)

    run.button(key="prove_20").click().run()
    run.selectbox(key="open_others").set_value(33).run()
    run.button(key="prove_33").click().run()

    assert not run.exception
    assert (before, [one.value for one in run.text].count(proof)) == (20, 22)
    assert "prove_33" not in [one.key for one in run.button]


def test_somebody_is_replaced_and_who_is_needed_at_an_open_post_is_spared(shell: Shell) -> None:
    assign(shell.planner, "P-01", "CA-0114")
    run = opened()
    run.segmented_control(key="roster_way").set_value("lost").run()
    run.multiselect(key="roster_without").set_value(["CA-0114"]).run()

    run = proposed(shell, run)
    told_before = run.caption
    still_chosen = run.multiselect(key="roster_without").value
    run.button(key="accept_all").click().run()

    # Nobody who has given up all duties can be chosen any longer.
    assert (still_chosen, run.multiselect(key="roster_without").value, list(run.exception)) == (["CA-0114"], [], [])
    # P-02 is open and needs the qualification that CA-0113 alone holds.
    assert on_duty(shell) == [("P-01", "CA-0115")]
    assert any("places that were open before stay open" in one.value for one in told_before)


def test_a_pin_is_recorded_with_its_reason_and_obeyed(shell: Shell) -> None:
    assign(shell.planner, "P-01", "CA-0113")
    code = shell.planner.plan.assignments(VISIT)[0].code
    run = opened()
    run.multiselect(key=f"pinned_{VISIT}_").set_value([code]).run()
    run.text_input(key="pins_reason").set_value("Quen địa bàn").run()

    run.button(key="record_pins").click().run()
    run = proposed(shell, run)

    assert shell.planner.plan.assignment(VISIT, code).pinned
    assert "The roster as it stands is the proposal: nothing has to change." in [one.value for one in run.success]


def test_the_whole_visit_is_moved_and_only_what_that_breaks_is_given_to_others(shell: Shell) -> None:
    assign(shell.planner, "P-01", "CA-0114")
    assign(shell.planner, "P-02", "CA-0113")
    shell.planner.record_absence("CA-0114", absence("12:00", "14:00"), by=HOA)
    run = opened()
    run.segmented_control(key="roster_way").set_value("shift").run()

    run = proposed(shell, run)
    run.button(key="accept_all").click().run()

    assert not run.exception
    assert on_duty(shell) == [("P-01", "CA-0115"), ("P-02", "CA-0113")]
    assert shell.planner.plan.post(VISIT, "P-01").window == window("09:00", "13:00")


def test_a_move_tells_what_it_breaks_though_no_duty_changes_hands(shell: Shell) -> None:
    assign(shell.planner, "P-01", "CA-0114")
    code = shell.planner.plan.assignments(VISIT)[0].code
    shell.planner.pin_assignments(VISIT, (code,), (), by=HOA, reason="Quen địa bàn")
    shell.planner.record_absence("CA-0114", absence("12:00", "14:00"), by=HOA)
    run = opened()
    run.segmented_control(key="roster_way").set_value("shift").run()

    run = proposed(shell, run)

    assert not run.exception
    assert [one.value for one in run.success] == []
    assert "What the rules find then" in [one.value for one in run.subheader]
    assert "R01 Officer double-booked" in said(run)


def test_what_was_asked_for_is_still_chosen_beside_its_proposal(shell: Shell) -> None:
    assign(shell.planner, "P-01", "CA-0114")
    run = opened()
    run.segmented_control(key="roster_way").set_value("shift").run()
    run.selectbox(key="roster_shift_unit").set_value("minutes").run()
    run.number_input(key="roster_shift_minutes").set_value(-30).run()

    run = proposed(shell, run)

    assert not run.exception
    assert (run.segmented_control(key="roster_way").value, run.selectbox(key="roster_shift_unit").value) == (
        "shift",
        "minutes",
    )
    assert run.number_input(key="roster_shift_minutes").value == -30


def test_officers_for_a_place_are_ranked_with_their_reasons(shell: Shell) -> None:
    run = proposed(shell, opened())

    assert "chosen: nothing speaks against it" in said(run)


def test_load_and_gaps_of_a_day_are_told(shell: Shell) -> None:
    assign(shell.planner, "P-01", "CA-0114")

    run = opened("load")

    assert not run.exception
    assert "Officers missing by site and hour" in said(run)
    assert "1 of 2 missing" in said(run)
    assert "Trần Đức Nghĩa" in said(run)


def test_an_auditor_sees_load_and_gaps_and_can_propose_nothing(tmp_path: Path) -> None:
    with small_force(tmp_path, Role.AUDITOR):
        run = opened()

        assert not run.exception
        assert [button.key for button in run.button if button.key == "propose"] == []


def test_the_board_says_how_many_places_were_not_measured(shell: Shell) -> None:
    for number in range(201):
        here = Coordinates(lat=19.8 + number / 1000, lon=102.13)
        shell.planner.create_post(VISIT, f"Q-{number:03d}", post_details(coordinates=here), by=HOA)
    among = places(shell.planner.plan, VISIT)
    nowhere = tuple((None,) * len(among) for _ in among)
    not_yet = said(opened())

    shell.planner.record_ways(VISIT, Roads(places=among, driving=nowhere), by=HOA)

    sentence = "At most 200 places are measured: 1 with fewest posts is not; the ways there are estimates."
    assert (sentence in not_yet, sentence in said(opened())) == (False, True)
