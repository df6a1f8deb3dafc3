"""What is planned, what happened, what differs, what is wrong: at a terminal and for scripts."""

from __future__ import annotations

import csv
import io

import pytest

from tests.planner.cli.conftest import ASSIGNED, OFFICER, POST, VISIT, Terminal, order

FORMULA = "=HYPERLINK(1)"


@pytest.fixture
def planned(terminal: Terminal) -> Terminal:
    """A visit with one officer at one post, five events long."""
    terminal.do(VISIT, OFFICER, POST, ASSIGNED)
    terminal.do(order("withdraw_assignment", FORMULA, visit="LA-2026-01", code="A-0001"))
    return terminal


def test_the_plan_is_shown_as_it_is(planned: Terminal) -> None:
    plan = planned("plan", "--visit", "LA-2026-01", "--format", "json").json

    assert list(plan) == ["position", "at", "mark", "visit", "venues", "routes", "posts", "assignments", "officers"]
    assert (plan["position"], plan["visit"]["code"], plan["visit"]["activities"]) == (5, "LA-2026-01", [])
    assert [one["status"] for one in plan["assignments"]] == ["withdrawn"]
    assert plan["officers"][0]["name"]["romanised"] == "O'Brien"


def test_the_plan_is_shown_as_it_was_at_a_position_and_at_a_time(planned: Terminal) -> None:
    moment = planned("history", "--format", "json").json[3]["recorded_at"]

    by_position = planned("plan", "--at", "4", "--format", "json").json
    by_time = planned("plan", "--at", moment, "--format", "json").json

    assert by_time == by_position
    assert [one["status"] for one in by_position["assignments"]] == ["confirmed"]


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("99", "There is no event 99; the last one is 5."),
        ("-1", "«-1» is neither the number of an event nor a time."),
        ("yesterday", "«yesterday» is neither the number of an event nor a time."),
        ("2026-11-24T08:00", "The time «2026-11-24T08:00» needs a zone"),
        ("2026-11-24", "The time «2026-11-24» needs a zone"),
        ("0", "There is no visit LA-2026-01."),
    ],
)
def test_a_moment_that_cannot_be_is_refused(planned: Terminal, at: str, said: str) -> None:
    answer = planned("plan", "--visit", "LA-2026-01", f"--at={at}")

    assert (answer.status, answer.out) == (1, "")
    assert answer.err.startswith(said)
    assert answer.err.count("\n") == 1


def test_an_unknown_visit_is_refused_in_the_language_of_the_reader(planned: Terminal) -> None:
    english = planned("plan", "--visit", "XX")
    vietnamese = planned("plan", "--visit", "XX", lang="vi")

    assert (english.status, english.err) == (1, "There is no visit XX.\n")
    assert (vietnamese.status, vietnamese.err) == (1, "Không có chuyến thăm XX.\n")


def test_an_officer_may_not_read_the_whole_plan_and_an_auditor_may(planned: Terminal) -> None:
    planned.adopt()

    officer = planned("plan", "--as", "thao")
    auditor = planned("plan", "--as", "kiem")

    assert (officer.status, officer.out) == (1, "")
    assert officer.err.startswith("Account thao may not do this")
    assert auditor.status == 0


def test_the_plan_is_shown_in_words(planned: Terminal) -> None:
    lines = planned("plan", lang="vi").out.splitlines()

    assert lines[0] == "LA-2026-01  Đoàn tỉnh Luông Pha Băng"
    assert "P-07  Gác cổng (canh gác)" in lines


def test_the_history_names_who_when_what_and_why(planned: Terminal) -> None:
    rows = planned("history", "--format", "json").json

    assert [row["position"] for row in rows] == [1, 2, 3, 4, 5]
    assert [row["event"] for row in rows][3:] == ["OfficerAssigned", "AssignmentWithdrawn"]
    assert (rows[4]["subject"], rows[4]["reason"]) == ("assignment/LA-2026-01/A-0001", FORMULA)
    assert set(rows[4]["sentence"]) == {"en", "vi"}


def test_no_cell_of_the_csv_is_a_formula(planned: Terminal) -> None:
    rows = list(csv.DictReader(io.StringIO(planned("history", "--format", "csv").out)))

    headings = ["position", "recorded_at", "occurred_at", "by", "event", "subject", "reason", "sentence", "mark"]
    assert list(rows[0]) == headings
    assert [row["reason"] for row in rows][4] == f"'{FORMULA}"
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]


def test_the_history_of_one_visit_leaves_the_others_out(planned: Terminal) -> None:
    planned.do({**VISIT, "arguments": {**VISIT["arguments"], "code": "KH-2026-02"}})

    one = planned("history", "--visit", "KH-2026-02", "--format", "json").json
    both = planned("history", "--format", "json").json

    assert ([row["position"] for row in one], len(both)) == ([6], 6)


def test_the_difference_between_two_moments_is_told(planned: Terminal) -> None:
    answer = planned("diff", "--from", "3", "--to", "4", "--format", "json").json

    assert (answer["from"], answer["to"]) == (3, 4)
    assert [one["subject"] for one in answer["differences"]] == ["assignment/LA-2026-01/A-0001"]


def test_nothing_differs_between_a_moment_and_itself(planned: Terminal) -> None:
    answer = planned("diff", "--from", "4", "--to", "4")

    assert (answer.status, answer.out) == (0, "")
    assert answer.err == "Nothing differs between event 4 and event 4.\n"


def test_a_blocking_finding_gives_exit_status_one(planned: Terminal) -> None:
    warned = planned("check", "--format", "json")
    planned.do(
        order(
            "amend_post",
            visit="LA-2026-01",
            code="P-07",
            post={**POST["arguments"]["post"], "critical": True},
        )
    )

    blocked = planned("check", "--visit", "LA-2026-01", "--format", "json")

    assert (warned.status, [one["severity"] for one in warned.json]) == (0, ["warn"])
    assert (blocked.status, [one["severity"] for one in blocked.json]) == (1, ["block"])
    assert set(blocked.json[0]) == {"rule", "severity", "subjects", "window", "message"}


def test_a_wrong_key_is_one_clear_line(planned: Terminal, bare: Terminal) -> None:
    other = Terminal(bare.data.with_name("other"), bare.key.with_name("other.key"), bare.capsys, bare.monkeypatch)
    other("user", "list")
    other("user", "add", "lan", "--role", "planner")

    answer = planned("plan", "--key", other.key)

    assert (answer.status, answer.out, answer.err.count("\n")) == (1, "", 1)
