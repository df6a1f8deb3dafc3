"""Visits, programmes and registers come in and go out through files, hostile names as typed."""

from __future__ import annotations

import io
import json
import re
import shutil
from pathlib import Path

import pytest
from icalendar import Calendar
from openpyxl import load_workbook

from tests.examples import HOSTILE_NAMES
from tests.planner.cli.conftest import ASSIGNED, OFFICER, POST, VISIT, Answer, Terminal, order
from tests.releases import ASKED, ASKED_WHOLE, RECIPIENT

LOST_POST = json.dumps(
    {
        "visit": {"code": "V-1", "title": "x", "first_day": "2026-11-24", "last_day": "2026-11-24"},
        "assignments": [
            {
                "code": "A-1",
                "post": "P-1",
                "shift": "ALL",
                "officer": "CA-1",
                "window": {"start": "2026-11-24T08:00Z", "end": "2026-11-24T09:00Z"},
            }
        ],
    }
).encode()


def activity(code: str, title: str, start: str = "09:00", end: str = "10:00") -> dict[str, object]:
    day = "2026-11-24T"
    window = {"start": f"{day}{start}:00+07:00", "end": f"{day}{end}:00+07:00"}
    slot = {"code": code, "type": "talks", "title": title, "host": title, "notes": title, "window": window}
    return order("schedule_activity", visit="LA-2026-01", activity=slot)


@pytest.fixture
def planned(terminal: Terminal) -> Terminal:
    """A visit whose activities and officers have hostile names."""
    officers = [
        order("register_officer", code=f"CA-{n}", officer={"name": {"romanised": name}, "unit": name})
        for n, name in enumerate(HOSTILE_NAMES, 10)
    ]
    activities = [activity(f"A-{n:02d}", name) for n, name in enumerate(HOSTILE_NAMES)]
    assigned = [
        order("assign_officer", visit="LA-2026-01", post="P-07", officer=f"CA-{n}")
        for n, _ in enumerate(HOSTILE_NAMES, 10)
    ]
    terminal.do(VISIT, OFFICER, POST, ASSIGNED, *activities, *officers, *assigned)
    return terminal


def exported(terminal: Terminal, form: str, out: Path, *more: str) -> bytes:
    answer = terminal("export", "--visit", "LA-2026-01", "--format", form, "--out", out, *ASKED_WHOLE, *more)
    assert answer.status == 0
    assert re.fullmatch(f"Issued to {RECIPIENT} by @\\S+, .* · Record ....-...., whole\n", answer.err)
    return out.read_bytes()


def elsewhere(terminal: Terminal, settled: Path, tmp_path: Path) -> Terminal:
    """Another site's data, with the same accounts."""
    other = Terminal(tmp_path / "elsewhere", settled / "site.key", terminal.capsys, terminal.monkeypatch)
    shutil.copytree(settled / "data", other.data)
    return other


def test_a_visit_that_goes_out_comes_in_elsewhere_as_it_was(planned: Terminal, settled: Path, tmp_path: Path) -> None:
    document = json.loads(exported(planned, "json", tmp_path / "visit.json"))
    other = elsewhere(planned, settled, tmp_path)

    answer = other("import", "visit", tmp_path / "visit.json", "--as", "hoa", "--reason", "chuyển từ tỉnh bạn")

    arrived = other("plan", "--visit", "LA-2026-01", "--format", "json").json
    assert answer.status == 0
    assert document.pop("export")["redacted"] is False
    assert {**arrived, "position": 0, "at": ""} == {**document, "position": 0, "at": ""}
    assert [one["title"] for one in arrived["visit"]["activities"]] == list(HOSTILE_NAMES)


def test_a_visit_that_exists_is_refused_and_nothing_changes(planned: Terminal, tmp_path: Path) -> None:
    exported(planned, "json", tmp_path / "visit.json")
    before = planned("history", "--format", "json").json

    answer = planned("import", "visit", tmp_path / "visit.json", "--as", "hoa")

    assert (answer.status, answer.err) == (1, "LA-2026-01 exists already; choose another code.\n")
    assert planned("history", "--format", "json").json == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is not JSON."),
        (b"PK\x03\x04", "The file is not JSON."),
        (b"[]", "must be an object with named fields"),
        (b"{}", "visit: is missing"),
        (b'{"visit": {"code": "V-1"}}', "visit › title: is missing"),
        (
            b'{"visit": {"code": "V 1", "title": "x", "first_day": "2026-11-24", "last_day": "2026-11-24"}}',
            "visit › code:",
        ),
        (
            b'{"visit": {"code": "V-1", "title": "x", "first_day": "2026-11-24", "last_day": "2026-11-23"}}',
            "visit: The last",
        ),
        (
            b'{"visit": {"code": "V-1", "title": "x", "first_day": "2026-11-24", "last_day": "2026-11-24"}, "x": 1}',
            "x: is",
        ),
        (
            b'{"visit": {"code": "V-1", "title": "x", "first_day": "1700006400", "last_day": "2026-11-24"}}',
            "visit \u203a first day: must be a date such as 2026-11-24",
        ),
        (
            LOST_POST.replace(b'"2026-11-24T08:00Z"', b'"1700000000"'),
            "assignments \u203a #1 \u203a time \u203a start: must be a time such as 2026-11-24T08:00+07:00",
        ),
        (
            LOST_POST,
            "Visit V-1 has no post P-1.",
        ),
    ],
)
def test_a_document_that_cannot_be_is_refused_in_one_line(
    terminal: Terminal, tmp_path: Path, content: bytes, said: str
) -> None:
    (tmp_path / "visit.json").write_bytes(content)

    answer = terminal("import", "visit", tmp_path / "visit.json", "--as", "hoa")

    assert (answer.status, answer.out, answer.err.count("\n")) == (1, "", 1)
    assert answer.err.startswith(said)
    assert terminal("history", "--format", "json").json == []


def test_a_visit_can_be_looked_at_before_it_comes_in(planned: Terminal, settled: Path, tmp_path: Path) -> None:
    exported(planned, "json", tmp_path / "visit.json")
    other = elsewhere(planned, settled, tmp_path)
    asked = ("import", "visit", tmp_path / "visit.json", "--as", "hoa", "--preview")

    there, here = other(*asked, "--format", "json"), planned(*asked, lang="vi")

    assert (there.status, {one["coming"] for one in there.json}) == (0, {"new"})
    assert {one["name"] for one in there.json if one["kind"] == "officer"} >= set(HOSTILE_NAMES)
    assert other("plan", "--visit", "LA-2026-01", "--format", "json").status == 1
    assert here.status == 1
    assert "chuyến thăm LA-2026-01" in here.out
    assert "✖ đã có chuyến thăm mang mã này" in here.out


def test_a_programme_that_was_not_edited_changes_nothing(planned: Terminal, tmp_path: Path) -> None:
    exported(planned, "xlsx", tmp_path / "programme.xlsx")
    before = planned("history", "--format", "json").json

    answer = planned("import", "programme", tmp_path / "programme.xlsx", "--as", "hoa")

    assert (answer.status, answer.out) == (0, f"0 new, 0 changed, {len(HOSTILE_NAMES)} the same, 0 skipped, 0 bad\n")
    assert planned("history", "--format", "json").json == before


def test_only_what_was_edited_changes_and_a_bad_row_is_named(planned: Terminal, tmp_path: Path) -> None:
    out = tmp_path / "programme.xlsx"
    book = load_workbook(io.BytesIO(exported(planned, "xlsx", out)))
    sheet = book.worksheets[0]
    end = [cell.value for cell in sheet[1]].index("End") + 1
    sheet.cell(2, end).value = "10:45"
    sheet.cell(3, end).value = "08:00"
    book.save(out)

    answer = planned("import", "programme", out, "--as", "hoa", "--reason", "sửa chương trình")

    last = planned("history", "--format", "json").json[-1]
    assert answer.status == 1
    assert answer.out == f"0 new, 1 changed, {len(HOSTILE_NAMES) - 2} the same, 0 skipped, 1 bad\n"
    assert answer.err.startswith("Row 3: The end, 08:00, is not after the start. Where it ends on the next day, give")
    assert "\n    Programme 3 | Code: A-01 | Day: 2026-11-24 | Start: 09:00 | End: 08:00 | " in answer.err
    assert (last["event"], last["subject"]) == ("ActivityMoved", "activity/LA-2026-01/A-00")


def test_scripts_are_told_the_cells_of_a_bad_row_as_typed(planned: Terminal, tmp_path: Path) -> None:
    out = tmp_path / "programme.xlsx"
    book = load_workbook(io.BytesIO(exported(planned, "xlsx", out)))
    sheet = book.worksheets[0]
    columns = [cell.value for cell in sheet[1]]
    sheet.cell(2, columns.index("Venue") + 1).value = "\x9b31m<b>Nhà hát</b>\n${1}"
    book.save(out)

    answer = planned("import", "programme", out, "--as", "hoa", "--preview", "--format", "json")
    text = planned("import", "programme", out, "--as", "hoa", "--preview")

    (bad,) = answer.json["rows"]
    (typed,) = bad["typed"]
    assert (answer.status, answer.json["counts"]["bad"], answer.json["position"]) == (1, 1, None)
    assert (bad["row"], typed["sheet"], typed["row"]) == (2, "Programme", 2)
    assert [said for heading, said in typed["cells"] if heading == "Venue"] == ["\x9b31m<b>Nhà hát</b>\n${1}"]
    assert sorted(bad["errors"][0]) == ["en", "vi"]
    assert "| Venue: \ufffd31m<b>Nhà hát</b>⏎${1} |" in text.err


def test_scripts_are_told_what_was_recorded(planned: Terminal, tmp_path: Path) -> None:
    exported(planned, "xlsx", tmp_path / "programme.xlsx")
    planned.do(order("register_visit", code="V-2", visit=VISIT["arguments"]["visit"]))

    answer = planned(
        "import", "programme", tmp_path / "programme.xlsx", "--visit", "V-2", "--as", "hoa", "--format", "json"
    )

    last = planned("history", "--format", "json").json[-1]
    assert (answer.json["rows"], answer.json["events"]) == ([], len(HOSTILE_NAMES))
    assert answer.json["position"] == last["position"]


def test_a_preview_imports_nothing(planned: Terminal, tmp_path: Path) -> None:
    content = exported(planned, "xlsx", tmp_path / "programme.xlsx")
    other = order("register_visit", code="V-2", visit=VISIT["arguments"]["visit"])
    planned.do(other)
    (tmp_path / "new.xlsx").write_bytes(content)
    before = planned("history", "--format", "json").json

    answer = planned("import", "programme", tmp_path / "new.xlsx", "--visit", "V-2", "--as", "hoa", "--preview")

    assert answer.out == f"{len(HOSTILE_NAMES)} new, 0 changed, 0 the same, 0 skipped, 0 bad\n"
    assert planned("history", "--format", "json").json == before


def test_names_come_out_of_the_calendar_as_typed(planned: Terminal, tmp_path: Path) -> None:
    calendar = Calendar.from_ical(exported(planned, "ics", tmp_path / "visit.ics"))

    assert [str(one["SUMMARY"]) for one in calendar.walk("VEVENT")] == list(HOSTILE_NAMES)


@pytest.mark.parametrize("more", [(), ("--officer", "CA-1"), ("--post", "P-07")])
def test_sheets_are_printed_for_a_visit_an_officer_and_a_post(
    planned: Terminal, tmp_path: Path, more: tuple[str, ...]
) -> None:
    content = exported(planned, "pdf", tmp_path / "sheet.pdf", *more)

    assert content.startswith(b"%PDF-")


def test_a_file_is_not_replaced_unasked(planned: Terminal, tmp_path: Path) -> None:
    out = tmp_path / "visit.json"
    out.write_text("mine")

    refused = planned("export", "--format", "json", "--out", out, *ASKED)
    kept = out.read_text()
    forced = planned("export", "--format", "json", "--out", out, "--force", *ASKED)

    assert (refused.status, kept) == (1, "mine")
    assert refused.err == f"{out} exists already. Name another file, or add --force to replace it.\n"
    assert (forced.status, json.loads(out.read_text())["visit"]["code"]) == (0, "LA-2026-01")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_file_in_a_folder_that_is_not_there_is_refused(planned: Terminal, tmp_path: Path) -> None:
    answer = planned("export", "--format", "json", "--out", tmp_path / "none" / "visit.json", *ASKED)

    assert (answer.status, answer.err) == (1, f"There is no folder {tmp_path / 'none'}.\n")


@pytest.mark.parametrize("what", ["programme", "officers", "posts", "venues"])
def test_a_template_has_the_columns_and_no_rows(terminal: Terminal, tmp_path: Path, what: str) -> None:
    terminal.do(VISIT)
    for lang in ("en", "vi"):
        out = tmp_path / f"{what}-{lang}.xlsx"
        made = terminal("import", what, "--template", out, lang=lang)

        answer = terminal("import", what, "--as", "hoa", out)

        assert (made.status, answer.status) == (0, 0)
        assert answer.out == "0 new, 0 changed, 0 the same, 0 skipped, 0 bad\n"


def test_a_template_replaces_a_file_only_where_that_is_said(terminal: Terminal, tmp_path: Path) -> None:
    filled = tmp_path / "officers.xlsx"
    filled.write_text("two hundred officers")

    refused = terminal("import", "officers", filled, "--template")
    kept = filled.read_text()
    forced = terminal("import", "officers", "--template", filled, "--force")

    assert (refused.status, kept) == (1, "two hundred officers")
    assert refused.err == f"{filled} exists already. Name another file, or add --force to replace it.\n"
    assert (forced.status, filled.read_bytes()[:2]) == (0, b"PK")


def test_a_workbook_that_is_none_is_refused(terminal: Terminal, tmp_path: Path) -> None:
    terminal.do(VISIT)
    (tmp_path / "programme.xlsx").write_text("code;title")

    answer = terminal("import", "programme", tmp_path / "programme.xlsx", "--as", "hoa")

    assert answer == Answer(1, "", "The file is no workbook that can be read. Save it as .xlsx and try again.\n")
