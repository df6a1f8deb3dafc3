"""The keys of visits and persons in a team's database: shared, made once, destroyed for everybody, and guarded."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from domain.base import Event
from domain.delegation import DelegationRegistered
from domain.erasure import PersonErased
from domain.officer import OfficerRegistered
from domain.personal import ERASED
from planner.store.backup import backup, restore
from planner.store.directory import Store
from planner.store.opening import open_store
from planner.store.postgresql.opening import use_postgresql
from planner.store.refusals import DataDamaged, MissingRights, Tampered
from tests.examples import VIETNAMESE_OFFICERS, delegation_details, officer_details
from tests.planner.store.notes import MOMENT
from tests.planner.store.servers import Server

NAME = officer_details(VIETNAMESE_OFFICERS[0]).name.romanised


def stamp(subject: str, version: int = 1) -> dict[str, Any]:
    return {
        "originator_id": subject, "originator_version": version, "recorded_at": MOMENT, "occurred_at": MOMENT,
        "by": "lan", "command_id": "C-1",
    }  # fmt: skip


def registered(code: str = "CA-1") -> OfficerRegistered:
    return OfficerRegistered(**stamp(f"officer/{code}"), officer=officer_details(VIETNAMESE_OFFICERS[0]))


def founded(visit: str = "V-1") -> DelegationRegistered:
    return DelegationRegistered(**stamp(f"delegation/{visit}/LA"), delegation=delegation_details())


def save(store: Store, *events: Event) -> None:
    store.recorder.append(list(store.mapper().seal(events)), command_id=secrets.token_hex(8))


def names(store: Store) -> list[str]:
    events = store.mapper().decode_rows(store.recorder.rows())
    return [event.officer.name.romanised for event in events if isinstance(event, OfficerRegistered)]


def key_of(store: Store, person: str) -> bytes:
    key = store.keyring.live(person)
    assert key is not None
    return key


def erase(store: Store, person: str) -> bytes:
    """Erases as the command does: the record first, then the key."""
    key = key_of(store, person)
    save(store, PersonErased(**stamp(f"erasure/{person}"), keys=(key.hex(),)))
    store.keyring.destroy([key])
    return key


@pytest.fixture
def database(new_database: Callable[[], str]) -> str:
    return new_database()


@pytest.fixture
def machine(tmp_path: Path, database: str) -> Iterator[Callable[[str], Store]]:
    """Opens the store of a machine by its name: a data directory of its own, a copy of the same key."""
    opened: list[Store] = []

    def make(name: str) -> Store:
        use_postgresql(tmp_path / name, tmp_path / "key", database)
        opened.append(open_store(tmp_path / name, tmp_path / "key"))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


type Machines = Callable[[str], Store]


def test_every_machine_reads_what_another_one_sealed(machine: Machines) -> None:
    here, there = machine("here"), machine("there")

    save(here, founded(), registered())

    assert names(there) == [NAME]
    save(there, registered("CA-2"))
    assert names(here) == [NAME, NAME]
    assert not list(here.data_dir.glob("keys*"))


def test_two_machines_that_make_a_key_at_once_use_the_same(machine: Machines) -> None:
    machines = [machine(name) for name in ("here", "there", "elsewhere")]
    persons = [f"officer/CA-{number}" for number in range(20)]
    start = threading.Barrier(len(machines))

    def make(store: Store) -> None:
        for person in persons:
            start.wait()
            store.keyring.make([person])

    threads = [threading.Thread(target=make, args=(store,)) for store in machines]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    made = [[key_of(store, person) for person in persons] for store in machines]
    assert made[0] == made[1] == made[2]
    assert len(set(made[0])) == len(persons)


def test_an_erasure_on_one_machine_is_one_on_all(machine: Machines) -> None:
    here, there = machine("here"), machine("there")
    save(here, founded(), registered("CA-1"), registered("CA-2"))
    assert names(there) == [NAME, NAME]
    before = list(here.recorder.rows())

    key = erase(here, "officer/CA-1")

    assert list(here.recorder.rows())[: len(before)] == before
    assert names(here) == [ERASED, NAME]
    there.keyring.destroy([key])  # as whoever folds the record does
    assert (names(there), there.keyring.destroyed(key)) == ([ERASED, NAME], True)
    assert names(machine("new")) == [ERASED, NAME]


def test_the_database_notes_who_destroyed_which_key(machine: Machines, database: str) -> None:
    store = machine("here")
    save(store, registered())

    key = erase(store, "officer/CA-1")

    with psycopg.connect(database) as connection:
        told = connection.execute("SELECT id, subject, destroyed_by FROM planner.destroyed_keys").fetchall()
        left = connection.execute("SELECT id, wrapped FROM planner.keys").fetchall()
    assert told == [(key, "officer/CA-1", "plans_app")]
    assert left == [(key, None)]


def test_no_key_is_destroyed_without_an_erasure_on_record(machine: Machines) -> None:
    store = machine("here")
    save(store, founded(), registered("CA-1"), registered("CA-2"))
    save(store, PersonErased(**stamp("erasure/officer/CA-2"), keys=()))
    visit, person = key_of(store, "visit/V-1"), key_of(store, "officer/CA-1")

    for keys in ([visit], [person], [key_of(store, "officer/CA-2"), person]):
        with pytest.raises(MissingRights):
            store.keyring.keeper.destroy(keys)

    assert names(machine("new")) == [NAME, NAME]


def test_a_key_that_was_made_after_an_erasure_outlives_it(machine: Machines) -> None:
    store = machine("here")
    save(store, registered())
    erase(store, "officer/CA-1")
    store.keyring.make(["officer/CA-1"])

    with pytest.raises(MissingRights):
        store.keyring.keeper.destroy([key_of(store, "officer/CA-1")])


def test_the_files_of_the_database_hold_no_destroyed_key(machine: Machines, database: str, postgresql: Server) -> None:
    store = machine("here")
    save(store, registered("CA-1"), registered("CA-2"))
    wrapped = store.keyring._wrapped[key_of(store, "officer/CA-1")][1]
    other = store.keyring._wrapped[key_of(store, "officer/CA-2")][1]
    postgresql.ask("CHECKPOINT")
    assert (in_files(postgresql, "base", wrapped), in_files(postgresql, "base", other)) == (True, True)

    erase(store, "officer/CA-1")
    postgresql.ask("CHECKPOINT")

    assert (in_files(postgresql, "base", wrapped), in_files(postgresql, "base", other)) == (False, True)
    # What is said of it in the README: the write-ahead log remembers until it is recycled; a page may end within a key.
    half = len(wrapped) // 2
    assert in_files(postgresql, "pg_wal", wrapped[:half]) or in_files(postgresql, "pg_wal", wrapped[half:])


def in_files(postgresql: Server, folder: str, content: bytes) -> bool:
    """Whether any file of the server's holds these bytes, in one piece."""
    files = [path for path in (postgresql.data / folder).rglob("*") if path.is_file()]
    return any(content in path.read_bytes() for path in files)


def test_somebody_who_reads_the_keys_for_long_does_not_hinder_an_erasure(machine: Machines, database: str) -> None:
    store = machine("here")
    save(store, registered("CA-1"), registered("CA-2"))

    with closing(psycopg.connect(database)) as dump:
        dump.execute("SELECT count(*) FROM planner.keys")
        erase(store, "officer/CA-1")

    assert names(machine("new")) == [ERASED, NAME]


CHANGES = (
    "INSERT INTO planner.keys VALUES (99, '\\x01', 'officer/X', '\\x01', 0)",
    "INSERT INTO planner.destroyed_keys (number, id, subject) SELECT 99, id, subject FROM planner.keys",
    "UPDATE planner.keys SET wrapped = NULL",
    "UPDATE planner.destroyed_keys SET destroyed_by = 'nobody'",
    "DELETE FROM planner.keys",
    "DELETE FROM planner.destroyed_keys",
    "TRUNCATE planner.keys",
    "SET planner.writing_anew = 'on'; TRUNCATE planner.keys",
    "TRUNCATE planner.destroyed_keys",
    "ALTER TABLE planner.keys DISABLE TRIGGER ALL",
)


@pytest.mark.parametrize("change", CHANGES)
def test_the_application_changes_keys_only_through_the_functions(machine: Machines, database: str, change: str) -> None:
    store = machine("here")
    save(store, registered())

    with psycopg.connect(database, autocommit=True) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(change.encode())

    assert names(machine("new")) == [NAME]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE planner.keys SET wrapped = '\\x01'",
        "UPDATE planner.keys SET subject = 'officer/CA-9', wrapped = NULL",
        "DELETE FROM planner.keys",
        "TRUNCATE planner.keys",
        "UPDATE planner.destroyed_keys SET subject = 'officer/CA-9'",
        "DELETE FROM planner.destroyed_keys",
        "TRUNCATE planner.destroyed_keys",
    ],
)
def test_a_superuser_who_slips_changes_no_key(machine: Machines, postgresql: Server, change: str) -> None:
    save(machine("here"), registered())
    wanted = postgresql.conninfo("plans_1")

    with psycopg.connect(wanted, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        with pytest.raises(psycopg.DatabaseError) as refused:
            connection.execute(change.encode())

    assert refused.value.sqlstate == "DP001"


def test_a_key_that_somebody_without_the_site_s_key_put_there_seals_nothing(machine: Machines, database: str) -> None:
    store = machine("here")
    with psycopg.connect(database, autocommit=True) as burglar:
        burglar.execute("SELECT planner.add_keys('{\"\\\\x0102030405060708\"}', '{officer/CA-1}', '{\"\\\\x00\"}')")

    with pytest.raises(Tampered):
        save(store, registered("CA-1"))

    assert store.recorder.head() == 0
    assert [found.why.values["subjects"] for found in store.checks() if not found.ok] == [("officer/CA-1",)]


def test_a_server_that_lacks_a_key_that_was_used_is_refused(machine: Machines, postgresql: Server) -> None:
    """As after a fail-over to a standby that had received the events but not the newest key."""
    store = machine("here")
    save(store, registered("CA-1"))
    store.keyring.make(["officer/CA-2"])

    postgresql.ask(
        "ALTER TABLE planner.keys DISABLE TRIGGER never_changed;"
        "DELETE FROM planner.keys WHERE subject = 'officer/CA-2';"
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'plans_app'",
        database="plans_1",
    )

    with pytest.raises(DataDamaged):
        save(store, registered("CA-2"))


def test_a_backup_of_a_team_s_plan_forgets_who_was_erased_whichever_store_it_goes_to(
    machine: Machines, tmp_path: Path, new_database: Callable[[], str]
) -> None:
    key = tmp_path / "key"
    store = machine("here")
    save(store, founded(), registered("CA-1"), registered("CA-2"))
    backup(tmp_path / "here", tmp_path / "old.backup", key)
    gone = erase(store, "officer/CA-1")
    backup(tmp_path / "here", tmp_path / "new.backup", key)

    for number, made in enumerate(("old.backup", "new.backup")):
        restore(tmp_path / made, tmp_path / f"file-{number}", key)
        use_postgresql(tmp_path / f"database-{number}", key, new_database())
        restore(tmp_path / made, tmp_path / f"database-{number}", key)

        for kind in ("file", "database"):
            with closing(open_store(tmp_path / f"{kind}-{number}", key)) as moved:
                assert (names(moved), moved.keyring.destroyed(gone)) == ([ERASED, NAME], True)


def test_an_erasure_that_was_interrupted_is_ended_where_its_backup_is_restored(
    machine: Machines, tmp_path: Path, new_database: Callable[[], str]
) -> None:
    store = machine("here")
    save(store, registered())
    key = key_of(store, "officer/CA-1")
    save(store, PersonErased(**stamp("erasure/officer/CA-1"), keys=(key.hex(),)))
    backup(tmp_path / "here", tmp_path / "backup", tmp_path / "key")

    use_postgresql(tmp_path / "there", tmp_path / "key", new_database())
    restore(tmp_path / "backup", tmp_path / "there", tmp_path / "key")

    with closing(open_store(tmp_path / "there", tmp_path / "key")) as moved:
        assert names(moved) == [NAME]
        moved.keyring.destroy([key])
        assert names(moved) == [ERASED]
