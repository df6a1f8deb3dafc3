"""Commands from scripts: each line is answered, none stops the others."""

from __future__ import annotations

import json

import pytest

from tests.planner.cli.conftest import ASSIGNED, OFFICER, POST, VISIT, WINDOW, Terminal, order


def test_each_command_is_answered_with_its_position_and_code(terminal: Terminal) -> None:
    answer = terminal.do(VISIT, OFFICER, POST, ASSIGNED)

    told = [(line["ok"], line["position"], line["result"]["code"]) for line in answer.lines]
    assert answer.status == 0
    assert told == [(True, 1, "LA-2026-01"), (True, 2, "CA-1"), (True, 3, "P-07"), (True, 4, "A-0001")]


def test_an_event_is_told_in_both_languages(terminal: Terminal) -> None:
    terminal.do(VISIT, OFFICER, POST)

    (line,) = terminal.do(ASSIGNED).lines

    (event,) = line["result"]["events"]
    assert event["event"] == "OfficerAssigned"
    assert event["subject"] == "assignment/LA-2026-01/A-0001"
    assert event["sentence"]["en"].startswith("Assigned O'Brien (CA-1) to post P-07")
    assert event["sentence"]["vi"].startswith("Phân công O'Brien (CA-1)")


def test_a_double_booking_is_refused_with_its_rule_and_the_next_line_goes_on(terminal: Terminal) -> None:
    other = order("create_post", visit="LA-2026-01", code="P-08", post={"task": "Gác", "window": WINDOW})
    terminal.do(VISIT, OFFICER, POST, ASSIGNED, other)
    twice = order("assign_officer", visit="LA-2026-01", post="P-08", officer="CA-1")
    second = order("register_officer", code="CA-2", officer={"name": {"romanised": "=Hùng"}, "unit": "PA-02"})

    answer = terminal.do(twice, second)

    refused, done = answer.lines
    assert (refused["ok"], refused["refusal"], refused["rule"]) == (False, "OfficerDoubleBooked", "R01")
    assert set(refused["message"]) == {"en", "vi"}
    assert (done["ok"], done["position"], answer.status) == (True, 6, 1)


@pytest.mark.parametrize(
    ("line", "refusal", "said"),
    [
        ("{bad", "InvalidInput", "This line is not JSON"),
        ("[]", "InvalidInput", "A line is an object"),
        ('"x"', "InvalidInput", "A line is an object"),
        ("NaN", "InvalidInput", "This line is not JSON"),
        ("[" * 100_000, "InvalidInput", "This line is not JSON"),
        ('{"command": "fly"}', "NotFound", "There is no command fly"),
        ('{"command": "close", "arguments": {}}', "NotFound", "There is no command close"),
        ('{"command": "decide", "arguments": {}}', "NotFound", "There is no command decide"),
        ('{"command": "undo"}', "InvalidInput", "command: is missing"),
        ('{"command": "undo", "arguments": [1]}', "InvalidInput", "arguments: must be an object"),
        ('{"command": "undo", "argments": {}}', "InvalidInput", "argments: is not known here"),
        ('{"arguments": {}}', "InvalidInput", "command: is missing"),
        ('{"command": "undo", "arguments": {"command": "x", "by": "admin"}}', "InvalidInput", "by: is not known here"),
        ('{"command": "undo", "arguments": {"command": "nothing"}}', "NotFound", "There is no command nothing"),
        (
            '{"command": "undo", "command_id": "", "arguments": {"command": "x"}}',
            "InvalidInput",
            "A command id is one line",
        ),
        ('{"command": "retire_officer", "arguments": {"code": "CA-9"}}', "NotFound", "There is no officer CA-9"),
        ('{"command": "retire_officer", "arguments": {"code": "=1+1"}}', "InvalidInput", "code: must be a short code"),
        ('{"command": "retire_officer", "arguments": {"code": 7}}', "InvalidInput", "code: must be text"),
    ],
)
def test_a_line_that_cannot_be_is_refused_alone(terminal: Terminal, line: str, refusal: str, said: str) -> None:
    answer = terminal("do", "--as", "hoa", stdin=line + "\n\n" + json.dumps(VISIT) + "\n")

    first, second = answer.lines
    assert (first["ok"], first["refusal"]) == (False, refusal)
    assert first["message"]["en"].startswith(said)
    assert (second["ok"], answer.status) == (True, 1)


def test_bytes_that_are_no_text_are_refused_alone(terminal: Terminal) -> None:
    answer = terminal("do", "--as", "hoa", stdin=b"\xff\xfe\x00\n" + json.dumps(VISIT).encode())

    assert [line["ok"] for line in answer.lines] == [False, True]


def test_a_line_that_is_too_long_is_refused_alone(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.cli.doing.LONGEST_LINE", 500)
    long = json.dumps(order("register_officer", reason="x" * 2000, code="CA-1"))

    answer = terminal("do", "--as", "hoa", stdin=long + "\n" + json.dumps(VISIT) + "\n")

    assert [line["ok"] for line in answer.lines] == [False, True]


@pytest.mark.parametrize(
    ("window", "said"),
    [
        ({"start": "2026-11-24T08:00:00", "end": "2026-11-24T12:00:00+07:00"}, "needs a zone"),
        (
            {"start": "2026-11-24T12:00:00+07:00", "end": "2026-11-24T08:00:00+07:00"},
            "The end of a time window must be",
        ),
        (
            {"start": "2026-11-24T12:00:00+07:00", "end": "2026-11-24T12:00:00+07:00"},
            "The end of a time window must be",
        ),
        ({"start": "tomorrow", "end": "2026-11-24T08:00:00+07:00"}, "must be a time such as"),
        ({"start": "2026-02-30T08:00:00+07:00", "end": "2026-11-24T08:00:00+07:00"}, "must be a time such as"),
        ({"start": "2026-11-24T08:00:00+07:00"}, "is missing"),
        ("08:00–12:00", "must be an object"),
    ],
)
def test_a_window_that_cannot_be_is_refused_with_its_place(terminal: Terminal, window: object, said: str) -> None:
    terminal.do(VISIT)

    (line,) = terminal.do(
        order("create_post", visit="LA-2026-01", code="P-1", post={"task": "x", "window": window})
    ).lines

    assert line["refusal"] == "InvalidInput"
    assert line["message"]["en"].startswith("post › time")
    assert said in line["message"]["en"]
    assert line["message"]["vi"].startswith("chốt › thời gian")


@pytest.mark.parametrize(("lat", "lon"), [(91, 0), (-90.5, 0), (0, 181), (1e400, 0), ("north", 0)])
def test_coordinates_off_the_earth_are_refused(terminal: Terminal, lat: object, lon: object) -> None:
    venue = {"name": "Khách sạn", "coordinates": {"lat": lat, "lon": lon}}

    (line,) = terminal.do(order("register_venue", code="HOTEL-1", venue=venue)).lines

    assert (line["ok"], line["refusal"]) == (False, "InvalidInput")


def test_a_repeated_command_id_gives_the_first_answer_again(terminal: Terminal) -> None:
    terminal.do({**VISIT, "command_id": "c-1"}, OFFICER)

    (again,) = terminal.do({**VISIT, "command_id": "c-1"}).lines

    assert (again["ok"], again["position"], again["result"]["code"]) == (True, 1, "LA-2026-01")
    assert again["result"]["repeated"] is True
    assert again["result"]["events"][0]["sentence"]["en"].startswith("Registered visit LA-2026-01")


def test_a_command_id_of_another_command_is_refused(terminal: Terminal) -> None:
    terminal.do({**VISIT, "command_id": "c-1"})

    (line,) = terminal.do({**OFFICER, "command_id": "c-1"}).lines

    assert line["refusal"] == "CommandRepeated"


def test_the_account_and_the_way_are_recorded(terminal: Terminal) -> None:
    terminal.do(VISIT)

    (row,) = terminal("history", "--format", "json").json

    assert row["by"] == "hoa"
    assert row["via"].startswith("command line (")


def test_an_auditor_may_not_plan(terminal: Terminal) -> None:
    (line,) = terminal.do(VISIT, user="kiem").lines

    assert line["refusal"] == "NotAllowed"


def test_without_a_name_nothing_is_done(terminal: Terminal) -> None:
    answer = terminal("do", stdin=json.dumps(VISIT))

    assert (answer.status, answer.out, answer.err) == (1, "", "Say in whose name: --as USER.\n")


def test_an_unknown_account_is_refused_with_those_that_are_known(terminal: Terminal) -> None:
    answer = terminal("do", "--as", "minh", stdin=json.dumps(VISIT))

    assert answer.status == 1
    assert answer.err == "There is no account minh. The accounts are: hoa, kiem, nam, thao.\n"


def test_a_disabled_account_is_refused(terminal: Terminal) -> None:
    terminal("user", "disable", "hoa")

    answer = terminal("do", "--as", "hoa", stdin=json.dumps(VISIT))

    assert (answer.status, answer.err) == (1, "The account hoa is disabled.\n")


def test_the_first_command_makes_the_site_and_the_account_that_gives_it(bare: Terminal) -> None:
    answer = bare("do", "--as", "hoa", stdin=json.dumps(VISIT))

    (account,) = bare("user", "list", "--format", "json").json
    assert answer.status == 0
    assert answer.err.startswith(f"A new site: data in {bare.data}, key in {bare.key}. Keep a copy of the key")
    assert (account["user"], account["roles"]) == ("hoa", ["administrator", "commander", "planner"])


def test_reading_makes_no_site(bare: Terminal) -> None:
    answer = bare("plan", "--visit", "LA-2026-01")

    assert answer.status == 1
    assert answer.err.startswith(f"There are no data in {bare.data}")
    assert not bare.data.exists()


def test_every_command_is_listed_with_its_arguments(terminal: Terminal) -> None:
    listed = {one["command"]: one for one in terminal("do", "--list").json}

    assert "import_visit" in listed
    assert listed["assign_officer"]["arguments"]["required"] == ["visit", "post", "officer"]
    assert all(one["description"] and one["roles"] for one in listed.values())


def test_undo_takes_a_command_back(terminal: Terminal) -> None:
    terminal.do({**VISIT, "command_id": "c-1"})

    answer = terminal("undo", "c-1", "--as", "hoa", "--reason", "nhập nhầm")

    (line,) = answer.lines
    assert (answer.status, line["result"]["events"][0]["event"]) == (0, "VisitCancelled")


def test_a_person_is_erased_and_the_answer_names_nobody(terminal: Terminal) -> None:
    terminal.do(OFFICER)
    before = terminal("history", "--format", "json")
    asked = ("erase", "--person", "CA-1", "--as", "nam", "--reason", "Theo yêu cầu")

    erased = terminal(*asked)

    after = terminal("history", "--format", "json")
    assert ("O'Brien" in before.out, "O'Brien" in after.out + erased.out) == (True, False)
    assert (erased.status, erased.lines[0]["result"]["subject"]) == (0, "erasure/officer/CA-1")
    assert terminal(*asked).status == 1


#: What reads JSON takes some of these for seconds since 1970; no person and no script of ours means that.
NO_MOMENTS = (
    "1700000000",
    1700000000,
    1.7e9,
    "-1",
    True,
    "2026-11-26",
    "2026-11-26T10:00",
    "2026-02-30T10:00+07:00",
    "2026-11-26T24:00+07:00",
    "24:00",
    "2026-11-26 10:00+07:00",
    "2026-11-26T10:00+07:00 ",
    "٢٠٢٦-11-26T10:00Z",
    "",
)


@pytest.mark.parametrize("written", NO_MOMENTS)
def test_only_iso_8601_with_a_zone_is_a_moment(terminal: Terminal, written: object) -> None:
    window = {"start": written, "end": "2030-11-26T11:00+07:00"}
    activity = {"code": "A-1", "type": "talks", "title": "x", "window": window}

    argument, clock = terminal.do(
        VISIT,
        order("schedule_activity", visit="LA-2026-01", activity=activity),
        {**order("cancel_visit", code="LA-2026-01"), "reason": "x", "occurred_at": written},
    ).lines[1:]

    assert [(one["ok"], one["refusal"]) for one in (argument, clock)] == [(False, "InvalidInput")] * 2
    assert argument["message"]["en"].startswith("activity › time › start: ")
    assert clock["message"]["en"].startswith("time it happened: ")
    assert {one["message"]["en"].rpartition(" ")[2] for one in (argument, clock)} == {"2026-11-24T08:00+07:00"}


@pytest.mark.parametrize(
    "written",
    ["2026-11-24T10:00+07:00", "2026-11-24T03:00Z", "2026-11-24T10:00:30.5+0700", "2026-11-24T10:00:00+07:00"],
)
def test_a_moment_with_its_zone_is_taken(terminal: Terminal, written: str) -> None:
    window = {"start": written, "end": "2026-11-24T11:00+07:00"}
    activity = {"code": "A-1", "type": "talks", "title": "x", "window": window}

    answer = terminal.do(VISIT, order("schedule_activity", visit="LA-2026-01", activity=activity))

    assert [one["ok"] for one in answer.lines] == [True, True]


@pytest.mark.parametrize("written", ["1700006400", 1700006400, "20261124", "2026-11-24T00:00Z", "2026-11-31"])
def test_only_iso_8601_is_a_day(terminal: Terminal, written: object) -> None:
    visit = {"title": "x", "first_day": written, "last_day": "2060-11-24"}

    (answer,) = terminal.do(order("register_visit", code="V-1", visit=visit)).lines

    assert (answer["ok"], answer["refusal"]) == (False, "InvalidInput")
    assert answer["message"]["en"].startswith("visit › first day: must be a date such as 2026-11-24")
