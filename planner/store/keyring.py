"""Keys of single visits and persons, which can be destroyed: what they sealed is erased then, for good.

Each is wrapped with the key-encryption key that comes from the key file (AES-256-GCM, RFC 5116) and lies with a
``Keeper``: beside the log in a file of its own, or in the team's database. A keeper that destroys a key notes its id
as destroyed: a note outweighs every copy of the key, so that a restored old copy brings nothing back. The log names the
destroyed keys too, in the record of the erasure.
"""

from __future__ import annotations

import os
import threading
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from planner.store.refusals import Tampered

KEY_ID: Final = 8
_NONCE = 12

#: id, subject, wrapped key
type WrappedKey = tuple[bytes, str, bytes]
#: number and key, in the order in which they were made
type Made = tuple[int, bytes, str, bytes]
#: number, id and subject, in the order in which they were destroyed
type Destroyed = tuple[int, bytes, str]


class Keeper(ABC):
    """Where the wrapped keys of one store lie. What it was told to keep or to destroy is durable once it answers.

    Safe for several threads and processes. Numbers rise in the order in which others can see what they number.
    """

    #: Named where a key is missing.
    place: str

    @abstractmethod
    def since(self, made: int, destroyed: int) -> tuple[list[Made], list[Destroyed]]:
        """The keys made after a number, and the notes of keys destroyed after another, both in order."""

    @abstractmethod
    def add(self, keys: Sequence[WrappedKey], destroyed: Collection[tuple[bytes, str]] = ()) -> None:
        """Keeps keys and notes. A subject that has a key keeps that one; a key that was destroyed stays so."""

    @abstractmethod
    def destroy(self, keys: Collection[bytes]) -> None:
        """Notes ids as destroyed, known here or not, and destroys what is wrapped under them."""

    @abstractmethod
    def close(self) -> None:
        """Gives back what it needed; asked again, it takes it again."""

    def take_in(self, other: Keeper) -> None:
        """Takes over the keys and the notes of another copy; what either notes as destroyed stays destroyed."""
        keys, destroyed = other.since(0, 0)
        self.add([key[1:] for key in keys], [note[1:] for note in destroyed])


class Keyring:
    """The keys of one store by their subjects, such as ``visit/LA-2026-01`` or ``officer/CA-0113``.

    Safe for several threads; other processes' new and destroyed keys are seen when something is missing, and by
    ``catch_up``.
    """

    def __init__(self, keeper: Keeper, wrapping: bytes) -> None:
        self.keeper = keeper
        #: By the visit's code: what is asked for at every event stays one look-up.
        self.visits: dict[str, AESGCM] = {}
        self._wrapping = AESGCM(wrapping)
        self._lock = threading.RLock()
        self._wrapped: dict[bytes, tuple[str, bytes]] = {}
        self._live: dict[str, bytes] = {}
        self._opened: dict[bytes, AESGCM] = {}
        self._destroyed: set[bytes] = set()
        self._gone: set[str] = set()
        self._seen = (0, 0)

    def of_visit(self, code: str) -> AESGCM | None:
        """The key of a visit; None where there is none."""
        found = self.visits.get(code)
        if found is None and (number := self.live(f"visit/{code}")) is not None:
            found = self.opener(number)
            if found is not None:
                self.visits[code] = found
        return found

    def live(self, subject: str) -> bytes | None:
        """The id of the key that seals for a subject."""
        if subject not in self._live:
            self.catch_up()
        return self._live.get(subject)

    def opener(self, key: bytes) -> AESGCM | None:
        """The key with an id; None where it was destroyed or never was here. ``Tampered`` for a forged one."""
        found = self._opened.get(key)
        if found is None and key not in self._destroyed:
            if key not in self._wrapped:
                self.catch_up()
            with self._lock:
                if key in self._wrapped:
                    found = self._opened[key] = AESGCM(self._unwrapped(key))
        return found

    def _unwrapped(self, key: bytes) -> bytes:
        subject, wrapped = self._wrapped[key]
        try:
            return self._wrapping.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], _bound(key, subject))
        except (InvalidTag, ValueError) as error:
            raise Tampered.because(
                "The key of {subject} in {file} is not as it was made. Stop working with this data, keep it as it is, "
                "and restore a backup beside it.",
                subject=subject,
                file=self.keeper.place,
            ) from error

    def forged(self) -> tuple[str, ...]:
        """The subjects whose key was not made with the site's key, or was changed since."""
        self.catch_up()
        found = []
        for key, (subject, _) in sorted(self._wrapped.items()):
            try:
                self._unwrapped(key)
            except Tampered:
                found.append(subject)
        return tuple(found)

    def wrapped_by(self, wrapping: bytes) -> list[WrappedKey]:
        """All keys, wrapped with another key-encryption key. ``Tampered`` where one is forged."""
        self.catch_up()
        other, found = AESGCM(wrapping), list[WrappedKey]()
        for key, (subject, _) in self._wrapped.items():
            nonce = os.urandom(_NONCE)
            found.append((key, subject, nonce + other.encrypt(nonce, self._unwrapped(key), _bound(key, subject))))
        return found

    def destroyed(self, key: bytes) -> bool:
        """True where a key is known to have been destroyed."""
        return key in self._destroyed

    def gone(self, subject: str) -> bool:
        """True where the key of a subject was destroyed, and it got no other one."""
        if subject not in self._gone and subject not in self._live:
            self.catch_up()
        return subject in self._gone and subject not in self._live

    def make(self, subjects: Iterable[str]) -> None:
        """Makes the keys that are missing, durably, before anything is sealed with them."""
        wanted = [subject for subject in dict.fromkeys(subjects) if subject not in self._live]
        if not wanted:
            return
        self.catch_up()
        made = [self._new(subject) for subject in wanted if subject not in self._live]
        if made:
            self.keeper.add(made)
            # Where others made some at the same time, those that came first are used.
            self.catch_up()

    def _new(self, subject: str) -> WrappedKey:
        key, nonce = os.urandom(KEY_ID), os.urandom(_NONCE)
        return key, subject, nonce + self._wrapping.encrypt(nonce, os.urandom(32), _bound(key, subject))

    def destroy(self, keys: Collection[bytes]) -> None:
        """Destroys keys, known here or not, for every process and every later copy; free where that was done."""
        if all(key in self._destroyed for key in keys):
            return
        self.catch_up()
        missing = [key for key in keys if key not in self._destroyed]
        if not missing:
            return
        with self._lock:
            for key in missing:
                # First in this process, whatever becomes of what is kept.
                self._forget(key)
        self.keeper.destroy(missing)
        self.catch_up()

    def catch_up(self) -> None:
        """Sees what other processes made and destroyed."""
        with self._lock:
            made, gone = self.keeper.since(*self._seen)
            for _, key, subject, wrapped in made:
                self._wrapped[key], self._live[subject] = (subject, wrapped), key
            for _, key, subject in gone:
                self._forget(key)
                self._destroyed.add(key)
                self._gone.add(subject)
            self._seen = made[-1][0] if made else self._seen[0], gone[-1][0] if gone else self._seen[1]

    def close(self) -> None:
        with self._lock:
            self.keeper.close()

    def _forget(self, key: bytes) -> None:
        subject, _ = self._wrapped.pop(key, ("", b""))
        self._opened.pop(key, None)
        if self._live.get(subject) == key:
            del self._live[subject]
            self.visits.pop(subject.partition("/")[2], None)


def _bound(key: bytes, subject: str) -> bytes:
    return key + subject.encode()
