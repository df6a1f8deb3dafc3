"""An auditor verifies a copy that cannot be written, as on a disc: the same answers, and never a wrong one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as engine

from domain.refusals import PlanningError
from planner.audit.kept import FILE
from planner.audit.verify import Found, verify_data
from planner.store.connection import connect
from planner.store.keys import read_key_file
from planner.store.opening import open_store
from planner.store.refusals import ReadOnly
from planner.store.sqlite import EVENTS_FILE
from tests.planner.audit.ledger import burgled, grown, opened, story, witnessed
from tests.planner.store.read_only import only_read

TOLD = 12


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A log of twelve events, witnessed, that nobody has open."""
    with closing(opened(tmp_path)) as store:
        grown(store, story(TOLD))
        witnessed(store)
    return tmp_path


def verified(place: Path, data: Path) -> Iterator[Found]:
    return verify_data(data, place / "key")


def faults(place: Path, data: Path) -> list[tuple[int, str]]:
    return [(found.level, found.name.text) for found in verified(place, data) if not found.ok]


def test_what_may_only_be_read_is_verified_on_all_levels(place: Path) -> None:
    with only_read(place / "data") as data:
        before = sorted(data.iterdir())
        found = list(verified(place, data))

        assert {one.level for one in found} == {1, 2, 3, 4, 5}
        assert [one for one in found if not one.ok] == []
        assert sorted(data.iterdir()) == before


def test_what_was_changed_before_it_was_copied_is_found(place: Path) -> None:
    with burgled(place) as connection:
        connection.execute("DELETE FROM stored_events WHERE position = ?", (TOLD,))

    with only_read(place / "data") as data:
        assert (2, "the log is the one that its checkpoints were signed over") in faults(place, data)


def test_a_copy_without_its_checkpoints_is_read_as_one_that_has_none(place: Path) -> None:
    (place / "data" / FILE).unlink()

    with only_read(place / "data") as data:
        found = list(verified(place, data))

    assert [one for one in found if not one.ok] == []
    agree = next(one for one in found if one.name.text == "the log is the one that its checkpoints were signed over")
    assert agree.why.values["n"] == 0


def test_who_writes_meanwhile_on_the_other_side_is_told(place: Path) -> None:
    with only_read(place / "data") as data:
        walk = verified(place, data)
        next(walk)
        with closing(opened(place)) as store:
            grown(store, story(TOLD + 1)[TOLD:])

        assert [one.name.text for one in walk if not one.ok][-1] == "nobody wrote while it was read"


def left_at_work(place: Path, *beside: str) -> Path:
    """A copy of the files as a machine leaves them that stops at once: with what of them is beside the log."""
    copy = place / "stopped"
    copy.mkdir()
    with closing(opened(place)) as store:
        grown(store, story(TOLD + 1)[TOLD:])
        for path in (place / "data").iterdir():
            if not path.name.endswith(("-wal", "-shm")) or path.name in beside:
                (copy / path.name).write_bytes(path.read_bytes())
    return copy


def test_what_was_not_taken_over_yet_is_read_with_the_files_beside_it(place: Path) -> None:
    with only_read(left_at_work(place, f"{EVENTS_FILE}-wal", f"{EVENTS_FILE}-shm")) as data:
        assert faults(place, data) == []
        with closing(open_store(data, place / "key", create=False)) as store:
            assert store.recorder.head() == TOLD + 1


def test_what_was_not_taken_over_yet_is_never_left_out(place: Path) -> None:
    with only_read(left_at_work(place, f"{EVENTS_FILE}-wal")) as data:
        with pytest.raises(ReadOnly) as refused:
            open_store(data, place / "key", create=False)

        assert "Copy the whole directory" in refused.value.message.text
        # The control takes the file for whole, and does not see the last event.
        with closing(engine.connect(f"{(data / EVENTS_FILE).as_uri()}?immutable=1", uri=True)) as control:
            control.execute(f"PRAGMA key = \"x'{read_key_file(place / 'key').database.hex()}'\"")
            assert control.execute("SELECT max(position) FROM stored_events").fetchone() == (TOLD,)


def test_nothing_is_written_where_only_reading_is_possible(place: Path) -> None:
    with only_read(place / "data") as data:
        key = read_key_file(place / "key").database
        with closing(connect(data, EVENTS_FILE, key)) as connection, pytest.raises(engine.Error):
            connection.execute("CREATE TABLE more (a)")
        with closing(open_store(data, place / "key", create=False)) as store, pytest.raises(PlanningError):
            grown(store, story(TOLD + 1)[TOLD:])
