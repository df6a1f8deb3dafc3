"""A witness: whoever, on a machine of his own, remembers the last head of a log and never signs one that shrank.

Its key and what it has seen lie in a directory of its own. A cosignature says: this is the largest tree of that log
that I know, and it only grew from the one before. What it signed is on its disk before the signature is given.
"""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import json
import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from domain.messages import Message, message
from domain.refusals import PlanningError
from planner.audit.checkpoint import COSIGNATURE, Key, Signature, cosign, parse, verify
from planner.audit.exchange import Growth
from planner.audit.tree import EMPTY_ROOT, ProofError, verify_consistency
from planner.store.connection import unavailable
from planner.store.keys import sync_directory
from planner.store.refusals import DataDamaged
from planner.text import now

KEY_FILE, STATE_FILE = "witness.key", "witness.json"


class UnknownLog(ProofError):
    """A log whose key this witness was never told."""


class NotSigned(ProofError):
    """A checkpoint that the log's key did not sign."""


class OtherHead(ProofError):
    """A proof that starts elsewhere than the witness's own last head; ``size`` is that one's."""

    def __init__(self, message: Message, size: int = 0) -> None:
        super().__init__(message)
        self.size = size


@dataclasses.dataclass(frozen=True, slots=True)
class Seen:
    """What a witness knows of one log: its key and the largest head it has signed."""

    key: bytes
    size: int = 0
    root: bytes = EMPTY_ROOT


class Witness:
    """The key and the memory of one witness. Several processes may use them at a time."""

    def __init__(self, place: Path, name: str = "witness", clock: Callable[[], datetime] = now) -> None:
        self.place = place
        self._clock = clock
        with _plainly(place):
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._alone():
                if not (place / KEY_FILE).exists():
                    key = Key.signing(name, secrets.token_bytes(32), COSIGNATURE)
                    _write(place / KEY_FILE, key.signer + b"\n")
        with _plainly(place / KEY_FILE):
            self.key = Key.read((place / KEY_FILE).read_bytes().strip())

    def knows(self, log: bytes) -> None:
        """From now on checkpoints signed with this key (``Key.verifier``) are looked at; a known one stays."""
        key = Key.read(log)
        if key.secret or key.kind == COSIGNATURE:
            raise ProofError.because("The key of {name} is not the public key of a log.", name=key.name)
        with self._alone():
            seen = self._seen()
            if seen.get(key.name, Seen(log)).key != log:
                raise ProofError.because("The log {name} is known with another key.", name=key.name)
            self._remember({key.name: Seen(log), **seen})

    def size(self, log: str) -> int:
        """The size of the last head it signed of a log. ``UnknownLog``."""
        return self._of(self._seen(), log).size

    def logs(self) -> dict[str, int]:
        """The logs it knows, and the size of the last head it signed of each."""
        return {name: seen.size for name, seen in self._seen().items()}

    def cosign(self, growth: Growth) -> Signature:
        """Signs a head that only grew from the last one it signed, and remembers it first.

        Raises ``UnknownLog``, ``NotSigned``, ``OtherHead`` where the proof does not start from that one, and
        ``ProofError`` where the head shrank, or is another history.
        """
        checkpoint = parse(growth.note).checkpoint
        with self._alone():
            seen = self._seen()
            known = self._of(seen, checkpoint.origin)
            try:
                verify(growth.note, known.key)
            except ProofError as error:
                raise NotSigned(error.message) from error
            if checkpoint.size < known.size:
                raise OtherHead(
                    message("The log has shrunk: {old} events were witnessed before.", old=str(known.size)), known.size
                )
            if growth.old != known.size:
                raise OtherHead(
                    message(
                        "The proof must start from {old} events, the last that were witnessed.", old=str(known.size)
                    ),
                    known.size,
                )
            verify_consistency(known.size, checkpoint.size, known.root, checkpoint.root, growth.proof)
            self._remember({**seen, checkpoint.origin: Seen(known.key, checkpoint.size, checkpoint.root)})
            return cosign(growth.note, self.key.signer, int(self._clock().timestamp()))

    def _of(self, seen: dict[str, Seen], log: str) -> Seen:
        if log not in seen:
            raise UnknownLog.because("The log {name} is not known here: name its key with --log-key.", name=log)
        return seen[log]

    # Its memory

    def _seen(self) -> dict[str, Seen]:
        path = self.place / STATE_FILE
        with _plainly(path):
            try:
                facts: dict[str, Any] = json.loads(path.read_bytes())
            except FileNotFoundError:
                return {}
            except ValueError as error:
                raise _damaged(path) from error
        try:
            return {
                name: Seen(one["key"].encode(), int(one["size"]), b64decode(one["root"]))
                for name, one in facts["logs"].items()
            }
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise _damaged(path) from error

    def _remember(self, seen: dict[str, Seen]) -> None:
        facts = {
            name: {"key": one.key.decode(), "size": one.size, "root": b64encode(one.root).decode()}
            for name, one in seen.items()
        }
        _write(self.place / STATE_FILE, json.dumps({"version": 1, "logs": facts}, indent=1).encode() + b"\n")

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        descriptor = os.open(self.place, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _write(path: Path, content: bytes) -> None:
    """Writes a file so that it is whole and lasts, or was never touched."""
    draft = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
    with _plainly(path):
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        sync_directory(path.parent)


@contextlib.contextmanager
def _plainly(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise unavailable(error, path) from error


def _damaged(path: Path) -> PlanningError:
    return DataDamaged.because("The file {path} is damaged. Restore a backup.", path=path)
