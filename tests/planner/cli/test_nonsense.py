"""Nonsense that a careless program takes: years, types, names given twice, times far from the visit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from planner.cli.console import Console
from tests.planner.cli.conftest import OFFICER, POST, VISIT, Terminal, order

HOUR = {"start": "2026-11-24T08:00:00+07:00", "end": "2026-11-24T09:00:00+07:00"}


def activity(code: str = "A-1", **changes: Any) -> dict[str, Any]:
    talks = {"code": code, "type": "talks", "title": "Hội đàm", "window": HOUR, **changes}
    return order("schedule_activity", visit="LA-2026-01", activity=talks)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("0001-01-01T00:00+07:00", "0001-01-01T01:00+07:00"),
        ("0001-01-01T00:00Z", "0001-01-01T01:00Z"),
        ("0026-11-24T08:00+07:00", "0026-11-24T09:00+07:00"),
        ("1899-12-31T23:00Z", "1899-12-31T23:59Z"),
        ("3000-01-01T00:00Z", "3000-01-01T01:00Z"),
        ("9999-12-31T22:00Z", "9999-12-31T23:59Z"),
        ("9999-12-31T22:00-07:00", "9999-12-31T23:59-07:00"),
    ],
)
def test_a_time_beyond_the_years_of_plans_is_refused_and_nothing_breaks(
    terminal: Terminal, start: str, end: str
) -> None:
    terminal.do(VISIT)

    answer = terminal.do(activity(window={"start": start, "end": end}), OFFICER)

    refused, next_one = answer.lines
    assert (refused["refusal"], next_one["ok"], answer.err) == ("InvalidInput", True, "")
    assert terminal("check").err == "No rule is broken.\n"


@pytest.mark.parametrize(
    "given",
    [
        order("register_visit", code="V", visit={"title": "x", "first_day": "0001-01-01", "last_day": "0001-01-02"}),
        order("register_visit", code="V", visit={"title": "x", "first_day": "9999-12-31", "last_day": "9999-12-31"}),
        {**OFFICER, "occurred_at": "0001-01-01T00:00Z"},
        order(
            "grant_qualification",
            officer="CA-1",
            qualification={"code": "VIP", "valid": {"start": "2020-01-01T00:00Z", "end": "9999-12-31T23:59Z"}},
        ),
        order("adopt_policy", "Thử", numbers={}, effective_from="0001-01-01T00:00Z"),
    ],
)
def test_no_day_or_moment_of_a_command_lies_beyond_the_years_of_plans(
    terminal: Terminal, given: dict[str, Any]
) -> None:
    (line,) = terminal.do(given, user="nam").lines

    assert line["refusal"] == "InvalidInput"
    assert line["message"]["en"].endswith("plans lie in the years 1900 to 2999. Check the year.")


@pytest.mark.parametrize(
    ("start", "ok"),
    [
        ("2026-05-28T08:00+07:00", True),
        ("2026-05-27T08:00+07:00", False),
        ("2027-05-24T08:00+07:00", True),
        ("2027-05-25T08:00+07:00", False),
        ("2025-11-24T08:00+07:00", False),
    ],
)
def test_what_lies_half_a_year_from_a_visit_has_a_mistyped_date(terminal: Terminal, start: str, ok: bool) -> None:
    terminal.do(VISIT, activity(), POST)
    window = {"start": start, "end": start.replace("T08", "T09")}
    asked: dict[str, Any] = {"visit": "LA-2026-01", "window": window}

    answer = terminal.do(
        activity("A-2", window=window),
        order("move_activity", activity="A-1", **asked),
        order("amend_activity", visit="LA-2026-01", activity={**activity()["arguments"]["activity"], "window": window}),
        order("create_post", visit="LA-2026-01", code="P-08", post={"task": "Gác", "window": window}),
        order("reschedule_post", code="P-07", **asked),
    )

    assert [line["ok"] for line in answer.lines] == [ok] * 5


def test_a_visit_of_more_than_a_year_is_refused(terminal: Terminal) -> None:
    long = {"title": "x", "first_day": "2026-11-24", "last_day": "2072-11-24"}
    terminal.do(VISIT)

    answer = terminal.do(
        order("register_visit", code="V-2", visit=long), order("amend_visit", code="LA-2026-01", visit=long)
    )

    assert [line["ok"] for line in answer.lines] == [False, False]
    assert answer.lines[0]["message"]["en"] == (
        "A visit from Tue 24/11/2026 to Thu 24/11/2072 is too long: 366 days at most. Check the last day."
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"headcount": "10"},
        {"headcount": True},
        {"fixed": "yes"},
        {"fixed": 1},
        {"window": {"start": 1795395600, "end": 1795399200}},
        {"title": 7},
        {"joint_with": "A-1"},
    ],
)
def test_a_value_of_another_type_than_the_schema_says_is_refused(terminal: Terminal, changes: dict[str, Any]) -> None:
    terminal.do(VISIT)

    (line,) = terminal.do(activity(**changes)).lines

    assert line["refusal"] == "InvalidInput"


@pytest.mark.parametrize(("lat", "lon"), [(True, 0), ("12.5", 0), (None, 0), ("NaN", 0), ([1], 0)])
def test_coordinates_that_are_no_numbers_are_refused(terminal: Terminal, lat: object, lon: object) -> None:
    venue = {"name": "Khách sạn", "coordinates": {"lat": lat, "lon": lon}}

    (line,) = terminal.do(order("register_venue", code="HOTEL-1", venue=venue)).lines

    assert line["message"]["en"] == "venue › coordinates › latitude: must be a number"


@pytest.mark.parametrize(
    "line",
    [
        '{"command": "register_venue", "command": "undo", "arguments": {"command": "x"}}',
        '{"command": "register_officer", "arguments": {"code": "A", "code": "B", "officer": {}}}',
        '{"command": "undo", "arguments": {"command": {"x": [{"y": 1, "y": 1}]}}}',
    ],
)
def test_a_name_that_stands_twice_is_refused(terminal: Terminal, line: str) -> None:
    (answer,) = terminal("do", "--as", "hoa", stdin=line).lines

    assert (answer["ok"], answer["refusal"]) == (False, "InvalidInput")
    assert "stands twice in one object" in answer["message"]["en"]


def test_a_document_with_a_name_twice_is_refused_and_makes_no_site(bare: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "visit.json"
    file.write_text(
        '{"visit": {"code": "V", "title": "x", "title": "y", "first_day": "2026-11-24", "last_day": "2026-11-24"}}'
    )

    answer = bare("import", "visit", file, "--as", "hoa")

    assert (answer.status, answer.err) == (1, "«title» stands twice in one object; leave one of the two.\n")
    assert not bare.data.exists()


def test_without_a_name_no_site_is_made(bare: Terminal, tmp_path: Path) -> None:
    answers = [bare("do", stdin=json.dumps(VISIT)), bare("import", "officers", tmp_path / "officers.xlsx")]

    assert [answer.err for answer in answers] == ["Say in whose name: --as USER.\n"] * 2
    assert not bare.data.exists()


def test_an_answer_is_one_line_for_every_program(terminal: Terminal) -> None:
    name = "Nguyễn\u2028Văn\u2029An"

    answer = terminal.do(order("register_officer", code="CA-1", officer={"name": {"romanised": name}, "unit": "PA"}))

    (line,) = answer.lines
    assert name in line["result"]["events"][0]["sentence"]["vi"]
    assert len(answer.out.splitlines()) == 1


@pytest.mark.parametrize("name", ["\u200b", "\u200e\u202e\u202c", "\ufeff", " \u2060 "])
def test_a_name_that_nobody_sees_is_refused(terminal: Terminal, name: str) -> None:
    (line,) = terminal.do(
        order("register_officer", code="CA-1", officer={"name": {"romanised": name}, "unit": "PA"})
    ).lines

    assert line["message"]["en"] == "officer › name › name: must be one line with at least one visible character"


def test_a_field_that_is_not_known_is_named_as_it_was_typed(terminal: Terminal) -> None:
    terminal.do(VISIT)

    (line,) = terminal.do(activity(place="Hội trường")).lines

    assert line["message"] == {"en": "activity › place: is not known here", "vi": "hoạt động › place: không có ở đây"}


def test_a_zone_that_another_machine_would_read_otherwise_is_refused(terminal: Terminal) -> None:
    visit = {"title": "x", "first_day": "2026-11-24", "last_day": "2026-11-24", "zone": "localtime"}

    (line,) = terminal.do(order("register_visit", code="V", visit=visit)).lines

    assert line["message"]["en"] == "visit › time zone: The time zone is not known"


def test_an_empty_name_of_a_visit_is_not_taken_for_none(terminal: Terminal) -> None:
    terminal.do(VISIT)

    answer = terminal("plan", "--visit", "")

    assert (answer.status, answer.out) == (1, "")


@pytest.mark.parametrize("typed", ["1_0,0", "0x1,0", "1e400,0", "nan,0", "91,0", "0,181", "1", "1,2,3", ",", "north"])
def test_a_place_that_is_none_is_refused(bare: Terminal, typed: str) -> None:
    answer = bare("route", "--from", typed, "--to", "0,0")

    assert (answer.status, answer.out) == (1, "")


@pytest.mark.parametrize("many", ["0", "-3", "1.5", "all", "99999999999999999999"])
@pytest.mark.parametrize(
    "way",
    [
        ("reads", "--last"),
        ("refusals", "--last"),
        ("sign-ins", "--last"),
        ("generate", "--size", "provincial", "--events"),
    ],
)
def test_fewer_than_one_cannot_be_asked_for(bare: Terminal, way: tuple[str, ...], many: str) -> None:
    answer = bare(*way, many)

    assert (answer.status, answer.out) == (2, "")
    assert not bare.data.exists()


def test_a_file_is_not_of_an_officer_and_of_a_post(terminal: Terminal, tmp_path: Path) -> None:
    terminal.do(VISIT, OFFICER, POST)
    both = ("--officer", "CA-1", "--post", "P-07")

    answer = terminal(
        "export", *both, "--format", "pdf", "--out", tmp_path / "x.pdf", "--recipient", "x", "--reason", "y"
    )

    assert (answer.status, list(tmp_path.glob("x.pdf"))) == (1, [])
    assert answer.err == "A file is of one officer or of one post: leave --officer or --post away.\n"


def test_a_mistake_of_the_program_is_told_as_a_refusal_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("PLANNER_DEBUG", raising=False)

    mistake = Console("en").broken(OverflowError("date value out of range"))

    assert mistake.name == "ProgramMistake"
    assert capsys.readouterr().err.startswith(
        "The program made a mistake of its own (OverflowError: date value out of range)."
    )
