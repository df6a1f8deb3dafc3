"""Backup and restore: whole, encrypted with the same key, and verified before either says it is done.

A backup is one sealed file (``archive``) with the database files as SQLite's backup API copied them while others
wrote. Copying the bare ``events.db`` instead loses what still stands in its write-ahead log. The log of a team is
written out of its database into the same ``events.db``: a backup of either store can be restored as the other.

The keys of visits and persons go into a file of their own beside the backup, ``keys-<store>.backup``: one for all
backups of a store in that place, which every backup brings up to date. So an old backup holds no key at all, and
after an erasure the next backup makes every earlier one of that place say «erased».
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from domain.refusals import PlanningError
from planner.store import rotation
from planner.store.archive import FORMAT, digest, manifest_of, pack, unpack, unsealed
from planner.store.connection import check_pages, connect, copy_file, unavailable
from planner.store.directory import LOCK_FILES, Store, alone_in, set_up_alone
from planner.store.keeper import KEYS_FILE, FileKeeper
from planner.store.keys import (
    Keys,
    database_of,
    fingerprint_in,
    key_path,
    missing_key,
    read_key_file,
    store_id,
    sync_directory,
    write_store_file,
    wrong_key,
)
from planner.store.mapper import EventMapper, Row
from planner.store.opening import open_store
from planner.store.recorder import Recorder
from planner.store.refusals import BackupUnusable, DataMissing, DataPresent, KeyLost, KeyMissing, WrongKey
from planner.store.sqlite import EVENTS_FILE
from planner.store.topics import Topics

#: Files that can be made again from the log: not backed up.
DERIVED = frozenset({"snapshots.db"})
#: Files that are not copied as they are: the keys have a backup of their own, and the log is the store's to copy.
LEFT_OUT = DERIVED | {KEYS_FILE, EVENTS_FILE}


@dataclasses.dataclass(frozen=True, slots=True)
class Backup:
    """What a verified backup holds."""

    path: Path
    made_at: datetime
    position: int
    files: tuple[str, ...]
    bytes: int
    #: Where its keys were backed up.
    keys: Path
    #: How many events cannot be read with the keys that were found: these are older than the backup.
    locked: int = 0


def backup(data_dir: Path, out: Path, key_file: Path | None = None, *, topics: Topics | None = None) -> Backup:
    """Writes a verified backup to ``out``, which must not exist, while others go on writing; the keys beside it.

    Raises a ``StoreRefusal``; nothing is left at ``out`` then.
    """
    if out.exists():
        raise DataPresent.because("{path} exists already; a backup never replaces a file.", path=out)
    if not out.absolute().parent.is_dir():
        raise DataMissing.because("There is no folder {folder}.", folder=out.parent)
    with (
        closing(open_store(data_dir, key_file, create=False, topics=topics)) as store,
        _staging(out) as stage,
    ):
        others = {path.name for path in data_dir.glob("*.db")} - LEFT_OUT
        for name in sorted(others):
            copy_file(data_dir, stage, name, store.keys.database)
        store.copy_log(stage)
        names = sorted({*others, EVENTS_FILE})
        position = _compare(store.recorder, stage, store.keys)
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "store": store_id(data_dir),
            "key": store.keys.fingerprint,
            "made_at": datetime.now(UTC).isoformat(),
            "position": position,
            "keys": keys_backup(out, store.keys, store_id(data_dir)).name,
            "files": {name: digest(stage / name) for name in names},
        }
        # After the log: it holds every key that the copied events were sealed with.
        _back_up_keys(store, stage, out.with_name(manifest["keys"]), manifest)
        draft = stage / "backup"
        pack(draft, stage, manifest, store.keys)
        unsealed(draft, store.keys)
        try:
            os.link(draft, out)
        except FileExistsError:
            raise DataPresent.because("{path} exists already; a backup never replaces a file.", path=out) from None
    sync_directory(out.parent)
    return _described(out, manifest)


def restore(
    file: Path,
    data_dir: Path,
    key_file: Path | None = None,
    *,
    keys_from: Path | None = None,
    replace: bool = False,
    topics: Topics | None = None,
) -> Backup:
    """Puts a backup's data into ``data_dir``, verified first.

    The keys of visits and persons come from the file beside the backup, or ``keys_from``, and from the data that are
    there now; what either notes as destroyed stays destroyed.

    Refuses a directory that holds data, unless ``replace`` says so: then the old directory is kept beside it
    as ``<name>.before-<time>``. Refuses to replace data that a running process has open. Where the directory names
    a database, the log goes there; it must be empty.
    """
    if (data_dir / EVENTS_FILE).exists():
        with set_up_alone(data_dir):
            rotation.finish(data_dir)
    manifest = manifest_of(file)
    keys = _keys_for(file, data_dir, manifest, key_file)
    unsealed(file, keys)
    if (data_dir / EVENTS_FILE).exists() and not replace:
        raise DataPresent.because(
            "{data} holds data already. Restore into an empty place, or add --replace: "
            "the data there now are then kept beside it under another name.",
            data=data_dir,
        )
    with _staging(data_dir) as stage:
        whole = stage / "data"
        whole.mkdir(mode=0o700)
        unpack(file, whole, manifest)
        _put_keys(file, keys_from, data_dir, stage, manifest, keys)
        locked = _verify_restored(whole, manifest, keys, topics)
        if database_of(data_dir) is None:
            _put_in_place(whole, data_dir)
        else:
            _put_into_database(whole, data_dir, keys, topics)
    return dataclasses.replace(_described(file, manifest), locked=locked)


def keys_backup(backup: Path, keys: Keys, store: str) -> Path:
    """Where the keys of a store are backed up, beside its backups: for each key of the site in a file of its own."""
    return backup.with_name(f"keys-{store}-{keys.fingerprint}.backup" if keys.exchanged else f"keys-{store}.backup")


def _keys_beside(backup: Path, manifest: dict[str, Any]) -> Path:
    """Where the keys of a backup lie, as it says itself; those of old ones go by the store alone."""
    named = manifest.get("keys")
    return backup.with_name(Path(named).name if isinstance(named, str) else f"keys-{manifest['store']}.backup")


def _back_up_keys(store: Store, stage: Path, place: Path, log: dict[str, Any]) -> None:
    """Brings the backup of the keys up to date: what another copy of the store left there is kept."""
    keys = store.keys
    with closing(FileKeeper(stage, keys.database)) as copy:
        copy.take_in(store.keyring.keeper)
    if place.exists():
        _take_in_backup(place, stage, stage, keys)
    manifest = {**log, "files": {KEYS_FILE: digest(stage / KEYS_FILE)}}
    draft = stage / "keys"
    pack(draft, stage, manifest, keys)
    unsealed(draft, keys)
    draft.replace(place)


def _take_in_backup(file: Path, target: Path, stage: Path, keys: Keys) -> None:
    """Adds the keys of a verified backup to those in the target directory."""
    manifest = manifest_of(file)
    if manifest["key"] != keys.fingerprint:
        raise wrong_key(keys.path, file)
    unsealed(file, keys)
    if KEYS_FILE not in manifest["files"]:
        raise BackupUnusable.because(
            "{path} is no backup of keys: it is named like keys-….backup, and lies beside the backup. Nothing was "
            "restored.",
            path=file,
        )
    other = stage / "other-keys"
    other.mkdir(mode=0o700)
    unpack(file, other, manifest)
    with closing(FileKeeper(target, keys.database)) as keeper, closing(FileKeeper(other, keys.database)) as source:
        keeper.take_in(source)


def _put_keys(
    file: Path, keys_from: Path | None, data_dir: Path, stage: Path, manifest: dict[str, Any], keys: Keys
) -> None:
    """The keys for restored data: from their backup and from the data that are there now, without destroyed ones."""
    if not manifest.get("keys"):
        return
    place, whole = keys_from or _keys_beside(file, manifest), stage / "data"
    here = (data_dir / KEYS_FILE).exists() and store_id(data_dir) == manifest["store"]
    if here and fingerprint_in(data_dir) != keys.fingerprint:
        raise WrongKey.because(
            "{data} was given another key since this backup was made, so what was erased there meanwhile is not known "
            "to the backup. Take a newer backup, or restore into an empty directory and erase it there again.",
            data=data_dir,
        )
    if not place.exists() and not here:
        raise KeyMissing.because(
            "The backup of the keys {path} is missing, and without it nobody can read these plans. "
            "Put it beside the backup, or name it with --keys.",
            path=place,
        )
    if place.exists():
        _take_in_backup(place, whole, stage, keys)
    if here:
        with closing(FileKeeper(whole, keys.database)) as keeper, closing(FileKeeper(data_dir, keys.database)) as old:
            keeper.take_in(old)


def _described(path: Path, manifest: dict[str, Any]) -> Backup:
    made_at, keys = datetime.fromisoformat(manifest["made_at"]), _keys_beside(path, manifest)
    return Backup(path, made_at, manifest["position"], tuple(manifest["files"]), path.stat().st_size, keys)


@contextmanager
def _staging(target: Path) -> Iterator[Path]:
    """A directory on the same disk as the target, gone afterwards."""
    stage = target.absolute().parent / f".{target.name}.{os.getpid()}-{secrets.token_hex(4)}"
    try:
        stage.mkdir(mode=0o700, parents=True)
        yield stage
    except OSError as error:
        raise unavailable(error, target) from error
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _compare(recorder: Recorder, stage: Path, keys: Keys) -> int:
    """The head of the copied log, once each of its rows is the same as in the log itself."""
    with closing(connect(stage, EVENTS_FILE, keys.database)) as copy:
        count, head = copy.execute("SELECT count(*), ifnull(max(position), 0) FROM stored_events").fetchone()
        rows = copy.execute("SELECT * FROM stored_events ORDER BY position")
        same = count == head and row_hash(recorder.rows(upto=head)) == row_hash(rows)
        copy.execute("PRAGMA journal_mode = DELETE").fetchone()
    if not same:
        raise BackupUnusable.because("The copy differs from the log; no backup was made. Try again.")
    return int(head)


def row_hash(rows: Any) -> str:
    """A hash of rows as they are stored, in their order."""
    state = hashlib.sha256()
    for row in rows:
        state.update(repr(tuple(row)).encode())
    return state.hexdigest()


def _keys_for(file: Path, data_dir: Path, manifest: dict[str, Any], key_file: Path | None) -> Keys:
    """The key that the backup was made with, found by its store's id where it is not named."""
    path = key_path(data_dir, manifest["store"], key_file)
    if not path.exists():
        raise missing_key(path, file)
    keys = read_key_file(path)
    if keys.fingerprint == manifest["key"]:
        return keys
    if keys.exchanged:
        raise WrongKey.because(
            "The key {path} took the place of an earlier one. If {backup} was made before that, name with --key the "
            "one that planner key rotate --keep-old kept, and with --data an empty directory.",
            path=path,
            backup=file,
        )
    raise wrong_key(path, file)


def _verify_restored(whole: Path, manifest: dict[str, Any], keys: Keys, topics: Topics | None) -> int:
    """Refuses what is not whole; how many events lack their key."""
    for name in manifest["files"]:
        with closing(connect(whole, name, keys.database)) as connection:
            check_pages(connection, whole / name)
    write_store_file(whole, keys, manifest["store"])
    with closing(open_store(whole, keys.path, create=False, topics=topics)) as store:
        if store.recorder.head() != manifest["position"]:
            raise BackupUnusable.because("The backup does not hold the events it names. Nothing was restored.")
        return _locked(store)


def _locked(store: Store) -> int:
    """How many events cannot be read because their key is not there."""
    mapper = store.mapper()
    try:
        for _ in mapper.decode_rows(store.recorder.rows()):
            pass
    except PlanningError:
        return sum(_lacks_key(mapper, row) for row in store.recorder.rows())
    return 0


def _lacks_key(mapper: EventMapper, row: Row) -> bool:
    try:
        next(mapper.decode_rows((row,)))
    except KeyLost:
        return True
    except PlanningError:  # what else may be wrong with it was so before
        return False
    return False


def _put_in_place(whole: Path, data_dir: Path) -> None:
    """Exchanges directories by renaming: there is never half a data directory."""
    with alone_in(data_dir):
        left = {path.name for path in data_dir.iterdir()} if data_dir.exists() else set()
        if left - LOCK_FILES:
            moment = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
            data_dir.rename(data_dir.with_name(f"{data_dir.name}.before-{moment}"))
        elif data_dir.exists():
            shutil.rmtree(data_dir)
        whole.rename(data_dir)
    sync_directory(data_dir.absolute().parent)


def _put_into_database(whole: Path, data_dir: Path, keys: Keys, topics: Topics | None) -> None:
    """Fills an empty database, and puts the other files beside it; they go again where the database refuses."""
    with (
        closing(open_store(whole, keys.path, create=False, topics=topics)) as source,
        closing(open_store(data_dir, keys.path, create=False, topics=topics)) as target,
    ):
        others = [path for path in sorted(whole.glob("*.db")) if path.name not in LEFT_OUT]
        there = [path.name for path in others if (data_dir / path.name).exists()]
        if there or target.recorder.head():
            raise DataPresent.because(
                "{data} holds data already ({what}). Restore into an empty directory with an empty database.",
                data=data_dir,
                what=tuple(there) or target.gate.place,
            )
        placed = [path.rename(data_dir / path.name) for path in others]
        try:
            target.fill(source)
        except BaseException:
            for path in placed:
                path.unlink()
            raise
    sync_directory(data_dir)
