"""A backup of one kind of store is restored as the other, at the same positions, with every command."""

from collections.abc import Callable
from pathlib import Path

import pytest

from domain.refusals import CommandRepeated
from planner.store.backup import Backup, backup, restore
from planner.store.directory import Store
from planner.store.postgresql.opening import use_postgresql
from planner.store.refusals import DataPresent, WrongKey
from tests.planner.store.notes import TOPICS, note, open_notes, save, saved


def filled(place: Path) -> None:
    """Three commands, one of them without events, two events of no command, and accounts."""
    store = open_notes(place)
    save(store, note("N-1"), note("N-2"), command_id="C-1")
    save(store, command_id="C-2")
    mapper = store.mapper()
    store.recorder.append(list(mapper.seal([note("N-3"), note("N-4")])), 2)
    save(store, note("N-1", 2), command_id="C-3")
    accounts = store.connect("accounts.db")
    accounts.execute("CREATE TABLE names (name TEXT)")
    accounts.close()
    store.close()


def backed_up(place: Path) -> Backup:
    return backup(place / "data", place / "plans.backup", place / "notes.key", topics=TOPICS)


def restored(place: Path, target: str) -> None:
    restore(place / "plans.backup", place / target, place / "notes.key", topics=TOPICS)


def everything(store: Store) -> tuple[list[object], list[object], object]:
    return list(store.recorder.rows()), list(store.recorder.commands(100)), store.recorder.schemas()


def test_a_plan_moves_from_either_store_into_a_file(place: Path) -> None:
    filled(place)

    made = backed_up(place)
    (place / "data").rename(place / "former")
    restored(place, "data")

    moved = open_notes(place)
    assert (made.position, made.files) == (5, ("accounts.db", "events.db"))
    assert [command[0] for command in moved.recorder.commands(100)] == ["C-1", "C-2", "C-3"]
    assert list(save(moved, note("N-5"))) == [6]
    moved.close()


def test_a_plan_moves_from_either_store_into_a_database(place: Path, new_database: Callable[[], str]) -> None:
    filled(place)
    store = open_notes(place)
    before = everything(store)
    store.close()
    backed_up(place)
    (place / "data").rename(place / "former")

    use_postgresql(place / "data", place / "notes.key", new_database())
    restored(place, "data")

    moved = open_notes(place)
    assert everything(moved) == before
    assert (place / "data" / "accounts.db").exists()
    with pytest.raises(CommandRepeated):
        save(moved, note("N-9"), command_id="C-2")
    assert list(save(moved, note("N-5"))) == [6]
    moved.close()


def test_a_database_that_holds_something_is_not_filled(tmp_path: Path, new_database: Callable[[], str]) -> None:
    filled(tmp_path)
    backed_up(tmp_path)
    (tmp_path / "data").rename(tmp_path / "former")
    use_postgresql(tmp_path / "data", tmp_path / "notes.key", new_database())
    store = open_notes(tmp_path)
    save(store, note("N-1"))

    with pytest.raises(DataPresent):
        restored(tmp_path, "data")

    assert saved(store) == [note("N-1")]
    assert not (tmp_path / "data" / "accounts.db").exists()
    store.close()


def test_a_database_of_another_key_is_not_filled(tmp_path: Path, new_database: Callable[[], str]) -> None:
    filled(tmp_path)
    backed_up(tmp_path)
    use_postgresql(tmp_path / "other", tmp_path / "other.key", new_database())

    with pytest.raises(WrongKey):
        restored(tmp_path, "other")
