"""The key file: made once, private, told from other keys and from damage."""

import hashlib
import os
import shutil
import stat
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from planner.store import keys
from planner.store.opening import open_store
from planner.store.refusals import DataDamaged, DataTooNew, KeyMissing, KeyUnreadable, WrongKey
from tests.planner.store.notes import TOPICS, note, open_notes, processes, save, saved


def first_start(place: str) -> str:
    with_key = open_notes(Path(place))
    try:
        return with_key.keys.fingerprint
    finally:
        with_key.close()


def test_the_first_start_makes_a_private_key_outside_the_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("PLANNER_KEY", raising=False)

    store = open_store(tmp_path / "plans", topics=TOPICS)
    store.close()

    assert store.keys.path.parent == tmp_path / "config" / "delegation-planner"
    assert stat.S_IMODE(store.keys.path.stat().st_mode) == 0o600
    assert store.keys.path.name.startswith("plans-")


def test_a_moved_data_directory_finds_its_key_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("PLANNER_KEY", raising=False)
    store = open_store(tmp_path / "plans", topics=TOPICS)
    store.close()

    (tmp_path / "plans").rename(tmp_path / "moved")
    moved = open_store(tmp_path / "moved", topics=TOPICS)
    moved.close()

    assert moved.keys.path == store.keys.path


def test_the_environment_names_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANNER_KEY", str(tmp_path / "named.key"))

    store = open_store(tmp_path / "data", topics=TOPICS)
    store.close()

    assert store.keys.path == tmp_path / "named.key"


def test_a_key_inside_the_data_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyUnreadable):
        open_store(tmp_path / "data", tmp_path / "data" / "in.key", topics=TOPICS)

    assert not (tmp_path / "data" / "in.key").exists()


def test_first_starts_at_the_same_time_make_one_key(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4, mp_context=processes()) as pool:
        fingerprints = list(pool.map(first_start, [str(tmp_path)] * 8))

    assert len(set(fingerprints)) == 1
    assert [path.name for path in tmp_path.glob("*.key")] == ["notes.key"]


def test_a_missing_key_is_never_replaced_by_a_new_one(tmp_path: Path) -> None:
    open_notes(tmp_path).close()
    (tmp_path / "notes.key").unlink()

    with pytest.raises(KeyMissing):
        open_notes(tmp_path)

    assert not (tmp_path / "notes.key").exists()


def test_a_missing_key_is_not_made_where_only_the_log_is_left(tmp_path: Path) -> None:
    open_notes(tmp_path).close()
    (tmp_path / "notes.key").unlink()
    (tmp_path / "data" / "store.json").unlink()

    with pytest.raises(KeyMissing):
        open_notes(tmp_path)


@pytest.mark.parametrize("lost", [[], ["store.json"]])
def test_the_key_of_other_data_is_told_from_damage(tmp_path: Path, lost: list[str]) -> None:
    open_notes(tmp_path).close()
    keys.make_key_file(tmp_path / "other.key", tmp_path / "data")
    for name in lost:
        (tmp_path / "data" / name).unlink()

    with pytest.raises(WrongKey):
        open_store(tmp_path / "data", tmp_path / "other.key", topics=TOPICS)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    open_notes(tmp_path).close()
    (tmp_path / "notes.key").chmod(mode)

    with pytest.raises(KeyUnreadable):
        open_notes(tmp_path)


def test_a_key_typed_in_again_with_other_spacing_still_opens(tmp_path: Path) -> None:
    store = open_notes(tmp_path)
    save(store, note())
    store.close()
    path = tmp_path / "notes.key"
    path.write_text(path.read_text().replace("\n", "\r\n").replace("key: ", "key:  ").upper().replace(
        "DELEGATION-PLANNER KEY, VERSION", "delegation-planner key, version"
    ).replace("KEY:", "key:").replace("CHECK:", "check:"))  # fmt: skip

    again = open_notes(tmp_path)

    assert saved(again) == [note()]
    again.close()


@pytest.mark.parametrize("harm", ["cut", "digit", "empty", "binary", "other"])
def test_a_mangled_key_is_told_from_a_wrong_one(tmp_path: Path, harm: str) -> None:
    open_notes(tmp_path).close()
    path = tmp_path / "notes.key"
    text = path.read_text()
    digit = text.index("key: ") + 5
    path.write_bytes(
        {
            "cut": text[: text.index("check")].encode(),
            "digit": (text[:digit] + ("1" if text[digit] == "0" else "0") + text[digit + 1 :]).encode(),
            "empty": b"",
            "binary": os.urandom(300),
            "other": b"hello: world\n",
        }[harm]
    )

    with pytest.raises(KeyUnreadable):
        open_notes(tmp_path)


def test_a_key_of_a_newer_version_is_refused_as_such(tmp_path: Path) -> None:
    open_notes(tmp_path).close()
    path = tmp_path / "notes.key"
    path.write_text(path.read_text().replace("version 1", "version 3"))

    with pytest.raises(DataTooNew):
        open_notes(tmp_path)


def test_a_damaged_store_file_is_refused(tmp_path: Path) -> None:
    open_notes(tmp_path).close()
    (tmp_path / "data" / "store.json").write_text("{")

    with pytest.raises(DataDamaged):
        open_notes(tmp_path)


def test_keys_never_show_themselves(tmp_path: Path) -> None:
    store = open_notes(tmp_path)
    store.close()

    assert store.keys.database.hex() not in repr(store.keys)
    assert repr(store.keys.database) not in f"{store.keys}"


def test_one_key_may_open_two_stores(tmp_path: Path) -> None:
    open_notes(tmp_path).close()

    other = open_store(tmp_path / "second", tmp_path / "notes.key", topics=TOPICS)
    save(other, note())
    shutil.copytree(tmp_path / "second", tmp_path / "copied")

    assert saved(other) == [note()]
    other.close()


@pytest.mark.parametrize(
    ("version", "fields"), [(1, {"key": "zz" * 32}), (1, {"key": "ab"}), (2, {"key": "ab" * 32, "log": "cd"})]
)
def test_a_file_that_checks_and_holds_no_key_is_said_to_be_none(
    tmp_path: Path, version: int, fields: dict[str, str]
) -> None:
    check = hashlib.sha256("".join(fields.values()).encode()).hexdigest()[:8]
    lines = [f"{name}: {value}" for name, value in {**fields, "check": check}.items()]
    path = tmp_path / "notes.key"
    path.write_text("\n".join([f"delegation-planner key, version {version}", *lines]))
    path.chmod(0o600)

    with pytest.raises(KeyUnreadable, match="no complete key"):
        keys.read_key_file(path)
