"""One visit from the first account to the restored backup, told through the command line alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from icalendar import Calendar
from openpyxl import load_workbook

from tests.acceptance.conftest import PEOPLE, RECORDED, VISIT
from tests.acceptance.prompt import Prompt, order
from tests.releases import ASKED_WHOLE

pytestmark = pytest.mark.slow


def test_the_plan_and_its_history_hold_what_was_told(site: Prompt) -> None:
    plan = site("plan", "--visit", VISIT, "--format", "json", "--as", "kiem").json
    history = site("history", "--format", "json").json

    assert [a["title"] for a in plan["visit"]["activities"]] == ["=Lễ đón", "Hội đàm"]
    assert [len(plan[kind]) for kind in ("venues", "posts", "assignments")] == [2, 2, 1]
    assert [officer["code"] for officer in plan["officers"]] == ["CA-1"]
    assert [row["position"] for row in history] == list(range(1, RECORDED + 1))
    assert {row["by"] for row in history} == {"hoa", "chief"}
    assert history[0]["reason"] == "Công hàm số 12"
    assert all(row["sentence"]["en"] and row["sentence"]["vi"] for row in history)


def test_nobody_is_booked_twice_and_the_next_line_goes_on(copy: Prompt) -> None:
    twice = order("assign_officer", visit=VISIT, post="P-2", officer="CA-1")
    other = order("assign_officer", visit=VISIT, post="P-2", officer="CA-2")

    refused, given = copy.do("hoa", twice, other, status=1)

    assert (refused["ok"], refused["refusal"], refused["rule"]) == (False, "OfficerDoubleBooked", "R01")
    assert "CA-1" in refused["message"]["en"]
    assert (given["ok"], given["position"]) == (True, RECORDED + 1)


def test_an_uncovered_critical_post_blocks_until_somebody_stands_there(copy: Prompt) -> None:
    before = copy("check", "--visit", VISIT, "--format", "json", status=1).json

    copy.do(
        "hoa",
        order("assign_officer", visit=VISIT, post="P-1", shift="C2", officer="CA-2"),
        order("assign_officer", visit=VISIT, post="P-2", officer="CA-2"),
    )
    after = copy("check", "--visit", VISIT, "--format", "json").json

    assert ("R05", "block") in {(found["rule"], found["severity"]) for found in before}
    assert [found for found in after if found["severity"] == "block" or found["rule"] == "R05"] == []


def test_the_difference_of_two_moments_is_told_and_undo_leaves_none(copy: Prompt) -> None:
    start = str(RECORDED)
    (moved,) = copy.do(
        "hoa", {**order("cancel_activity", "Khách mệt", visit=VISIT, activity="A-2"), "command_id": "C-1"}
    )
    told = copy("diff", "--from", start, "--format", "json").json["differences"]

    undone = copy("undo", "C-1", "--as", "hoa", "--reason", "Khách khoẻ lại").lines[0]
    left = copy("diff", "--from", start, "--format", "json").json["differences"]

    assert (moved["ok"], len(told), undone["ok"], left) == (True, 1, True, [])
    assert copy("history", "--format", "json").json[-1]["reason"] == "Khách khoẻ lại"


def test_what_goes_out_as_json_comes_in_at_another_site_as_the_same_plan(site: Prompt, tmp_path: Path) -> None:
    document = tmp_path / "visit.json"
    site("export", "--visit", VISIT, "--format", "json", "--out", document, *ASKED_WHOLE)
    other = Prompt(tmp_path)
    other("user", "add", "hoa", "--role", "planner")

    other("import", "visit", document, "--as", "hoa")
    again = other("import", "visit", document, "--as", "hoa", status=1)

    parts = [
        {k: v for k, v in one("plan", "--format", "json").json.items() if k not in {"position", "at"}}
        for one in (site, other)
    ]
    assert parts[0] == parts[1]
    assert again.err.count("\n") == 1


def test_calendar_workbook_and_sheets_come_out_with_names_as_typed(site: Prompt, tmp_path: Path) -> None:
    files = {form: tmp_path / f"visit.{form}" for form in ("ics", "xlsx", "pdf")}
    for form, out in files.items():
        site("export", "--visit", VISIT, "--format", form, "--out", out, *ASKED_WHOLE)
    site("export", "--officer", "CA-2", "--format", "pdf", "--out", tmp_path / "officer.pdf", *ASKED_WHOLE)

    titles = [str(entry["summary"]) for entry in Calendar.from_ical(files["ics"].read_bytes()).walk("VEVENT")]
    cells = [cell for sheet in load_workbook(files["xlsx"]) for row in sheet.iter_rows() for cell in row]
    assert titles == ["=Lễ đón", "Hội đàm"]
    assert [cell.data_type for cell in cells if cell.value == "=Lễ đón"] == ["s"]
    assert {out.read_bytes()[:5] for out in (files["pdf"], tmp_path / "officer.pdf")} == {b"%PDF-"}


def test_a_backup_is_restored_beside_as_the_same_plan_with_its_accounts(copy: Prompt, tmp_path: Path) -> None:
    copy("backup", "--out", tmp_path / "backup")
    copy.do("hoa", order("cancel_visit", "Hoãn", code=VISIT))
    other = Prompt(tmp_path / "other")
    other.place.mkdir()
    shutil.copy(copy.key, other.key)

    other("restore", tmp_path / "backup")

    restored = other("history", "--format", "json").json
    assert restored == copy("history", "--format", "json").json[:-1]
    accounts = {one["user"] for one in json.loads(other("user", "list", "--format", "json").out)}
    assert accounts >= {user for user, _ in PEOPLE}


def test_an_officer_is_made_from_a_person_and_may_not_read_the_plan(copy: Prompt) -> None:
    copy("user", "add", "thao", "--role", "officer", "--officer", "CA-1")
    (duty,) = copy("plan", "--visit", VISIT, "--format", "json").json["assignments"]

    (taken,) = copy.do("thao", order("acknowledge_assignment", visit=VISIT, code=duty["code"]))
    refused = copy("plan", "--as", "thao", status=1)

    assert taken["ok"]
    assert copy("plan", "--visit", VISIT, "--format", "json").json["assignments"][0]["status"] == "acknowledged"
    assert (refused.out, refused.err.count("\n")) == ("", 1)
