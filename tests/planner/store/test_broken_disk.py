"""Disks that are full or may not be written: a plain refusal, nothing lost, reads go on."""

import os
import subprocess
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import gettempdir

import pytest

from planner.store.directory import Store
from planner.store.refusals import DiskFull, ReadOnly, StoreUnavailable
from tests.planner.store.full_disk import fill
from tests.planner.store.notes import answer, note, open_notes, processes, save, saved


def test_a_full_disk_refuses_the_save_and_loses_nothing(small_disk: Path) -> None:
    store = open_notes(small_disk)
    save(store, note("N-0"))
    filler = fill(small_disk)
    refusals = []

    for attempt in range(1, 40):
        try:
            save(store, *(note(f"N-{attempt}-{n}", text="x" * 4000) for n in range(20)), command_id=f"C-{attempt}")
        except StoreUnavailable as refusal:
            refusals.append(refusal)

    assert {type(refusal) for refusal in refusals} == {DiskFull}
    before = saved(store)
    assert before[0] == note("N-0")
    assert len(before) % 20 == 1
    filler.unlink()
    assert list(save(store, note("N-after"))) == [len(before) + 1]
    store.close()
    again = open_notes(small_disk)
    assert saved(again) == [*before, note("N-after")]
    again.close()


def test_a_full_disk_refuses_a_first_start_and_the_next_one_succeeds(small_disk: Path) -> None:
    filler = fill(small_disk)

    with pytest.raises(DiskFull):
        open_notes(small_disk)

    filler.unlink()
    store = open_notes(small_disk)
    assert list(save(store, note())) == [1]
    store.close()


def test_a_disk_that_may_only_be_read_is_read_and_refuses_the_save(small_disk: Path) -> None:
    store = open_notes(small_disk)
    save(store, note("N-0"))
    store.close()
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)

    reading = open_notes(small_disk)
    assert saved(reading) == [note("N-0")]
    with pytest.raises(ReadOnly):
        save(reading, note("N-1"))
    reading.close()

    subprocess.run(["mount", "-o", "remount,rw", small_disk], check=True)
    again = open_notes(small_disk)
    assert saved(again) == [note("N-0")]
    again.close()


def test_a_full_disk_leaves_what_others_read_alone(small_disk: Path) -> None:
    writer, reader = open_notes(small_disk), open_notes(small_disk)
    save(writer, note("N-0"))
    fill(small_disk)

    with pytest.raises(DiskFull):
        save(writer, *(note(f"N-{n}", text="x" * 4000) for n in range(1, 101)))

    assert saved(reader) == [note("N-0")]
    writer.close()
    reader.close()


def read_as_nobody(place: str, told: Connection) -> None:
    os.setgid(65534)
    os.setuid(65534)
    try:
        store: Store = open_notes(Path(place))
        told.send(saved(store) == [note("N-1")])
        try:
            save(store, note("N-2"), expected=1)
            told.send(None)
        except StoreUnavailable as refusal:
            told.send(type(refusal))
        told.send(saved(store) == [note("N-1")])
    except BaseException as error:
        told.send(repr(error))
        raise


def test_who_may_only_read_reads_and_is_refused_the_save(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("another user's rights can only be tried by root")
    store = open_notes(tmp_path)
    save(store, note("N-1"))
    os.chown(tmp_path / "notes.key", 65534, 65534)
    for path in (tmp_path / "data").iterdir():
        path.chmod(0o444)
    ours = [path for path in tmp_path.parents if path.is_relative_to(gettempdir()) and path != Path(gettempdir())]
    for path in (tmp_path / "data", tmp_path, *ours):
        path.chmod(path.stat().st_mode | 0o055)
    here, there = processes().Pipe()

    reader = processes().Process(target=read_as_nobody, args=(str(tmp_path), there))
    reader.start()

    assert [answer(here), answer(here), answer(here)] == [True, ReadOnly, True]
    reader.join()
    assert saved(store) == [note("N-1")]
    store.close()
