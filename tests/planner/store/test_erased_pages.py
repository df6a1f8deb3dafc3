"""After an erasure neither the key nor a snapshot of the person lies in any page of a file, free or in a log."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from planner.application import Planner
from planner.snapshots.file import FILE, Snapshots
from tests.examples import VIETNAMESE_OFFICERS, officer_details
from tests.planner.acting import BINH, HOA, Clock, another, let_in
from tests.planner.store.raw_pages import raw_pages

WHY = "Theo yêu cầu của đương sự, văn thư số 12"


@pytest.fixture
def filled(planner: Planner) -> Planner:
    let_in(planner, BINH)
    for number, name in enumerate(VIETNAMESE_OFFICERS[:3], 1):
        planner.register_officer(f"CA-90{number}", officer_details(name), by=HOA)
    return planner


def wrapped_key(planner: Planner, person: str) -> bytes:
    with closing(planner.store.connect("keys.db")) as connection:
        ((wrapped,),) = connection.execute("SELECT wrapped FROM keys WHERE subject = ?", (person,)).fetchall()
    return bytes(wrapped)


@pytest.mark.parametrize("processes", [1, 2])
def test_the_wrapped_key_lies_in_no_page(filled: Planner, tmp_path: Path, clock: Clock, processes: int) -> None:
    file, key = tmp_path / "data" / "keys.db", filled.store.keys.database
    gone, kept = (wrapped_key(filled, f"officer/CA-90{number}") for number in (1, 2))
    others = [another(tmp_path, clock) for _ in range(processes - 1)]
    assert [one.plan.position for one in others] == [filled.plan.position] * len(others)
    assert gone in raw_pages(file, key)  # the control

    filled.erase_person("CA-901", by=BINH, reason=WHY)

    pages = raw_pages(file, key)
    assert (gone in pages, kept in pages) == (False, True)
    for one in others:
        one.close()


def test_no_part_of_a_snapshot_of_the_person_lies_in_any_page(filled: Planner, tmp_path: Path) -> None:
    file, key = tmp_path / "data" / FILE, filled.store.keys.database
    snapshots = Snapshots(filled.store, spacing=1)
    snapshots.offer(filled.plan)
    snapshots.close(filled.plan)
    with closing(filled.store.connect(FILE)) as connection:
        former = [bytes(content[:60]) for (content,) in connection.execute("SELECT content FROM snapshots")]
    before = raw_pages(file, key)
    assert [part in before for part in former] == [True] * len(former)  # the control
    assert len(former) > 0

    filled.erase_person("CA-901", by=BINH, reason=WHY)
    assert filled.timeline._snapshots is not None
    filled.timeline._snapshots.settle()

    pages = raw_pages(file, key)
    assert [part in pages for part in former] == [False] * len(former)
