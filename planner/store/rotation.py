"""A new key in the place of the site's key (``new_key``): what lies in between, and how it is undone or finished.

Every file of the data directory is copied, encrypted with the new key, into the folder ``rotation.draft`` in it. Naming
that folder ``rotation.ready`` is the one moment that decides: before it an interrupted exchange is undone at the next
start, from it on it is finished, by renaming alone. Until it is over both keys lie side by side, and ``rotation.json``
says where. So there is no moment at which a process may be killed, or power fail, that leaves a directory without the
key that opens it.
"""

from __future__ import annotations

import contextlib
import json
import shutil
from pathlib import Path
from typing import Final

from planner.store.connection import unavailable
from planner.store.keys import STORE_FILE, fingerprint_in, read_key_file, sync_directory, write_durably
from planner.store.refusals import DataDamaged, StoreRefusal

DRAFT: Final = "rotation.draft"
_READY: Final = "rotation.ready"
_NOTE: Final = "rotation.json"
_NOTE_DRAFT: Final = "rotation.json.draft"


def begin(data_dir: Path, key: Path, new: Path) -> None:
    """Notes that the key at ``key`` is to be exchanged for the one that ``new`` will hold."""
    write_durably(data_dir / _NOTE_DRAFT, json.dumps({"key": str(key), "new": str(new)}) + "\n")
    (data_dir / _NOTE_DRAFT).replace(data_dir / _NOTE)
    sync_directory(data_dir)


def decide(data_dir: Path) -> None:
    """From here on the new key is the one: the files in the draft are whole, and durable."""
    sync_directory(data_dir / DRAFT)
    (data_dir / DRAFT).rename(data_dir / _READY)
    sync_directory(data_dir)


def finish(data_dir: Path) -> None:
    """Ends an exchange, wherever it was interrupted; nothing where there is none. To be called under the set-up lock.

    Where nothing may be written, one that was not decided yet stays as it is: the old key opens the data.
    """
    if not (data_dir / _NOTE).exists():
        with contextlib.suppress(OSError):
            (data_dir / _NOTE_DRAFT).unlink(missing_ok=True)
        return
    key, new = _places(data_dir / _NOTE)
    try:
        if (data_dir / _READY).is_dir():
            _put_in_place(data_dir)
        _clear(data_dir, key, new)
    except OSError as error:
        if (data_dir / _READY).is_dir() or _fingerprint(key) != fingerprint_in(data_dir):
            raise unavailable(error, data_dir) from error


def _put_in_place(data_dir: Path) -> None:
    """Exchanges file by file, last the one that names the key; those that are exchanged already are gone from here."""
    ready = data_dir / _READY
    for file in sorted(ready.iterdir(), key=lambda file: (file.name == STORE_FILE, file.name)):
        # What the old file had beside it must never be taken for the new one's.
        for beside in ("-wal", "-shm", "-journal"):
            (data_dir / f"{file.name}{beside}").unlink(missing_ok=True)
        sync_directory(data_dir)
        file.replace(data_dir / file.name)
    sync_directory(data_dir)
    ready.rmdir()


def _clear(data_dir: Path, key: Path, new: Path) -> None:
    """Leaves one key, that which opens the data; where it cannot be found now, whatever there is stays."""
    if (data_dir / DRAFT).exists():
        shutil.rmtree(data_dir / DRAFT)
    opens = fingerprint_in(data_dir)
    if _fingerprint(new) == opens:
        new.replace(key)
    if _fingerprint(key) != opens:
        return
    for left in (new, *new.parent.glob(f".{new.name}.*")):
        left.unlink(missing_ok=True)
    sync_directory(key.parent)
    (data_dir / _NOTE).unlink()
    sync_directory(data_dir)


def _fingerprint(path: Path) -> str | None:
    """Which key a file holds; None where there is none, or none that is whole."""
    with contextlib.suppress(StoreRefusal):
        return read_key_file(path).fingerprint
    return None


def _places(note: Path) -> tuple[Path, Path]:
    try:
        told = json.loads(note.read_text("utf-8"))
        return Path(told["key"]), Path(told["new"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataDamaged.because("The file {path} is damaged. Restore a backup.", path=note) from error
