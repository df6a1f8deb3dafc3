"""Backups are taken while others write, verified, and never restored when one byte differs."""

import io
import stat
import tarfile
from pathlib import Path

import pytest

from planner.store import keys
from planner.store.backup import Backup, backup, restore
from planner.store.doctor import check
from planner.store.refusals import (
    BackupUnusable,
    DataMissing,
    DataPresent,
    KeyMissing,
    StoreInUse,
    StoreRefusal,
    WrongKey,
)
from tests.planner.store.notes import TOPICS, answer, note, open_notes, processes, save, saved
from tests.planner.store.test_kills import write_until_killed


def backed_up(place: Path, name: str = "plans.backup") -> Backup:
    return backup(place / "data", place / name, place / "notes.key", topics=TOPICS)


def restored(place: Path, target: str, replace: bool = False) -> Backup:
    file = place / "plans.backup"
    return restore(file, place / target, place / "notes.key", replace=replace, topics=TOPICS)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A place with three notes, accounts, and something derived, closed."""
    store = open_notes(tmp_path)
    save(store, *(note(f"N-{n}") for n in range(3)))
    for name in ("accounts.db", "snapshots.db"):
        connection = store.connect(name)
        connection.execute("CREATE TABLE names (name TEXT)")
        connection.execute("INSERT INTO names VALUES ('lan')")
        connection.close()
    store.close()
    return tmp_path


def test_what_was_backed_up_is_what_is_restored(place: Path) -> None:
    made = backed_up(place)
    (place / "data").rename(place / "lost")

    restored(place, "data")

    store = open_notes(place)
    accounts = store.connect("accounts.db")
    assert saved(store) == [note(f"N-{n}") for n in range(3)]
    assert accounts.execute("SELECT name FROM names").fetchall() == [("lan",)]
    assert list(save(store, note("N-3"))) == [4]
    assert (made.position, made.files) == (3, ("accounts.db", "events.db"))
    assert not (place / "data" / "snapshots.db").exists()
    accounts.close()
    store.close()


def test_a_backup_is_private_and_says_nothing_without_the_key(place: Path) -> None:
    made = backed_up(place)

    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert b"note/" not in made.path.read_bytes()
    keys_file = f"keys-{keys.store_id(place / 'data')}.backup"
    assert sorted(path.name for path in place.iterdir()) == ["data", keys_file, "notes.key", "plans.backup"]
    assert stat.S_IMODE((place / keys_file).stat().st_mode) == 0o600


def test_a_backup_taken_while_others_write_holds_whole_commands(place: Path) -> None:
    here, there = processes().Pipe(duplex=False)
    writer = processes().Process(target=write_until_killed, args=(str(place), 0, there))
    writer.start()
    for _ in range(20):
        answer(here)

    made = backed_up(place)

    for _ in range(20):
        answer(here)
    writer.kill()
    writer.join()
    restored(place, "copy")
    log = open_notes(place)
    assert made.position > 3
    assert made.position % 3 == 0
    assert log.recorder.head() > made.position
    log.close()
    assert all(found.ok for found in check(place / "copy", place / "notes.key", topics=TOPICS))


def test_restoring_elsewhere_works_while_others_write(place: Path) -> None:
    backed_up(place)
    writing = open_notes(place)

    restored(place, "copy")

    assert list(save(writing, note("N-9"))) == [4]
    writing.close()


def test_no_byte_of_a_backup_may_differ(place: Path) -> None:
    made = backed_up(place)
    sound = made.path.read_bytes()

    for position in [*range(0, len(sound), len(sound) // 60), len(sound) - 1]:
        made.path.write_bytes(sound[:position] + bytes((sound[position] ^ 1,)) + sound[position + 1 :])
        with pytest.raises(StoreRefusal):
            restored(place, "copy")
        assert not (place / "copy").exists()

    made.path.write_bytes(sound)
    restored(place, "copy")


@pytest.mark.parametrize("length", [0, 100, 5000, -1])
def test_a_backup_cut_short_is_refused(place: Path, length: int) -> None:
    made = backed_up(place)
    made.path.write_bytes(made.path.read_bytes()[:length])

    with pytest.raises(BackupUnusable):
        restored(place, "copy")


def test_a_backup_never_replaces_a_file(place: Path) -> None:
    (place / "plans.backup").write_text("precious")

    with pytest.raises(DataPresent):
        backed_up(place)

    assert (place / "plans.backup").read_text() == "precious"


def test_data_are_not_replaced_unless_told_and_then_kept_beside(place: Path) -> None:
    backed_up(place)
    store = open_notes(place)
    save(store, note("N-later"))
    store.close()

    with pytest.raises(DataPresent):
        restored(place, "data")
    restored(place, "data", replace=True)

    kept = [path for path in place.iterdir() if path.name.startswith("data.before-")]
    store = open_notes(place)
    assert len(saved(store)) == 3
    store.close()
    (place / "data").rename(place / "restored")
    kept[0].rename(place / "data")
    store = open_notes(place)
    assert len(saved(store)) == 4
    store.close()


def test_data_that_a_process_has_open_are_not_replaced(place: Path) -> None:
    backed_up(place)
    store = open_notes(place)

    with pytest.raises(StoreInUse):
        restored(place, "data", replace=True)

    assert list(save(store, note("N-9"))) == [4]
    store.close()


def test_a_backup_needs_the_key_it_was_made_with(place: Path) -> None:
    backed_up(place)
    keys.make_key_file(place / "other.key", place / "data")

    with pytest.raises(WrongKey):
        restore(place / "plans.backup", place / "copy", place / "other.key", topics=TOPICS)
    with pytest.raises(KeyMissing):
        restore(place / "plans.backup", place / "copy", place / "none.key", topics=TOPICS)

    assert not (place / "copy").exists()


def test_there_is_nothing_to_back_up_where_there_are_no_data(tmp_path: Path) -> None:
    with pytest.raises(DataMissing):
        backed_up(tmp_path)

    with pytest.raises(BackupUnusable):
        restored(tmp_path, "copy")


@pytest.mark.parametrize(
    "manifest",
    [
        b"[" * 100_000,
        b'{"format": 1, "store": "x", "key": "y", "position": 1e400, "files": {}}',
        b"null",
        b"\xff",
        b'{"format": 1}',
    ],
)
def test_whatever_a_manifest_holds_is_no_backup(tmp_path: Path, manifest: bytes) -> None:
    entry = tarfile.TarInfo("manifest.json")
    entry.size = len(manifest)
    with tarfile.open(tmp_path / "plans.backup", "w") as archive:
        archive.addfile(entry, io.BytesIO(manifest))

    with pytest.raises(BackupUnusable):
        restored(tmp_path, "data")
