"""What pages and files show is recorded first: once for each opening, not at each rerun; else it is refused."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from domain.base import Actor, Role
from domain.refusals import NotFound
from domain.values import SecrecyLevel
from planner.access.reader import Reader
from planner.access.reads import Reads
from planner.store.refusals import StoreUnavailable
from tests.demo_pages import said
from tests.examples import VISIT, delegation_details
from tests.planner.acting import HOA, let_in
from tests.planning_pages import opened
from tests.releases import WHOLE
from tests.small_force import small_force
from ui.downloads import fetched
from ui.shell import Shell

LAN = Actor("lan", frozenset({Role.PLANNER}))


def recorded(shell: Shell) -> list[tuple[str, tuple[str, ...], str]]:
    return [(one.read.user, one.read.visits, one.read.outcome.value) for one in reversed(shell.planner.reads.listed())]


def broken(shell: Shell) -> None:
    """From here on nothing can be recorded."""
    shell.planner.reads.close()
    planner = shell.planner
    planner.reads = Reads(planner.store.data_dir / "nowhere", planner.store.keys.database, planner.clock)


@pytest.mark.parametrize("page", ["visits", "programme", "duty_board", "map"])
def test_a_page_is_recorded_once_and_no_rerun_again(tmp_path: Path, page: str) -> None:
    with small_force(tmp_path, Role.PLANNER) as shell:
        run = opened(page, visit=VISIT)
        run.run()
        run.run()
        told = recorded(shell)

    assert not run.exception
    assert told == [("lan", (VISIT,), "shown")]


def test_another_thing_is_recorded_too(tmp_path: Path) -> None:
    with small_force(tmp_path, Role.PLANNER) as shell:
        run = opened("duty_board", visit=VISIT, view="post", post="P-01")
        run.query_params["post"] = "P-02"
        run.run()
        told = [one.read.about for one in reversed(shell.planner.reads.listed())]

    assert told == ["post=P-01", "post=P-02"]


def test_a_code_that_is_hidden_or_unknown_is_recorded_as_refused(tmp_path: Path) -> None:
    with small_force(tmp_path, Role.PLANNER) as shell:
        opened("programme", visit="KH-2026-77")
        told = recorded(shell)

    assert told == [("lan", ("KH-2026-77",), "refused"), ("lan", (VISIT,), "shown")]


@pytest.mark.parametrize("page", ["visits", "programme", "duty_board", "map"])
def test_nothing_is_shown_that_cannot_be_recorded(tmp_path: Path, page: str) -> None:
    with small_force(tmp_path, Role.PLANNER) as shell:
        shown = said(opened(page, visit=VISIT)).splitlines()[1:]
        broken(shell)
        hidden = opened(page, visit=VISIT)

    assert not hidden.exception
    assert "What is read must be recorded first." in said(hidden)
    assert shown != []
    assert [line for line in shown if line in said(hidden)] == []


def test_a_file_is_recorded_before_it_leaves_and_refused_where_it_cannot_be(tmp_path: Path) -> None:
    with small_force(tmp_path, Role.PLANNER) as shell:
        let_in(shell.planner, LAN)
        fetched("programme.xlsx", Reader(shell.planner, LAN), {"visit": VISIT}, WHOLE)
        with pytest.raises(NotFound):
            fetched("programme.xlsx", Reader(shell.planner, LAN), {"visit": "KH-2026-77"}, WHOLE)
        told = recorded(shell)
        broken(shell)
        with pytest.raises(StoreUnavailable):
            fetched("programme.xlsx", Reader(shell.planner, LAN), {"visit": VISIT}, WHOLE)

    assert told == [("lan", (VISIT,), "taken out"), ("lan", ("KH-2026-77",), "refused")]


def test_the_auditor_sees_who_read_the_visit_and_verifies_the_log(tmp_path: Path) -> None:
    with small_force(tmp_path, Role.AUDITOR) as shell, closing(shell.proof):
        Reader(shell.planner, Actor("@root", frozenset()), key_holder=True).record("export_plan", (VISIT,), "json")
        Reader(shell.planner, LAN).record("read_programme", ("KH-2026-77",), "programme")
        run = opened("integrity", visit=VISIT)
        run.button(key="verify_reads").click().run()

    assert not run.exception
    assert ("@root" in said(run), "KH-2026-77" in said(run)) == (True, False)
    assert "Every row of the log of reads is as it was written." in [one.value for one in run.success]


@pytest.mark.parametrize("page", ["visits", "programme", "duty_board", "map"])
def test_a_page_says_the_highest_mark_of_what_the_visit_holds(tmp_path: Path, page: str) -> None:
    with small_force(tmp_path, Role.PLANNER) as shell:
        plain = opened(page, visit=VISIT)
        details = delegation_details(secrecy=SecrecyLevel.SECRET)
        shell.planner.register_delegation(VISIT, "LA", details, by=HOA)
        marked = opened(page, visit=VISIT)

    assert [":red-badge[" in said(run) and "SECRET" in said(run) for run in (plain, marked)] == [False, True]
