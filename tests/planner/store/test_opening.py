"""Opening a data directory: what is made, what is refused before the first read."""

import stat
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as engine

from planner.store import startup
from planner.store.opening import plan_topics
from planner.store.refusals import DataDamaged, DataMissing, DataTooNew, StoreUnavailable, UnsafeStore
from planner.store.topics import Topics
from tests.planner.store.notes import LATER_TOPICS, MOMENT, NoteStruck, RenamedNote, note, open_notes, save, saved


def test_the_data_are_private_and_hold_no_plain_word(tmp_path: Path) -> None:
    store = open_notes(tmp_path)
    save(store, note("LA-2026-01", text="bí mật"), command_id="command-of-lan")

    content = b"".join(path.read_bytes() for path in (tmp_path / "data").glob("events.db*"))

    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "data").iterdir()} == {0o600}
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert len(content) > 20_000
    for word in ("LA-2026-01", "NoteTaken", "bí mật", "command-of-lan", "stored_events"):
        assert word.encode() not in content
    store.close()


def test_nothing_is_made_where_nothing_should_be(tmp_path: Path) -> None:
    with pytest.raises(DataMissing):
        open_notes(tmp_path, create=False)

    assert list(tmp_path.iterdir()) == []


def test_a_topic_that_only_a_newer_program_knows_is_refused_before_the_first_read(tmp_path: Path) -> None:
    store = open_notes(tmp_path)
    save(store, note())
    store.close()

    with pytest.raises(DataTooNew):
        open_notes(tmp_path, topics=Topics([NoteStruck]))


def test_a_form_that_only_a_newer_program_knows_is_refused_before_the_first_read(tmp_path: Path) -> None:
    later = open_notes(tmp_path, topics=LATER_TOPICS)
    event = RenamedNote(
        originator_id="note/N-1", originator_version=1, recorded_at=MOMENT, occurred_at=MOMENT,
        by="lan", command_id="C-1", words="ghi", weight=1.0, at=None, language="vi",
    )  # fmt: skip
    save(later, event)
    assert saved(later) == [event]
    later.close()

    with pytest.raises(DataTooNew):
        open_notes(tmp_path)


def test_tables_of_a_newer_program_are_refused(tmp_path: Path) -> None:
    store = open_notes(tmp_path)
    connection = store.connect("events.db")
    connection.execute("PRAGMA user_version = 3")
    connection.close()
    store.close()

    with pytest.raises(DataTooNew):
        open_notes(tmp_path)


def test_a_log_whose_end_was_cut_off_is_refused(tmp_path: Path) -> None:
    store = open_notes(tmp_path)
    save(store, note("N-1"), note("N-2"))
    connection = store.connect("events.db")
    connection.execute("DROP TRIGGER events_are_never_deleted")
    connection.execute("DELETE FROM stored_events WHERE position = 2")
    connection.close()
    store.close()

    with pytest.raises(DataDamaged):
        open_notes(tmp_path)


@pytest.mark.parametrize("emptied", [True, False], ids=["emptied", "gone"])
def test_a_log_that_was_emptied_is_not_begun_anew(tmp_path: Path, emptied: bool) -> None:
    store = open_notes(tmp_path)
    save(store, note("LA-2026-01"))
    store.connect("accounts.db").execute("CREATE TABLE accounts (user TEXT)").connection.close()
    store.close()
    log = tmp_path / "data" / "events.db"
    log.unlink()
    if emptied:
        log.touch()

    with pytest.raises(DataDamaged) as refused:
        open_notes(tmp_path)

    assert "although accounts.db stands beside it" in str(refused.value)
    assert [path.stat().st_size for path in log.parent.glob("events.db")] == [0] * emptied


def test_a_first_start_that_was_broken_off_goes_on(tmp_path: Path) -> None:
    open_notes(tmp_path).close()
    (tmp_path / "data" / "events.db").unlink()
    (tmp_path / "data" / "events.db").touch()

    store = open_notes(tmp_path)

    assert save(store, note("LA-2026-01")) is not None
    store.close()


def test_the_engine_says_nothing_of_a_damaged_file_by_itself(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    open_notes(tmp_path).close()
    (tmp_path / "data" / "events.db").write_bytes(b"x" * 8192)

    with pytest.raises(DataDamaged):
        open_notes(tmp_path)

    assert capfd.readouterr() == ("", "")


def test_another_database_with_the_same_key_is_no_log(tmp_path: Path) -> None:
    store = open_notes(tmp_path)
    other = store.connect("other.db")
    other.execute("CREATE TABLE stored_events (position INTEGER PRIMARY KEY AUTOINCREMENT)")
    other.execute("PRAGMA journal_mode = DELETE").fetchone()
    other.close()
    store.close()
    (tmp_path / "data" / "other.db").replace(tmp_path / "data" / "events.db")

    with pytest.raises(DataDamaged):
        open_notes(tmp_path)


def test_a_flipped_bit_in_the_file_is_never_read_as_data(tmp_path: Path) -> None:
    store = open_notes(tmp_path)
    save(store, *(note(f"N-{n}", text="x" * 200) for n in range(100)))
    store.close()
    path = tmp_path / "data" / "events.db"
    sound = path.read_bytes()
    control = open_notes(tmp_path)
    assert len(saved(control)) == 100
    control.close()

    outcomes = set()
    for place in range(5, len(sound), len(sound) // 40):
        path.write_bytes(sound[:place] + bytes((sound[place] ^ 4,)) + sound[place + 1 :])
        try:
            harmed = open_notes(tmp_path)
            try:
                outcomes.add(len(saved(harmed)))
            finally:
                harmed.close()
        except DataDamaged:
            outcomes.add(-1)

    assert outcomes - {100} == {-1}


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 6, 23), True), ((3, 7, 0), False), ((3, 44, 5), False), ((3, 44, 6), True), ((3, 45, 0), False),
        ((3, 50, 6), False), ((3, 50, 7), True), ((3, 51, 2), False), ((3, 51, 3), True), ((3, 53, 0), True),
    ],
)  # fmt: skip
def test_engines_that_can_damage_a_file_are_known(version: tuple[int, int, int], safe: bool) -> None:
    assert startup.safe_version(version) == safe


def test_the_loaded_engine_is_safe() -> None:
    assert startup.check_engine().ok


@pytest.mark.parametrize(("kind", "ok"), [("nfs4", False), ("cifs", False), ("fuse.sshfs", False), ("ext4", True)])
def test_a_network_drive_is_refused(tmp_path: Path, kind: str, ok: bool) -> None:
    drive = tmp_path / "my drive"
    (drive / "plans").mkdir(parents=True)
    mounts = tmp_path / "mounts"
    escaped = str(drive.resolve()).replace(" ", "\\040")
    mounts.write_text(f"/dev/sda / ext4 rw 0 0\nhost:/x {escaped} {kind} rw 0 0\n/dev/sdb /boot vfat rw 0 0\n")

    found = startup.check_place(drive / "plans", mounts)

    assert found.ok == ok
    assert startup.check_place(tmp_path, mounts).ok


def test_a_place_that_cannot_be_told_is_not_refused(tmp_path: Path) -> None:
    assert startup.check_place(tmp_path, tmp_path / "none").ok


def test_a_connection_that_may_lose_saves_is_refused(tmp_path: Path) -> None:
    store = open_notes(tmp_path)
    connection = store.connect("events.db")
    startup.demand(startup.check_settings(connection))

    connection.execute("PRAGMA synchronous = NORMAL")

    with pytest.raises(UnsafeStore):
        startup.demand(startup.check_settings(connection))
    connection.close()
    store.close()


def test_a_plain_database_is_refused(tmp_path: Path) -> None:
    connection = engine.connect(str(tmp_path / "plain.db"))
    found = [check.ok for check in startup.check_settings(connection)]
    connection.close()

    assert found[0] is False


def test_a_file_in_the_way_of_the_data_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")

    with pytest.raises(StoreUnavailable):
        open_notes(tmp_path)


def test_other_encrypted_files_lie_beside_the_log(tmp_path: Path) -> None:
    store = open_notes(tmp_path)
    accounts = store.connect("accounts.db")
    accounts.execute("CREATE TABLE accounts (name TEXT)")
    accounts.execute("INSERT INTO accounts VALUES ('lan')")

    settings = [check.ok for check in startup.check_settings(accounts)]

    assert settings == [True, True, True]
    assert b"accounts" not in (tmp_path / "data" / "accounts.db-wal").read_bytes()
    accounts.close()
    store.close()


def test_every_event_of_the_plan_has_a_topic_of_its_own() -> None:
    topics = plan_topics()

    assert len(topics) == len(set(topics.values())) > 50
