"""Refused commands on the command line."""

from __future__ import annotations

from tests.planner.cli.conftest import POST, VISIT, Terminal, order


def test_refused_commands_are_listed_and_their_log_verified(terminal: Terminal) -> None:
    terminal.do(VISIT, POST)
    attempt = order("cancel_post", "x", visit="LA-2026-01", code="P-07")
    guess = order("cancel_post", "x", visit="NO-2026-99", code="P-07")
    refused = terminal.do(attempt, guess, user="nam")

    listed = terminal("refusals", "--format", "json", "--verify").json
    of_visit = terminal("refusals", "--visit", "LA-2026-01", "--of", "nam").out
    nobody = terminal("refusals", "--of", "hoa", "--format", "json").json

    assert [one["ok"] for one in refused.lines] == [False, False]
    assert [(one["user"], one["command"], one["visit"], one["cause"]) for one in listed] == [
        ("nam", "cancel_post", "NO-2026-99", "hidden or not there"),
        ("nam", "cancel_post", "LA-2026-01", "hidden or not there"),
    ]
    assert len(of_visit.splitlines()) == 1
    assert of_visit.endswith("to cancel or reinstate posts; codes: LA-2026-01, P-07\n")
    assert nobody == []


def test_the_last_refusals_of_an_account_are_its_own_however_many_others_came_since(terminal: Terminal) -> None:
    terminal.do(VISIT, POST)
    attempt = order("cancel_post", "x", visit="LA-2026-01", code="P-07")
    terminal.do(attempt, user="nam")
    terminal.do(attempt, attempt, user="thao")

    for visit in ((), ("--visit", "LA-2026-01")):
        (told,) = terminal("refusals", *visit, "--of", "nam", "--last", "1", "--format", "json").json

        assert told["user"] == "nam"


def test_who_audits_no_visit_is_told_nothing(terminal: Terminal) -> None:
    terminal.do(VISIT)

    planner = terminal("refusals", "--as", "hoa")
    auditor = terminal("refusals", "--as", "kiem")
    of_visit = terminal("refusals", "--visit", "LA-2026-01", "--as", "kiem")

    assert [one.status for one in (planner, auditor, of_visit)] == [1, 1, 1]
    assert auditor.err == "Only who audits every visit may see what was refused on the whole site.\n"
    assert of_visit.err == "There is no visit LA-2026-01.\n"
