"""A server that nobody looks at keeps up all the same: whom others erased goes from its memory too."""

from __future__ import annotations

import asyncio
import threading
from contextlib import closing
from pathlib import Path

from domain.base import Actor, Role
from domain.personal import ERASED
from planner.accounts import Accounts
from planner.application import Planner
from planner.rostering.seating import Asked
from planner.sign_in import Doorkeeper
from tests.examples import PLANNING as PLANNED
from tests.examples import VIETNAMESE_OFFICERS, officer_details
from ui.follow import Follower
from ui.shell import Shell

PLANNING = Actor("hoa", frozenset({Role.PLANNER, Role.COMMANDER}))


def followed(follower: Follower, seconds: float) -> None:
    """Lets the server's follower run for a while, in a thread: that of the tests may have a loop of a browser."""

    async def run() -> None:
        async with follower.following():
            await asyncio.sleep(seconds)

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    thread.join()


def test_an_idle_server_forgets_within_a_second_whom_another_process_erased(tmp_path: Path) -> None:
    planner, other = (Planner(tmp_path / "data", tmp_path / "key") for _ in range(2))
    accounts = Accounts(tmp_path / "data", planner.store.keys.database)
    shell = Shell(planner, accounts, Doorkeeper(accounts))
    with closing(planner), closing(other), closing(accounts), closing(shell):
        other.register_officer("CA-1", officer_details(VIETNAMESE_OFFICERS[0]), by=PLANNING)
        assert planner.plan.officer("CA-1").name.romanised != ERASED
        follower = Follower(shell)
        key = planner.store.keyring.live("officer/CA-1")

        shell.rosters.start(planner.plan, Asked("LA-2026-01", PLANNED), seconds=0.1).over.wait(10)
        assert shell.rosters.of("LA-2026-01", None) is not None

        other.erase_person("CA-1", by=PLANNING, reason="Theo yêu cầu của đương sự")
        followed(follower, seconds=1)

        assert planner.timeline._plan.officer("CA-1").name.romanised == ERASED
        assert shell.rosters.of("LA-2026-01", None) is None
        assert key not in planner.store.keyring._opened
