"""The duty board proposes a roster, compares it, accepts it whole or in part, replaces somebody, and shows the load."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from domain.base import Actor, Role, changed
from domain.finding import Severity
from domain.rules import check
from domain.values import Coordinates
from domain.ways import MOST_PLACES, Roads
from planner.access.reader import Reader
from planner.routing.measuring import places
from tests.demo_pages import page, said
from tests.examples import PLANNING, VISIT, absence, post_details, qualification, window
from tests.planner.acting import HOA, assign
from tests.small_force import small_force
from ui.shell import Shell

pytestmark = pytest.mark.slow

LAN = Actor("lan", frozenset({Role.PLANNER}))


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    with small_force(tmp_path, Role.PLANNER) as shell:
        yield shell


def addressed(**asked: str) -> AppTest:
    """The board at an address, not yet run."""
    run = page("duty_board")
    for name, value in asked.items():
        run.query_params[name] = value
    return run


def opened(view: str = "roster", *parts: str) -> AppTest:
    """A view of the board, its ``parts`` (keys) open."""
    run = addressed(visit=VISIT, view=view)
    for key in parts:
        run.session_state[key] = True
    return run.run()


def told(shell: Shell) -> frozenset[str] | None:
    return Reader(shell.planner, LAN).clearance.told


def proposed(shell: Shell, run: AppTest, button: str = "propose") -> AppTest:
    """The page once the proposal is there; it is made beside the page."""
    run.button(key=button).click().run()
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
    assert box.label.endswith(": – → Đại uý Nguyễn Thị Phương Thảo (CA-0113)")
    told_of = run.session_state["planner.told"].sentence
    assert told_of == "1 change of the proposal was accepted, with what it needs."


def test_the_rest_of_a_proposal_stays_to_be_accepted(shell: Shell) -> None:
    run = proposed(shell, opened())
    run.checkbox(key="tick_P-02/ALL").check().run()
    run.button(key="accept_part").click().run()

    rest = [one.value for one in run.caption]
    boxes = [box.key for box in run.checkbox if str(box.key).startswith("tick_")]
    run.button(key="accept_all").click().run()

    assert not run.exception
    assert ("A part of it was accepted; this is the rest." in rest, boxes) == (True, ["tick_P-01/ALL"])
    assert [post for post, _ in on_duty(shell)] == ["P-01", "P-02"]
    assert shell.rosters.of(VISIT, told(shell)) is None


def test_of_a_visit_that_is_moved_no_rest_is_kept(shell: Shell) -> None:
    """What is left would move it once more."""
    for post, officer in (("P-01", "CA-0114"), ("P-02", "CA-0113")):
        assign(shell.planner, post, officer)
        shell.planner.record_absence(officer, absence("14:00", "15:00"), by=HOA)
    run = opened()
    run.segmented_control(key="roster_way").set_value("shift").run()
    run.number_input(key="roster_shift_hours").set_value(3).run()
    run = proposed(shell, run)

    first = next(box for box in run.checkbox if str(box.key).startswith("tick_"))
    first.check().run()
    run.button(key="accept_part").click().run()

    assert not run.exception
    assert shell.rosters.of(VISIT, told(shell)) is None
    assert shell.planner.plan.post(VISIT, "P-01").window == window("11:00", "15:00")


def test_a_change_beyond_the_boxes_is_accepted_by_searching_for_it(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.components.roster_accepting.MOST", 1)
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
    assert any("1 place stays open, 0 at critical posts" in one.value for one in told_before)


def test_a_pin_is_recorded_with_its_reason_and_obeyed(shell: Shell) -> None:
    assign(shell.planner, "P-01", "CA-0113")
    code = shell.planner.plan.assignments(VISIT)[0].code
    run = opened("roster", "roster_pins")
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


def test_a_visit_that_somebody_moved_meanwhile_is_moved_further_only_when_that_is_asked(shell: Shell) -> None:
    assign(shell.planner, "P-01", "CA-0114")
    run = opened()
    run.segmented_control(key="roster_way").set_value("shift").run()
    run = proposed(shell, run)
    shell.planner.shift_visit(VISIT, 60, by=HOA)

    # The press reaches a page that has been drawn before the visit was moved.
    moved = run.button(key="accept_all").click().run()
    warned, buttons = [one.value for one in moved.warning], {one.key: one.label for one in moved.button}
    once = shell.planner.plan.post(VISIT, "P-01").window
    filled = proposed(shell, moved, "roster_stay")

    told = "The visit was moved 1 h later by planner.hoa"
    assert [one.startswith(told) for one in warned] == [True]
    assert buttons["roster_stay"] == "Fill the roster as it now stands"
    assert buttons["roster_again"] == "Move it a further 1 h later"
    assert (once, "accept_all" in buttons) == (window("09:00", "13:00"), False)
    assert "The whole visit is to be" not in said(filled)
    filled.button(key="accept_all").click().run()
    assert shell.planner.plan.post(VISIT, "P-01").window == window("09:00", "13:00")
    assert on_duty(shell) == [("P-01", "CA-0114"), ("P-02", "CA-0113")]


def test_a_visit_is_moved_further_where_that_is_meant(shell: Shell) -> None:
    run = opened()
    run.segmented_control(key="roster_way").set_value("shift").run()
    run = proposed(shell, run)
    shell.planner.shift_visit(VISIT, 60, by=HOA)

    run = proposed(shell, run.run(), "roster_again")

    assert "09:00–15:00 (UTC+7) to Tue 24/11/2026 10:00–16:00" in said(run)
    run.button(key="accept_all").click().run()
    assert shell.planner.plan.post(VISIT, "P-01").window == window("10:00", "14:00")


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
    proposed(shell, opened())

    run = opened("roster", "roster_why")

    assert "chosen: nothing speaks against it" in said(run)


def test_load_and_gaps_of_a_day_are_told(shell: Shell) -> None:
    assign(shell.planner, "P-01", "CA-0114")

    run = opened("load")

    assert not run.exception
    assert "Officers missing by site and hour" in said(run)
    assert "1 of 2 missing" in said(run)
    assert "Trần Đức Nghĩa" in said(run)


def test_gaps_are_told_by_post_and_by_unit_too(shell: Shell) -> None:
    shell.planner.appoint_commander(VISIT, "P-02", "CA-0113", by=HOA)
    run = opened("load")

    by_post = run.segmented_control(key="heat_by").set_value("post").run()
    posts = said(by_post)
    units = said(by_post.segmented_control(key="heat_by").set_value("unit").run())

    unit = shell.planner.plan.officer("CA-0113").details.unit
    assert [f'<th scope="row"><span title="{code} · ' in posts for code in ("P-01", "P-02")] == [True, True]
    assert [f">{name}</span></th>" in units for name in (unit, "No commander named")] == [True, True]


def test_an_auditor_sees_load_and_gaps_and_can_propose_nothing(tmp_path: Path) -> None:
    with small_force(tmp_path, Role.AUDITOR):
        run = opened()

        assert not run.exception
        assert [button.key for button in run.button if button.key == "propose"] == []


def test_the_board_says_how_many_places_were_not_measured(shell: Shell) -> None:
    for number in range(MOST_PLACES + 1):
        here = Coordinates(lat=19.1 + number / 1000, lon=102.13)
        shell.planner.create_post(VISIT, f"Q-{number:04d}", post_details(coordinates=here), by=HOA)
    among = places(shell.planner.plan, VISIT)
    to_the_first = [[60 if other == 0 != one else None for other in range(len(among))] for one in range(len(among))]
    not_yet = said(opened())

    shell.planner.record_ways(VISIT, Roads.of(among, to_the_first), by=HOA)

    left_out = "At most 1,000 places are measured: 1 with fewest posts is not; the ways there are estimates."
    counted = (
        "Of 1,001,000 ways between 1,001 places 999 are measured; the other 1,000,001 are estimates where no route"
    )
    now = said(opened())
    assert [(one in not_yet, one in now) for one in (left_out, counted)] == [(False, True), (False, True)]


def test_the_board_says_nothing_of_estimates_where_all_ways_are_measured(shell: Shell) -> None:
    for number in range(2):
        here = Coordinates(lat=19.1 + number / 1000, lon=102.13)
        shell.planner.create_post(VISIT, f"Q-{number}", post_details(coordinates=here), by=HOA)
    among = places(shell.planner.plan, VISIT)
    shell.planner.record_ways(VISIT, Roads.of(among, [[60] * len(among)] * len(among)), by=HOA)

    now = said(opened())

    assert ("as measured on the map" in now, "estimates" in now) == (True, False)


def test_a_repair_that_leaves_a_critical_post_empty_is_proposed_anew_in_one_press(shell: Shell) -> None:
    """CA-0113 alone holds the qualification of P-02, which is critical now, and stands at P-01."""
    shell.planner.grant_qualification("CA-0114", qualification("K9"), by=HOA)
    details = shell.planner.plan.post(VISIT, "P-02").details
    shell.planner.amend_post(VISIT, "P-02", changed(details, critical=True, required=("K9",)), by=HOA)
    assign(shell.planner, "P-01", "CA-0113")
    assign(shell.planner, "P-02", "CA-0114")
    shell.planner.retire_officer("CA-0115", by=HOA, reason="Nghỉ hưu")
    run = opened()
    run.segmented_control(key="roster_way").set_value("lost").run()
    run.multiselect(key="roster_without").set_value(["CA-0114"]).run()
    run = proposed(shell, run)
    repaired = [one.value for one in run.warning]

    run = proposed(shell, run, "roster_anew")
    run.button(key="accept_all").click().run()

    assert ["1 place stays open, 1 at critical posts" in one for one in repaired] == [True]
    assert not run.exception
    assert on_duty(shell) == [("P-02", "CA-0113")]


def test_a_proposal_is_made_again_once_the_plan_has_moved(shell: Shell) -> None:
    run = proposed(shell, opened())
    shell.planner.record_absence("CA-0114", absence("08:00", "14:00"), by=HOA)
    shell.planner.record_absence("CA-0115", absence("08:00", "14:00"), by=HOA)

    run = proposed(shell, run.run(), "roster_again")
    run.button(key="accept_all").click().run()

    assert not run.exception
    assert on_duty(shell) == [("P-02", "CA-0113")]


def test_another_officer_is_put_in_the_proposal(shell: Shell) -> None:
    proposed(shell, opened())
    run = opened("roster", "roster_why")
    first = run.selectbox(key="roster_place").options[0]
    names = {code: shell.planner.plan.officer(code).name.romanised for code in ("CA-0114", "CA-0115")}
    other = "CA-0115" if names["CA-0114"] in first else "CA-0114"

    run.selectbox(key="instead").set_value(other).run()
    run.button(key="take_instead").click().run()
    told = [one.value for one in run.caption]
    run.button(key="accept_all").click().run()

    assert not run.exception
    assert (first[:4], ["changed by hand" in one for one in told].count(True)) == ("P-01", 1)
    assert on_duty(shell) == [("P-01", other), ("P-02", "CA-0113")]


def test_what_was_not_seen_is_not_accepted(shell: Shell) -> None:
    """Two tabs: in the other one somebody asks anew while this one still shows the earlier proposal."""
    run = proposed(shell, opened())
    shell.planner.record_absence("CA-0113", absence("08:00", "14:00"), by=HOA)
    proposed(shell, opened())

    run.button(key="accept_all").click().run()
    refused = [one.value for one in run.warning]
    nothing = on_duty(shell)
    run.button(key="accept_all").click().run()

    assert ["Another roster was proposed since you looked" in one for one in refused] == [True]
    assert nothing == []
    assert [post for post, _ in on_duty(shell)] == ["P-01"]


def test_whom_the_address_names_is_chosen_to_be_replaced(shell: Shell) -> None:
    assign(shell.planner, "P-01", "CA-0114")
    run = addressed(visit=VISIT, view="roster", replace="CA-0114").run()

    assert (run.segmented_control(key="roster_way").value, run.multiselect(key="roster_without").value) == (
        "lost",
        ["CA-0114"],
    )
    assert not run.button(key="propose").disabled


def test_whom_the_address_names_without_a_duty_is_said_to_have_none(shell: Shell) -> None:
    run = addressed(visit=VISIT, view="roster", replace="CA-0115").run()

    assert ["no duty in this visit" in one.value for one in run.warning] == [True]


def test_a_duty_leads_to_the_replacement_of_its_officer(shell: Shell) -> None:
    assign(shell.planner, "P-01", "CA-0114")
    run = addressed(visit=VISIT, post="P-01", assignment="A-0001").run()

    run.button(key="replace_officer").click().run()

    assert run.multiselect(key="roster_without").value == ["CA-0114"]


def test_a_visit_whose_posts_have_begun_is_told_to_have_nothing_to_fill(shell: Shell) -> None:
    for code in ("P-01", "P-02"):
        shell.planner.cancel_post(VISIT, code, by=HOA, reason="Bỏ")

    run = proposed(shell, opened())

    assert not run.exception
    assert ["There is no place to fill" in one.value for one in run.info] == [True]
    assert [one.value for one in run.success] == []


def test_who_could_be_a_backup_stands_first_and_is_marked(shell: Shell) -> None:
    details = shell.planner.plan.post(VISIT, "P-01").details
    shell.planner.amend_post(VISIT, "P-01", changed(details, critical=True), by=HOA)
    assign(shell.planner, "P-01", "CA-0114")
    assign(shell.planner, "P-02", "CA-0113")
    post = shell.planner.plan.post(VISIT, "P-01")
    run = addressed(visit=VISIT, post="P-01", view="post")
    run.session_state[f"way_{post.key}"] = "amend_post"
    run.run()

    offered = run.multiselect(key=f"amend_{post.key}_{post.version}_backups").options

    # P-02 overlaps: who is on duty there at the same time is no backup.
    assert (offered[0], [one.startswith("✔") for one in offered]) == (
        "✔ Đặng Thuỳ Dương (CA-0115)",
        [True, False, False],
    )
