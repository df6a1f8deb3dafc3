"""The page of officers: the register in Vietnamese order, one officer with everything, and the forms."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, time, timedelta
from html import escape
from pathlib import Path

import pytest
from openpyxl import Workbook
from streamlit.testing.v1 import AppTest

from domain.base import Role
from domain.officer import Absence, AbsenceKind
from domain.values import Qualification, TimeWindow
from planner.exports.registers_xlsx import officers_workbook
from planner.text import Speaker
from tests.demo_pages import page, said
from tests.examples import HOSTILE_NAMES, VISIT, absence, at, officer_details, qualification
from tests.planner.acting import HOA
from tests.planning_pages import told_to
from tests.small_force import empty_site, small_force
from ui.plain_text import plain
from ui.shell import Shell

pytestmark = pytest.mark.slow


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    with small_force(tmp_path, Role.PLANNER) as shell:
        yield shell


def opened(code: str = "CA-0113", part: str = "duties") -> AppTest:
    run = page("officers")
    run.query_params["officer"] = code
    run.run()
    return run if part == "duties" else run.segmented_control(key="officer_part").set_value(part).run()


def view(name: str) -> AppTest:
    run = page("officers")
    run.query_params["view"] = name
    return run.run()


def test_an_empty_register_offers_the_first_officer(tmp_path: Path) -> None:
    with empty_site(tmp_path, Role.PLANNER):
        run = page("officers").run()

        assert not run.exception
        assert "No officer is registered yet" in run.info[0].value
        assert run.text_input(key="new_officer_CA-01_code").value == "CA-01"


def test_the_register_is_in_the_order_of_given_names(shell: Shell) -> None:
    run = page("officers").run()

    told = said(run)
    assert not run.exception
    assert told.index("Đặng Thuỳ Dương") < told.index("Trần Đức Nghĩa") < told.index("Nguyễn Thị Phương Thảo")


def test_retired_officers_are_counted_apart(shell: Shell) -> None:
    before = page("officers").run().caption[0].value
    shell.planner.retire_officer("CA-0114", by=HOA, reason="nghỉ hưu")

    after = page("officers").run().caption[0].value

    assert before == f"{len(shell.planner.plan.officers)} officers"
    assert after == f"{len(shell.planner.plan.officers) - 1} officers · 1 retired"


def test_a_retired_officer_is_not_spoken_of_like_a_venue(shell: Shell) -> None:
    shell.planner.retire_officer("CA-0114", by=HOA, reason="nghỉ hưu")

    assert "✕ retired from duty" in said(page("officers").run())
    assert Speaker("vi")("retired from duty") == "đã thôi phân công"
    assert Speaker("vi")("retired") == "ngừng dùng"


def test_officers_are_found_without_diacritics_and_by_unit(shell: Shell) -> None:
    shell.planner.register_officer("CA-0300", officer_details("Đặng Văn Út", unit="Đội 9"), by=HOA)
    run = page("officers").run()

    run.text_input(key="register_search").set_value("dang").run()
    both = run.selectbox(key="register_open").options
    run.selectbox(key="register_unit").set_value("Đội 9").run()
    one = run.selectbox(key="register_open").options
    run.text_input(key="register_search").set_value("nobody").run()

    assert [label.split(" (")[0] for label in both] == ["Đặng Thuỳ Dương", "Đặng Văn Út"]
    assert len(one) == 1
    assert "No officer is called like this" in run.info[0].value


def test_a_name_chosen_in_the_register_opens_its_officer(shell: Shell) -> None:
    run = page("officers").run()

    run.selectbox(key="register_open").set_value("CA-0114").run()

    assert run.query_params["officer"] == "CA-0114"
    assert run.selectbox(key="chosen_officer").value == "CA-0114"


def test_an_officer_is_registered_with_the_next_code(shell: Shell) -> None:
    run = view("new")
    run.text_input(key="new_officer_CA-0116_name").set_value("=Hùng O'Brien").run()
    run.selectbox(key="new_officer_CA-0116_unit").set_value("Phòng Cảnh sát bảo vệ").run()

    run.button(key="register_officer").click().run()

    assert shell.planner.plan.officer("CA-0116").name.romanised == "=Hùng O'Brien"
    assert run.query_params["officer"] == "CA-0116"


def test_an_officer_without_name_and_one_with_a_taken_code_are_refused(shell: Shell) -> None:
    run = view("new")
    run.button(key="register_officer").click().run()
    nameless = run.error[0].value
    run.text_input(key="new_officer_CA-0116_name").set_value("Hùng").run()
    run.selectbox(key="new_officer_CA-0116_unit").set_value("Phòng Cảnh sát bảo vệ").run()
    run.text_input(key="new_officer_CA-0116_code").set_value("CA-0113").run()
    run.button(key="register_officer").click().run()

    assert "visible character" in nameless
    assert "exists already" in run.error[0].value
    assert len(shell.planner.plan.officers) == 3


def test_details_are_changed_and_the_rest_stays(shell: Shell) -> None:
    run = opened(part="amend")
    before = shell.planner.plan.officer("CA-0113").details

    run.text_input(key="officer_CA-0113_2_callsign").set_value("Sao Mai").run()
    run.button(key="amend_officer").click().run()

    after = shell.planner.plan.officer("CA-0113").details
    assert (after.callsign, after.languages, after.name) == ("Sao Mai", before.languages, before.name)


def test_an_officer_is_retired_with_a_reason_and_comes_back(shell: Shell) -> None:
    run = opened(part="retire")
    run.button(key="retire_officer").click().run()
    refused = run.error[0].value
    run.text_input(key="retire_CA-0113_2").set_value("nghỉ hưu").run()
    run.button(key="retire_officer").click().run()
    retired = shell.planner.plan.officer("CA-0113").retired
    run.button(key="reinstate_officer").click().run()

    assert "needs a reason" in refused
    assert retired
    assert not shell.planner.plan.officer("CA-0113").retired


def test_a_qualification_is_granted_for_whole_days(shell: Shell) -> None:
    run = opened("CA-0114", "skills")
    key = "grant_CA-0114_1"

    run.selectbox(key=f"{key}_code").set_value("K9").run()
    run.date_input(key=f"{key}_from").set_value(date(2026, 11, 24)).run()
    run.date_input(key=f"{key}_through").set_value(date(2026, 11, 25)).run()
    run.button(key="grant_qualification").click().run()

    held = shell.planner.plan.officer("CA-0114").qualification("K9")
    assert held is not None
    assert (held.valid.start, held.valid.end) == (at("00:00"), at("24:00", 2))


def test_a_qualification_that_ends_before_it_begins_is_refused(shell: Shell) -> None:
    run = opened("CA-0114", "skills")

    run.selectbox(key="grant_CA-0114_1_code").set_value("K9").run()
    run.date_input(key="grant_CA-0114_1_through").set_value(date(2026, 1, 1)).run()
    run.button(key="grant_qualification").click().run()

    assert "must be after its start" in run.error[0].value
    assert shell.planner.plan.officer("CA-0114").qualifications == ()


def test_a_qualification_is_revoked_and_removed_with_a_reason(shell: Shell) -> None:
    run = opened(part="skills")
    run.button(key="revoke_qualification").click().run()
    refused = run.error[0].value
    run.text_input(key="revoke_CA-0113_2_reason").set_value("hết sát hạch").run()
    run.button(key="revoke_qualification").click().run()
    held = shell.planner.plan.officer("CA-0113").qualification("K9")
    run.text_input(key="revoke_CA-0113_3_reason").set_value("nhập nhầm").run()
    run.button(key="remove_qualification").click().run()

    assert "needs a reason" in refused
    assert held is not None
    assert held.revoked_from is not None
    assert shell.planner.plan.officer("CA-0113").qualifications == ()


@pytest.mark.parametrize(("last", "told"), [(-1, "lapsed"), (3, "lapses soon"), (300, "✔ valid")])
def test_a_lapsing_qualification_says_so(shell: Shell, last: int, told: str) -> None:
    now = shell.planner.clock()
    valid = TimeWindow(start=now - timedelta(days=100), end=now + timedelta(days=last))
    shell.planner.grant_qualification("CA-0114", Qualification(code="Sơ cứu", valid=valid), by=HOA)

    assert told in said(opened("CA-0114", "skills"))


def test_an_absence_shows_the_duties_it_hits_and_can_be_cancelled(shell: Shell) -> None:
    shell.planner.assign_officer(VISIT, "P-01", "CA-0113", by=HOA)
    run = opened(part="absences")
    key = "absence_CA-0113_2"
    run.date_input(key=f"{key}_day").set_value(date(2026, 11, 24)).run()
    run.time_input(key=f"{key}_start").set_value(time(9)).run()

    warned = said(run)
    run.button(key="record_absence").click().run()
    recorded = shell.planner.plan.officer("CA-0113").absences
    run.button(key="cancel_absence").click().run()

    assert "1 duty falls into this time" in warned
    assert [one.code for one in recorded] == ["V-01"]
    assert shell.planner.plan.officer("CA-0113").absences == ()


def test_an_absence_is_changed_with_its_reason(shell: Shell) -> None:
    shell.planner.record_absence("CA-0113", absence("08:00", "12:00"), by=HOA)
    run = opened(part="absences")
    key = f"absent_CA-0113_{shell.planner.plan.officer('CA-0113').version}"
    kind = run.selectbox(key=f"{key}_ABS-1_kind").value

    run.time_input(key=f"{key}_ABS-1_end").set_value(time(15)).run()
    run.text_input(key=f"{key}_reason").set_value("Về muộn").run()
    run.button(key="amend_absence").click().run()

    event = shell.planner.timeline.recent(1)[0][1]
    assert not run.exception
    assert (kind, event.reason) == (AbsenceKind.SICK, "Về muộn")
    assert shell.planner.plan.officer("CA-0113").absences == (absence("08:00", "15:00"),)


def test_who_is_away_now_is_marked_in_the_register(shell: Shell) -> None:
    now = shell.planner.clock()
    away = Absence(code="V-01", window=TimeWindow(start=now, end=at("12:00")), kind=AbsenceKind.SICK)
    shell.planner.record_absence("CA-0113", away, by=HOA)
    shell.planner.record_absence("CA-0114", absence("08:00", "12:00"), by=HOA)

    told = said(page("officers").run())

    assert told.count("sick leave") == 1
    assert told.count("available") == 2


def test_an_unknown_officer_is_named(shell: Shell) -> None:
    run = opened("CA-9999")

    assert not run.exception
    assert "There is no «CA-9999» here" in run.warning[0].value


@pytest.mark.parametrize("name", [*HOSTILE_NAMES, "**x**", "[a](javascript:1)", ":red[x]", "$x$"])
def test_names_are_shown_as_typed_and_do_nothing(shell: Shell, name: str) -> None:
    details = officer_details(name, unit=name, rank=name, callsign=name, phone=name)
    shell.planner.register_officer("CA-0200", details, by=HOA)
    shell.planner.grant_qualification("CA-0200", qualification(name), by=HOA)

    listed, run = said(page("officers").run()), opened("CA-0200", "skills")

    assert not run.exception
    assert escape(name) in listed
    assert escape(name) in said(run)
    assert plain(name) in run.markdown[0].value


def test_an_auditor_sees_the_register_and_no_way_to_change_it(tmp_path: Path) -> None:
    with small_force(tmp_path, Role.AUDITOR):
        listed, run = page("officers").run(), opened(part="skills")

        assert not run.exception
        assert listed.segmented_control(key="officers_view").options == ["Register", "One officer", "Export"]
        assert run.segmented_control(key="officer_part").options == ["Duties", "Qualifications", "Absences"]
        assert [button.key for button in run.button] == []


def sent(run: AppTest, *rows: tuple[str, ...]) -> AppTest:
    """The page after a workbook with these officers and one stray qualification was chosen."""
    book = Workbook()
    officers, skills = book.worksheets[0], book.create_sheet("Qualifications")
    for row in (("Code", "Name", "Unit"), *rows):
        officers.append(row)
    for row in (("Officer", "Qualification", "Valid from", "Valid through"), ("X-1", "K9", "01/11/2026", "02/11/2026")):
        skills.append(row)
    stream = io.BytesIO()
    book.save(stream)
    turn = run.session_state["import.officers.round"]
    return run.file_uploader(key=f"officers_file_{turn}").set_value(("a.xlsx", stream.getvalue(), "")).run()


def test_what_stays_out_of_an_import_is_counted_before_and_after_and_its_sheet_is_named(shell: Shell) -> None:
    good, bad = ("TX-1", "ສຸກສະຫວັນ ພົມມະຈັນ", "PC08"), ("TX-2", "", "PC08")
    run = sent(view("files"), good, bad)
    before = [one.value for one in run.warning]
    table = next(one.proto.body for one in run.get("html") if "Preview, rows" in one.proto.body)

    after = told_to(run.button(key="import_rows").click().run())
    again = [one.value for one in sent(run, good, bad).warning]

    assert before == ["1 row can be imported; 2 rows cannot and stay out."]
    assert "2<small>Qualifications</small>" in table
    assert after == "1 row was imported. 2 rows stayed out."
    assert again == ["1 row changes nothing; 2 rows cannot and stay out."]


def test_of_a_long_workbook_the_preview_says_how_much_of_it_is_shown(shell: Shell) -> None:
    run = sent(view("files"), *((f"TX-{n}", f"Nguyễn Văn {n}", "PC08") for n in range(300)))

    assert "The first 300 of 301 rows are shown." in " ".join(one.proto.body for one in run.get("html"))


def test_officers_come_in_from_a_workbook_after_a_preview(shell: Shell) -> None:
    content = officers_workbook(shell.planner.plan, Speaker("en"))
    shell.planner.amend_officer("CA-0114", officer_details("Trần Đức Nghĩa", unit="Đội 9"), by=HOA)
    run = view("files")

    run.file_uploader(key="officers_file_0").set_value(("officers.xlsx", content, "")).run()
    label = run.button(key="import_rows").label
    run.button(key="import_rows").click().run()

    assert label == "Import 1 row"
    assert shell.planner.plan.officer("CA-0114").details.unit == "Phòng Cảnh sát bảo vệ"
