"""The proof over a log in a database: every machine signs the same tree, and whoever rules the server is found out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from planner.audit.kept import Checkpoints, Kept, sign_head
from planner.audit.tree import ProofError
from planner.audit.verify import Found, verify_data
from planner.store.directory import Store
from planner.store.opening import open_store
from planner.store.postgresql.opening import use_postgresql
from planner.store.refusals import DataDamaged
from tests.planner.audit.ledger import WITNESS, grown, story, witnessed
from tests.planner.store.servers import Server

EVENTS = 40


@pytest.fixture
def machine(tmp_path: Path, new_database: Callable[[], str]) -> Iterator[Callable[[str], Store]]:
    """The store of a machine by its name."""
    database, opened = new_database(), list[Store]()

    def make(name: str) -> Store:
        use_postgresql(tmp_path / name, tmp_path / "key", database)
        opened.append(open_store(tmp_path / name, tmp_path / "key"))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


type Machines = Callable[[str], Store]


def found(place: Path, level: int = 5, *brought: Kept) -> list[Found]:
    """What is found in a data directory, against checkpoints that were kept elsewhere, witnessed."""
    notes = [bytes(kept.note) for kept in brought]
    return list(verify_data(place, place.parent / "key", level=level, brought=notes, witnesses=[WITNESS.verifier]))


def wrong(place: Path, level: int = 5, *brought: Kept) -> list[tuple[int, str]]:
    return [(one.level, one.name.text) for one in found(place, level, *brought) if not one.ok]


def test_every_level_holds_on_every_machine(machine: Machines, tmp_path: Path) -> None:
    here = machine("here")
    grown(here, story(EVENTS))
    kept = witnessed(here)

    there = machine("there")

    assert wrong(tmp_path / "here", 5, kept) == []
    assert wrong(tmp_path / "there", 5, kept) == []
    assert sign_head(there).checkpoint == kept.checkpoint
    levels = {one.level for one in found(tmp_path / "there", 5, kept)}
    assert levels == {1, 2, 3, 4, 5}


#: What somebody who rules the server may try, with all triggers switched off.
BURGLARIES = {
    "an event changed": "UPDATE planner.stored_events SET state = state || '\\x00' WHERE position = 7",
    "a label changed": "UPDATE planner.stored_events SET topic = 'NoteTaken' WHERE position = 7",
    "an event deleted": "DELETE FROM planner.stored_events WHERE position = 7",
    "the last event deleted": "DELETE FROM planner.stored_events WHERE position = 40",
    "a gap closed": "DELETE FROM planner.stored_events WHERE position = 7;"
    "UPDATE planner.stored_events SET position = -position WHERE position > 7;"
    "UPDATE planner.stored_events SET position = -position - 1 WHERE position < 0",
    "two events exchanged": "UPDATE planner.stored_events SET position = -7 WHERE position = 8;"
    "UPDATE planner.stored_events SET position = 8 WHERE position = 7;"
    "UPDATE planner.stored_events SET position = 7 WHERE position = -7",
    "two states exchanged": "UPDATE planner.stored_events AS a SET state = b.state FROM planner.stored_events AS b"
    " WHERE (a.position, b.position) IN ((7, 8), (8, 7))",
    "an event put before all": "INSERT INTO planner.stored_events"
    " SELECT 0, 'note/N', 1, topic, state FROM planner.stored_events WHERE position = 1",
    "the log cut off": "DELETE FROM planner.stored_events WHERE position > 20",
    "the log emptied": "DELETE FROM planner.stored_events",
}


@pytest.mark.parametrize("how", BURGLARIES)
def test_whoever_rules_the_server_is_found_out(machine: Machines, tmp_path: Path, postgresql: Server, how: str) -> None:
    here = machine("here")
    grown(here, story(EVENTS))
    kept = witnessed(here)
    here.close()
    machine("there").close()
    assert wrong(tmp_path / "there", 2, kept) == []

    with psycopg.connect(postgresql.conninfo("plans_1"), autocommit=True) as burglar:
        burglar.execute("ALTER TABLE planner.stored_events DISABLE TRIGGER never_changed")
        burglar.execute(BURGLARIES[how].encode())
        burglar.execute("ALTER TABLE planner.stored_events ENABLE ALWAYS TRIGGER never_changed")
        # What was cut off shows in the commands too, unless it is cut off there as well.
        burglar.execute("ALTER TABLE planner.commands DISABLE TRIGGER never_changed")
        burglar.execute(
            "DELETE FROM planner.commands WHERE last > (SELECT coalesce(max(position), 0) FROM planner.stored_events)"
        )
        burglar.execute("ALTER TABLE planner.commands ENABLE ALWAYS TRIGGER never_changed")

    for place in ("here", "there"):
        assert wrong(tmp_path / place, 2, kept) != []


def test_triggers_that_were_switched_off_are_told(machine: Machines, tmp_path: Path, postgresql: Server) -> None:
    machine("here").close()

    postgresql.ask("ALTER TABLE planner.keys DISABLE TRIGGER never_changed", database="plans_1")

    assert [level for level, _ in wrong(tmp_path / "here", 1)] == [1]


def test_a_log_that_was_cut_off_is_not_signed_again(machine: Machines, postgresql: Server) -> None:
    here = machine("here")
    grown(here, story(EVENTS))
    with closing(Checkpoints(here)) as checkpoints:
        checkpoints.sign()

    postgresql.ask(
        "ALTER TABLE planner.stored_events DISABLE TRIGGER never_changed;"
        "DELETE FROM planner.stored_events WHERE position > 20;"
        "ALTER TABLE planner.stored_events ENABLE ALWAYS TRIGGER never_changed;"
        "ALTER TABLE planner.commands DISABLE TRIGGER never_changed;"
        "DELETE FROM planner.commands WHERE last > 20;"
        "ALTER TABLE planner.commands ENABLE ALWAYS TRIGGER never_changed",
        database="plans_1",
    )

    with closing(Checkpoints(here)) as checkpoints, pytest.raises(DataDamaged):
        checkpoints.sign()  # this process has seen more
    with closing(Checkpoints(machine("here"))) as checkpoints, pytest.raises(ProofError):
        checkpoints.sign()
