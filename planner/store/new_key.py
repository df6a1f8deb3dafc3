"""Exchanging the site's key: a new one over the same log, of which nothing changes, not even a stored byte.

The files are encrypted anew, and the keys of visits and persons wrapped anew (``rotation`` says how that survives being
killed). The new key carries on the key of the event records and that of the checkpoints: the tree of the log, its
checkpoints and what witnesses know of it stay. Whoever learnt the old key reads what was copied until then, and nothing
of what is copied later.
"""

from __future__ import annotations

import os
import secrets
from contextlib import closing
from pathlib import Path

from planner.store import rotation
from planner.store.backup import row_hash
from planner.store.connection import connect, copy_file, unavailable
from planner.store.directory import alone_in, set_up_alone
from planner.store.keeper import FileKeeper
from planner.store.keyring import Keyring
from planner.store.keys import (
    Keys,
    database_of,
    fingerprint_in,
    key_path,
    make_key_file,
    read_key_file,
    refuse_inside,
    store_id,
    write_durably,
    write_store_file,
    wrong_key,
)
from planner.store.opening import open_store
from planner.store.refusals import DataDamaged, DataMissing, DataPresent, KeyUnreadable
from planner.store.sqlite import EVENTS_FILE
from planner.store.topics import Topics


def exchange_key(
    data_dir: Path, key_file: Path | None = None, *, keep_old: Path | None = None, topics: Topics | None = None
) -> Keys:
    """Gives a data directory a new key, in the place of the old one; ``keep_old`` is where a copy of that is kept.

    Nobody else may have the directory open. Raises a ``StoreRefusal``; everything is as it was then. Needs as much room
    again as the data take.
    """
    if database_of(data_dir) is not None:
        raise KeyUnreadable.because(
            "The log of {data} lies in the database of a team, whose keys are never changed there. Its key cannot be "
            "exchanged: set up a new database with a new key, and take the plans over (planner plan, planner import).",
            data=data_dir,
        )
    # Ends an exchange that was interrupted, and refuses what does not open as it is.
    open_store(data_dir, key_file, create=False, topics=topics).close()
    with set_up_alone(data_dir), alone_in(data_dir):
        old = read_key_file(key_path(data_dir, store_id(data_dir), key_file))
        if fingerprint_in(data_dir) != old.fingerprint:
            raise wrong_key(old.path, data_dir)
        _refuse_kept(keep_old, data_dir)
        place = old.path.resolve()
        new = place.with_name(f"{place.name}.new-{secrets.token_hex(4)}")
        try:
            rotation.begin(data_dir, place, new)
            make_key_file(new, data_dir, old.carried)
            _stage(data_dir, data_dir / rotation.DRAFT, old, read_key_file(new))
            if keep_old is not None:
                _keep(keep_old, place)
            rotation.decide(data_dir)
        except OSError as error:
            raise unavailable(error, data_dir) from error
        finally:
            rotation.finish(data_dir)
    return read_key_file(old.path)


def _refuse_kept(place: Path | None, data_dir: Path) -> None:
    if place is None:
        return
    refuse_inside(place, data_dir)
    if place.exists():
        raise DataPresent.because("{path} exists already; the old key never replaces a file.", path=place)
    if not place.absolute().parent.is_dir():
        raise DataMissing.because("There is no folder {folder}.", folder=place.parent)


def _keep(place: Path, key: Path) -> None:
    try:
        write_durably(place, key.read_text("utf-8"))
    except OSError as error:
        raise unavailable(error, place) from error


def _stage(data_dir: Path, draft: Path, old: Keys, new: Keys) -> None:
    """Copies everything, encrypted and wrapped with the new key, and reads it back."""
    draft.mkdir(mode=0o700)
    for path in sorted(data_dir.glob("*.db")):
        copy_file(data_dir, draft, path.name, old.database, new.database)
    with closing(FileKeeper(data_dir, old.database)) as here, closing(FileKeeper(draft, new.database)) as there:
        there.wrap_anew(Keyring(here, old.wrapping).wrapped_by(new.wrapping))
        forged = Keyring(there, new.wrapping).forged()
    if forged or _rows(data_dir, old) != _rows(draft, new):
        raise DataDamaged.because("The copy differs from the log, so {data} keeps its key. Try again.", data=data_dir)
    write_store_file(draft, new, store_id(data_dir))
    for path in draft.iterdir():
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _rows(folder: Path, keys: Keys) -> str:
    """A hash of the whole log, as it is stored."""
    with closing(connect(folder, EVENTS_FILE, keys.database)) as connection:
        return row_hash(connection.execute("SELECT * FROM stored_events ORDER BY position"))
