"""The key file, and the keys derived from it.

One random 256-bit key lies in a file of its own, mode 0600, outside the data directory, so that a copy of the
data alone tells nobody anything. From it come, by HKDF-SHA256 with a label each (RFC 5869), the key of the
database files, the key of the event records, the key that wraps the keys of visits and persons (``keyring``), the key
that authenticates backups, and the seed of the key that signs checkpoints with the id of the site that they name.
``store.json`` in the data directory names the key by a fingerprint, so that a wrong key is told from damaged data. A
lost key is a lost plan: new keys are never made beside existing data, but by exchanging the old one (``rotation``). A
key that took the place of another carries on what must not change: the key of the event records, since no stored byte
of the log changes, and the name and the key under which checkpoints are signed.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import secrets
import stat
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from domain.refusals import PlanningError
from planner.store.connection import unavailable
from planner.store.refusals import DataDamaged, DataTooNew, KeyMissing, KeyUnreadable, WrongKey

#: Version 2 carries on what a log was begun with: a program that knows only version 1 would not find it.
KEY_FILE_VERSION = 2
STORE_FILE = "store.json"
#: Version 2 names a database: a program that knows only version 1 would make an empty log beside it.
STORE_FILE_VERSION = 2

_TITLE = "delegation-planner key, version "
_TEXT = """\
{title}{version}
# This key opens the plans of one data directory. Whoever holds both can read everything; without the key
# nobody can, not even its makers. Keep a copy apart from the data: on paper, or on a medium in a safe.
{carrying}key: {key}
made: {made}
check: {check}
"""
_CARRYING = "# It took the place of an earlier key: what the log was begun with is carried on here.\nlog: {log}\n"
#: Bytes of what is carried on: the key of the records, the key of the checkpoints, the id of the site.
_CARRIED = 32 + 32 + 16


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """The keys of one store, 32 bytes each, and where they come from. Never shown: it has no ``repr``."""

    path: Path
    fingerprint: str
    database: bytes
    records: bytes
    backups: bytes
    checkpoints: bytes
    #: Names the site in what others see; says nothing about the key.
    site: UUID
    wrapping: bytes
    #: The day on which it was made, where its file says so.
    made: date | None = None
    #: True where it took the place of another.
    exchanged: bool = False

    @classmethod
    def derived(cls, root: bytes, path: Path, carried: bytes = b"", made: date | None = None) -> Keys:
        """The keys that come from a root, but those that are ``carried`` on from an earlier one."""
        site = UUID(bytes=_derive(root, "site")[:16], version=4)
        return cls(
            path=path,
            fingerprint=_derive(root, "fingerprint")[:8].hex(),
            database=_derive(root, "database"),
            records=carried[:32] or _derive(root, "records"),
            backups=_derive(root, "backups"),
            checkpoints=carried[32:64] or _derive(root, "checkpoints"),
            site=UUID(bytes=carried[64:]) if carried else site,
            wrapping=_derive(root, "wrapping"),
            made=made,
            exchanged=bool(carried),
        )

    @property
    def carried(self) -> bytes:
        """What the key that takes the place of this one carries on."""
        return self.records + self.checkpoints + self.site.bytes


def _derive(root: bytes, label: str) -> bytes:
    info = f"delegation-planner/1/{label}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(root)


def key_directory() -> Path:
    """Where keys lie unless told otherwise: the user's configuration directory."""
    configured = os.environ.get("XDG_CONFIG_HOME", "")
    base = Path(configured) if Path(configured).is_absolute() else Path.home() / ".config"
    return base / "delegation-planner"


def default_key_file(data_dir: Path, store_id: str) -> Path:
    """The key of a data directory: found again when the directory is moved or renamed, since it goes by
    id."""
    named = sorted(key_directory().glob(f"*-{store_id}.key"))
    return named[0] if named else key_directory() / f"{data_dir.resolve().name or 'data'}-{store_id}.key"


def open_keys(data_dir: Path, key_file: Path | None, *, has_data: bool, create: bool) -> Keys:
    """The keys of a data directory, made at its first start. To be called under the set-up lock.

    ``PLANNER_KEY`` names the key file where the argument does not. Raises ``KeyMissing``, ``KeyUnreadable``,
    ``WrongKey``, ``DataTooNew``; makes a key only where there is neither data nor a key.
    """
    store = _read_store_file(data_dir)
    name = store["id"] if store else secrets.token_hex(4)
    path = key_path(data_dir, name, key_file)
    if not path.exists():
        if store or has_data or not create:
            raise missing_key(path, data_dir)
        make_key_file(path, data_dir)
    keys = read_key_file(path)
    if store is None:
        if not has_data and create:
            write_store_file(data_dir, keys, name)
    elif store["key"] != keys.fingerprint:
        raise wrong_key(path, data_dir)
    return keys


def key_path(data_dir: Path, store: str, key_file: Path | None) -> Path:
    """Where the key should be: as named, as ``PLANNER_KEY`` says, or the place that goes by the store's
    id."""
    named = key_file or (Path(os.environ["PLANNER_KEY"]) if os.environ.get("PLANNER_KEY") else None)
    return (named or default_key_file(data_dir, store)).expanduser()


def store_id(data_dir: Path) -> str:
    """The id of the store in a data directory, empty where it has none."""
    store = _read_store_file(data_dir)
    return store["id"] if store else ""


def fingerprint_in(data_dir: Path) -> str:
    """Which key opens the data in a directory, by its fingerprint; empty where nothing says so."""
    store = _read_store_file(data_dir)
    return store["key"] if store else ""


def database_of(data_dir: Path) -> str | None:
    """How to connect to the database that holds the log, or None where it lies in the data directory."""
    store = _read_store_file(data_dir)
    return store.get("postgresql") if store else None


def missing_key(path: Path, data: Path) -> PlanningError:
    """The refusal to open or make anything without the key that exists."""
    return KeyMissing.because(
        "The key {path} is missing, and without it {data} cannot be opened. "
        "Put the copy of the key back there, or name its place with --key.",
        path=path,
        data=data,
    )


def wrong_key(path: Path, data: Path) -> PlanningError:
    """The refusal to open data with the key of other data."""
    return WrongKey.because(
        "The key {path} is not the one that {data} was written with. Name the right key with --key.",
        path=path,
        data=data,
    )


def refuse_inside(path: Path, data_dir: Path) -> None:
    """Refuse a place for a key that lies in the data directory."""
    if path.resolve().is_relative_to(data_dir.resolve()):
        raise KeyUnreadable.because(
            "The key must not lie in the data directory {data}: whoever copies the data "
            "would have the key too. "
            "Name another place with --key.",
            data=data_dir,
        )


def make_key_file(path: Path, data_dir: Path, carried: bytes = b"") -> None:
    """A new key at a path that does not exist yet, complete or not at all; the first of two makers wins.

    ``carried`` is what it carries on where it is to take the place of another.
    """
    refuse_inside(path, data_dir)
    text = _new_key(carried)
    draft = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
    with _writing(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            write_durably(draft, text)
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)
        finally:
            draft.unlink(missing_ok=True)
        sync_directory(path.parent)


def read_key_file(path: Path) -> Keys:
    """The keys of a key file. Raises ``KeyUnreadable`` where it is mangled or others may read it."""
    try:
        mode = path.stat().st_mode
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KeyUnreadable.because("The key {path} cannot be read: {why}.", path=path, why=_why(error)) from error
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyUnreadable.because(
            "Other users of this machine can open the key {path}. Make it yours alone with: chmod 600 {path}",
            path=path,
        )
    title = text.partition("\n")[0].strip()
    version = title.removeprefix(_TITLE)
    if title.startswith(_TITLE) and version.isascii() and version.isdigit() and int(version) > KEY_FILE_VERSION:
        raise DataTooNew.because(
            "The key {path} was written by a newer version of this program. Update the program.", path=path
        )
    fields = dict(line.split(":", 1) for line in text.splitlines() if ":" in line and not line.startswith("#"))
    key, log = ("".join(fields.get(name, "").split()).lower() for name in ("key", "log"))
    whole = title == f"{_TITLE}{2 if log else 1}" and fields.get("check", "").strip().lower() == _check(key + log)
    if not whole or not _hexadecimal(key, 32) or (log and not _hexadecimal(log, _CARRIED)):
        raise KeyUnreadable.because(
            "The file {path} is no complete key: it is damaged or cut short. Put the copy of the key back there.",
            path=path,
        )
    made = None
    with contextlib.suppress(ValueError):
        made = date.fromisoformat(fields.get("made", "").strip())
    return Keys.derived(bytes.fromhex(key), path, bytes.fromhex(log), made)


def _hexadecimal(text: str, size: int) -> bool:
    """True where a text is so many bytes."""
    try:
        return len(bytes.fromhex(text)) == size
    except ValueError:
        return False


def _new_key(carried: bytes) -> str:
    """The text of a new key file."""
    key, log = secrets.token_hex(32), carried.hex()
    return _TEXT.format(
        title=_TITLE,
        version=2 if log else 1,
        carrying=_CARRYING.format(log=_grouped(log)) if log else "",
        key=_grouped(key),
        made=datetime.now(UTC).date().isoformat(),
        check=_check(key + log),
    )


def write_store_file(data_dir: Path, keys: Keys, store: str, database: str | None = None) -> None:
    """Notes in the data directory which key opens it, and the database where the log lies in one."""
    path = data_dir / STORE_FILE
    facts: dict[str, int | str] = {"version": 1, "id": store, "key": keys.fingerprint}
    if database is not None:
        facts |= {"version": STORE_FILE_VERSION, "postgresql": database}
    draft = path.with_name(f".{STORE_FILE}.{os.getpid()}-{secrets.token_hex(4)}")
    with _writing(path):
        try:
            write_durably(draft, json.dumps(facts) + "\n")
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        sync_directory(data_dir)


def _read_store_file(data_dir: Path) -> dict[str, str] | None:
    path = data_dir / STORE_FILE
    try:
        facts = json.loads(path.read_text("utf-8"))
        version, name, key = int(facts["version"]), str(facts["id"]), str(facts["key"])
        database = facts.get("postgresql")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (AttributeError, ValueError, KeyError, TypeError) as error:
        raise DataDamaged.because(
            "The file {path} is damaged. No plan is in it: it says which key opens the data, and in which database "
            "they lie. Restore a backup beside it; or move it away, and name the key with --key, or the database "
            "with planner store use-postgresql.",
            path=path,
        ) from error
    if version > STORE_FILE_VERSION:
        raise DataTooNew.because(
            "The data in {data} were written by a newer version of this program. Update the program.",
            data=data_dir,
        )
    return {"id": name, "key": key} | ({"postgresql": str(database)} if database is not None else {})


def write_durably(path: Path, text: str) -> None:
    """Writes a file that does not exist yet, for its owner alone."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(text.encode())
        stream.flush()
        os.fsync(stream.fileno())


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[None]:
    """What goes wrong with a file, in words for people."""
    try:
        yield
    except OSError as error:
        raise unavailable(error, path) from error


def sync_directory(path: Path) -> None:
    """Makes the names in a directory durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _grouped(key: str) -> str:
    return " ".join(key[i : i + 8] for i in range(0, len(key), 8))


def _check(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:8]


def _why(error: Exception) -> str:
    return (error.strerror or "") if isinstance(error, OSError) else "not a text file"
