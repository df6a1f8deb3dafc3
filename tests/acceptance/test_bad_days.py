"""Bad days at the command line: one clear line, exit status 1, and nothing lost."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from planner.store.opening import open_store
from tests.acceptance.conftest import RECORDED, VISIT
from tests.acceptance.prompt import Answer, Prompt, order
from tests.planner.store.full_disk import fill

pytestmark = pytest.mark.slow
OFFICER = {"name": {"romanised": "Hùng"}, "unit": "PA-02"}


def refused(answer: Answer, *said: str) -> bool:
    """True where an answer is one line on standard error that says this, and no trace of the program."""
    lines = answer.err.splitlines()
    return (answer.status, answer.out, len(lines)) == (1, "", 1) and all(part in lines[0] for part in said)


@pytest.mark.parametrize("command", [("do", "--as", "hoa"), ("backup", "--out", "backup"), ("user", "list")])
def test_a_wrong_key_opens_nothing_whatever_is_asked(site: Prompt, tmp_path: Path, command: tuple[str, ...]) -> None:
    other = Prompt(tmp_path)
    other("user", "add", "lan", "--role", "planner")
    stolen = Prompt(tmp_path / "stolen")
    stolen.place.mkdir()
    stolen.data.symlink_to(site.data)
    stolen.key.write_bytes(other.key.read_bytes())
    stolen.key.chmod(0o600)

    answer = stolen(*command, stdin=json.dumps(order("cancel_visit", "x", code=VISIT)), status=None)

    assert refused(answer, "key"), answer
    assert len(site("history", "--format", "json").json) == RECORDED


def test_a_key_that_everybody_can_read_is_refused_with_what_helps(copy: Prompt) -> None:
    copy.key.chmod(0o644)

    open_to_all = copy("plan", status=None)
    copy.key.chmod(0o600)

    assert refused(open_to_all, "chmod 600")
    assert copy("plan").status == 0


@pytest.mark.parametrize(
    "command", [("plan",), ("do", "--as", "hoa"), ("run", "--port", "0"), ("generate", "--size", "provincial")]
)
def test_data_of_a_newer_version_are_left_alone(copy: Prompt, command: tuple[str, ...]) -> None:
    store = open_store(copy.data, copy.key)
    connection = store.connect("events.db")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    store.close()
    before = (copy.data / "events.db").read_bytes()

    answer = copy(*command, stdin=json.dumps(order("cancel_visit", "x", code=VISIT)), status=None)

    assert refused(answer, "newer"), answer
    assert (copy.data / "events.db").read_bytes() == before


def test_a_process_killed_between_two_commands_has_kept_all_that_it_answered(copy: Prompt) -> None:
    orders = [order("register_officer", code=f"CA-{n}", officer=OFFICER) for n in range(100, 105)]
    process = subprocess.Popen(
        copy.command("do", "--as", "hoa"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=copy.environment,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process.stdin, process.stdout:
        answered = []
        for one in orders:
            process.stdin.write(json.dumps(one) + "\n")
            process.stdin.flush()
            answered.append(json.loads(process.stdout.readline()))
        process.kill()
    process.wait(30)

    history = copy("history", "--format", "json").json
    (next_one,) = copy.do("hoa", order("register_officer", code="CA-200", officer=OFFICER))
    assert [answer["position"] for answer in answered] == [row["position"] for row in history[-5:]]
    assert next_one["position"] == answered[-1]["position"] + 1


def test_a_generation_killed_in_the_middle_leaves_whole_batches_and_a_sound_log(tmp_path: Path) -> None:
    prompt = Prompt(tmp_path)
    process = subprocess.Popen(
        prompt.command("generate", "--size", "government"), stderr=subprocess.PIPE, env=prompt.environment, text=True
    )
    assert process.stderr is not None
    with process.stderr:
        process.stderr.readline()
        process.kill()
    process.wait(30)

    checks = prompt("doctor", "--format", "json", status=None).json
    history = prompt("history", "--format", "json").json
    broken = [one["name"]["en"] for one in checks if not one["ok"] and "map" not in one["name"]["en"]]
    assert broken == []
    assert [row["position"] for row in history] == list(range(1, len(history) + 1))
    assert len(history) >= 1_000


def test_a_backup_cut_short_restores_nothing(site: Prompt, tmp_path: Path) -> None:
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    site("backup", "--out", whole)
    cut.write_bytes(whole.read_bytes()[:-1000])
    other = Prompt(tmp_path / "other")
    other.place.mkdir()
    other.key.write_bytes(site.key.read_bytes())
    other.key.chmod(0o600)

    answer = other("restore", cut, status=None)

    assert refused(answer), answer
    assert not other.data.exists()
    assert other("restore", whole).status == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of three megabytes."""
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)]
    if os.name != "posix" or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk can only be mounted by root")
    (place / "room").write_bytes(bytes(200_000))
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def test_a_full_disk_is_said_to_writers_and_readers_and_takes_everything_when_there_is_room(
    site: Prompt, small_disk: Path
) -> None:
    prompt = site.copied(small_disk / "site")
    filler = fill(small_disk)
    long = "Lý do dài. " * 600
    orders = [order("cancel_activity", long, visit=VISIT, activity=code) for code in ("A-1", "A-2")]

    writing = prompt("do", "--as", "hoa", stdin=json.dumps(orders[0]), status=None)
    reading = prompt("plan", "--visit", VISIT, status=None)
    filler.unlink()
    taken = prompt.do("hoa", *orders)

    assert [refused(answer, "full", "Make room") for answer in (writing, reading)] == [True, True]
    assert [answer["position"] for answer in taken] == [RECORDED + 1, RECORDED + 2]


def test_a_disk_that_fills_up_refuses_what_does_not_fit_and_keeps_what_did(site: Prompt, small_disk: Path) -> None:
    prompt = site.copied(small_disk / "site")
    long = "Lý do dài. " * 700
    orders = [
        one
        for _ in range(200)
        for one in (
            order("cancel_activity", long, visit=VISIT, activity="A-1"),
            order("reinstate_activity", long, visit=VISIT, activity="A-1"),
        )
    ]

    answers = prompt.do("hoa", *orders, status=1)
    (small_disk / "room").unlink()
    history = prompt("history", "--format", "json").json

    saved = [answer["position"] for answer in answers if answer["ok"]]
    assert {answer["refusal"] for answer in answers if not answer["ok"]} <= {"DiskFull", "NotPossible"}
    assert "DiskFull" in {answer.get("refusal") for answer in answers}
    assert saved == list(range(RECORDED + 1, RECORDED + 1 + len(saved)))
    assert len(history) == RECORDED + len(saved)
