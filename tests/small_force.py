"""A visit with two posts and a few officers, and a person who looks at its pages without a server."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from domain.base import Actor, Role
from planner.account import Look
from planner.accounts import Accounts
from planner.application import Planner
from planner.sign_in import Doorkeeper
from tests.examples import (
    VISIT,
    officer_details,
    post_details,
    qualification,
    visit_details,
)
from tests.planner.acting import HOA, Clock, let_in
from tests.serving import ADMINISTRATOR, PASSWORD
from ui.shell import Shell, open_shell

#: Code and name of each officer, in no order that means anything.
FORCE = {
    "CA-0113": "Nguyễn Thị Phương Thảo",
    "CA-0114": "Trần Đức Nghĩa",
    "CA-0115": "Đặng Thuỳ Dương",
}


@contextlib.contextmanager
def empty_site(folder: Path, *roles: Role) -> Iterator[Shell]:
    """A shell over a site without anything, looked at in English by an account with these roles."""
    planner = Planner(folder / "data", folder / "key", clock=Clock())
    accounts = Accounts(folder / "data", planner.store.keys.database)
    door = Doorkeeper(accounts)
    shell = Shell(planner, accounts, door)
    let_in(planner, Actor("lan", frozenset(roles)))
    accounts.create("lan", by=ADMINISTRATOR, roles=roles, look=Look(language="en"), password=PASSWORD)
    session = door.by_token(door.sign_in("lan", PASSWORD, client="test"))
    assert session is not None
    shell.presumed = session.id
    open_shell(shell)
    try:
        yield shell
    finally:
        open_shell(None)
        accounts.close()
        planner.close()


@contextlib.contextmanager
def small_force(folder: Path, *roles: Role) -> Iterator[Shell]:
    """Posts P-01 (08–12) and P-02 (10–14, needs K9) of the visit, and three officers; nobody is assigned."""
    with empty_site(folder, *roles) as shell:
        fill(shell.planner)
        yield shell


def fill(planner: Planner, by: Actor = HOA) -> None:
    """The commands that make the visit, its posts and the officers."""
    planner.register_visit(VISIT, visit_details(), by=by)
    for code, name in FORCE.items():
        planner.register_officer(code, officer_details(name), by=by)
    planner.grant_qualification("CA-0113", qualification("K9"), by=by)
    planner.create_post(VISIT, "P-01", post_details(), by=by)
    planner.create_post(VISIT, "P-02", post_details("10:00", "14:00", required=("K9",)), by=by)
