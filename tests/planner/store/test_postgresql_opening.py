"""A data directory whose log lies in a database: who may open it, and what is refused before the first read."""

from collections.abc import Callable
from pathlib import Path

import pytest

from domain.refusals import InvalidInput
from planner.store.doctor import check
from planner.store.postgresql.opening import use_postgresql
from planner.store.refusals import (
    DataDamaged,
    DataMissing,
    DataPresent,
    DataTooNew,
    KeyMissing,
    StoreUnavailable,
    UnsafeStore,
    WrongKey,
)
from planner.store.topics import Topics
from tests.planner.store.notes import TOPICS, NoteStruck, bind, note, open_notes, save, saved
from tests.planner.store.servers import APPLICATION, OWNER, Server


def unsound(place: Path) -> list[str]:
    return [str(found.name) for found in check(place / "data", place / "notes.key", topics=TOPICS) if not found.ok]


def test_two_machines_share_a_log_with_copies_of_one_key(tmp_path: Path, new_database: Callable[[], str]) -> None:
    database = new_database()
    here, there = tmp_path / "here", tmp_path / "there"
    bind(here, database)
    there.mkdir()
    (there / "notes.key").write_bytes((here / "notes.key").read_bytes())
    (there / "notes.key").chmod(0o600)
    bind(there, database)
    one, other = open_notes(here), open_notes(there)

    save(one, note("N-1"))
    save(other, note("N-2"))

    assert saved(one) == saved(other) == [note("N-1"), note("N-2")]
    assert not (here / "data" / "events.db").exists()
    one.close()
    other.close()


def test_a_second_machine_without_the_key_makes_none(tmp_path: Path, new_database: Callable[[], str]) -> None:
    database = new_database()
    bind(tmp_path / "here", database)

    with pytest.raises(KeyMissing):
        bind(tmp_path / "there", database)

    assert not (tmp_path / "there" / "notes.key").exists()


def test_another_key_is_told_from_damaged_data(tmp_path: Path, new_database: Callable[[], str]) -> None:
    first, second = new_database(), new_database()
    bind(tmp_path / "here", first)
    bind(tmp_path / "there", second)

    with pytest.raises(WrongKey):
        bind(tmp_path / "there", first)


def test_a_directory_with_a_log_of_its_own_keeps_it(tmp_path: Path, new_database: Callable[[], str]) -> None:
    store = open_notes(tmp_path)
    save(store, note())
    store.close()

    with pytest.raises(DataPresent):
        bind(tmp_path, new_database())

    again = open_notes(tmp_path)
    assert saved(again) == [note()]
    again.close()


@pytest.mark.parametrize("told", ["host=db password=secret", "postgresql://lan:secret@db/plans", "not a description"])
def test_a_password_is_kept_nowhere(tmp_path: Path, told: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        use_postgresql(tmp_path / "data", tmp_path / "notes.key", told)

    assert "secret" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_database_without_tables_says_what_makes_them(tmp_path: Path, postgresql: Server) -> None:
    postgresql.empty_database("plans_1")

    with pytest.raises(DataMissing, match="planner store init-postgresql"):
        bind(tmp_path, postgresql.conninfo("plans_1", OWNER))


def test_a_server_that_does_not_answer_is_named_and_not_waited_for(tmp_path: Path, postgresql: Server) -> None:
    with pytest.raises(StoreUnavailable, match=r"PostgreSQL 127\.0\.0\.1:1/plans"):
        bind(tmp_path, f"host=127.0.0.1 port=1 dbname=plans user={APPLICATION}")


@pytest.mark.parametrize("user", [OWNER, "postgres"])
def test_whoever_could_change_the_log_does_not_open_it(
    tmp_path: Path, new_database: Callable[[], str], postgresql: Server, user: str
) -> None:
    new_database()

    with pytest.raises(UnsafeStore, match="can only append and read"):
        bind(tmp_path, postgresql.conninfo("plans_1", user))


@pytest.mark.parametrize("option", ["synchronous_commit=off", "synchronous_commit=local"])
def test_a_connection_that_may_lose_saves_is_refused(
    tmp_path: Path, new_database: Callable[[], str], option: str
) -> None:
    with pytest.raises(UnsafeStore, match="on the disk before it is confirmed"):
        bind(tmp_path, f"{new_database()} options='-c {option}'")


def test_a_topic_that_only_a_newer_program_knows_is_refused_before_the_first_read(
    tmp_path: Path, new_database: Callable[[], str]
) -> None:
    bind(tmp_path, new_database())
    store = open_notes(tmp_path)
    save(store, note())
    store.close()

    with pytest.raises(DataTooNew):
        open_notes(tmp_path, topics=Topics([NoteStruck]))


def test_a_log_whose_end_was_cut_off_is_refused(
    tmp_path: Path, new_database: Callable[[], str], postgresql: Server
) -> None:
    bind(tmp_path, new_database())
    store = open_notes(tmp_path)
    save(store, note("N-1"), note("N-2"))
    store.close()
    for statement in (
        "ALTER TABLE planner.stored_events DISABLE TRIGGER never_changed",
        "DELETE FROM planner.stored_events WHERE position = 2",
        "ALTER TABLE planner.stored_events ENABLE ALWAYS TRIGGER never_changed",
    ):
        postgresql.ask(statement, database="plans_1")

    with pytest.raises(DataDamaged):
        open_notes(tmp_path)

    assert unsound(tmp_path) == ["the data open with their key"]


def test_a_sound_store_passes_every_check(tmp_path: Path, new_database: Callable[[], str]) -> None:
    bind(tmp_path, new_database())
    store = open_notes(tmp_path)
    save(store, note())
    store.close()

    assert unsound(tmp_path) == []


def test_guards_that_were_taken_away_are_missed(
    tmp_path: Path, new_database: Callable[[], str], postgresql: Server
) -> None:
    bind(tmp_path, new_database())
    postgresql.ask("DROP TRIGGER never_changed ON planner.commands", database="plans_1")

    with pytest.raises(UnsafeStore, match="refuses to change or delete"):
        open_notes(tmp_path)


def test_an_event_with_another_one_s_state_is_found(
    tmp_path: Path, new_database: Callable[[], str], postgresql: Server
) -> None:
    bind(tmp_path, new_database())
    store = open_notes(tmp_path)
    save(store, note("N-1"), note("N-2"))
    store.close()
    for statement in (
        "ALTER TABLE planner.stored_events DISABLE TRIGGER never_changed",
        "UPDATE planner.stored_events SET originator_id = 'note/N-3' WHERE position = 2",
        "ALTER TABLE planner.stored_events ENABLE ALWAYS TRIGGER never_changed",
    ):
        postgresql.ask(statement, database="plans_1")

    assert unsound(tmp_path) == ["every event is there and opens with its key"]
