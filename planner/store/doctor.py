"""What ``planner doctor`` looks at: everything a start checks, and what takes longer."""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from time import sleep
from typing import Any

from sqlcipher3 import dbapi2 as engine

from domain.messages import counted, message
from domain.parked import Unreadable
from domain.refusals import PlanningError
from planner.store.connection import connect, plain
from planner.store.directory import Store
from planner.store.keys import Keys, fingerprint_in, key_path, read_key_file, store_id
from planner.store.mapper import FORMAT
from planner.store.opening import open_store
from planner.store.sqlite import EVENTS_FILE, STORE_VERSION
from planner.store.startup import Check, check_engine, check_place, check_settings
from planner.store.topics import Topics

#: Free space below which saves may soon fail, in bytes.
ROOM = 200_000_000
#: Unreadable events up to which each is named.
MOST_NAMED = 20


def check(data_dir: Path, key_file: Path | None = None, *, topics: Topics | None = None) -> list[Check]:
    """Looks at a data directory and changes nothing. The log itself is read once from end to end."""
    found = [check_engine(), check_place(data_dir if data_dir.exists() else data_dir.absolute().parent)]
    opened = message("the data open with their key")
    try:
        store = open_store(data_dir, key_file, create=False, topics=topics)
    except PlanningError as refusal:
        return [*found, Check(opened, False, refusal.message), *_unopened(data_dir, key_file)]
    with closing(store):
        found.append(Check(opened, True, message("the key is {path}: keep a copy of it", path=store.keys.path)))
        found.append(_check_age(store.keys))
        found.append(_check_private(data_dir, store.keys.path))
        found.append(_check_room(data_dir))
        found.extend(check_files(data_dir, store.keys))
        found.extend(store.checks())
        found.append(_check_log(store))
        found.append(_check_versions(store))
    return found


def _unopened(data_dir: Path, key_file: Path | None) -> Iterator[Check]:
    """What can be looked at where the data do not open, so that whoever mends them knows all that is wrong."""
    if not any(data_dir.glob("*.db")):
        return
    known = meant = ""
    with contextlib.suppress(PlanningError):
        known, meant = store_id(data_dir), fingerprint_in(data_dir)
    path, keys = key_path(data_dir, known, key_file), None
    name = message("the key can be read")
    if not path.exists():
        yield Check(name, False, message("it is not at {path}: name its place with --key", path=path))
    else:
        try:
            keys = read_key_file(path)
            yield Check(name, True, message("{path}", path=path))
        except PlanningError as refusal:
            yield Check(name, False, refusal.message)
    yield _check_private(data_dir, *([path] if path.exists() else []))
    yield _check_room(data_dir)
    if keys is not None and meant in ("", keys.fingerprint):
        yield from check_files(data_dir, keys)


def _check_age(keys: Keys) -> Check:
    """Never a fault: how long a key may be used is the site's to say."""
    name, made = message("the age of the key is known"), keys.made
    if made is None:
        return Check(name, True, message("it was made before keys said when; a new one: planner key rotate"))
    days = max(0, (datetime.now(UTC).date() - made).days)
    return Check(
        name, True, counted("made on {day}, {n} day ago", "made on {day}, {n} days ago", days, day=made.isoformat())
    )


def _check_private(data_dir: Path, *keys: Path) -> Check:
    """Nobody else on this machine may open the key or the data. A key that others can read opens nothing anyway."""
    paths = [*keys, data_dir, *sorted(data_dir.iterdir())]
    open_to_all = [path.name for path in paths if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    name = message("nobody else on this machine can open the key and the data")
    if open_to_all and os.name == "posix":
        return Check(name, False, message("others can open {files}: chmod go= them", files=tuple(open_to_all)))
    return Check(name, True, message("{count} files", count=len(paths)))


def _check_versions(store: Store) -> Check:
    """What to tell whoever is asked for help."""
    return Check(
        message("the versions are known"),
        True,
        message(
            "program {program}, Python {python}, SQLite {sqlite}, store {store}, rows {rows}",
            program=metadata.version("security-planner"),
            python=platform.python_version(),
            sqlite=engine.sqlite_version,
            store=str(STORE_VERSION),
            rows=str(FORMAT),
        ),
    )


def _check_room(data_dir: Path) -> Check:
    free = shutil.disk_usage(data_dir).free
    return Check(message("there is room to save"), free >= ROOM, message("{size} MB are free", size=free // 1_000_000))


def check_files(data_dir: Path, keys: Keys) -> Iterator[Check]:
    """Every page of every file against its seal, and the settings of the log's own connection."""
    for path in sorted(data_dir.glob("*.db")):
        name = message("every page of {file} is as it was written", file=path.name)
        try:
            with closing(connect(data_dir, path.name, keys.database)) as connection:
                if path.name == EVENTS_FILE:
                    yield from check_settings(connection)
                faults = _faulty_pages(connection)
                found: list[Any] = connection.execute("PRAGMA quick_check").fetchall()
        except (PlanningError, engine.Error) as error:
            refusal = error if isinstance(error, PlanningError) else plain(error, path)
            yield Check(name, False, refusal.message)
            continue
        sound = not faults and [tuple(row) for row in found] == [("ok",)]
        yield Check(name, sound, message("sound") if sound else message("damaged: restore a backup beside it"))


def _faulty_pages(connection: Any) -> list[Any]:
    """Pages of the file whose seal does not hold; asked again, since a writer may be at work on one."""
    faults: list[Any] = []
    for _ in range(3):
        faults = connection.execute("PRAGMA cipher_integrity_check").fetchall()
        if not faults:
            break
        sleep(0.2)
    return faults


def _check_log(store: Store) -> Check:
    """Every event opens, and none is missing."""
    name = message("every event is there and opens with its key")
    count, gaps = 0, list[Unreadable]()
    try:
        mapper = store.mapper()
        for count, row in enumerate(store.recorder.rows(), 1):
            gaps += (event for event in mapper.readable_rows((row,)) if type(event) is Unreadable)
            if row[0] != count:
                return Check(name, False, message("event {position} is missing", position=count))
    except PlanningError as refusal:
        return Check(name, False, refusal.message)
    if gaps:
        places = ", ".join(f"{gap.position} ({gap.originator_id})" for gap in gaps[:MOST_NAMED])
        return Check(name, False, message("{n} cannot be read: {places}", n=len(gaps), places=places))
    return Check(name, True, message("{count} events", count=count))
