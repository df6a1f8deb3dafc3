"""Opens a workbook that nobody vouches for: looked at before it is parsed, parsed in a process under limits."""

from __future__ import annotations

import dataclasses
import io
import json
import subprocess
import sys
import threading
import zipfile
from datetime import datetime, time
from pathlib import Path
from typing import Any

from domain.refusals import InvalidInput, NotPossible, PlanningError
from planner.exports.watermark import WITHHELD
from planner.imports import workbook_reader

#: Bytes of the largest file, and of all it may unpack to.
LARGEST, LARGEST_UNPACKED = 10_000_000, 150_000_000
#: How many times its packed size a part may unpack to, once it is larger than ``SMALL_PART`` bytes.
MOST_PACKED, SMALL_PART = 150, 1_000_000
MOST_PARTS = 2_000
#: Seconds of waiting for the process, whatever it does.
PATIENCE = 40
READER = Path(workbook_reader.__file__)
#: Workbooks read at one time, by all people of this process, and the seconds that one more waits.
SIDE_BY_SIDE, WAITS = 2, 20
_READING = threading.BoundedSemaphore(SIDE_BY_SIDE)

ZIP_START, OLD_FORMAT_START = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclasses.dataclass(frozen=True, slots=True)
class Unread:
    """A cell without a value that could be taken: an error, or a formula whose result was not saved."""

    shown: str


type Cell = str | bool | int | float | datetime | time | Unread | None


@dataclasses.dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name and its rows; the first row has number 1, rows may differ in length."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]


def read_workbook(content: bytes) -> tuple[Sheet, ...]:
    """The sheets of an XLSX file. Raises ``InvalidInput`` with what would help."""
    _looked_at(content)
    command = [sys.executable, "-I", str(READER)]
    if not _READING.acquire(timeout=WAITS):
        raise NotPossible.because("Other workbooks are being read. Try again in a minute.")
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        raise _too_much() from None
    finally:
        _READING.release()
    if done.returncode == 3:
        raise InvalidInput.because(
            "A sheet of the workbook has more than {most} rows. Divide it.", most=workbook_reader.MOST_ROWS
        )
    if done.returncode < 0 or done.returncode == 4 or b"MemoryError" in done.stderr:
        raise _too_much()
    if done.returncode != 0:
        raise _no_workbook()
    sheets = tuple(
        Sheet(sheet["name"], tuple(tuple(_cell(cell) for cell in row) for row in sheet["rows"]))
        for sheet in json.loads(done.stdout)["sheets"]
    )
    if any(cell == WITHHELD for sheet in sheets for row in sheet.rows for cell in row):
        raise InvalidInput.because(
            "The workbook is redacted: what was left out of it would be taken for empty. Take one that was exported "
            "whole."
        )
    return sheets


def _looked_at(content: bytes) -> None:
    """Refuse what is no workbook, or would unpack to far more than it seems, before anything parses it."""
    if content.startswith(OLD_FORMAT_START):
        raise InvalidInput.because(
            "The workbook is protected with a password or in the old format. Save it without a password as .xlsx."
        )
    if not content.startswith(ZIP_START):
        raise _no_workbook()
    if len(content) > LARGEST:
        raise InvalidInput.because("The workbook is larger than {most} MB.", most=LARGEST // 1_000_000)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            listed = parts.infolist()
    # ``RuntimeError`` where the archive is of a version that ``zipfile`` does not know.
    except (zipfile.BadZipFile, ValueError, OSError, RuntimeError):
        raise _no_workbook() from None
    if not any(part.filename == "[Content_Types].xml" for part in listed):
        raise _no_workbook()
    bomb = any(part.file_size > SMALL_PART and part.file_size > MOST_PACKED * part.compress_size for part in listed)
    if bomb or len(listed) > MOST_PARTS or sum(part.file_size for part in listed) > LARGEST_UNPACKED:
        raise _too_much()


def _no_workbook() -> PlanningError:
    return InvalidInput.because("The file is no workbook that can be read. Save it as .xlsx and try again.")


def _too_much() -> PlanningError:
    return InvalidInput.because(
        "The workbook needs too much memory or time to read. Remove what does not belong to it, such as pictures."
    )


def _cell(cell: Any) -> Cell:
    match cell:
        case {"at": str(moment)}:
            return datetime.fromisoformat(moment)
        case {"clock": str(clock)}:
            return time.fromisoformat(clock)
        case {"seconds": float(seconds) | int(seconds)}:
            return _clock(seconds)
        case {"error": str(shown)}:
            return Unread(shown)
        case {"formula": _}:
            return Unread("=…")
        case None | str() | bool() | int() | float():
            return cell
    return Unread("?")


def _clock(seconds: float) -> Cell:
    """A duration of less than a day is how some programs save a time of day."""
    whole = round(seconds)
    if not 0 <= whole < 24 * 3600:
        return Unread(f"{seconds / 3600:.2f} h")
    return time(whole // 3600, whole // 60 % 60, whole % 60)
