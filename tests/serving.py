"""The real server in a process of its own, for tests that ask it over the network."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from domain.base import Actor, Role
from planner.account import Look
from planner.accounts import Accounts
from planner.application import Planner
from planner.sign_in import Doorkeeper
from tests.planner.acting import let_in

PASSWORD = "seven green lanterns"
ADMINISTRATOR = Actor(user="chief", roles=frozenset({Role.ADMINISTRATOR}))


@dataclasses.dataclass(slots=True)
class Running:
    """A server that runs, and the same data opened beside it, as the command line would."""

    address: str
    data_dir: Path
    key_file: Path
    planner: Planner
    accounts: Accounts

    @property
    def door(self) -> Doorkeeper:
        return Doorkeeper(self.accounts)


def free_port() -> int:
    with socket.socket() as trying:
        trying.bind(("127.0.0.1", 0))
        return int(trying.getsockname()[1])


_PROGRAM = """
import json, sys
from pathlib import Path
from ui.server import serve
asked = json.loads(sys.argv[1])
serve(port=asked.pop("port"), **{name: Path(place) for name, place in asked.items()})
"""


@contextlib.contextmanager
def serving(
    data_dir: Path,
    fill: Callable[[Planner, Accounts], None],
    *,
    map_dir: Path | None = None,
    script: Path | None = None,
    tls: tuple[Path, Path] | None = None,
    oidc: Path | None = None,
) -> Iterator[Running]:
    """Runs the server in a process of its own on filled data; stops it as SIGTERM does, and demands a clean end."""
    key_file = data_dir.parent / f"{data_dir.name}.key"
    planner = Planner(data_dir, key_file)
    accounts = Accounts(data_dir, planner.store.keys.database)
    fill(planner, accounts)
    port = free_port()
    places = {"data_dir": data_dir, "key": key_file, "map_dir": map_dir, "script": script, "oidc": oidc}
    if tls is not None:
        places |= {"tls_cert": tls[0], "tls_key": tls[1]}
    asked = json.dumps({"port": port} | {name: str(place) for name, place in places.items() if place})
    log = data_dir.parent / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-c", _PROGRAM, asked], stdout=out, stderr=out)
    try:
        _wait_for(port, process, log)
        yield Running(f"{'https' if tls else 'http'}://127.0.0.1:{port}", data_dir, key_file, planner, accounts)
    finally:
        process.terminate()
        ended = process.wait(20)
        accounts.close()
        planner.close()
    assert (ended, "Traceback" in log.read_text()) == (0, False), log.read_text()


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        if b"Ctrl-C" in log.read_bytes():
            return
        time.sleep(0.05)
    raise RuntimeError(f"the server did not start on port {port}: {log.read_text()}")


def people(_planner: Planner, accounts: Accounts) -> None:
    """One account of each kind, all with the same password."""
    english = Look(language="en")
    for user, name, roles, officer in (
        ("chief", "Administrator", {Role.ADMINISTRATOR}, None),
        ("planner", "Nguyễn Thị Lan", {Role.PLANNER}, None),
        ("commander", "Trần Văn Minh", {Role.COMMANDER}, None),
        ("officer", "Lê O'Brien <b>x</b>", {Role.OFFICER}, "CA-0113"),
        ("auditor", "Phạm Quốc Đạt", {Role.AUDITOR}, None),
    ):
        accounts.create(
            user, by=ADMINISTRATOR, display_name=name, roles=roles, officer=officer, look=english, password=PASSWORD
        )


def members(planner: Planner, accounts: Accounts) -> None:
    """The same accounts, those who plan, command and audit members of every visit."""
    people(planner, accounts)
    let_in(planner, *(account.actor("test") for account in accounts))
