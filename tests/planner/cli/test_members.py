"""Members and rules on the command line."""

from __future__ import annotations

from tests.planner.cli.conftest import POST, VISIT, Terminal


def test_a_member_is_let_in_listed_amended_and_put_out(terminal: Terminal) -> None:
    terminal.do(VISIT)
    code = ("--visit", "LA-2026-01")
    because = ("--reason", "Phối hợp", "--as", "hoa")

    granted = terminal("member", "grant", "thao", "--role", "protocol", *code, *because)
    listed = terminal("member", "list", *code, "--format", "json").json
    amended = terminal(
        "member", "amend", "thao", "--role", "press", "--closes", "2026-11-25T08:00+07:00", *code, *because
    )
    told = terminal("member", "list", *code).out
    ended = terminal("member", "end", "thao", *code, *because)

    assert (granted.status, amended.status, ended.status) == (0, 0, 0)
    assert [(one["user"], one["roles"]) for one in listed] == [
        ("hoa", ["commander", "planner", "protocol"]),
        ("thao", ["protocol"]),
    ]
    assert told.splitlines()[1].startswith("thao\tpress\t\t")
    assert [one["why"] for one in listed] == ["registered the visit", "Phối hợp"]
    assert told.splitlines()[1].endswith("\tPhối hợp\thoa")
    assert [one["user"] for one in terminal("member", "list", *code, "--format", "json").json] == ["hoa"]


def test_data_from_before_there_were_members_are_adopted_account_by_account(terminal: Terminal) -> None:
    terminal.do(VISIT)
    terminal("user", "add", "chief", "--role", "administrator")
    before = terminal("do", "--as", "nam", stdin='{"command": "cancel_visit", "arguments": {"code": "LA-2026-01"}}')

    adopted = terminal("member", "adopt", "--as", "chief", "--reason", "Như trước nay")

    assert before.lines[0]["message"]["en"] == "There is no visit LA-2026-01."
    assert adopted.out.split() == ["hoa", "kiem", "nam"]
    assert terminal.do(POST, user="nam").lines[0]["ok"]


def test_nobody_is_let_in_without_account_role_or_reason(terminal: Terminal) -> None:
    terminal.do(VISIT)
    code = ("--visit", "LA-2026-01", "--as", "hoa")

    unknown = terminal("member", "grant", "nobody", "--role", "planner", "--reason", "x", *code)
    roleless = terminal("member", "grant", "nam", "--role", "officer", "--reason", "x", *code)
    silent = terminal("member", "grant", "nam", "--role", "planner", *code)
    foreign = terminal("member", "list", "--visit", "LA-2026-01", "--as", "nam")

    assert [answer.status for answer in (unknown, roleless, silent, foreign)] == [1, 1, 1, 1]
    assert unknown.err == "There is no account nobody.\n"
    assert roleless.err.startswith("Name one or more roles with --role")
    assert silent.err == "Say why: this needs a reason.\n"
    assert foreign.err == "There is no visit LA-2026-01.\n"


def test_the_rules_are_shown_as_text_and_for_scripts(terminal: Terminal) -> None:
    text = terminal("access").out
    told = terminal("access", "--format", "json").json

    assert "planner, commander\tof visit\t" not in text
    assert len(text.splitlines()) == len(told)
    assert {"says", "actions", "roles", "reach"} == set(told[0])
