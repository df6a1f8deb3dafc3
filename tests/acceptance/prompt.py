"""The installed command ``planner`` in processes of its own, as a script or a person at a terminal gives it."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

PROGRAM = Path(sys.executable).with_name("planner")
SECONDS = 120


@dataclasses.dataclass(frozen=True, slots=True)
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


@dataclasses.dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt with one data directory and its key, both inside ``place``."""

    place: Path

    @property
    def data(self) -> Path:
        return self.place / "data"

    @property
    def key(self) -> Path:
        return self.place / "site.key"

    def command(self, *arguments: str | Path) -> list[str]:
        where = ["--data", str(self.data), "--key", str(self.key), "--lang", "en"]
        return [str(PROGRAM), *where, *map(str, arguments)]

    @property
    def environment(self) -> dict[str, str]:
        """That of this process, with nothing of its user's own data."""
        return {**os.environ, "HOME": str(self.place), "XDG_DATA_HOME": "", "XDG_CONFIG_HOME": "", "PLANNER_DEBUG": "1"}

    def __call__(self, *arguments: str | Path, stdin: str = "", status: int | None = 0) -> Answer:
        """Gives one command line; fails where the status is another than the expected one."""
        done = subprocess.run(
            self.command(*arguments),
            input=stdin,
            capture_output=True,
            text=True,
            env=self.environment,
            timeout=SECONDS,
            check=False,
        )
        assert status is None or done.returncode == status, f"{arguments}: {done.stdout}{done.stderr}"
        return Answer(done.returncode, done.stdout, done.stderr)

    def do(self, user: str, *orders: dict[str, Any], status: int | None = 0) -> list[Any]:
        """Gives commands as JSON lines; their answers."""
        return self("do", "--as", user, stdin="".join(json.dumps(o) + "\n" for o in orders), status=status).lines

    def copied(self, to: Path) -> Prompt:
        """The same data and key at another place, for a test that changes them."""
        return Prompt(Path(shutil.copytree(self.place, to, dirs_exist_ok=True)))


def order(name: str, reason: str = "", **arguments: Any) -> dict[str, Any]:
    """One command as a script writes it."""
    return {"command": name, "arguments": arguments, "reason": reason}


def span(start: str, end: str, day: int = 24) -> dict[str, str]:
    """A window on a day of November 2026 in Vietnam."""
    return {"start": f"2026-11-{day}T{start}:00+07:00", "end": f"2026-11-{day}T{end}:00+07:00"}
