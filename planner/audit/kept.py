"""The checkpoints of one log, kept in the order in which they were signed, beside the log in a file of their own.

Nothing of this is done while events are appended: ``sign`` reads the rows that came since the last checkpoint,
extends the tree by them and signs its head. What is needed of the tree for that is kept too, but only trusted
where it leads to the last checkpoint; otherwise the tree is made anew from the log. A log that is shorter than
what was signed, or another one, is never signed.
"""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from domain.refusals import PlanningError
from planner.audit.checkpoint import Checkpoint, Key, Note, Signature, cosigned, parse, sign, verify
from planner.audit.tree import CompactRange, ProofError, Tree, row_hashes
from planner.store.directory import Store
from planner.store.keys import Keys
from planner.store.mapper import Row
from planner.store.side_file import SideFile
from planner.text import now

FILE = "checkpoints.db"
#: Rows that are read and hashed at a time.
CHUNK = 10_000

_TABLES = """
CREATE TABLE IF NOT EXISTS checkpoints (
    number INTEGER PRIMARY KEY AUTOINCREMENT, size INTEGER NOT NULL, signed_at TEXT NOT NULL, note BLOB NOT NULL,
    witnessed INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS tree_head (one INTEGER PRIMARY KEY CHECK (one = 1), packed BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS witnesses (name TEXT PRIMARY KEY, key BLOB NOT NULL, since TEXT NOT NULL) STRICT;
"""
_COLUMNS = "SELECT number, signed_at, note FROM checkpoints"


@dataclasses.dataclass(frozen=True, slots=True)
class Kept:
    """A checkpoint as it is kept: its number, when it was signed, and the note with all signatures until now."""

    number: int
    signed_at: datetime
    note: Note

    @property
    def checkpoint(self) -> Checkpoint:
        return self.note.checkpoint

    @property
    def size(self) -> int:
        """The events it speaks of: the position of the last."""
        return self.checkpoint.size


def sign_head(store: Store) -> Kept:
    """Signs what the log holds now, for whoever does no more with checkpoints."""
    with contextlib.closing(Checkpoints(store)) as checkpoints:
        return checkpoints.sign()


def log_key(keys: Keys) -> Key:
    """The key that signs the checkpoints of a site; its name is that of the log."""
    return Key.signing(f"delegation-planner/{keys.site}/events", keys.checkpoints)


class Checkpoints:
    """All checkpoints of one store. Safe for several threads and processes."""

    def __init__(self, store: Store, clock: Callable[[], datetime] = now) -> None:
        self.key = log_key(store.keys)
        self._recorder = store.recorder
        self._clock = clock
        self._lock = threading.Lock()
        self._file = SideFile(store.data_dir, FILE, store.keys.database, _TABLES)

    def close(self) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[Kept]:
        """All of them, the first first."""
        return iter([_kept(row) for row in self._file.rows(f"{_COLUMNS} ORDER BY number")])

    @property
    def last(self) -> Kept | None:
        """The newest checkpoint."""
        rows = self._file.rows(f"{_COLUMNS} ORDER BY number DESC LIMIT 1")
        return _kept(rows[0]) if rows else None

    @property
    def last_witnessed(self) -> Kept | None:
        """The newest checkpoint that a known witness has signed too."""
        rows = self._file.rows(f"{_COLUMNS} WHERE witnessed ORDER BY number DESC LIMIT 1")
        return _kept(rows[0]) if rows else None

    def of_size(self, size: int) -> Kept:
        """The checkpoint of that size. ``ProofError`` where none was signed."""
        rows = self._file.rows(f"{_COLUMNS} WHERE size = ? ORDER BY number DESC LIMIT 1", size)
        if not rows:
            raise ProofError.because("No checkpoint of {size} events was signed here.", size=str(size))
        return _kept(rows[0])

    # Signing

    def sign(self) -> Kept:
        """The checkpoint of the log as it is now: a new one, or the last where nothing was recorded since.

        ``ProofError`` where the log is not the one that was signed before.
        """
        with self._lock:
            last, tree = self.last, self._tree_head()
            if last is None or tree.root != last.checkpoint.root or tree.size != last.size:
                tree = self._derived(last)
            grown = self._grown(tree, self._recorder.head())
            if last is not None and grown.size == last.size:
                return last
            note = sign(Checkpoint(self.key.name, grown.size, grown.root).text, self.key.signer)
            return self._keep(grown, note)

    def _keep(self, tree: CompactRange, note: bytes) -> Kept:
        with self._file.writing():
            last = self.last
            if last is not None and last.size >= tree.size:
                return last  # another process was faster
            self._file.execute(
                "INSERT INTO checkpoints (size, signed_at, note) VALUES (?, ?, ?)", tree.size, self._moment(), note
            )
            self._file.execute("INSERT OR REPLACE INTO tree_head VALUES (1, ?)", tree.packed())
        made = self.last
        return made if made is not None else self._keep(tree, note)

    def _moment(self) -> str:
        return self._clock().astimezone(UTC).isoformat()

    def _tree_head(self) -> CompactRange:
        for row in self._file.rows("SELECT packed FROM tree_head"):
            with contextlib.suppress(ProofError):
                return CompactRange.unpacked(row["packed"])
        return CompactRange()

    def _derived(self, last: Kept | None) -> CompactRange:
        """The tree made from the log itself, up to the last checkpoint, which it must agree with."""
        if last is None:
            return CompactRange()
        tree = self._grown(CompactRange(), last.size)
        if tree.root != last.checkpoint.root:
            raise _another_log(last.size)
        return tree

    def _grown(self, tree: CompactRange, upto: int) -> CompactRange:
        if tree.size > upto:
            raise _another_log(tree.size)
        for leaves in leaf_hashes(self._recorder.rows(tree.size, upto), tree.size):
            tree = tree.extended(leaves)
        if tree.size != upto:
            raise _another_log(tree.size)
        return tree

    # Proofs

    def tree(self, size: int | None = None) -> Tree:
        """All nodes of the tree over the first ``size`` events, for proofs."""
        upto = self._recorder.head() if size is None else size
        return Tree(list(itertools.chain.from_iterable(leaf_hashes(self._recorder.rows(upto=upto)))))

    # Witnesses

    @property
    def witnesses(self) -> tuple[Key, ...]:
        """The keys of the witnesses that are known."""
        return tuple(Key.read(row["key"]) for row in self._file.rows("SELECT key FROM witnesses ORDER BY name"))

    def know_witness(self, key: bytes) -> Key:
        """From now on cosignatures by this key are taken. ``ProofError`` for one that is no witness's."""
        known = Key.read(key)
        if known.secret or known.kind == self.key.kind:
            raise ProofError.because("The key of {name} is not the public key of a witness.", name=known.name)
        self._file.execute("INSERT OR REPLACE INTO witnesses VALUES (?, ?, ?)", known.name, key, self._moment())
        return known

    def take_cosignatures(self, size: int, signatures: Iterable[Signature]) -> Kept:
        """Puts cosignatures of known witnesses under the checkpoint of that size. ``ProofError`` where one is wrong."""
        kept = self.of_size(size)
        note = cosigned(bytes(kept.note), *signatures)
        held = verify(note, self.key.verifier, *(key.verifier for key in self.witnesses))
        if len(held.witnesses) < len(parse(note).witnesses):
            raise ProofError.because("A witness that is not known has signed; name its key first.")
        self._file.execute("UPDATE checkpoints SET note = ?, witnessed = 1 WHERE number = ?", note, kept.number)
        return dataclasses.replace(kept, note=parse(note))


def leaf_hashes(rows: Iterable[Row], after: int = 0) -> Iterator[list[bytes]]:
    """The leaf hashes of the rows after a position, many at a time. ``ProofError`` where one is left out."""
    for chunk in itertools.batched(rows, CHUNK):
        if (chunk[0][0], chunk[-1][0]) != (after + 1, after + len(chunk)):
            raise ProofError.because(
                "An event after event {position} is missing, or was put there.", position=str(after)
            )
        after += len(chunk)
        yield row_hashes(chunk)


def _kept(row: Any) -> Kept:
    number, signed_at, note = row
    return Kept(number, datetime.fromisoformat(signed_at), parse(note))


def _another_log(size: int) -> PlanningError:
    return ProofError.because(
        "The log is not the one whose first {size} events were signed: it was shortened or changed. "
        "Nothing was signed. Keep the files as they are and run: planner verify",
        size=str(size),
    )
