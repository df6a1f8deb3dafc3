"""Erasing a visit on the command line."""

from __future__ import annotations

from tests.planner.cli.conftest import POST, VISIT, Terminal, order

WHY = ("--reason", "Hết thời hạn lưu giữ")


def commanded(terminal: Terminal) -> None:
    """Two visits of Hoà's, one long over and one far ahead, commanded by Bình."""
    ahead = {"title": "Đoàn năm 2099", "first_day": "2099-11-24", "last_day": "2099-11-25"}
    terminal.do(VISIT, POST, order("register_visit", "x", code="LA-2099-01", visit=ahead))
    terminal("user", "add", "chief", "--role", "administrator")
    terminal("user", "add", "binh", "--role", "commander")
    terminal("member", "grant", "binh", "--role", "commander", *WHY, "--as", "chief")


def test_a_visit_is_erased_by_who_says_its_code_twice(terminal: Terminal) -> None:
    commanded(terminal)
    asked = ("erase", "--visit", "LA-2026-01", "--as", "binh", *WHY)

    ahead = terminal("erase", "--visit", "LA-2099-01", "--confirm", "LA-2099-01", "--as", "binh", *WHY)
    once = terminal(*asked)
    other = terminal(*asked, "--confirm", "LA-2026-02")
    planner = terminal("erase", "--visit", "LA-2026-01", "--confirm", "LA-2026-01", "--as", "hoa", *WHY)
    done = terminal(*asked, "--confirm", "LA-2026-01")

    assert [one.status for one in (ahead, once, other, planner, done)] == [1, 1, 1, 1, 0]
    assert "is not over before" in ahead.err
    assert "--confirm LA-2026-01" in once.err
    assert done.lines[0]["result"]["subject"] == "erasure/visit/LA-2026-01"
    assert terminal("verify").status == 0


def test_what_is_asked_of_an_erased_visit_is_answered_plainly(terminal: Terminal) -> None:
    commanded(terminal)
    terminal("erase", "--visit", "LA-2026-01", "--confirm", "LA-2026-01", "--as", "binh", *WHY)
    out = terminal.data.parent / "out"

    answers = [
        terminal("plan", "--visit", "LA-2026-01", "--as", "binh"),
        terminal("history", "--visit", "LA-2026-01", "--as", "binh"),
        terminal("export", "--visit", "LA-2026-01", "--format", "json", "--out", out, "--as", "binh"),
        terminal("bundle", "--visit", "LA-2026-01", "--out", out, "--recipient", "x", *WHY),
        terminal("do", "--as", "hoa", stdin='{"command": "cancel_visit", "arguments": {"code": "LA-2026-01"}}'),
    ]

    assert [one.status for one in answers] == [1] * len(answers)
    assert [one for one in answers if "was erased on" not in one.err + one.out] == []
    assert "There is no visit" in terminal("plan", "--visit", "LA-2026-01", "--as", "nam").err
    assert "Erased for good what was planned for visit LA-2026-01" in terminal("history").out


def test_a_person_or_a_visit_is_named(terminal: Terminal) -> None:
    both = terminal("erase", "--visit", "X", "--person", "CA-1", *WHY)
    none = terminal("erase", *WHY)

    assert (both.status, none.status) == (2, 2)
