"""Planners on several machines that share one log in a database."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from domain.officer import OfficerAmended
from domain.personal import ERASED
from domain.refusals import NotFound, NotPossible, PlanningError
from planner.application import Planner
from planner.snapshots.file import FILE, Snapshots
from planner.store.doctor import check
from planner.store.postgresql.opening import use_postgresql
from planner.store.postgresql.recorder import PostgreSQLRecorder
from tests.examples import VIETNAMESE_OFFICERS, VISIT, officer_details, post_details, visit_details, window
from tests.planner.acting import BINH, HOA, Clock
from tests.planner.store.servers import Server

NAME = officer_details(VIETNAMESE_OFFICERS[0]).name.romanised
WHY = "Theo yêu cầu của đương sự, văn thư số 12"

type Machines = Callable[[str], Planner]


@pytest.fixture
def machine(tmp_path: Path, new_database: Callable[[], str]) -> Iterator[Machines]:
    """The planner of a machine by its name: a data directory of its own, a copy of the same key."""
    database, opened = new_database(), list[Planner]()

    def make(name: str) -> Planner:
        use_postgresql(tmp_path / name, tmp_path / "key", database)
        opened.append(Planner(tmp_path / name, tmp_path / "key", clock=Clock()))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


@pytest.fixture
def here(machine: Machines) -> Planner:
    """A machine that has planned something."""
    planner = machine("here")
    with planner.together(HOA):
        planner.register_visit(VISIT, visit_details(), by=HOA)
        planner.register_officer("CA-0113", officer_details(VIETNAMESE_OFFICERS[0]), by=HOA)
        planner.register_officer("CA-0114", officer_details(VIETNAMESE_OFFICERS[1]), by=HOA)
    return planner


def test_what_one_machine_did_a_moment_ago_the_other_one_builds_on(here: Planner, machine: Machines) -> None:
    there = machine("there")

    for number in range(30):
        here.create_post(VISIT, f"P-{number}", post_details(), by=HOA)
        there.reschedule_post(VISIT, f"P-{number}", window("13:00", "17:00"), by=HOA, reason="Trễ")

    seen = here.timeline.wait(3 + 60 - 1, timeout=1)
    assert seen.position == 3 + 60
    assert seen.entities == there.plan.entities


def test_a_refusal_is_given_on_the_plan_as_it_is_everywhere(here: Planner, machine: Machines) -> None:
    """The plan in memory does not know of the post yet: the server's word of it does not come through."""
    there = machine("there")
    before = there.plan
    assert isinstance(there.recorder, PostgreSQLRecorder)
    assert there.recorder._watch is not None
    there.recorder._watch.execute("UNLISTEN *")
    here.create_post(VISIT, "P-1", post_details(), by=HOA)
    assert there.plan is before

    moved = there.cancel_post(VISIT, "P-1", by=HOA, reason="Nhầm")

    assert [event.originator_id for event in moved.events] == [f"post/{VISIT}/P-1"]
    with pytest.raises(NotFound):
        there.cancel_post(VISIT, "P-2", by=HOA, reason="Nhầm")


def test_a_retry_on_another_machine_returns_the_first_result(here: Planner, machine: Machines) -> None:
    there = machine("there")
    first = here.create_post(VISIT, "P-1", post_details(), by=HOA, command_id="C-1")

    again = there.create_post(VISIT, "P-1", post_details(), by=HOA, command_id="C-1")

    assert (again.repeated, again.events, again.position) == (True, first.events, first.position)
    with pytest.raises(PlanningError):
        there.create_post(VISIT, "P-2", post_details(), by=HOA, command_id="C-1")


def snapshots_of(planner: Planner) -> int:
    with closing(planner.store.connect(FILE)) as connection:
        return int(connection.execute("SELECT count(*) FROM snapshots").fetchone()[0])


def test_an_erasure_on_one_machine_reaches_the_other_within_a_second(here: Planner, machine: Machines) -> None:
    there = machine("there")
    kept = Snapshots(there.store, spacing=1)
    kept.offer(there.plan)
    kept.close(there.plan)
    key = there.store.keyring.live("officer/CA-0113")
    assert key is not None
    assert there.plan.officer("CA-0113").name.romanised == NAME
    assert (key in there.store.keyring._opened, snapshots_of(there)) == (True, 1)

    here.erase_person("CA-0113", by=BINH, reason=WHY)
    erased_at = time.monotonic()
    there.timeline.wait(3, timeout=1)
    after = time.monotonic() - erased_at

    assert after < 1
    assert {plan.officer("CA-0113").name.romanised for plan in (there.plan, there.timeline.at(2))} == {ERASED}
    assert (key in there.store.keyring._opened, key in there.store.keyring._wrapped) == (False, False)
    assert there.store.keyring.destroyed(key)
    assert there.timeline._snapshots is not None
    there.timeline._snapshots.settle()
    with closing(there.store.connect(FILE)) as connection:
        positions = connection.execute("SELECT position FROM snapshots").fetchall()
    assert positions in ([], [(4,)])  # none of the time before


def test_an_erasure_that_was_killed_before_the_key_went_is_completed_on_any_machine(
    here: Planner, machine: Machines, postgresql: Server
) -> None:
    key = here.store.keyring.live("officer/CA-0113")
    assert key is not None
    wrapped = here.store.keyring._wrapped[key][1].hex()
    here.erase_person("CA-0113", by=BINH, reason=WHY)
    # As if the record had been saved and nothing else: the key is back.
    postgresql.ask(
        "ALTER TABLE planner.keys DISABLE TRIGGER never_changed;"
        "ALTER TABLE planner.destroyed_keys DISABLE TRIGGER never_changed;"
        f"UPDATE planner.keys SET wrapped = '\\x{wrapped}' WHERE subject = 'officer/CA-0113';"
        "DELETE FROM planner.destroyed_keys;"
        "ALTER TABLE planner.keys ENABLE ALWAYS TRIGGER never_changed;"
        "ALTER TABLE planner.destroyed_keys ENABLE ALWAYS TRIGGER never_changed",
        database="plans_1",
    )

    there = machine("there")

    assert there.plan.officer("CA-0113").name.romanised == ERASED
    assert there.store.keyring.destroyed(key)


@pytest.mark.slow
def test_nothing_is_sealed_with_a_destroyed_key_while_machines_write_and_one_erases(
    here: Planner, machine: Machines
) -> None:
    people = [f"CA-{number:02}" for number in range(12)]
    writers = [machine(name) for name in ("one", "two", "three")]
    start = threading.Barrier(len(writers) + 1)
    with here.together(HOA):
        for code in people:
            here.register_officer(code, officer_details(VIETNAMESE_OFFICERS[0]), by=HOA)

    def write(planner: Planner, seed: int) -> None:
        draw = random.Random(seed)
        start.wait()
        for number in range(40):
            details = officer_details(VIETNAMESE_OFFICERS[0], rank=f"Bậc {seed}-{number}")
            with contextlib.suppress(NotPossible):  # erased meanwhile
                planner.amend_officer(draw.choice(people), details, by=HOA, reason="Nâng bậc")

    threads = [threading.Thread(target=write, args=(one, seed)) for seed, one in enumerate(writers)]
    for one in threads:
        one.start()
    start.wait()
    for code in people[::2]:
        here.erase_person(code, by=BINH, reason=WHY)
    for one in threads:
        one.join()

    after = machine("after")
    names = {code: after.plan.officer(code).name.romanised for code in people}
    assert names == {code: ERASED if number % 2 == 0 else NAME for number, code in enumerate(people)}
    assert len(after.plan.parked) == 0
    assert [found for found in check(after.store.data_dir, after.store.keys.path) if not found.ok] == []
    told = [event.officer.rank for _, event in after.timeline.events() if isinstance(event, OfficerAmended)]
    assert len(told) > 40
