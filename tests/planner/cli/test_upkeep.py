"""Doctor, backup, restore, routes and load from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.planner.cli.conftest import VISIT, Terminal


def test_the_doctor_finds_sound_data_and_says_so_in_both_languages(terminal: Terminal) -> None:
    terminal.do(VISIT)

    checks = terminal("doctor", "--format", "json").json

    assert len(checks) > 8
    assert [one["name"]["en"] for one in checks if not one["ok"]] == []
    assert all(set(one["why"]) == {"en", "vi"} for one in checks)


def test_the_doctor_finds_missing_data_and_makes_none(bare: Terminal) -> None:
    answer = bare("doctor")

    assert answer.status == 1
    assert "✗ the data open with their key" in answer.out
    assert not bare.data.exists()


def test_a_backup_is_restored_elsewhere(terminal: Terminal, tmp_path: Path) -> None:
    terminal.do(VISIT)
    made = terminal("backup", "--out", tmp_path / "backup")
    other = Terminal(tmp_path / "elsewhere", terminal.key, terminal.capsys, terminal.monkeypatch)

    restored = other("restore", tmp_path / "backup")

    assert (made.status, restored.status) == (0, 0)
    assert other("plan", "--format", "json").json == terminal("plan", "--format", "json").json


def test_a_restore_over_data_is_refused(terminal: Terminal, tmp_path: Path) -> None:
    terminal("backup", "--out", tmp_path / "backup")

    answer = terminal("restore", tmp_path / "backup")

    assert (answer.status, answer.err.count("\n")) == (1, 1)


def test_the_key_is_exchanged_and_the_history_goes_on(terminal: Terminal, tmp_path: Path) -> None:
    terminal.do(VISIT)
    terminal("checkpoint", "--out", tmp_path / "checkpoint")
    before, plan = terminal.key.read_text(), terminal("plan", "--format", "json").json

    done = terminal("key", "rotate", "--keep-old", tmp_path / "old.key")
    again = terminal("key", "rotate", lang="vi")
    terminal.do({**VISIT, "arguments": {**VISIT["arguments"], "code": "NO-2026-02"}})
    verified = terminal("verify", "--checkpoint", tmp_path / "checkpoint", "--format", "json")
    old = Terminal(terminal.data, tmp_path / "old.key", terminal.capsys, terminal.monkeypatch)("plan")

    assert [one.status for one in (done, again, verified, terminal("doctor"), old)] == [0, 0, 0, 0, 1]
    assert "destroy the copies of the old one" in done.out + done.err
    assert str(tmp_path / "old.key") in done.out + done.err
    assert "đã có khóa mới" in again.out + again.err
    assert ((tmp_path / "old.key").read_text(), before in terminal.key.read_text()) == (before, False)
    assert terminal("plan", "--visit", "LA-2026-01", "--format", "json").json["visit"] == plan["visit"]
    assert old.err.startswith(f"The key {tmp_path / 'old.key'} is not the one")


def test_without_a_map_a_route_is_an_estimate_that_says_so(bare: Terminal) -> None:
    answer = bare("route", "--from", "-29.9027,-71.2519", "--to", "-29.9533,-71.3436", "--format", "json")

    (way,) = answer.json["routes"]
    assert (way["kind"], way["source"], way["overlap"]) == ("primary", "estimate", 0)
    assert way["geometry"]["coordinates"][0] == [-71.2519, -29.9027]
    assert answer.err.startswith("There is no map pack")


@pytest.mark.parametrize(
    ("origin", "said"),
    [
        ("north", "--from needs latitude and longitude"),
        ("1,2,3", "--from needs latitude and longitude"),
        ("91,0", "--from 91,0 is not on the earth"),
        ("nan,0", "--from nan,0 is not on the earth"),
    ],
)
def test_a_place_that_cannot_be_is_refused(bare: Terminal, origin: str, said: str) -> None:
    answer = bare("route", "--from", origin, "--to", "0,0")

    assert (answer.status, answer.out, answer.err.count("\n")) == (1, "", 1)
    assert answer.err.startswith(said)


def test_an_extract_that_is_none_makes_no_map(bare: Terminal, tmp_path: Path) -> None:
    (tmp_path / "x.osm.pbf").write_text("version https://git-lfs.github.com/spec/v1\n")

    answer = bare("map", "build", tmp_path / "x.osm.pbf", "--out", tmp_path / "pack")

    assert answer.status == 1
    assert not (tmp_path / "pack").exists()


def test_load_is_generated(bare: Terminal) -> None:
    answer = bare("generate", "--size", "provincial", "--seed", "7", "--events", "120")

    assert answer.status == 0
    assert len(bare("history", "--format", "json").json) >= 120


def test_pages_beyond_this_machine_need_encryption(terminal: Terminal) -> None:
    answer = terminal("run", "--host", "0.0.0.0", "--port", "0")

    assert answer.status == 1
    assert answer.err.startswith("Beyond this machine the planner is served only with encryption.")


def test_a_folder_that_is_no_map_pack_is_refused_before_serving(terminal: Terminal, tmp_path: Path) -> None:
    answer = terminal("run", "--map", tmp_path)

    assert (answer.status, answer.err.count("\n")) == (1, 1)
    assert answer.err.startswith(f"{tmp_path} is no map pack.")
