"""What ``planner doctor`` looks at: everything a start checks, and what takes longer."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import sleep
from typing import Any

from sqlcipher3 import dbapi2 as engine

from domain.messages import message
from domain.refusals import PlanningError
from planner.store.connection import plain
from planner.store.directory import Store
from planner.store.opening import open_store
from planner.store.postgresql.opening import PostgreSQLStore
from planner.store.postgresql.startup import check_line, check_server
from planner.store.sqlite import EVENTS_FILE
from planner.store.startup import Check, check_engine, check_place, check_settings
from planner.store.topics import Topics

#: Free space below which saves may soon fail, in bytes.
ROOM = 200_000_000


def check(data_dir: Path, key_file: Path | None = None, *, topics: Topics | None = None) -> list[Check]:
    """Looks at a data directory and changes nothing. The log itself is read once from end to end."""
    found = [check_engine(), check_place(data_dir if data_dir.exists() else data_dir.absolute().parent)]
    opened = message("the data open with their key")
    try:
        store = open_store(data_dir, key_file, create=False, topics=topics)
    except PlanningError as refusal:
        return [*found, Check(opened, False, refusal.message)]
    with closing(store):
        found.append(Check(opened, True, message("the key is {path}: keep a copy of it", path=store.keys.path)))
        found.append(_check_room(data_dir))
        found.extend(_check_files(store))
        if isinstance(store, PostgreSQLStore):
            found.extend(_check_database(store))
        found.append(_check_log(store))
    return found


def _check_room(data_dir: Path) -> Check:
    free = shutil.disk_usage(data_dir).free
    return Check(message("there is room to save"), free >= ROOM, message("{size} MB are free", size=free // 1_000_000))


def _check_files(store: Store) -> Iterator[Check]:
    """Every page of every file against its seal, and the settings of the log's own connection."""
    for path in sorted(store.data_dir.glob("*.db")):
        name = message("every page of {file} is as it was written", file=path.name)
        try:
            with closing(store.connect(path.name)) as connection:
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


def _check_database(store: PostgreSQLStore) -> Iterator[Check]:
    """The server and the role, as at every start, and where the data travel."""
    connections = store.recorder.connections
    yield from connections.asked(lambda connection: list(check_server(connection)))
    yield connections.asked(check_line)


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
    count = 0
    try:
        mapper = store.mapper()
        for count, row in enumerate(store.recorder.rows(), 1):
            next(mapper.decode_rows((row,)))
            if row[0] != count:
                return Check(name, False, message("event {position} is missing", position=count))
    except PlanningError as refusal:
        return Check(name, False, refusal.message)
    return Check(name, True, message("{count} events", count=count))
