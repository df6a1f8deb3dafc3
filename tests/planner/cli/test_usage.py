"""Help, wrong usage, and a command line that is cut off: quick, quiet, in the reader's language."""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from planner.cli.grammar import parser
from planner.cli.words import chosen_language
from tests.planner.cli.conftest import VISIT, Terminal, order

PLANNER = [sys.executable, "-m", "planner.cli"]
COMMANDS = (
    *("run", "demo", "do", "undo", "plan", "history", "diff", "check", "import", "export"),
    *("map", "route", "generate", "doctor", "backup", "restore", "user", "member", "reads", "access"),
    *("checkpoint", "witness", "verify", "bundle", "verify-bundle"),
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_its_help_in_both_languages(bare: Terminal, command: str) -> None:
    english = bare(command, "--help")
    vietnamese = bare(command, "--help", lang="vi")

    assert (english.status, vietnamese.status) == (0, 0)
    assert english.out.startswith(f"usage: planner {command}")
    assert vietnamese.out.startswith(f"cách dùng: planner {command}")


@pytest.mark.parametrize(
    "arguments",
    [(), ("fly",), ("plan", "--format", "xml"), ("export",), ("do", "--lang", "fr"), ("run", "--port", "x")],
)
def test_wrong_usage_is_told_on_standard_error_with_status_two(bare: Terminal, arguments: tuple[str, ...]) -> None:
    answer = bare(*arguments)

    assert (answer.status, answer.out) == (2, "")
    assert answer.err.startswith("usage: planner")


@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        ((), {}, "en"),
        ((), {"LANG": "vi_VN.UTF-8"}, "vi"),
        ((), {"LANG": "C.UTF-8"}, "en"),
        ((), {"LC_ALL": "en_GB.UTF-8", "LANG": "vi_VN"}, "en"),
        ((), {"LC_ALL": "", "LANG": "vi"}, "vi"),
        (("plan", "--lang", "vi"), {"LANG": "en"}, "vi"),
        (("plan", "--lang=en"), {"LANG": "vi"}, "en"),
    ],
)
def test_the_language_is_the_one_asked_for_or_that_of_the_environment(
    arguments: tuple[str, ...], environment: dict[str, str], language: str
) -> None:
    assert chosen_language(arguments, environment) == language


def test_help_loads_nothing_heavy() -> None:
    code = "import sys; from planner.cli.grammar import parser; parser('en'); print(sorted(sys.modules))"

    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert "argparse" in loaded
    heavy = ("importlib.metadata", "pydantic", "babel", "eventsourcing", "openpyxl", "typst")
    assert [name for name in heavy if f"'{name}'" in loaded] == []


def test_the_version_is_said_in_one_line(bare: Terminal) -> None:
    answer = bare("--version")

    assert (answer.status, answer.out, answer.err) == (0, f"planner {version('security-planner')}\n", "")


@pytest.mark.slow
def test_help_answers_at_once() -> None:
    bare = _quickest([sys.executable, "-c", "import argparse, json, pathlib"])

    help_ = _quickest([*PLANNER, "--help"])

    assert help_ < 4 * bare


def _quickest(command: list[str]) -> float:
    """Seconds of CPU of the quickest of five runs: what else the machine does counts least in them."""
    times = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(times)


@pytest.mark.slow
def test_a_reader_who_leaves_early_is_not_complained_to(terminal: Terminal) -> None:
    terminal.do(VISIT, *(order("register_officer", code=f"CA-{n}", officer=_officer(n)) for n in range(400)))
    place = ["--data", str(terminal.data), "--key", str(terminal.key)]

    with subprocess.Popen(
        [*PLANNER, "history", *place], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ)
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        complaints = running.stderr.read()

    assert complaints == b""


def _officer(number: int) -> dict[str, object]:
    return {"name": {"romanised": f"Nguyễn Văn {number} " + "A" * 100}, "unit": "PA-02"}


def test_a_file_that_cannot_be_read_is_one_clear_line(terminal: Terminal, tmp_path: Path) -> None:
    missing = terminal("import", "visit", tmp_path / "none.json", "--as", "hoa")
    folder = terminal("import", "visit", tmp_path, "--as", "hoa")
    unnamed = terminal("import", "visit", "--as", "hoa")
    unnamed_vi = terminal("import", "visit", "--as", "hoa", lang="vi")

    assert (missing.status, missing.err) == (1, f"There is no file {tmp_path / 'none.json'}.\n")
    assert (folder.status, folder.err) == (1, f"{tmp_path} is not a file.\n")
    assert (unnamed.status, unnamed.err.splitlines()[-1]) == (
        2,
        "planner import: the following arguments are required: FILE",
    )
    assert unnamed_vi.err.splitlines()[-1] == "planner import: thiếu các tham số bắt buộc: FILE"


def said(one: argparse.ArgumentParser) -> set[str]:
    """What a command and all below it say of themselves."""
    texts = {one.description or ""} | {action.help or "" for action in one._actions}
    for action in one._actions:
        if isinstance(action, argparse._SubParsersAction):
            texts |= {choice.help or "" for choice in action._choices_actions}
            texts = texts.union(*(said(below) for below in action.choices.values()))
    return {text for text in texts if text != argparse.SUPPRESS}


def test_all_help_is_said_in_vietnamese() -> None:
    english, vietnamese = said(parser("en")), said(parser("vi"))

    assert english & vietnamese == {""}
    assert len(vietnamese) > 100
