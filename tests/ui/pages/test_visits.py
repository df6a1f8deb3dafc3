"""The page «Visits»: visits, delegations and members are registered, changed, withdrawn and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from html import escape
from pathlib import Path

import orjson
import pytest
from streamlit.testing.v1 import AppTest

from domain.base import changed
from domain.values import PersonName
from planner.demo.cast import VISIT
from planner.demo.story import HOA
from planner.exports.plan_json import plan_json
from tests.demo_pages import said
from tests.examples import HOSTILE_NAMES, KHMER_GUEST
from tests.planning_pages import demo_seen_by, errors, new_site_seen_by, opened, pressed, told_to, widget
from ui.components.member_forms import script_of
from ui.shell import Shell

pytestmark = pytest.mark.slow


@pytest.fixture
def shell(told: Path, tmp_path: Path) -> Iterator[Shell]:
    with demo_seen_by("planner", told, tmp_path) as shell:
        yield shell


def typed(run: AppTest, label: str, value: str) -> None:
    widget(run, "text_input", label).set_value(value)


def test_on_a_new_site_the_form_is_open_and_registers_the_first_visit(tmp_path: Path) -> None:
    with new_site_seen_by("planner", tmp_path) as shell:
        run = opened("visits")
        year = (shell.planner.clock() + timedelta(days=14)).year
        typed(run, "Title of the visit", "Đoàn tỉnh Hủa Phăn")
        pressed(run, "register_visit")
        visits = shell.planner.plan.visits

    assert [(visit.key, visit.details.title) for visit in visits] == [(f"LA-{year}-01", "Đoàn tỉnh Hủa Phăn")]


def test_a_visit_that_ends_before_it_begins_is_refused(shell: Shell) -> None:
    run = opened("visits", "new_visit")
    typed(run, "Title of the visit", "Ngược ngày")
    first = widget(run, "date_input", "First day").value

    widget(run, "date_input", "Last day").set_value(first - timedelta(days=1))
    pressed(run, "register_visit")

    assert errors(run) == ["The last day of a visit must not be before its first day"]
    assert len(shell.planner.plan.visits) == 1


def test_a_code_that_is_taken_is_refused(shell: Shell) -> None:
    run = opened("visits", "new_visit")

    typed(run, "Code", VISIT)
    typed(run, "Title of the visit", "Trùng mã")
    pressed(run, "register_visit")

    assert errors(run) == [f"{VISIT} exists already; choose another code."]


def test_a_visit_is_cancelled_with_its_reason_and_takes_place_again(shell: Shell) -> None:
    run = opened("visits", "cancel_visit_form", visit=VISIT)

    pressed(run, "cancel_visit")
    refused = errors(run)
    typed(run, "Reason (needed)", "Bạn hoãn")
    pressed(run, "cancel_visit")
    cancelled = shell.planner.plan.visit(VISIT).cancelled
    pressed(run, "reinstate_visit")

    assert refused == ["Say why: this needs a reason."]
    assert cancelled
    assert not shell.planner.plan.visit(VISIT).cancelled


def test_a_delegation_is_entered_with_the_next_code(shell: Shell) -> None:
    run = opened("visits", "new_delegation", visit=VISIT)

    typed(run, "Name of the delegation", "Đoàn doanh nghiệp")
    pressed(run, "register_delegation")

    assert [one.code for one in shell.planner.plan.delegations(VISIT)] == ["D-1", "D-2"]


def test_a_delegation_is_withdrawn_and_comes_after_all(shell: Shell) -> None:
    run = opened("visits", "withdraw_delegation_form", visit=VISIT)

    typed(run, "Reason (needed)", "Bạn báo không sang")
    pressed(run, "withdraw_delegation")
    withdrawn = shell.planner.plan.delegation(VISIT, "D-1").withdrawn
    pressed(run, "reinstate_delegation")

    assert withdrawn
    assert not shell.planner.plan.delegation(VISIT, "D-1").withdrawn


def test_a_member_is_added_with_the_name_in_both_scripts(shell: Shell) -> None:
    run = opened("visits", "member_form_new", visit=VISIT)

    typed(run, "Name, romanised", KHMER_GUEST.romanised)
    typed(run, "Name in original script", KHMER_GUEST.original)
    typed(run, "Form of address", KHMER_GUEST.form_of_address)
    widget(run, "selectbox", "Spouse of").select("M-03")
    pressed(run, "save_member")

    member = shell.planner.plan.delegation(VISIT, "D-1").member("M-12")
    assert (member.name, member.spouse_of) == (KHMER_GUEST, "M-03")
    assert told_to(run) == f"{KHMER_GUEST.romanised} was added."
    assert f'<td lang="km" data-heading="Original script">{KHMER_GUEST.original}</td>' in said(run)


def test_the_table_follows_a_member_that_another_planner_changes(shell: Shell) -> None:
    before = said(opened("visits", visit=VISIT))
    member = shell.planner.plan.delegation(VISIT, "D-1").member("M-02")
    shell.planner.amend_member(VISIT, "D-1", changed(member, role="Cố vấn mới"), by=HOA)
    shell.accounts.set_look("planner", language="vi")
    after = said(opened("visits", visit=VISIT))

    assert ["Cố vấn mới" in one for one in (before, after)] == [False, True]
    assert ['data-heading="Spouse of"' in one for one in (before, after)] == [True, False]


def test_a_member_without_a_name_is_refused(shell: Shell) -> None:
    run = opened("visits", "member_form_new", visit=VISIT)

    pressed(run, "save_member")

    assert len(errors(run)) == 1
    assert errors(run)[0].endswith("must be one line with at least one visible character")


def test_a_member_becomes_head_and_later_does_not_come(shell: Shell) -> None:
    run = opened("visits", visit=VISIT, member="M-03")

    pressed(run, "designate_head")
    head = shell.planner.plan.delegation(VISIT, "D-1").head
    typed(run, "Reason (needed)", "Ốm")
    pressed(run, "remove_member")

    delegation = shell.planner.plan.delegation(VISIT, "D-1")
    assert head == "M-03"
    assert delegation.head is None
    assert "M-03" not in [member.code for member in delegation.members]


def test_announced_and_entered_members_are_compared(shell: Shell) -> None:
    run = opened("visits", visit=VISIT)

    assert "▲ 10 of 11 announced members entered" in said(run)


@pytest.mark.parametrize("name", [*HOSTILE_NAMES[:4], "**x**", "[a](javascript:1)", ":red[x]", "$x$"])
def test_names_come_out_exactly_as_typed(shell: Shell, name: str) -> None:
    member = shell.planner.plan.delegation(VISIT, "D-1").member("M-03")
    hostile = changed(member, name=PersonName(romanised=name, original=name), rank=name)
    shell.planner.amend_member(VISIT, "D-1", hostile, by=HOA)

    run = opened("visits", visit=VISIT)

    assert not run.exception
    assert said(run).count(f">{escape(name)}</td>") == 3
    assert f"M-03 · {name}" in widget(run, "selectbox", "Member to change").options


def test_who_may_not_change_sees_no_form(told: Path, tmp_path: Path) -> None:
    with demo_seen_by("auditor", told, tmp_path):
        run = opened("visits", visit=VISIT)

    assert not run.exception
    assert "ບຸນທະວີ" in said(run)
    assert [button.key for button in run.button] == []
    assert [part.label for part in run.expander] == ["Who belongs to this visit"]


@pytest.mark.parametrize(
    ("name", "language"), [("ບຸນທະວີ", "lo"), ("សុខា", "km"), ("Đặng", ""), ("สมชาย", "th"), ("", "")]
)
def test_the_script_of_a_name_says_which_font_and_voice_suit_it(name: str, language: str) -> None:
    assert script_of(name) == language


def document(shell: Shell, **renamed: str) -> bytes:
    """A visit as it is exported whole; under another code it has no duties, which would clash with its own."""
    told = orjson.loads(plan_json(shell.planner.plan, VISIT))
    if renamed:
        told["assignments"] = []
    told["visit"]["code"] = renamed.get("visit", VISIT)
    told["visit"]["title"] = HOSTILE_NAMES[2]
    return orjson.dumps(told)


def test_a_visit_comes_in_from_its_document_after_a_preview(shell: Shell) -> None:
    run = opened("visits", "visit_import")
    run.file_uploader[0].set_value(("v.json", document(shell, visit="LA-2030-09"), "application/json")).run()

    assert "&lt;b&gt;x&lt;/b&gt;" in said(run)
    assert "there already, just the same." in said(run)
    assert errors(run) == []
    assert any(button.key == "import_visit" for button in run.button)


def test_a_visit_whose_code_is_taken_is_told_before_and_not_offered(shell: Shell) -> None:
    position = shell.planner.plan.position

    run = opened("visits", "visit_import")
    run.file_uploader[0].set_value(("v.json", document(shell), "application/json")).run()

    assert "1 code is taken: nothing of the visit can be imported." in [w.value for w in run.warning]
    assert "a visit of that code exists" in said(run)
    assert [button.key for button in run.button if button.key == "import_visit"] == []
    assert shell.planner.plan.position == position


def test_what_is_no_document_of_a_visit_is_refused(shell: Shell) -> None:
    run = opened("visits", "visit_import")

    run.file_uploader[0].set_value(("v.json", b"PK\x03\x04", "application/json")).run()

    assert errors(run) == ["The file is not JSON. Take one that «planner plan --format json» wrote."]


def test_a_visit_that_shares_nothing_comes_in(shell: Shell) -> None:
    content = b'{"visit": {"code": "KH-2030-01", "title": "x", "first_day": "2030-11-24", "last_day": "2030-11-24"}}'
    run = opened("visits", "visit_import")
    run.file_uploader[0].set_value(("v.json", content, "application/json")).run()
    run.text_input(key="visit_import_reason_0").set_value("Tỉnh bạn gửi").run()

    pressed(run, "import_visit")

    assert shell.planner.plan.visit("KH-2030-01").details.title == "x"
    assert told_to(run) == "Visit KH-2030-01 was imported."
