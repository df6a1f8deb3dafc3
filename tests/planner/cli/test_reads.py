"""``planner reads``: who read what, for the auditor of a visit and for whoever holds the key."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from planner.access.reads import FILE
from planner.store.connection import connect
from planner.store.keys import read_key_file
from tests.planner.cli.conftest import ASSIGNED, OFFICER, POST, VISIT, Terminal
from tests.releases import ASKED

CODE = ("--visit", "LA-2026-01")


@pytest.fixture
def planned(terminal: Terminal) -> Terminal:
    terminal.do(VISIT, OFFICER, POST, ASSIGNED)
    return terminal


def test_what_is_read_and_taken_out_at_the_prompt_is_recorded(planned: Terminal, tmp_path: Path) -> None:
    planned.adopt()
    planned("plan", *CODE, "--as", "hoa")
    planned("check", *CODE, "--as", "hoa")
    planned("export", *CODE, "--format", "json", "--out", tmp_path / "a.json", "--as", "hoa", *ASKED)
    planned("history", "--as", "hoa")

    told = planned("reads", *CODE, "--as", "kiem", "--format", "json").json

    assert [(one["user"], one["query"], one["outcome"], one["standing"]) for one in reversed(told)] == [
        ("hoa", "export_plan", "shown", "member"),
        ("hoa", "read_findings", "shown", "member"),
        ("hoa", "export_plan", "taken out", "member"),
        ("hoa", "read_history", "shown", "member of every visit"),
        ("kiem", "read_reads", "shown", "member of every visit"),
    ]
    assert [one["about"].split(" at ")[0] for one in reversed(told)] == ["plan", "check", "json", "history", "reads"]


def test_a_file_is_looked_for_among_the_reads_that_are_asked_for(planned: Terminal, tmp_path: Path) -> None:
    planned.adopt()
    planned("export", *CODE, "--format", "json", "--out", tmp_path / "a.json", "--as", "hoa", *ASKED)
    (found,) = planned("reads", "--file", tmp_path / "a.json", *CODE, "--of", "hoa", "--format", "json").json
    number = found["file"]["record"]

    others = [
        planned("reads", "--file", tmp_path / "a.json", "--of", "nam"),
        planned("reads", "--record", number, "--outside-duty"),
        planned("reads", "--record", ""),
    ]

    assert [(one.status, one.out, one.err[:23]) for one in others] == [(1, "", "No record of that file:")] * 3


def test_who_reads_with_the_key_alone_reads_outside_duty(planned: Terminal) -> None:
    planned.adopt()
    planned("plan", *CODE)
    planned("plan", *CODE, "--as", "hoa")

    told = planned("reads", *CODE, "--outside-duty", "--as", "kiem").out.splitlines()

    assert [("holder of the key" in line, "hoa" in line) for line in told] == [(True, False)]


def test_only_an_auditor_of_the_visit_is_told(planned: Terminal) -> None:
    stranger = planned("reads", *CODE, "--as", "kiem")
    planned.adopt()
    others = [planned("reads", *CODE, "--as", user) for user in ("hoa", "nam", "thao")]

    assert (stranger.status, stranger.err) == (1, "There is no visit LA-2026-01.\n")
    assert [answer.status for answer in others] == [1, 1, 1]
    assert [answer.out for answer in others] == ["", "", ""]


def test_a_changed_log_of_reads_is_told(planned: Terminal) -> None:
    planned("plan", *CODE)
    planned("plan", *CODE)
    sound = planned("reads", "--verify")
    with closing(connect(planned.data, FILE, read_key_file(planned.key).database)) as raw:
        raw.execute("DROP TRIGGER reads_are_never_changed")
        raw.execute("UPDATE reads SET user = 'somebody' WHERE number = 2")

    harmed = planned("reads", "--verify")

    assert (sound.status, harmed.status) == (0, 1)
    assert "Row 2 of the log of reads" in harmed.err
