"""What the server writes of itself: a line for each record; and what people are told of the store: no places."""

from __future__ import annotations

import io
import json
import logging
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from domain.refusals import NotFound
from planner.store.refusals import DiskFull, StoreUnavailable
from tests.serving import free_port
from ui.log_lines import OneLine, keep_lines
from ui.told import told

FORGED = "x\r\n2026-11-26 08:00 ERROR planner: forged \x1b[31m\u2028\x85 Đặng"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the log of the planner writes, as the server has it written."""
    stream, log, before = io.StringIO(), logging.getLogger("planner"), logging.getLogRecordFactory()
    handler = logging.StreamHandler(stream)
    log.addHandler(handler)
    keep_lines()
    yield stream
    logging.setLogRecordFactory(before)
    log.removeHandler(handler)


def test_a_text_of_others_begins_no_line_and_colours_nothing(written: io.StringIO) -> None:
    logging.getLogger("planner").error("refused: %s", FORGED)

    said = written.getvalue()
    assert said == "refused: x\\r\\n2026-11-26 08:00 ERROR planner: forged \\x1b[31m\\u2028\\x85 Đặng\n"


def test_a_traceback_stays_on_its_line(written: io.StringIO) -> None:
    try:
        raise ValueError(FORGED)
    except ValueError:
        logging.getLogger("planner").exception("broken")

    first, second = written.getvalue().splitlines()
    assert (first, second.startswith("Traceback (most recent call last):\\n")) == ("broken", True)


def test_without_it_a_text_of_others_begins_a_line() -> None:
    """The control."""
    record = logging.LogRecord("planner", logging.ERROR, "", 0, "%s", (FORGED,), None)
    kept = OneLine("planner", logging.ERROR, "", 0, "%s", (FORGED,), None)

    assert (len(record.getMessage().splitlines()), len(kept.getMessage().splitlines())) == (4, 1)


def test_people_are_told_the_name_of_a_file_and_the_log_its_place(written: io.StringIO) -> None:
    place = Path("/srv/secret place/data/events.db")
    full = DiskFull.because("The disk of {file} is full.", file=place)
    nested = StoreUnavailable.because("It cannot be read: {why}", why=full.message)

    assert [str(told(one)) for one in (full, nested)] == [
        "The disk of events.db is full.",
        "It cannot be read: The disk of events.db is full.",
    ]
    assert written.getvalue().count("/srv/secret place/data/events.db") == 2


def test_what_is_no_matter_of_the_store_is_told_as_it_is_and_logged_nowhere(written: io.StringIO) -> None:
    assert str(told(NotFound.because("There is no post {code}.", code="P-1"))) == "There is no post P-1."
    assert written.getvalue() == ""


@pytest.fixture
def as_json(written: io.StringIO) -> io.StringIO:
    keep_lines(as_json=True)
    return written


def test_each_record_is_one_json_object_on_its_line(as_json: io.StringIO) -> None:
    log = logging.getLogger("planner.audit")
    log.warning("refused: %s", FORGED)
    try:
        raise ValueError(FORGED)
    except ValueError:
        log.exception('broken "x"')

    first, second = map(json.loads, as_json.getvalue().splitlines())
    assert (first["level"], first["log"]) == ("WARNING", "planner.audit")
    assert datetime.fromisoformat(first["at"]).utcoffset() == timedelta(0)
    assert first["message"].startswith("refused: x\\r\\n")
    assert (second["message"], "error" in first) == ('broken "x"', False)
    assert second["error"].startswith("Traceback (most recent call last):")


@pytest.mark.slow
def test_a_running_server_writes_nothing_but_json_to_standard_error(tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    asked = [
        "run",
        "--data",
        tmp_path / "data",
        "--key",
        tmp_path / "key",
        "--port",
        port,
        "--lang",
        "en",
        "--log-json",
    ]
    command = [sys.executable, "-m", "planner.cli", *map(str, asked)]
    with log.open("wb") as out, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=out, text=True) as serving:
        assert serving.stdout is not None
        for line in serving.stdout:
            if "Ctrl-C" in line:
                break
        with socket.create_connection(("127.0.0.1", port), timeout=20) as asking:
            asking.sendall(b"NONSENSE\r\n\r\n")
            assert asking.recv(100).startswith(b"HTTP/1.1 400")
        serving.terminate()
        serving.wait(30)

    told = [json.loads(line) for line in log.read_text().splitlines()]
    assert {(one["level"], one["log"], one["message"]) for one in told} == {
        ("WARNING", "uvicorn.error", "Invalid HTTP request received.")
    }
