"""The duty board's page: what is not covered, choosing an officer with the reason beside everybody who cannot."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from domain.assignment import AssignmentStatus, OverrideSigned
from domain.base import Actor, Role, changed
from domain.refusals import PlanningError
from planner.access.reader import Reader
from planner.exports.registers_xlsx import posts_workbook
from planner.text import Speaker
from tests.demo_pages import page, said
from tests.examples import (
    HOSTILE_NAMES,
    OTHER_VISIT,
    VISIT,
    officer_details,
    post_details,
    venue_details,
    visit_details,
    window,
)
from tests.planner.acting import HOA
from tests.releases import WHOLE
from tests.serving import PASSWORD
from tests.small_force import empty_site, small_force
from ui.downloads import fetched
from ui.plain_text import plain
from ui.shell import Shell

pytestmark = pytest.mark.slow
MARKDOWN = ("**x**", "[a](javascript:1)", ":red[x]", "$x$", "`x`", "# x", "->")


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    with small_force(tmp_path, Role.PLANNER) as shell:
        yield shell


def opened(post: str, **query: str) -> AppTest:
    run = page("duty_board")
    for name, asked in {"visit": VISIT, "view": "post", "post": post, **query}.items():
        run.query_params[name] = asked
    return run.run()


def picker(run: AppTest, post: str) -> dict[str, str]:
    """The officers that are offered by their codes, each with its label."""
    radio = run.radio(key=f"candidate_{VISIT}/{post}_ALL")
    return {label.split("(")[1].split(")")[0]: label for label in radio.options}


def choose(run: AppTest, post: str, officer: str) -> AppTest:
    return run.radio(key=f"candidate_{VISIT}/{post}_ALL").set_value(officer).run()


def way(run: AppTest, post: str, command: str) -> AppTest:
    return run.segmented_control(key=f"way_{VISIT}/{post}").set_value(command).run()


def test_a_site_without_visits_says_what_to_do(tmp_path: Path) -> None:
    with empty_site(tmp_path, Role.PLANNER):
        run = page("duty_board").run()

    assert not run.exception
    assert "There is no visit yet" in run.info[0].value


def test_a_visit_without_posts_offers_the_first_one(tmp_path: Path) -> None:
    with small_force(tmp_path, Role.PLANNER) as shell:
        for code in ("P-01", "P-02"):
            shell.planner.undo(_command_of(shell, code), by=HOA)
        shell.planner.register_visit(OTHER_VISIT, visit_details(title="Đoàn Campuchia"), by=HOA)
        run = page("duty_board")
        run.query_params["visit"] = OTHER_VISIT
        run.run()

        assert not run.exception
        assert "No post is planned yet" in run.info[0].value
        assert run.text_input(key="new_KH-2026-02_P-01_code").value == "P-01"


def _command_of(shell: Shell, post: str) -> str:
    return next(
        event.command_id
        for _, event in shell.planner.timeline.events(0, shell.planner.plan.position)
        if event.originator_id == f"post/{VISIT}/{post}"
    )


def test_the_board_counts_what_is_short_and_names_the_next_gaps(shell: Shell) -> None:
    run = page("duty_board").run()

    assert not run.exception
    assert "2 short" in said(run)
    assert ["P-01" in gap for gap in gaps(run)] == [True, False]


@pytest.mark.parametrize("view", ["board", "load"])
def test_the_hours_of_the_board_say_whose_clock_they_have(shell: Shell, view: str) -> None:
    shell.planner.amend_visit(VISIT, visit_details(zone="America/Santiago"), by=HOA)
    run = page("duty_board")
    run.query_params["view"] = view

    run.run()

    assert not run.exception
    assert run.selectbox(key="chosen_day").label == "Day (UTC-3)"
    assert ("Officers missing by site and hour (UTC-3)" in said(run)) == (view == "load")


def test_a_gap_names_the_task_of_its_post(shell: Shell) -> None:
    run = page("duty_board").run()

    task = plain(post_details().task)
    assert [task in gap for gap in gaps(run)] == [True, True]


def test_more_gaps_than_a_few_wait_behind_a_line_that_opens(shell: Shell) -> None:
    for number in range(3, 9):
        shell.planner.create_post(VISIT, f"P-0{number}", post_details(), by=HOA)
    run = page("duty_board").run()
    closed = gaps(run)

    run.session_state["more_gaps"] = True
    run.run()

    assert not run.exception
    assert (len(closed), len(gaps(run))) == (3, 8)
    last = gaps(run)[-1]
    run.button(key="gap_7").click().run()
    assert f"{run.query_params['post']} " in last


def gaps(run: AppTest) -> list[str]:
    """What the gaps say that are shown."""
    return [str(button.label) for button in run.button if (button.key or "").startswith("gap_")]


def test_a_gap_opens_its_post(shell: Shell) -> None:
    run = page("duty_board").run()

    run.button(key="gap_1").click().run()

    assert run.query_params["post"] == "P-02"
    assert run.selectbox(key="chosen_post").value == "P-02"


def test_the_board_follows_the_plan_and_the_names_of_its_places(shell: Shell) -> None:
    shell.planner.register_venue("V-01", venue_details(name="Nhà khách cũ", name_en=""), by=HOA)
    post = shell.planner.plan.post(VISIT, "P-01")
    shell.planner.amend_post(VISIT, "P-01", changed(post.details, venue="V-01"), by=HOA)
    before = chart(page("duty_board").run())
    venue = shell.planner.plan.venue("V-01")
    shell.planner.amend_venue("V-01", changed(venue.details, name="Nhà khách mới"), by=HOA)
    shell.planner.assign_officer(VISIT, "P-01", "CA-0113", by=HOA)
    after = chart(page("duty_board").run())

    assert ["NHÀ KHÁCH MỚI" in one for one in (before, after)] == [False, True]
    assert ["0/1" in one for one in (before, after)] == [True, True]
    assert ["1/1" in one for one in (before, after)] == [False, True]


def chart(run: AppTest) -> str:
    """What the chart of the board is drawn from."""
    return str(json.loads(run.get("vega_lite_chart")[0].proto.spec))


def test_a_free_officer_is_assigned_and_it_can_be_undone(shell: Shell) -> None:
    run = choose(opened("P-01"), "P-01", "CA-0114")

    run.button(key="assign").click().run()

    (duty,) = shell.planner.plan.assignments(VISIT)
    assert (duty.officer, duty.status) == ("CA-0114", AssignmentStatus.CONFIRMED)
    told = run.session_state["planner.told"]
    assert told.sentence.startswith("Trần Đức Nghĩa was assigned to P-01")
    assert told.command


def test_who_is_retired_is_no_choice(shell: Shell) -> None:
    free = next(iter(picker(opened("P-01"), "P-01")))
    shell.planner.retire_officer(free, by=HOA, reason="Nghỉ hưu")

    assert free not in picker(opened("P-01"), "P-01")


def test_who_was_assigned_is_no_choice_any_more_and_nothing_is_said_against_it(shell: Shell) -> None:
    run = choose(opened("P-01"), "P-01", "CA-0114")

    run.button(key="assign").click().run()

    assert not run.exception
    assert "CA-0114" not in picker(run, "P-01")
    assert [error.value for error in run.error] == []
    assert [button.key for button in run.button if button.key == "assign"] == []


def test_a_refusal_and_a_finding_have_the_clock_of_the_place(shell: Shell) -> None:
    shell.planner.amend_visit(VISIT, visit_details(zone="America/Santiago"), by=HOA)
    shell.planner.register_visit(OTHER_VISIT, visit_details(), by=HOA)
    shell.planner.assign_officer(VISIT, "P-01", "CA-0113", by=HOA)
    shell.planner.create_post(VISIT, "P-03", post_details("09:00", "10:00"), by=HOA)
    run = choose(opened("P-03"), "P-03", "CA-0113")

    run.button(key="assign").click().run()
    refused = run.error[-1].value
    run.text_input(key=f"authority_{VISIT}/P-03_ALL_CA-0113").set_value("Đại tá Nam")
    run.text_input(key=f"password_{VISIT}/P-03_ALL_CA-0113").set_value(PASSWORD)
    run.text_input(key=f"why_{VISIT}/P-03_ALL_CA-0113").set_value("Hai chốt cạnh nhau").run()
    run.button(key="assign").click().run()
    told = run.session_state["planner.told"].findings

    assert ("(UTC-3)" in refused, "(UTC+7)" in refused) == (True, False)
    assert told != ()
    assert [("(UTC-3)" in one, "(UTC+7)" in one) for one in told] == [(True, False)] * len(told)


def test_everybody_is_offered_with_the_reason_why_not_and_the_free_ones_first(shell: Shell) -> None:
    shell.planner.assign_officer(VISIT, "P-01", "CA-0113", by=HOA)

    run = opened("P-02")

    offered = picker(run, "P-02")
    captions = run.radio(key=f"candidate_{VISIT}/P-02_ALL").proto.captions
    assert set(offered) == {"CA-0113", "CA-0114", "CA-0115"}
    assert all("cannot" in label for label in offered.values())
    assert sum("R01" in caption for caption in captions) == 1
    assert sum("does not hold K9" in caption for caption in captions) == 2


def test_who_is_busy_is_refused_with_the_reason_while_choosing_and_another_is_taken(shell: Shell) -> None:
    shell.planner.assign_officer(VISIT, "P-01", "CA-0113", by=HOA)
    shell.planner.create_post(VISIT, "P-03", post_details("09:00", "10:00"), by=HOA)

    run = choose(opened("P-03"), "P-03", "CA-0113")
    shown = [error.value for error in run.error]
    run.button(key="assign").click().run()
    refused = run.error[-1].value
    choose(run, "P-03", "CA-0115").button(key="assign").click().run()

    assert len(shown) == 1
    assert "is in two places" in shown[0]
    assert "Choose another officer or another time" in refused
    assert [duty.officer for duty in shell.planner.plan.assignments_of_post(VISIT, "P-03")] == ["CA-0115"]


def test_an_override_needs_authority_signature_and_reason(shell: Shell) -> None:
    run = choose(opened("P-02"), "P-02", "CA-0114")
    key = f"{VISIT}/P-02_ALL_CA-0114"

    run.text_input(key=f"authority_{key}").set_value("Đại tá Nam").run()
    run.button(key="assign").click().run()
    unsigned = run.error[-1].value
    run.text_input(key=f"password_{key}").set_value(PASSWORD).run()
    run.button(key="assign").click().run()
    refused = run.error[-1].value
    run.text_input(key=f"why_{key}").set_value("Chó nghiệp vụ do đơn vị khác mang đến").run()
    run.button(key="assign").click().run()

    (duty,) = shell.planner.plan.assignments(VISIT)
    assert unsigned.replace("\\", "") == "Type your password: this is signed with it."
    assert "reason" in refused
    assert isinstance(list(shell.planner.timeline.events())[-1][1], OverrideSigned)
    assert duty.override is not None
    assert (duty.override.rules, duty.override.authority) == (("R04",), "Đại tá Nam")


def test_search_finds_names_without_diacritics(shell: Shell) -> None:
    run = opened("P-01")

    run.text_input(key=f"search_{VISIT}/P-01_ALL").set_value("dang thuy").run()

    assert list(picker(run, "P-01")) == ["CA-0115"]


def test_a_duty_is_withdrawn_only_with_a_reason_and_comes_back(shell: Shell) -> None:
    shell.planner.assign_officer(VISIT, "P-01", "CA-0113", by=HOA)
    run = opened("P-01")
    key = f"change_{VISIT}/A-0001_1"
    run.segmented_control(key=key).set_value("withdraw_assignment").run()

    run.button(key="change_duty").click().run()
    refused = run.error[0].value
    run.text_input(key=f"{key}_reason").set_value("ốm").run()
    run.button(key="change_duty").click().run()
    withdrawn = shell.planner.plan.assignment(VISIT, "A-0001").status
    way(run, "P-01", "")
    run.toggle(key=f"withdrawn_{VISIT}/P-01").set_value(True).run()
    run.button(key="change_duty").click().run()

    assert "needs a reason" in refused
    assert withdrawn is AssignmentStatus.WITHDRAWN
    assert shell.planner.plan.assignment(VISIT, "A-0001").status is AssignmentStatus.CONFIRMED


def test_a_post_is_created_with_the_next_code_and_opened(shell: Shell) -> None:
    run = page("duty_board")
    run.query_params["view"] = "new"
    run.run()

    run.text_input(key=f"new_{VISIT}_P-03_task").set_value("Gác <b>cổng</b>").run()
    run.button(key="create_post").click().run()

    assert shell.planner.plan.post(VISIT, "P-03").details.task == "Gác <b>cổng</b>"
    assert run.query_params["post"] == "P-03"


def test_a_post_asks_for_languages_a_licence_and_its_detail(shell: Shell) -> None:
    run = page("duty_board")
    run.query_params["view"] = "new"
    run.run()
    key = f"new_{VISIT}_P-03"
    run.text_input(key=f"{key}_task").set_value("Phiên dịch trên xe").run()
    run.multiselect(key=f"{key}_languages").set_value(["lo", "en"]).run()
    run.selectbox(key=f"{key}_licence").set_value("D1").run()
    run.text_input(key=f"{key}_detail").set_value("TIEP-CAN").run()

    run.button(key="create_post").click().run()

    details = shell.planner.plan.post(VISIT, "P-03").details
    assert (details.languages, details.licence, details.detail) == (("lo", "en"), "D1", "TIEP-CAN")


def test_a_post_without_task_and_one_with_a_taken_or_wrong_code_are_refused(shell: Shell) -> None:
    run = page("duty_board")
    run.query_params["view"] = "new"
    run.run()
    run.button(key="create_post").click().run()
    without_task = run.error[0].value
    run.text_input(key=f"new_{VISIT}_P-03_task").set_value("Gác").run()
    run.text_input(key=f"new_{VISIT}_P-03_code").set_value("P 03/x").run()
    run.button(key="create_post").click().run()
    wrong = run.error[0].value
    run.text_input(key=f"new_{VISIT}_P-03_code").set_value("P-01").run()
    run.button(key="create_post").click().run()

    assert "visible character" in without_task
    assert "short code" in wrong
    assert "P-01 exists already" in run.error[0].value
    assert len(shell.planner.plan.posts(VISIT)) == 2


def test_a_reversed_time_cannot_be_sent(shell: Shell) -> None:
    run = way(opened("P-01"), "P-01", "reschedule_post")
    key = f"time_{VISIT}/P-01_1"

    run.time_input(key=f"{key}_end").set_value(run.time_input(key=f"{key}_start").value).run()

    assert "The end must come after the beginning." in run.error[0].value
    assert run.button(key="reschedule_post").disabled


def test_moving_a_post_shows_what_it_would_break_before(shell: Shell) -> None:
    shell.planner.assign_officer(VISIT, "P-01", "CA-0113", by=HOA)
    shell.planner.create_post(VISIT, "P-03", post_details("14:00", "15:00"), by=HOA)
    shell.planner.assign_officer(VISIT, "P-03", "CA-0113", by=HOA)
    run = way(opened("P-03"), "P-03", "reschedule_post")
    key = f"time_{VISIT}/P-03_1"

    run.time_input(key=f"{key}_start").set_value(time(11)).run()

    assert "is in two places" in said(run)
    assert shell.planner.plan.post(VISIT, "P-03").window == window("14:00", "15:00")


def test_shifts_at_intervals_are_planned(shell: Shell) -> None:
    run = way(opened("P-01"), "P-01", "plan_shifts")

    run.number_input(key=f"relief_{VISIT}/P-01_1_hours").set_value(2.0).run()
    run.button(key="plan_shifts").click().run()

    speaker = Speaker("en")
    assert [speaker.times(one.window) for one in shell.planner.plan.post(VISIT, "P-01").shifts] == [
        "08:00–10:15",
        "10:00–12:00",
    ]


def test_a_post_is_cancelled_with_a_reason_and_reinstated(shell: Shell) -> None:
    run = way(opened("P-01"), "P-01", "cancel_post")
    run.button(key="cancel_post").click().run()
    refused = run.error[0].value
    run.text_input(key=f"cancel_{VISIT}/P-01_1").set_value("không cần nữa").run()
    run.button(key="cancel_post").click().run()
    cancelled = shell.planner.plan.post(VISIT, "P-01").cancelled
    run.button(key="reinstate_post").click().run()

    assert "needs a reason" in refused
    assert cancelled
    assert not shell.planner.plan.post(VISIT, "P-01").cancelled


@pytest.mark.parametrize("name", [*HOSTILE_NAMES, *MARKDOWN])
def test_names_are_shown_as_typed_and_do_nothing(shell: Shell, name: str) -> None:
    shell.planner.register_officer("CA-0200", officer_details(name, unit=name), by=HOA)
    shell.planner.create_post(VISIT, "P-09", post_details(task=name, place=name), by=HOA)

    run = choose(opened("P-09"), "P-09", "CA-0200")

    label = next(label for label in run.radio(key=f"candidate_{VISIT}/P-09_ALL").options if "0200" in label)
    assert not run.exception
    assert plain(name) in label
    assert plain(name) in run.markdown[0].value


def test_an_unknown_post_is_named_and_another_shown(shell: Shell) -> None:
    run = opened("P-77")

    assert not run.exception
    assert "There is no «P-77» here" in run.warning[0].value


def test_a_duty_in_the_address_opens_its_post(shell: Shell) -> None:
    shell.planner.assign_officer(VISIT, "P-02", "CA-0113", by=HOA)
    run = page("duty_board")
    run.query_params["assignment"] = "A-0001"
    run.run()

    assert run.selectbox(key="chosen_post").value == "P-02"
    assert run.selectbox(key=f"duty_{VISIT}/P-02").value == "A-0001"


def test_an_auditor_sees_the_board_and_no_way_to_change_it(tmp_path: Path) -> None:
    with small_force(tmp_path, Role.AUDITOR) as shell:
        shell.planner.assign_officer(VISIT, "P-01", "CA-0113", by=HOA)
        run = opened("P-01")

        assert not run.exception
        assert "Nguyễn Thị Phương Thảo" in said(run)
        assert [button.key for button in run.button] == []
        views = ["Board", "One post", "Conflicts", "Load and gaps", "Export"]
        assert run.segmented_control(key="duty_view").options == views
        assert run.segmented_control(key=f"way_{VISIT}/P-01").options == ["Duties"]


def test_posts_come_in_from_a_workbook_after_a_preview(shell: Shell) -> None:
    content = posts_workbook(shell.planner.plan, VISIT, Speaker("en"))
    shell.planner.amend_post(VISIT, "P-01", post_details(task="Khác"), by=HOA)
    run = page("duty_board")
    run.query_params["view"] = "files"
    run.run()

    run.file_uploader(key=f"posts_{VISIT}_file_0").set_value(("posts.xlsx", content, "")).run()
    label = run.button(key="import_rows").label
    run.button(key="import_rows").click().run()

    assert label == "Import 1 row"
    assert shell.planner.plan.post(VISIT, "P-01").details.task == post_details().task


def test_a_file_that_is_no_workbook_is_refused(shell: Shell) -> None:
    run = page("duty_board")
    run.query_params["view"] = "files"
    run.run()

    run.file_uploader(key=f"posts_{VISIT}_file_0").set_value(("posts.xlsx", b"no workbook", "")).run()

    assert not run.exception
    assert len(run.error) == 1


# Downloads


def test_duty_sheets_are_for_who_plans_commands_or_audits(shell: Shell) -> None:
    thao = Actor("thao", frozenset({Role.OFFICER}), officer="CA-0113")

    own = fetched("officer.pdf", Reader(shell.planner, HOA), {"officer": "CA-0113"}, WHOLE)
    refused = []
    for actor, code in ((thao, "CA-0114"), (HOA, "")):
        try:
            fetched("officer.pdf", Reader(shell.planner, actor), {"officer": code}, WHOLE)
        except PlanningError as refusal:
            refused.append(refusal.name)
    post = fetched("post.pdf", Reader(shell.planner, HOA), {"visit": VISIT, "post": "P-01", "language": "en"}, WHOLE)

    assert own.content.startswith(b"%PDF")
    assert post.content.startswith(b"%PDF")
    assert refused == ["NotAllowed", "NotFound"]
