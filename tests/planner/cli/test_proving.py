"""Checkpoints, witnesses, verifying and bundles from the command line."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from planner.audit.checkpoint import parse
from planner.audit.kept import FILE
from planner.audit.sealed import LOGS
from planner.store.connection import connect
from planner.store.keys import read_key_file
from tests.planner.cli.conftest import ASSIGNED, OFFICER, POST, VISIT, Terminal, order
from tests.releases import ASKED

PLANNER = [sys.executable, "-m", "planner.cli"]


@pytest.fixture
def planned(terminal: Terminal) -> Terminal:
    """A terminal with four events."""
    terminal.do(VISIT, OFFICER, POST, ASSIGNED)
    return terminal


def witness_by_file(terminal: Terminal, place: Path, since: int = 0) -> Path:
    """Has the newest checkpoint witnessed by file, as two people with a stick would; the cosigned file."""
    terminal("checkpoint", "--out", place / "head.txt", "--since", str(since), "--proof", place / "proof.txt")
    key = terminal("checkpoint", "--show-key").out.strip()
    signed = terminal(
        *("witness", "--state", place / "witness", "--name", "auditor.example", "--log-key", key),
        *("--checkpoint", place / "head.txt", "--proof", place / "proof.txt", "--out", place / "cosigned.txt"),
    )
    assert signed.status == 0, signed.err
    return place / "cosigned.txt"


def burgled(terminal: Terminal, statement: str) -> None:
    connection = connect(terminal.data, "events.db", read_key_file(terminal.key).database)
    for trigger in ("events_are_never_changed", "events_are_never_deleted"):
        connection.execute(f"DROP TRIGGER {trigger}")
    connection.execute(statement)
    connection.execute("UPDATE sqlite_sequence SET seq = (SELECT max(position) FROM stored_events)")
    connection.close()


def test_a_checkpoint_is_printed_as_a_signed_note_and_as_a_code(planned: Terminal) -> None:
    first = planned("checkpoint")
    again = planned("checkpoint", "--qr")

    told = parse(first.out.encode()).checkpoint
    assert (told.origin.rpartition("/")[2], told.size) == ("events", 4)
    assert again.out.startswith(first.out)
    assert "█" in again.out or "▄" in again.out or "\x1b" in again.out


def test_commands_of_the_prompt_are_signed_when_they_end(planned: Terminal) -> None:
    connection = connect(planned.data, FILE, read_key_file(planned.key).database)
    sizes = connection.execute("SELECT size FROM checkpoints").fetchall()
    connection.close()

    assert sizes == [(4,)]


def test_a_history_that_was_witnessed_by_file_verifies_and_grows_on(planned: Terminal, tmp_path: Path) -> None:
    cosigned = witness_by_file(planned, tmp_path)
    witness = planned("witness", "--state", tmp_path / "witness").out.strip()
    taken = planned("checkpoint", "--witness-key", witness, "--cosigned", cosigned)
    planned.do({"command": "retire_officer", "arguments": {"code": "CA-1"}, "reason": "x"}, VISIT)
    planned.do({**POST, "arguments": {**POST["arguments"], "code": "P-08"}})
    grown = witness_by_file(planned, tmp_path, since=4)

    answer = planned(
        "verify", "--checkpoint", cosigned, "--checkpoint", grown, "--witness-key", witness, "--format", "json"
    )

    assert (taken.status, answer.status) == (0, 0)
    assert [one["name"]["en"] for one in answer.json if not one["ok"]] == []
    assert [one["level"] for one in answer.json] == sorted(one["level"] for one in answer.json)
    assert {one["level"] for one in answer.json} == {1, 2, 3, 4, 5}
    assert all(set(one["why"]) == {"en", "vi"} for one in answer.json)


def test_a_changed_history_is_told_with_status_one(planned: Terminal, tmp_path: Path) -> None:
    cosigned = witness_by_file(planned, tmp_path)
    (planned.data / FILE).unlink()
    burgled(planned, "DELETE FROM stored_events WHERE position = 4")

    blind = planned("verify", "--level", "3")
    seen = planned("verify", "--level", "3", "--checkpoint", cosigned)

    assert (blind.status, seen.status) == (0, 1)
    assert "✗ 2  the log continues the checkpoint that was brought, of 4 events: 4 events were signed" in seen.out


@pytest.mark.parametrize("name", ["reads", "refusals"])
def test_a_log_beside_the_plan_that_was_put_back_is_told(planned: Terminal, tmp_path: Path, name: str) -> None:
    planned("reads")
    planned.do({**POST, "arguments": {**POST["arguments"], "code": "P-08"}}, user="nam")
    shutil.copy2(planned.data / f"{name}.db", tmp_path / "older")
    planned("reads")
    planned.do({**POST, "arguments": {**POST["arguments"], "code": "P-09"}}, user="nam")
    planned("checkpoint", "--out", tmp_path / "head")
    kept = [tmp_path / "head", *(tmp_path / f"head.{log}" for log in LOGS)]
    brought = [part for file in kept for part in ("--checkpoint", file)]

    sound = planned("verify", "--level", "3", *brought)
    shutil.copy2(tmp_path / "older", planned.data / f"{name}.db")
    blind, seen = planned("verify", "--level", "3"), planned("verify", "--level", "3", *brought)

    assert (sound.status, blind.status, seen.status) == (0, 0, 1)
    gone = "the checkpoint that was brought: 2 rows were signed, the log has 1: the last ones are gone"
    assert [line for line in seen.out.splitlines() if line.startswith("✗")] == [
        f"✗ 2  the log of {name} continues {gone}"
    ]


def test_a_log_beside_the_plan_is_witnessed_by_file_and_grows_on(planned: Terminal, tmp_path: Path) -> None:
    key = planned("checkpoint", "--show-key", "--log", "reads").out.strip()
    signed, out = [], tmp_path / "cosigned"
    for since in (0, 2):
        planned("reads")
        planned("reads")
        head, proof = tmp_path / "head", tmp_path / "proof"
        planned("checkpoint", "--out", head, "--log", "reads", "--since", str(since), "--proof", proof)
        answer = planned(
            *("witness", "--state", tmp_path / "witness", "--log-key", key, "--out", out),
            *("--checkpoint", tmp_path / "head.reads", "--proof", proof),
        )
        signed.append((answer.status, answer.err, parse(out.read_bytes()).checkpoint.size))
    witness = planned("witness", "--state", tmp_path / "witness").out.strip()

    verified = planned("verify", "--level", "3", "--checkpoint", out, "--witness-key", witness)
    (planned.data / "reads.db").unlink()
    planned("reads")
    planned("checkpoint", "--out", tmp_path / "short", "--log", "reads", "--proof", tmp_path / "p")
    refused = planned("witness", "--state", tmp_path / "witness", "--checkpoint", tmp_path / "short.reads")

    assert signed == [(0, "", 2), (0, "", 4)]
    assert verified.status == 0
    assert (refused.status, refused.err) == (1, "The log has shrunk: 4 events were witnessed before.\n")


def test_a_witness_refuses_a_log_that_was_put_back(planned: Terminal, tmp_path: Path) -> None:
    witness_by_file(planned, tmp_path)
    (planned.data / FILE).unlink()
    burgled(planned, "DELETE FROM stored_events WHERE position = 4")
    planned("checkpoint", "--out", tmp_path / "head.txt")

    answer = planned("witness", "--state", tmp_path / "witness", "--checkpoint", tmp_path / "head.txt")

    assert (answer.status, answer.out) == (1, "")
    assert answer.err == "The log has shrunk: 4 events were witnessed before.\n"


def test_a_level_that_fails_says_where(planned: Terminal) -> None:
    burgled(planned, "UPDATE stored_events SET state = x'01000100' WHERE position = 3")

    answer = planned("verify", "--format", "json")

    wrong = [(one["level"], one["why"]["en"]) for one in answer.json if not one["ok"]]
    assert answer.status == 1
    assert wrong[0] == (2, "the first 4 events are not those that were signed")
    assert [level for level, _ in wrong[1:]] == [4, 5]


def test_verify_of_what_is_not_there_says_so(bare: Terminal) -> None:
    answer = bare("verify")

    assert answer.status == 1
    assert answer.out.startswith("✗ 1  the data open with their key")


@pytest.mark.parametrize("redact", [(), ("--redact",), ("--whole",)])
def test_a_bundle_is_written_and_verified_without_data(
    planned: Terminal, tmp_path: Path, redact: tuple[str, ...]
) -> None:
    planned.adopt()
    key = planned("checkpoint", "--show-key").out.strip()
    made = planned("bundle", "--visit", "LA-2026-01", "--out", tmp_path / "b.zip", "--as", "kiem", *ASKED, *redact)
    elsewhere = Terminal(tmp_path / "nothing", tmp_path / "no.key", planned.capsys, planned.monkeypatch)

    answer = elsewhere("verify-bundle", tmp_path / "b.zip", "--trust", key, "--format", "json")

    assert (made.status, answer.status) == (0, 0)
    assert [one["name"]["en"] for one in answer.json if not one["ok"]] == []
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        positions = [json.loads(line)["position"] for line in archive.read("events.jsonl").splitlines()]
    assert positions == [1, 2, 3, 4]


def test_a_bundle_is_not_for_everybody_and_never_replaces_a_file(planned: Terminal, tmp_path: Path) -> None:
    (tmp_path / "b.zip").write_bytes(b"mine")
    planned.adopt()

    officer = planned("bundle", "--out", tmp_path / "c.zip", "--as", "thao", *ASKED)
    replaced = planned("bundle", "--out", tmp_path / "b.zip", "--as", "kiem", *ASKED)

    assert (officer.status, replaced.status) == (1, 1)
    assert "exists already" in replaced.err
    assert (tmp_path / "b.zip").read_bytes() == b"mine"
    assert not (tmp_path / "c.zip").exists()


def test_what_is_exported_or_backed_up_is_signed_first(planned: Terminal, tmp_path: Path) -> None:
    for command in (
        ("backup", "--out", tmp_path / "backup"),
        ("export", "--format", "json", "--out", tmp_path / "visit.json", *ASKED),
    ):
        (planned.data / FILE).unlink()
        assert planned(*command).status == 0
        connection = connect(planned.data, FILE, read_key_file(planned.key).database)
        assert connection.execute("SELECT size FROM checkpoints").fetchall() == [(4,)]
        connection.close()


@pytest.mark.slow
def test_a_witness_serves_until_it_is_stopped(planned: Terminal, tmp_path: Path) -> None:
    log = planned("checkpoint", "--show-key").out.strip()
    asked = [*PLANNER, "witness", "--state", tmp_path / "w", "--log-key", log, "--serve", "--port", "0", "--lang", "en"]
    with subprocess.Popen([*map(str, asked)], stdout=subprocess.PIPE, text=True) as serving:
        assert serving.stdout is not None
        key, address = serving.stdout.readline().strip(), serving.stdout.readline().split()[-1]
        answer = planned("checkpoint", "--witness-key", key, "--witness", address)
        serving.terminate()

    assert answer.status == 0
    assert [one.name for one in parse(answer.out.encode()).witnesses] == ["witness"]


def test_an_override_is_signed_with_the_password_of_a_file(planned: Terminal, tmp_path: Path) -> None:
    planned("user", "password", "hoa", "--password-stdin", stdin="seven green lanterns\n")
    (tmp_path / "password").write_text("seven green lanterns\n")
    (tmp_path / "wrong").write_text("something else\n")
    second = {**POST, "arguments": {**POST["arguments"], "code": "P-08"}}
    twice = order("assign_officer", "x", visit="LA-2026-01", post="P-08", officer="CA-1", override_authority="Nam")
    planned.do(second)
    given = json.dumps(twice)

    refused = planned("do", "--as", "hoa", "--password-file", tmp_path / "wrong", stdin=given)
    done = planned("do", "--as", "hoa", "--password-file", tmp_path / "password", stdin=given)

    assert (refused.status, refused.out) == (1, "")
    assert [event["event"] for event in done.json["result"]["events"]] == ["OfficerAssigned", "OverrideSigned"]
    assert (
        "every signature of a person holds: 1 of 1 override, emergency access or review of one" in planned("verify").out
    )


def test_a_witness_that_the_list_of_hosts_does_not_name_is_not_asked(planned: Terminal) -> None:
    listening = socket.create_server(("127.0.0.2", 0))
    listening.settimeout(0.2)
    address = f"http://127.0.0.2:{listening.getsockname()[1]}"
    (planned.data / "outward.json").write_text('["witness.example"]')

    refused = planned("checkpoint", "--witness", address)
    with pytest.raises(TimeoutError):
        listening.accept()
    (planned.data / "outward.json").write_text('["127.0.0.2"]')
    listening.close()
    named = planned("checkpoint", "--witness", address)

    assert (refused.status, "does not name 127.0.0.2" in refused.err) == (1, True)
    assert (named.status, "cannot be reached" in named.err) == (1, True)
