"""Accounts from the command line, for whoever holds the data and their key."""

from __future__ import annotations

import re
from contextlib import closing

import pyotp

from planner.application import Planner
from planner.cli.opening import accounts_of
from planner.second_factor import SecondFactors
from planner.sign_in import Doorkeeper
from tests.planner.cli.conftest import OFFICER, VISIT, Terminal


def test_the_first_account_makes_data_key_and_administrator(bare: Terminal) -> None:
    answer = bare("user", "add", "hoa", "--role", "planner", "--name", "Nguyễn Thu Hoà")

    accounts = {one["user"]: one for one in bare("user", "list", "--format", "json").json}
    assert answer.status == 0
    assert re.fullmatch(r"(\w{4}-){3}\w{4}\n", answer.out)
    assert f"The key lies in {bare.key}." in answer.err
    assert "an administrator was made. User name: admin" in answer.err
    assert (accounts["hoa"]["name"], accounts["hoa"]["roles"]) == ("Nguyễn Thu Hoà", ["planner"])
    assert accounts["admin"]["roles"] == ["administrator"]


def test_roles_officer_and_password_are_changed(terminal: Terminal) -> None:
    terminal.do(VISIT, OFFICER)
    terminal("user", "link", "thao")

    statuses = [
        terminal("user", "roles", "hoa", "--role", "planner", "--role", "officer").status,
        terminal("user", "link", "hoa", "--officer", "CA-1").status,
        terminal("user", "password", "hoa", "--password-stdin", stdin="ba con voi xanh 7\n").status,
    ]

    hoa = next(one for one in terminal("user", "list", "--format", "json").json if one["user"] == "hoa")
    assert statuses == [0, 0, 0]
    assert (hoa["roles"], hoa["officer"], hoa["must_change_password"]) == (["officer", "planner"], "CA-1", False)


def test_what_cannot_be_is_refused(terminal: Terminal) -> None:
    role = terminal("user", "add", "lan", "--role", "king")
    officer = terminal("user", "add", "lan", "--officer", "CA-9")
    taken = terminal("user", "add", "hoa")
    not_admin = terminal("user", "disable", "nam", "--as", "hoa")
    weak = terminal("user", "add", "lan", "--password-stdin", stdin="1234\n")

    assert [one.status for one in (role, officer, taken, not_admin, weak)] == [1, 1, 1, 1, 1]
    assert role.err.splitlines()[-1].startswith("There is no role king. The roles are: administrator,")
    assert officer.err.splitlines()[-1] == "There is no officer CA-9."
    known = [one["user"] for one in terminal("user", "list", "--format", "json").json]
    assert known == ["hoa", "kiem", "nam", "thao"]


def test_a_second_factor_is_demanded_and_taken_away(terminal: Terminal) -> None:
    demanded = terminal("user", "demand-second-factor", "yes")
    with closing(Planner(terminal.data, terminal.key)) as planner, accounts_of(planner) as accounts:
        factors = SecondFactors(accounts)
        secret = factors.enrolment("kiem").secret
        factors.confirm("kiem", pyotp.TOTP(secret).now())
        asked = factors.demanded
    held = {one["user"]: one["second_factor"] for one in terminal("user", "list", "--format", "json").json}
    refused = terminal("user", "reset-second-factor", "kiem", "--as", "hoa")
    unproven = terminal("user", "reset-second-factor", "kiem")
    reset = terminal("user", "reset-second-factor", "kiem", "--proof", "thẻ ngành, gặp tại phòng")
    after = {one["user"]: one["second_factor"] for one in terminal("user", "list", "--format", "json").json}
    undone = terminal("user", "demand-second-factor", "no")

    assert (demanded.status, asked, refused.status, reset.status, undone.status) == (0, True, 1, 0, 0)
    assert (unproven.status, unproven.err.startswith("Say how the person showed who they are")) == (1, True)
    assert "thẻ ngành, gặp tại phòng" in terminal("sign-ins").out
    assert (held["kiem"], held["nam"], after["kiem"]) == (True, False, False)


def test_an_identity_of_a_provider_is_linked_and_unlinked(terminal: Terminal) -> None:
    link = ("user", "link-identity", "kiem")
    named = ("--issuer", "https://id.example", "--subject", "kiem@ministry")

    linked = terminal(*link, *named)
    taken = terminal("user", "link-identity", "nam", *named)
    issuerless = terminal(*link, "--subject", "x")
    refused = terminal(*link, *named, "--as", "hoa")
    unlinked = terminal(*link)
    again = terminal(*link)

    assert [one.status for one in (linked, taken, issuerless, refused, unlinked, again)] == [0, 1, 1, 1, 0, 1]
    assert taken.err == "kiem@ministry is the account kiem already.\n"
    assert again.err == "The account kiem is linked to no identity.\n"


def test_sessions_of_an_account_are_ended(terminal: Terminal) -> None:
    with closing(Planner(terminal.data, terminal.key)) as planner, accounts_of(planner) as accounts:
        door = Doorkeeper(accounts)
        for _ in range(2):
            door.admit(accounts.account("hoa"), client="10.0.0.1")

    refused = terminal("user", "end-sessions", "hoa", "--as", "nam")
    ended = terminal("user", "end-sessions", "hoa")
    again = terminal("user", "end-sessions", "hoa")

    assert (refused.status, refused.err) == (1, "Only an administrator may change accounts.\n")
    assert [one.err for one in (ended, again)] == [
        "Sessions that have ended: 2.\n",
        "Sessions that have ended: 0.\n",
    ]


def test_an_account_is_renamed_and_its_former_name_is_kept_nowhere(terminal: Terminal) -> None:
    terminal("user", "add", "thao", "--name", "Zq Thảo", "--role", "planner")

    terminal("user", "rename", "thao", "Tổ 2")

    assert "thao\tTổ 2\t" in terminal("user", "list").out
    with closing(Planner(terminal.data, terminal.key)) as planner, accounts_of(planner) as accounts:
        tables = [row["name"] for row in accounts.file.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
        kept = [tuple(row) for table in tables for row in accounts.file.rows(f"SELECT * FROM {table}")]
        assert ("Tổ 2" in repr(kept), "Zq Thảo" in repr((kept, accounts.log.listed()))) == (True, False)


def test_sign_ins_and_what_was_done_to_accounts_are_listed_and_verified(terminal: Terminal) -> None:
    with closing(Planner(terminal.data, terminal.key)) as planner, accounts_of(planner) as accounts:
        Doorkeeper(accounts).admit(accounts.account("hoa"), client="10.0.0.1")
    terminal("user", "disable", "hoa")

    listed = terminal("sign-ins", "--of", "hoa", "--last", "2", "--verify", "--format", "json", "--as", "kiem")
    text = terminal("sign-ins", "--of", "hoa", "--last", "1").out
    planner_asks = terminal("sign-ins", "--as", "nam")

    assert [(one["what"], one["user"], one["client"]) for one in listed.json] == [
        ("disabled", "hoa", None),
        ("signed in", "hoa", "10.0.0.1"),
    ]
    assert (listed.status, listed.err) == (0, "Every row of the log of sign-ins is as it was written.\n")
    assert text.split("\t")[1:3] == ["hoa", "account disabled"]
    assert (planner_asks.status, planner_asks.out) == (1, "")
