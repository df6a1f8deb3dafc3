"""What the doctor finds, and that it finds what is wrong."""

from pathlib import Path

from planner.store.doctor import check
from tests.planner.store.notes import TOPICS, note, open_notes, save


def unsound(place: Path) -> list[str]:
    return [str(found.name) for found in check(place / "data", place / "notes.key", topics=TOPICS) if not found.ok]


def test_a_sound_store_passes_every_check(tmp_path: Path) -> None:
    store = open_notes(tmp_path)
    save(store, note())
    store.close()

    assert unsound(tmp_path) == []
    assert len(check(tmp_path / "data", tmp_path / "notes.key", topics=TOPICS)) == 13


def test_nothing_is_made_where_there_is_nothing(tmp_path: Path) -> None:
    assert unsound(tmp_path) == ["the data open with their key"]
    assert list(tmp_path.iterdir()) == []


def test_what_does_not_open_is_looked_at_as_far_as_it_goes(tmp_path: Path) -> None:
    store = open_notes(tmp_path)
    store.connect("accounts.db").execute("CREATE TABLE names (name TEXT)")
    store.close()
    (tmp_path / "data" / "store.json").write_text("{")
    content = bytearray((tmp_path / "data" / "accounts.db").read_bytes())
    content[5000] ^= 1
    (tmp_path / "data" / "accounts.db").write_bytes(content)
    (tmp_path / "data" / "events.db").chmod(0o640)

    assert unsound(tmp_path) == [
        "the data open with their key",
        "nobody else on this machine can open the key and the data",
        "every page of accounts.db is as it was written",
    ]
    (tmp_path / "notes.key").rename(tmp_path / "away.key")
    assert unsound(tmp_path) == [
        "the data open with their key",
        "the key can be read",
        "nobody else on this machine can open the key and the data",
    ]


def test_data_whose_note_is_damaged_open_without_it_as_they_are_told_to(tmp_path: Path) -> None:
    store = open_notes(tmp_path)
    save(store, note())
    store.close()
    (tmp_path / "data" / "store.json").write_text("{")
    first = check(tmp_path / "data", tmp_path / "notes.key", topics=TOPICS)[2]

    assert "move it away, and name the key with --key" in str(first.why)
    (tmp_path / "data" / "store.json").unlink()
    assert unsound(tmp_path) == []


def test_a_damaged_page_of_another_file_is_found(tmp_path: Path) -> None:
    store = open_notes(tmp_path)
    accounts = store.connect("accounts.db")
    accounts.execute("CREATE TABLE names (name TEXT)")
    accounts.close()
    store.close()
    path = tmp_path / "data" / "accounts.db"
    content = bytearray(path.read_bytes())
    content[5000] ^= 1
    path.write_bytes(content)

    assert unsound(tmp_path) == ["every page of accounts.db is as it was written"]


def test_an_event_with_another_one_s_state_is_found(tmp_path: Path) -> None:
    store = open_notes(tmp_path)
    save(store, note("N-1"), note("N-2"))
    connection = store.connect("events.db")
    connection.execute("DROP TRIGGER events_are_never_changed")
    connection.execute("UPDATE stored_events SET originator_id = 'note/N-3' WHERE position = 2")
    connection.close()
    store.close()

    assert unsound(tmp_path) == ["every event is there and opens with its key"]


def test_a_missing_event_is_found(tmp_path: Path) -> None:
    store = open_notes(tmp_path)
    save(store, note("N-1"), note("N-2"))
    connection = store.connect("events.db")
    connection.execute("DROP TRIGGER events_are_never_deleted")
    connection.execute("DELETE FROM stored_events WHERE position = 1")
    connection.close()
    store.close()

    assert unsound(tmp_path) == ["every event is there and opens with its key"]


def test_files_that_others_can_open_are_found(tmp_path: Path) -> None:
    open_notes(tmp_path).close()
    (tmp_path / "data" / "events.db").chmod(0o644)

    assert unsound(tmp_path) == [
        "nobody else on this machine can open the key and the data",
    ]
