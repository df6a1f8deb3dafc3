"""The log: appended as a whole or not at all, in gapless positions, told apart by command."""

import time
from pathlib import Path

import pytest
from eventsourcing.persistence import ConnectionPoolClosedError, IntegrityError
from sqlcipher3 import dbapi2 as engine

from domain.refusals import CommandRepeated
from planner.store.directory import Store
from planner.store.opening import SQLiteStore
from planner.store.recorder import KnownCommand
from planner.store.refusals import PositionMoved, StoreUnavailable, Tampered
from tests.planner.store.notes import HOSTILE, TOPICS, note, open_notes, save, saved


def test_a_new_log_is_empty(store: Store) -> None:
    assert store.recorder.head() == 0
    assert store.recorder.select_rows(0, 1000) == []
    assert saved(store) == []


def test_events_come_back_in_order_with_positions_from_one(store: Store) -> None:
    events = [note("N-1", 1, HOSTILE), note("N-2", 1), note("N-1", 2)]

    positions = save(store, *events)

    assert list(positions) == [1, 2, 3]
    assert saved(store) == events
    assert [row[0] for row in store.recorder.rows()] == [1, 2, 3]


@pytest.mark.parametrize("many", [49, 50, 51, 120])
def test_a_command_of_many_events_is_saved_in_its_order(store: Store, many: int) -> None:
    save(store, note("N-0"))
    events = [note(f"N-{number}", text=HOSTILE * (number % 3)) for number in range(1, many + 1)]

    positions = save(store, *events)

    assert positions == range(2, many + 2)
    assert saved(store)[1:] == events
    assert [row[0] for row in store.recorder.rows()] == [*range(1, many + 2)]


def test_of_many_events_none_is_saved_where_the_last_has_a_version_that_is_there(store: Store) -> None:
    save(store, note("N-0", 1))

    with pytest.raises(IntegrityError):
        save(store, *(note(f"N-{number}", 1) for number in range(150, -1, -1)), command_id="C-2")

    assert saved(store) == [note("N-0", 1)]
    assert store.recorder.find_command("C-2") is None


def test_a_log_outlives_its_process(place: Path) -> None:
    before = open_notes(place)
    save(before, note("N-1", 1))
    before.close()

    after = open_notes(place)

    assert saved(after) == [note("N-1", 1)]
    assert list(save(after, note("N-1", 2))) == [2]
    after.close()


def test_an_append_to_a_log_that_moved_saves_nothing(store: Store) -> None:
    save(store, note("N-1", 1))

    with pytest.raises(PositionMoved) as moved:
        save(store, note("N-2", 1), note("N-3", 1), expected=0, command_id="C-2")

    assert (moved.value.expected, moved.value.actual) == (0, 1)
    assert saved(store) == [note("N-1", 1)]
    assert store.recorder.find_command("C-2") is None


def test_an_append_beyond_the_head_saves_nothing(store: Store) -> None:
    with pytest.raises(PositionMoved):
        save(store, note(), expected=1)

    assert saved(store) == []


def test_a_command_is_found_by_its_id(store: Store) -> None:
    save(store, note("N-1", 1))
    save(store, note("N-1", 2), note("N-2", 1), command_id="C-2")

    assert store.recorder.find_command("C-2") == KnownCommand(b"asked", 2, 3)
    assert store.recorder.find_command("C-3") is None


def test_a_command_without_events_is_remembered_too(store: Store) -> None:
    positions = save(store, command_id="C-1")

    assert list(positions) == []
    assert store.recorder.find_command("C-1") == KnownCommand(b"asked", 1, 0)


def test_a_command_id_serves_once(store: Store) -> None:
    save(store, note("N-1", 1), command_id="C-1")

    with pytest.raises(CommandRepeated):
        save(store, note("N-2", 1), command_id="C-1")

    assert saved(store) == [note("N-1", 1)]
    assert store.recorder.find_command("C-1") == KnownCommand(b"asked", 1, 1)


def test_an_entity_has_each_version_once(store: Store) -> None:
    save(store, note("N-1", 1))

    with pytest.raises(IntegrityError):
        save(store, note("N-2", 1), note("N-1", 1), command_id="C-2")

    assert saved(store) == [note("N-1", 1)]
    assert store.recorder.find_command("C-2") is None


def test_failed_appends_leave_no_gap(store: Store) -> None:
    save(store, note("N-1", 1))
    for _ in range(5):
        with pytest.raises(IntegrityError):
            save(store, note("N-2", 1), note("N-1", 1))

    assert list(save(store, note("N-3", 1))) == [2]


def test_rows_are_read_between_two_positions(store: Store) -> None:
    save(store, *(note(f"N-{n}") for n in range(1, 8)))

    def positions(*asked: int) -> list[int]:
        return [row[0] for row in store.recorder.select_rows(*asked)]

    assert positions(2, 3) == [3, 4, 5]
    assert positions(2, 100, 4) == [3, 4]
    assert positions(7, 100) == []
    assert [row[0] for row in store.recorder.rows(1, 6, chunk=2)] == [2, 3, 4, 5, 6]


def test_the_library_reads_the_log_its_own_way(store: Store) -> None:
    save(store, note("N-1", 1), note("N-2", 1), note("N-1", 2))

    stream = store.recorder.select_events("note/N-1", gt=1)
    section = store.recorder.select_notifications(2, 10)

    assert [store.mapper().to_domain_event(event) for event in stream] == [note("N-1", 2)]
    assert [notification.id for notification in section] == [2, 3]
    assert store.recorder.select_notifications(1, 10, topics=["NoteStruck"]) == []
    assert [n.id for n in store.recorder.select_notifications(1, 1, stop=3, inclusive_of_start=False)] == [2]
    assert store.recorder.max_notification_id() == 3


def test_a_commit_elsewhere_changes_the_data_version(place: Path, store: Store) -> None:
    elsewhere = open_notes(place)
    before = store.recorder.data_version()

    assert store.recorder.data_version() == before
    save(elsewhere, note())
    deadline = time.monotonic() + 10
    while store.recorder.data_version() == before and time.monotonic() < deadline:
        time.sleep(0.001)
    assert store.recorder.data_version() != before
    elsewhere.close()


def test_under_the_gate_the_data_version_tells_of_every_commit_before(place: Path, store: Store) -> None:
    elsewhere = open_notes(place)
    seen = store.recorder.data_version()

    for number in range(20):
        with elsewhere.gate.held():
            save(elsewhere, note(f"N-{number}"))
        with store.gate.held():
            version = store.recorder.data_version()
        assert version != seen
        seen = version

    elsewhere.close()


def test_what_this_process_saved_changes_the_data_version_too(store: Store) -> None:
    before = store.recorder.data_version()

    save(store, note())

    assert store.recorder.data_version() != before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stored_events SET topic = 'NoteStruck'",
        "DELETE FROM stored_events",
        "REPLACE INTO stored_events SELECT * FROM stored_events",
    ],
)
def test_an_event_is_never_changed_or_deleted(file_store: SQLiteStore, statement: str) -> None:
    save(file_store, note())

    with file_store.datastore.get_connection(commit=True) as connection, pytest.raises(engine.IntegrityError):
        connection._sqlite_conn.execute(statement)

    assert saved(file_store) == [note()]


def test_states_exchanged_in_the_file_are_noticed(file_store: SQLiteStore) -> None:
    save(file_store, note("N-1", 1), note("N-1", 2))
    connection = file_store.connect("events.db")
    connection.execute("DROP TRIGGER events_are_never_changed")
    assert len(saved(file_store)) == 2

    connection.execute(
        """UPDATE stored_events SET state = (SELECT state FROM stored_events AS other
           WHERE other.position = 3 - stored_events.position)"""
    )
    connection.close()

    with pytest.raises(Tampered):
        saved(file_store)


def test_a_closed_store_opens_no_more(store: Store) -> None:
    store.close()

    with pytest.raises(ConnectionPoolClosedError):
        save(store, note(), expected=0)
    with pytest.raises(ConnectionPoolClosedError):
        store.recorder.head()


def test_another_process_that_writes_for_too_long_is_refused_in_words(file_store: SQLiteStore) -> None:
    other = file_store.connect("events.db")
    other.execute("BEGIN IMMEDIATE")
    with file_store.datastore.get_connection(commit=True) as connection:
        connection._sqlite_conn.execute("PRAGMA busy_timeout = 10")

    with pytest.raises(StoreUnavailable):
        save(file_store, note(), expected=0)

    other.execute("ROLLBACK")
    assert list(save(file_store, note())) == [1]
    other.close()


def test_topics_are_names_and_not_import_paths() -> None:
    assert dict(TOPICS) == {topic: TOPICS[topic] for topic in ("NoteTaken", "NoteStruck")}
