"""Pages looked at without a server: a shell over the demo visit, and a person who looks."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from streamlit.testing.v1 import AppTest

from planner.accounts import Accounts
from planner.application import Planner
from planner.demo.story import PASSWORD
from planner.routing.map_making import MapMaking
from planner.sign_in import Doorkeeper
from ui.shell import Shell, open_shell

PAGES = Path(__file__).parents[1] / "ui" / "pages"
#: Seconds that a page may take on a busy machine.
LONG = 60


@contextlib.contextmanager
def looked_at(data: Path, user: str, map_dir: Path | None = None, making: MapMaking | None = None) -> Iterator[Shell]:
    """A shell over a copy of ``data/data`` and ``data/key``, looked at in English by one of its accounts."""
    planner = Planner(data / "data", data / "key")
    accounts = Accounts(data / "data", planner.store.keys.database)
    accounts.set_look(user, language="en")
    door = Doorkeeper(accounts)
    shell = Shell(planner, accounts, door, map_dir, making=making)
    session = door.by_token(door.sign_in(user, PASSWORD, client="test"))
    assert session is not None
    shell.presumed = session.id
    open_shell(shell)
    try:
        yield shell
    finally:
        open_shell(None)
        shell.routing.close()
        accounts.close()
        planner.close()


def copied(told: Path, to: Path) -> Path:
    """A copy of a told demo that a test may change."""
    return Path(shutil.copytree(told, to, dirs_exist_ok=True))


def page(name: str) -> AppTest:
    """A page, not yet run."""
    return AppTest.from_file(str(PAGES / f"{name}.py"), default_timeout=LONG)


def said(run: AppTest) -> str:
    """Everything that a page says, one element a line."""
    kinds = ("title", "header", "markdown", "text", "info", "warning", "error", "success", "caption")
    lines = [str(getattr(element, "value", "")) for kind in kinds for element in run.get(kind)]
    lines += [str(element.proto.body) for element in run.get("html")]
    return "\n".join(lines)
