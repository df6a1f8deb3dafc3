"""``planner assign`` in a process of its own: how far the search is stands on the standard error, Ctrl-C ends it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import IO, Any
from zoneinfo import ZoneInfo

import pytest

from planner.cli.breaking_off import stopped_by_ctrl_c
from planner.cli.console import Console
from tests.examples import VISIT
from tests.planner.cli.conftest import Terminal
from tests.planner.cli.test_usage import PLANNER

#: So long that no test waits for its end.
LONG = ("--seconds", "600")
SKILLS = [f"Q-{number}" for number in range(8)]
WHOLE = {"start": "2027-01-01T00:00+07:00", "end": "2029-01-01T00:00+07:00"}


@pytest.fixture
def many(terminal: Terminal) -> Terminal:
    """Four hundred posts over three days and two hundred officers, eight skills: a search of several seconds."""
    draw, begin = Random(1), datetime(2027, 11, 24, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    visit = {"title": "Đoàn tỉnh Luông Pha Băng", "first_day": "2027-11-24", "last_day": "2027-11-26"}
    orders: list[dict[str, Any]] = [{"command": "register_visit", "arguments": {"code": VISIT, "visit": visit}}]
    for number in range(200):
        officer = {"name": {"romanised": f"Trần Đức Nghĩa {number}"}, "unit": f"Đội {draw.randrange(9)}"}
        orders.append({"command": "register_officer", "arguments": {"code": f"CA-{number:03d}", "officer": officer}})
        for code in draw.sample(SKILLS, 2):
            arguments = {"officer": f"CA-{number:03d}", "qualification": {"code": code, "valid": WHOLE}}
            orders.append({"command": "grant_qualification", "arguments": arguments})
    for number in range(400):
        start = begin + timedelta(minutes=15 * draw.randrange(4 * 60))
        window = {
            "start": start.isoformat(),
            "end": (start + timedelta(hours=draw.choice((4, 6, 8, 8, 10)))).isoformat(),
        }
        wanted = {"required": [draw.choice(SKILLS)], "commander": f"CA-{draw.randrange(200):03d}"}
        post = {"task": "Gác cổng", "window": window, **wanted}
        arguments = {"visit": VISIT, "code": f"P-{number:03d}", "post": post}
        orders.append({"command": "create_post", "arguments": arguments})
    answer = terminal.do(*orders)
    assert [line["ok"] for line in answer.lines] == [True] * len(orders), answer.out
    return terminal


@pytest.fixture
def searching(many: Terminal) -> Iterator[subprocess.Popen[str]]:
    yield from _searching(many)


@pytest.fixture
def accepting(many: Terminal) -> Iterator[subprocess.Popen[str]]:
    yield from _searching(many, "--accept", "--as", "hoa")


def _searching(terminal: Terminal, *more: str) -> Iterator[subprocess.Popen[str]]:
    """A search that has told how far it is."""
    place = ["--data", str(terminal.data), "--key", str(terminal.key), "--lang", "en"]
    asked = [*PLANNER, "assign", *place, "--visit", VISIT, "--format", "json", *LONG, *more]
    with subprocess.Popen(
        asked, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ)
    ) as running:
        try:
            assert " places open" in _err(running).readline()
            yield running
        finally:
            running.kill()


def _err(running: subprocess.Popen[str]) -> IO[str]:
    assert running.stderr is not None
    return running.stderr


def test_the_first_stops_and_the_second_leaves() -> None:
    before = signal.getsignal(signal.SIGINT)
    with stopped_by_ctrl_c(Console("en")) as stop:
        assert stop is not None
        asked = [stop()]
        signal.raise_signal(signal.SIGINT)
        asked.append(stop())
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)

    assert asked == [False, True]
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.slow
def test_ctrl_c_takes_the_best_so_far(searching: subprocess.Popen[str]) -> None:
    searching.send_signal(signal.SIGINT)

    out, err = searching.communicate(timeout=60)

    told = json.loads(out)
    assert (searching.returncode, told["ended"]) == (0, "stopped")
    assert len(told["assignments"]) + sum(one["missing"] for one in told["uncovered"]) == 400
    assert "press Ctrl-C again" in err


@pytest.mark.slow
def test_what_is_broken_off_is_not_accepted(accepting: subprocess.Popen[str], many: Terminal) -> None:
    accepting.send_signal(signal.SIGINT)

    out, _ = accepting.communicate(timeout=60)

    assert (accepting.returncode, out) == (130, "")
    assert many("plan", "--visit", VISIT, "--format", "json").json["assignments"] == []
