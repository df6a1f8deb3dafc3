"""The document on security says the numbers of the code, and every package and log that it names is there."""

from __future__ import annotations

import importlib
import re
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from planner.accounts import Accounts
from planner.audit.sealed import LOGS

DOCUMENT = Path(__file__).parents[3] / "planner" / "access" / "SECURITY.md"
TEXT = DOCUMENT.read_text("utf-8")
_UNITS = {"s": 1, "min": 60, "h": 3600, "days": 86_400, "kB": 1_000, "MB": 1_000_000}
_CONSTANT = re.compile(r"(?:domain|planner|ui)(?:\.\w+)+\.\w+")


def rows(text: str) -> list[tuple[str, str]]:
    """Value and constant of each row of a table that names one."""
    found = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        at = next((number for number, cell in enumerate(cells) if _CONSTANT.fullmatch(cell)), 0)
        if at:
            found.append((cells[at - 1], cells[at]))
    return found


def number(value: str) -> float:
    """What a cell says, in seconds, bytes or as it stands."""
    figure, _, unit = value.replace(",", "").partition(" ")
    return float(figure) * _UNITS.get(unit, 1 if not unit else 0)


def of_code(constant: str) -> float:
    """What the code says."""
    module, _, name = constant.rpartition(".")
    found: Any = getattr(importlib.import_module(module), name)
    if isinstance(found, threading.BoundedSemaphore):
        return float(found._initial_value)  # type: ignore[attr-defined]  # typeshed does not tell of it
    return found.total_seconds() if isinstance(found, timedelta) else float(found)


@pytest.mark.parametrize(("value", "constant"), rows(TEXT), ids=str)
def test_a_number_of_the_document_is_that_of_the_code(value: str, constant: str) -> None:
    assert number(value) == of_code(constant)


def test_a_number_that_is_not_the_code_s_is_told() -> None:
    """The control: what is read of a row, and that a wrong one differs."""
    told = rows("| a session | 16 min | planner.sign_in.IDLE | why |\n| nothing | 3 | here |")

    assert told == [("16 min", "planner.sign_in.IDLE")]
    assert number(told[0][0]) != of_code(told[0][1])
    assert len(rows(TEXT)) > 40


def test_numbers_in_its_sentences_and_lists_are_the_code_s_too(tmp_path: Path) -> None:
    accounts = Accounts(tmp_path, bytes(32))
    hasher = accounts._hasher
    accounts.close()

    told = f"Argon2id, {hasher.memory_cost // 1024} MiB, {hasher.time_cost} passes, {hasher.parallelism} lanes"
    assert told in TEXT
    emergency = importlib.import_module("domain.emergency")
    shortest, minutes = emergency.SHORTEST_REASON, int(emergency.LONGEST.total_seconds() // 60)
    hours = int(emergency.REVIEWED_WITHIN.total_seconds() // 3600)
    assert f"{shortest} characters, for {minutes} minutes, reviewed in {hours} hours" in TEXT


def test_every_sealed_log_and_every_package_of_risk_is_named_as_it_is() -> None:
    locked = (DOCUMENT.parents[2] / "requirements.lock").read_text("utf-8").lower()
    risky = re.findall(r"`([a-z0-9-]+)`", TEXT.rpartition("Of greatest risk")[2])

    assert [log.file for log in LOGS.values() if f"`{log.file}`" not in TEXT] == []
    assert [name for name in risky if f"\n{name}==" not in locked and f"\n{name} @" not in locked] == []
    assert len(risky) > 8
