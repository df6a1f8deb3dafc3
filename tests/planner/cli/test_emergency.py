"""Break-glass on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.planner.cli.conftest import POST, VISIT, Answer, Terminal

WHY = ("--reason", "Cháy ở khách sạn, cần biết các chốt")


@pytest.fixture
def password(terminal: Terminal, tmp_path: Path) -> Path:
    """A visit of Hoà's, Bình who commands all visits, and the password of Nam, who has no part in it."""
    terminal.do(VISIT, POST)
    terminal("user", "add", "chief", "--role", "administrator")
    terminal("user", "add", "binh", "--role", "commander")
    terminal("member", "grant", "binh", "--role", "commander", "--reason", "Chỉ huy", "--as", "chief")
    for user in ("nam", "binh"):
        terminal("user", "password", user, "--password-stdin", stdin="seven green lanterns\n")
    (tmp_path / "password").write_text("seven green lanterns\n")
    return tmp_path / "password"


def opened(terminal: Terminal, password: Path, *more: str, visit: str = "LA-2026-01") -> Answer:
    return terminal("emergency", "open", visit, "--password-file", password, "--as", "nam", *more)


def test_a_visit_is_opened_listed_ended_and_reviewed(terminal: Terminal, password: Path) -> None:
    before = terminal("member", "list", "--visit", "LA-2026-01", "--as", "nam")
    done = opened(terminal, password, *WHY, "--minutes", "30")
    during = terminal("member", "list", "--visit", "LA-2026-01", "--as", "nam")
    ended = terminal("emergency", "end", "LA-2026-01", "--of", "nam", "--as", "binh")
    after = terminal("member", "list", "--visit", "LA-2026-01", "--as", "nam")
    review = ("emergency", "review", "LA-2026-01", "nam", "--verdict", "Cần thiết", "--as", "binh")
    unsigned = terminal(*review)
    (wrong := password.with_name("wrong")).write_text("something else\n")
    refused = terminal(*review, "--password-file", wrong)
    reviewed = terminal(*review, "--password-file", password)
    (told,) = terminal("emergency", "list", "--visit", "LA-2026-01", "--format", "json").json

    assert [one.status for one in (before, done, during, ended, after, reviewed)] == [1, 0, 0, 0, 1, 0]
    assert (unsigned.status, refused.status) == (2, 1)
    assert refused.err == "This is signed with your password; this one is not right.\n"
    assert "2 of 2 overrides, emergency accesses and reviews of these" in terminal("verify", "--level", "4").out
    assert done.out.startswith("You see visit LA-2026-01 by emergency access until ")
    assert (told["user"], told["signed"], told["verdict"], told["reviewer"]) == ("nam", True, "Cần thiết", "binh")


def test_nothing_is_taken_out_of_a_visit_that_is_open(terminal: Terminal, password: Path, tmp_path: Path) -> None:
    opened(terminal, password, *WHY)

    taken = terminal(
        "export", "--visit", "LA-2026-01", "--format", "json", "--out", tmp_path / "plan.json", "--as", "nam"
    )

    assert (taken.status, taken.err) == (1, "There is no visit LA-2026-01.\n")


def test_the_history_that_is_printed_is_a_read_by_break_glass(terminal: Terminal, password: Path) -> None:
    terminal.do({**VISIT, "arguments": {**VISIT["arguments"], "code": "NO-2026-02"}}, user="nam")
    hidden = terminal("history", "--as", "nam")
    opened(terminal, password, *WHY)

    printed = terminal("history", "--as", "nam")
    terminal("history", "--visit", "LA-2026-01", "--as", "nam")
    terminal("user", "add", "dat", "--role", "auditor")
    terminal("member", "grant", "dat", "--role", "auditor", "--reason", "Kiểm tra", "--as", "chief")
    told = terminal("reads", "--visit", "LA-2026-01", "--outside-duty", "--as", "dat", "--format", "json").json
    visit = terminal("history", "--visit", "LA-2026-01", "--as", "dat", "--format", "json").json
    asked = terminal("questions", "--visit", "LA-2026-01", "--question", "read_outside_duty", "--as", "dat").out

    assert ("P-07" in hidden.out, "P-07" in printed.out) == (False, True)
    assert [(one["user"], one["query"], one["standing"], one["outcome"]) for one in told] == [
        ("nam", "read_history", "break-glass", "shown"),
        ("nam", "read_history", "break-glass", "shown"),
    ]
    assert [one["event"] for one in visit if one["by"] == "nam"] == ["EmergencyAccessOpened", "EmergencyAccessSigned"]
    assert asked.count("nam  shown: history, by the right of: break-glass") == 2


@pytest.mark.parametrize("visit", ["LA-2026-01", "NO-2026-99"])
def test_what_is_wrong_with_the_asking_is_said_of_every_code(terminal: Terminal, password: Path, visit: str) -> None:
    short = opened(terminal, password, "--reason", "ngắn", visit=visit)
    long = opened(terminal, password, *WHY, "--minutes", "61", visit=visit)

    assert (short.status, short.err) == (
        1,
        "Say why in 20 characters or more: it is signed, and others are told at once.\n",
    )
    assert (long.status, long.err) == (1, "A visit is opened for 1 to 60 minutes.\n")


def test_a_wrong_password_opens_nothing(terminal: Terminal, password: Path) -> None:
    password.write_text("something else\n")

    assert opened(terminal, password, *WHY).err == "This is signed with your password; this one is not right.\n"
    terminal("do", "--as", "nam", "--password-file", password)
    told = terminal("refusals", "--format", "json", "--verify").json
    assert [(one["user"], one["command"], one["visit"], one["cause"]) for one in told] == [
        ("nam", "sign", None, "wrong password"),
        ("nam", "sign", "LA-2026-01", "wrong password"),
    ]
    assert "something else" not in repr(told)
