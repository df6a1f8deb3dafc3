"""A team sets its store up, works on it, and looks at it, from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.planner.cli.conftest import ASSIGNED, OFFICER, POST, VISIT, Terminal, order
from tests.planner.store.servers import APPLICATION, OWNER, Server
from tests.serving import PASSWORD


def test_a_team_sets_up_a_database_and_works_on_it(bare: Terminal, postgresql: Server) -> None:
    postgresql.empty_database("plans_1")
    owner, application = postgresql.conninfo("plans_1", OWNER), postgresql.conninfo("plans_1", APPLICATION)

    made = bare("store", "init-postgresql", "--database", owner, "--role", APPLICATION)
    again = bare("store", "init-postgresql", "--database", owner, "--role", APPLICATION)
    used = bare("store", "use-postgresql", "--database", application)
    done = bare.do(VISIT, user="hoa")
    plan = bare("plan", "--format", "json")
    checks = bare("doctor", "--format", "json").json

    assert [answer.status for answer in (made, again, used, done, plan)] == [0, 0, 0, 0, 0]
    assert "ready for the log of a team" in made.err + made.out
    assert "was ready already" in again.err + again.out
    assert plan.json["visit"]["code"] == "LA-2026-01"
    assert [one["name"]["en"] for one in checks if not one["ok"]] == []
    assert {f"role {APPLICATION}"} <= {one["why"]["en"] for one in checks}
    assert not (bare.data / "events.db").exists()


def test_a_password_on_the_command_line_is_refused_and_not_repeated(bare: Terminal) -> None:
    answer = bare("store", "use-postgresql", "--database", "host=db user=lan password=secret")

    assert (answer.status, answer.err.count("\n")) == (1, 1)
    assert "secret" not in answer.err
    assert not bare.data.exists()


def test_a_team_s_plan_goes_into_a_backup_and_comes_out_as_a_file(
    bare: Terminal, new_database: Callable[[], str], tmp_path: Path
) -> None:
    bare("store", "use-postgresql", "--database", new_database())
    bare.do(VISIT, user="hoa")

    made = bare("backup", "--out", tmp_path / "backup")
    other = Terminal(tmp_path / "elsewhere", bare.key, bare.capsys, bare.monkeypatch)
    restored = other("restore", tmp_path / "backup")

    assert (made.status, restored.status) == (0, 0)
    assert other("plan", "--format", "json").json == bare("plan", "--format", "json").json


@pytest.fixture
def other(bare: Terminal, new_database: Callable[[], str], tmp_path: Path) -> Terminal:
    """Another machine of the team that ``bare`` is in, with the same plan and key."""
    other, database = Terminal(tmp_path / "elsewhere", bare.key, bare.capsys, bare.monkeypatch), new_database()
    for one in (bare, other):
        one("store", "use-postgresql", "--database", database)
    return other


def test_a_person_is_erased_from_one_machine_and_the_history_verified_on_another(
    bare: Terminal, other: Terminal, tmp_path: Path
) -> None:
    bare.do(VISIT, OFFICER, user="hoa")
    bare("user", "add", "nam", "--role", "commander")
    signed = tmp_path / "checkpoint"
    bare("checkpoint", "--out", signed)
    before = other("history", "--format", "json")

    erased = bare("erase", "--person", "CA-1", "--as", "nam", "--reason", "Theo yêu cầu của đương sự")
    after = other("history", "--format", "json")
    verified = other("verify", "--checkpoint", signed, "--format", "json")

    assert (erased.status, verified.status) == (0, 0)
    assert (before.out.count("O'Brien") > 0, after.out.count("O'Brien")) == (True, 0)
    assert [one for one in verified.json if not one["ok"]] == []


def test_an_override_that_was_signed_on_one_machine_holds_on_another(
    bare: Terminal, other: Terminal, tmp_path: Path
) -> None:
    """Accounts and secret keys are each machine's own; signature and public key stand in the log that they share."""
    (tmp_path / "password").write_text(PASSWORD)
    bare.do(VISIT, OFFICER, POST, {**POST, "arguments": {**POST["arguments"], "code": "P-08"}}, ASSIGNED)
    bare("user", "password", "hoa", "--password-stdin", stdin=PASSWORD)
    twice = order("assign_officer", "x", visit="LA-2026-01", post="P-08", officer="CA-1", override_authority="Nam")

    done = bare("do", "--as", "hoa", "--password-file", tmp_path / "password", stdin=json.dumps(twice))
    here, there = (one("verify", "--level", "4") for one in (bare, other))

    assert (done.status, here.status, there.status) == (0, 0, 0)
    holds = "every signature of a person holds: 1 of 1 override, emergency access or review of one"
    assert (f"{holds}\n" in here.out, f"{holds}\n" in there.out) == (True, True)
