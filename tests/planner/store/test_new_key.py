"""A new key in the place of the old one: the same log, no longer opened by the old key, wherever it was interrupted."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from domain.refusals import PlanningError
from planner.store.backup import backup, restore
from planner.store.connection import connect
from planner.store.doctor import check
from planner.store.keyring import Keyring
from planner.store.keys import fingerprint_in, make_key_file, read_key_file, store_id, write_store_file
from planner.store.new_key import exchange_key
from planner.store.refusals import DataPresent, DiskFull, KeyUnreadable, ReadOnly, StoreInUse, Tampered, WrongKey
from tests.planner.store.full_disk import fill
from tests.planner.store.notes import TOPICS, bind, note, open_notes, processes, save, saved

NOTES = [note(f"N-{n}", text=f"ghi chú {n}") for n in range(1, 6)]
SUBJECTS = ("officer/CA-0113", "visit/LA-2026-01")
GONE = "officer/CA-0114"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A log with keys of a visit and of two persons, one of whom is erased, and a file beside it."""
    (tmp_path / "site").mkdir()
    return filled(tmp_path / "site")


def filled(place: Path) -> Path:
    with closing(open_notes(place)) as store:
        save(store, *NOTES)
        store.keyring.make((*SUBJECTS, GONE))
        gone = store.keyring.live(GONE)
        assert gone is not None
        store.keyring.destroy([gone])
        with closing(store.connect("beside.db")) as beside:
            beside.execute("CREATE TABLE told (what TEXT)")
            beside.execute("INSERT INTO told VALUES ('gì đó')")
    return place


def rotated(place: Path, **how: Any) -> None:
    exchange_key(place / "data", place / "notes.key", topics=TOPICS, **how)


def told(place: Path) -> tuple[Any, ...]:
    """All that a directory says: rows as they are stored, events, keys of visits and persons, the file beside."""
    with closing(open_notes(place)) as store:
        store.keyring.catch_up()
        plain = {subject: store.keyring._unwrapped(store.keyring.live(subject) or b"") for subject in SUBJECTS}
        with closing(store.connect("beside.db")) as beside:
            said = beside.execute("SELECT what FROM told").fetchall()
        return list(store.recorder.rows()), saved(store), plain, store.keyring.gone(GONE), said


def left_over(place: Path) -> list[str]:
    """What an exchange leaves behind that is over or was undone: nothing."""
    names = [path.name for path in [*place.iterdir(), *(place / "data").iterdir()]]
    return [name for name in names if "rotation" in name or ".new-" in name]


def test_the_same_log_opens_with_the_new_key_alone(place: Path) -> None:
    before, old = told(place), read_key_file(place / "notes.key")
    shutil.copy(place / "notes.key", place / "copy.key")

    rotated(place)

    new = read_key_file(place / "notes.key")
    assert (told(place), left_over(place)) == (before, [])
    assert (new.records, new.checkpoints, new.site) == (old.records, old.checkpoints, old.site)
    assert {new.fingerprint, new.database, new.wrapping, new.backups}.isdisjoint(
        {old.fingerprint, old.database, old.wrapping, old.backups}
    )
    shutil.copy(place / "copy.key", place / "notes.key")
    with pytest.raises(WrongKey):
        open_notes(place)


def test_no_file_opens_with_the_old_key_and_no_key_of_a_person_with_the_old_wrapping(place: Path) -> None:
    old = read_key_file(place / "notes.key")
    rotated(place)
    new = read_key_file(place / "notes.key")

    opened = []
    for path in sorted((place / "data").glob("*.db")):
        for number, key in enumerate((old.database, new.database)):
            try:
                with closing(connect(place / "data", path.name, key)) as file:
                    file.execute("SELECT count(*) FROM sqlite_master").fetchone()
                opened.append((path.name, number))
            except PlanningError:
                continue
    with closing(open_notes(place)) as store:
        stale, fresh = (Keyring(store.keyring.keeper, one.wrapping) for one in (old, new))
        assert set(stale.forged()) == set(SUBJECTS)
        assert fresh.forged() == ()
    assert opened == [("beside.db", 1), ("events.db", 1), ("keys.db", 1)]


def test_it_may_be_exchanged_again_and_work_goes_on(place: Path) -> None:
    for _ in range(3):
        rotated(place)
    with closing(open_notes(place)) as store:
        save(store, note("N-9"))
        store.keyring.make(("officer/CA-0900",))

        assert saved(store) == [*NOTES, note("N-9")]
    assert [found for found in check(place / "data", place / "notes.key", topics=TOPICS) if not found.ok] == []


def test_the_key_file_says_when_it_was_made_and_the_doctor_how_long_ago(place: Path) -> None:
    def age() -> str:
        found = check(place / "data", place / "notes.key", topics=TOPICS)
        return next(str(one.why) for one in found if str(one.name) == "the age of the key is known")

    fresh = age()
    lines = (place / "notes.key").read_text().splitlines(keepends=True)
    (place / "notes.key").write_text("".join(line for line in lines if not line.startswith("made:")))
    silent = age()
    (place / "notes.key").write_text("".join(line.replace("made: 2", "made: 1") for line in lines))
    old = age()

    assert fresh.startswith("made on 2")
    assert silent == "it was made before keys said when; a new one: planner key rotate"
    assert (old.startswith("made on 1"), old.endswith(" days ago")) == (True, True)


# What refuses it


def test_it_is_refused_while_somebody_has_the_data_open(place: Path) -> None:
    before = fingerprint_in(place / "data")

    with closing(open_notes(place)), pytest.raises(StoreInUse):
        rotated(place)

    assert (fingerprint_in(place / "data"), left_over(place)) == (before, [])
    rotated(place)  # the control
    assert fingerprint_in(place / "data") != before


def test_a_team_s_key_is_not_exchanged(tmp_path: Path, new_database: Callable[[], str]) -> None:
    bind(tmp_path, new_database())

    with pytest.raises(KeyUnreadable, match="database of a team"):
        rotated(tmp_path)


def test_a_copy_of_the_old_key_is_kept_where_that_is_asked_and_never_over_a_file(place: Path) -> None:
    old = (place / "notes.key").read_text()
    (place / "taken").write_text("x")

    with pytest.raises(DataPresent):
        rotated(place, keep_old=place / "taken")
    with pytest.raises(KeyUnreadable):
        rotated(place, keep_old=place / "data" / "old.key")
    rotated(place, keep_old=place / "old.key")

    assert ((place / "taken").read_text(), (place / "old.key").read_text()) == ("x", old)
    assert (place / "old.key").stat().st_mode & 0o077 == 0
    assert (place / "notes.key").read_text() != old


def test_a_key_of_a_person_that_was_forged_lets_nothing_be_exchanged(place: Path) -> None:
    before = told(place)
    with closing(open_notes(place)) as store, closing(store.connect("keys.db")) as keys:
        keys.execute("UPDATE keys SET wrapped = ? WHERE subject = ?", (bytes(60), SUBJECTS[0]))
        kept = [tuple(row) for row in keys.execute("SELECT * FROM keys")]

    with pytest.raises(Tampered):
        rotated(place)

    with closing(open_notes(place)) as store, closing(store.connect("keys.db")) as keys:
        assert (saved(store), [tuple(row) for row in keys.execute("SELECT * FROM keys")]) == (before[1], kept)
    assert left_over(place) == []


def test_a_full_disk_leaves_the_old_key_and_all_data(place: Path, small_disk: Path) -> None:
    shutil.copytree(place, small_disk / "site")
    before = told(small_disk / "site")
    filler = fill(small_disk)

    with pytest.raises(DiskFull):
        rotated(small_disk / "site")

    filler.unlink()
    assert (told(small_disk / "site"), left_over(small_disk / "site")) == (before, [])
    rotated(small_disk / "site")  # the control: there is room now
    assert told(small_disk / "site") == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes anywhere")
@pytest.mark.parametrize("which", ["data", "."])
def test_without_the_right_to_write_nothing_is_exchanged(place: Path, which: str) -> None:
    before = told(place)
    (place / which).chmod(0o500)

    try:
        with pytest.raises(ReadOnly):
            rotated(place)
    finally:
        (place / which).chmod(0o700)

    assert (told(place), left_over(place)) == (before, [])


# Backups


def test_each_backup_opens_with_the_key_of_its_time(place: Path) -> None:
    backup(place / "data", place / "first", place / "notes.key", topics=TOPICS)
    before = told(place)
    rotated(place, keep_old=place / "old.key")
    made = backup(place / "data", place / "second", place / "notes.key", topics=TOPICS)

    restored = {}
    for name, key in (("first", "old.key"), ("second", "notes.key")):
        (place / f"from {name}").mkdir()
        shutil.copy(place / key, place / f"from {name}" / "notes.key")
        restore(place / name, place / f"from {name}" / "data", place / f"from {name}" / "notes.key", topics=TOPICS)
        restored[name] = told(place / f"from {name}")
    refused = []
    for name, key in (("first", "notes.key"), ("second", "old.key")):
        with pytest.raises(WrongKey):
            restore(place / name, place / "nowhere", place / key, topics=TOPICS)
        refused.append((place / "nowhere").exists())

    assert restored == {"first": before, "second": before}
    assert refused == [False, False]
    assert made.keys.name != f"keys-{store_id(place / 'data')}.backup"


def test_an_older_backup_is_not_put_over_data_with_a_newer_key(place: Path) -> None:
    """What was erased since stands in the data, under a key that the backup's own does not open."""
    backup(place / "data", place / "first", place / "notes.key", topics=TOPICS)
    rotated(place, keep_old=place / "old.key")
    before = told(place)

    with pytest.raises(WrongKey, match=r"took the place of an earlier one.*--keep-old"):
        restore(place / "first", place / "data", place / "notes.key", replace=True, topics=TOPICS)
    with pytest.raises(WrongKey, match="given another key since"):
        restore(place / "first", place / "data", place / "old.key", replace=True, topics=TOPICS)

    assert told(place) == before


# Killed at every step


def killed_at(place: str, step: int, counted: Any, how: str) -> None:
    """Does something with the data, and is killed before its ``step``-th touch of a file; counts them."""
    touches = frozenset({"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link"})
    number = 0

    def touched(event: str, arguments: Any) -> None:
        nonlocal number
        # Not what Python itself opens; a name within a folder that is being emptied is not absolute.
        if event in touches and (str(arguments[0]).startswith(place) or not str(arguments[0]).startswith("/")):
            number += 1
            counted.value = number
            if number == step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(touched)
    HOW[how](Path(place))


def exchanged_in_place(place: Path) -> None:
    """How it would go wrong: file by file where they lie, the key last."""
    old = read_key_file(place / "notes.key")
    make_key_file(place / "other.key", place / "data", old.carried)
    new = read_key_file(place / "other.key")
    for path in sorted((place / "data").glob("*.db")):
        with closing(connect(place / "data", path.name, old.database)) as file:
            file.execute("PRAGMA journal_mode = DELETE")
            file.execute(f"PRAGMA rekey = \"x'{new.database.hex()}'\"")
    write_store_file(place / "data", new, store_id(place / "data"))
    (place / "other.key").replace(place / "notes.key")


def opened(place: Path) -> None:
    open_notes(place).close()


HOW: dict[str, Callable[[Path], None]] = {"exchange": rotated, "in place": exchanged_in_place, "open": opened}


def run(place: Path, step: int, how: str) -> tuple[bool, int]:
    """Whether it was killed, and how often it touched a file."""
    counted = multiprocessing.get_context("forkserver").Value("i", 0)
    worker = processes().Process(target=killed_at, args=(str(place), step, counted, how))
    worker.start()
    worker.join()
    assert worker.exitcode in (0, -signal.SIGKILL)
    return worker.exitcode != 0, counted.value


def copies(place: Path, folder: Path) -> Iterator[Path]:
    """Fresh copies of what was filled, one after the other."""
    number = 0
    while True:
        number += 1
        copy = folder / f"copy {number}"
        shutil.copytree(place, copy)
        yield copy
        shutil.rmtree(copy)


def sound(place: Path, expected: tuple[Any, ...]) -> bool:
    """True where everything is there, with one key and no traces."""
    try:
        return told(place) == expected and left_over(place) == []
    except PlanningError:
        return False


@pytest.mark.slow
def test_wherever_it_is_killed_the_data_open_with_one_key_or_the_other(place: Path, tmp_path: Path) -> None:
    """Killed before touches of files, then again while the next start mends it, then opened."""
    expected, first = told(place), fingerprint_in(place / "data")
    fresh = copies(place, tmp_path)
    _, steps = run(next(fresh), 0, "exchange")
    outcomes = {"undone": 0, "finished": 0}

    # All of those around the moment that decides and after it; of the copying before, some.
    for step in (*range(1, steps - 32, 6), *range(steps - 32, steps + 1)):
        copy = next(fresh)
        killed, _ = run(copy, step, "exchange")
        run(copy, 1 + step % 23, "open")

        assert killed
        assert sound(copy, expected), step
        outcomes["undone" if fingerprint_in(copy / "data") == first else "finished"] += 1

    assert min(outcomes.values()) > 3


@pytest.mark.slow
def test_the_control_exchanges_in_place_and_is_found(place: Path, tmp_path: Path) -> None:
    expected = told(place)
    fresh = copies(place, tmp_path)
    whole = next(fresh)
    _, steps = run(whole, 0, "in place")
    lost = 0

    for step in range(1, steps + 1):
        copy = next(fresh)
        run(copy, step, "in place")
        lost += not sound(copy, expected)

    assert lost > 3


@pytest.mark.torture
def test_wherever_it_is_killed_twice_the_data_open(place: Path, tmp_path: Path) -> None:
    """The last touches of the exchange, each with each touch of the start after it."""
    expected = told(place)
    fresh = copies(place, tmp_path)
    _, steps = run(next(fresh), 0, "exchange")
    # From a little before the moment that decides.
    for step in range(steps - 26, steps + 1):
        again, killed = 0, True
        while killed:
            again += 1
            copy = next(fresh)
            run(copy, step, "exchange")
            killed, _ = run(copy, again, "open")

            assert sound(copy, expected), (step, again)
