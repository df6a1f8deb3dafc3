"""A terminal with a data directory of its own and a few accounts."""

from __future__ import annotations

import dataclasses
import io
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from domain.base import Actor, Role
from planner.accounts import Accounts
from planner.application import Planner
from planner.cli import main
from planner.cli.opening import NO_PASSWORDS

ADMINISTRATOR = Actor(user="test", roles=frozenset({Role.ADMINISTRATOR}))


@dataclasses.dataclass(frozen=True)
class Answer:
    """What one command line gave back."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


@dataclasses.dataclass
class Terminal:
    """Gives command lines in this process, on one data directory."""

    data: Path
    key: Path
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def __call__(self, *arguments: str | Path, stdin: str | bytes = "", lang: str = "en") -> Answer:
        content = stdin.encode() if isinstance(stdin, str) else stdin
        self.monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))
        self.capsys.readouterr()
        place = ["--data", str(self.data), "--key", str(self.key), "--lang", lang]
        try:
            status = main([*place, *map(str, arguments)])
        except SystemExit as leaving:
            status = int(leaving.code or 0)
        out, err = self.capsys.readouterr()
        return Answer(status, out, err)

    def do(self, *orders: dict[str, Any], user: str = "hoa") -> Answer:
        """Give commands as JSON lines."""
        return self("do", "--as", user, stdin="".join(json.dumps(order) + "\n" for order in orders))

    def adopt(self) -> None:
        """Make everybody a member of every visit."""
        self("user", "add", "chief", "--role", "administrator")
        self("member", "adopt", "--as", "chief", "--reason", "Như trước nay")


@pytest.fixture
def bare(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal where nothing was started yet."""
    monkeypatch.setenv("PLANNER_DEBUG", "1")
    return Terminal(tmp_path / "data", tmp_path / "site.key", capsys, monkeypatch)


@pytest.fixture(scope="session")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with accounts and its key, to be copied: a planner, a commander, an officer, an auditor."""
    place = tmp_path_factory.mktemp("settled")
    planner = Planner(place / "data", place / "site.key")
    accounts = Accounts(place / "data", planner.store.keys.database, hasher=NO_PASSWORDS)
    for user, role in (("hoa", Role.PLANNER), ("nam", Role.COMMANDER), ("thao", Role.OFFICER), ("kiem", Role.AUDITOR)):
        accounts.create(user, by=ADMINISTRATOR, roles={role}, officer="CA-1" if role is Role.OFFICER else None)
    accounts.close()
    planner.close()
    return place


@pytest.fixture
def terminal(bare: Terminal, settled: Path) -> Terminal:
    """A terminal with the accounts hoa (planner), nam (commander), thao (officer) and kiem (auditor)."""
    shutil.copytree(settled / "data", bare.data)
    shutil.copy2(settled / "site.key", bare.key)
    return bare


def order(name: str, reason: str = "", **arguments: Any) -> dict[str, Any]:
    """One command as a script writes it."""
    return {"command": name, "arguments": arguments, "reason": reason}


WINDOW = {"start": "2026-11-24T08:00:00+07:00", "end": "2026-11-24T12:00:00+07:00"}
VISIT = order(
    "register_visit",
    code="LA-2026-01",
    visit={"title": "Đoàn tỉnh Luông Pha Băng", "first_day": "2026-11-24", "last_day": "2026-11-25"},
)
OFFICER = order("register_officer", code="CA-1", officer={"name": {"romanised": "O'Brien"}, "unit": "PA-02"})
POST = order("create_post", visit="LA-2026-01", code="P-07", post={"task": "Gác cổng", "window": WINDOW})
ASSIGNED = order("assign_officer", visit="LA-2026-01", post="P-07", officer="CA-1")
