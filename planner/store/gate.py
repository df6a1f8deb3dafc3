"""The gate: one writer at a time, over threads and processes that share a log.

On one machine two file locks make a turnstile. Whoever wants in first takes the turnstile (``gate.next``),
waits there for the gate (``gate.lock``), and gives the turnstile back once inside. So at most one waits at the
gate itself, and whoever comes out must queue again behind it: no process can keep the gate by being quick. The
kernel drops the locks of a process that dies, however it dies. A team's gate is a lock of its database.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import ClassVar

from planner.store.connection import unavailable
from planner.store.refusals import GateBusy

#: Naps while waiting, in seconds: the first, the last, and the factor from one to the next. The one at the gate
#: looks often at first; in the queue, who has waited longer looks more often, or the newest would be favoured.
_AT_THE_GATE = (0.0002, 0.003, 1.2)
_IN_THE_QUEUE = (0.006, 0.0007, 0.8)


class Gate(ABC):
    """One writer at a time. ``place`` is named where it is busy; ``timeout`` in seconds; not re-entrant."""

    #: Where shutting it costs a way over the network, who holds it lazily leaves it open to other processes at first.
    lazy: ClassVar[bool] = False

    def __init__(self, place: Path | str, timeout: float = 20.0) -> None:
        self.place = place
        self._timeout = timeout
        self._turnstile = threading.Lock()
        self._inside = threading.Lock()
        self._holder: int | None = None
        self._shut = False

    @contextlib.contextmanager
    def held(self, timeout: float | None = None, *, lazily: bool = False) -> Iterator[None]:
        """Holds the gate for a ``with`` block. Raises ``GateBusy`` when it stays shut.

        Held lazily it may let other processes through until ``insist`` is called: what is decided behind it may turn
        out to be decided on a plan that they changed, and is then decided again.
        """
        if self._holder == threading.get_ident():
            raise RuntimeError("this thread holds the gate already")
        deadline = monotonic() + (self._timeout if timeout is None else timeout)
        self._enter(deadline, shut=not (lazily and self.lazy))
        self._holder = threading.get_ident()
        try:
            yield
        finally:
            self._holder = None
            self._leave()

    def insist(self) -> bool:
        """Shuts a gate that this thread holds lazily; True where others may have recorded something until then."""
        if self._shut:
            return False
        self._take(monotonic() + self._timeout)
        self._shut = True
        return True

    @abstractmethod
    def close(self) -> None:
        """Gives back what it needed; a later entry takes it again."""

    @abstractmethod
    def _take(self, deadline: float) -> None:
        """Takes the lock between processes, or refuses at the deadline."""

    @abstractmethod
    def _give(self) -> None:
        """Gives the lock between processes back."""

    def _enter(self, deadline: float, *, shut: bool) -> None:
        with self._threads_in_turn(deadline):
            if not self._inside.acquire(timeout=max(0.0, deadline - monotonic())):
                raise self._busy()
            try:
                if shut:
                    self._take(deadline)
                self._shut = shut
            except BaseException:
                self._inside.release()
                raise

    @contextlib.contextmanager
    def _threads_in_turn(self, deadline: float) -> Iterator[None]:
        if not self._turnstile.acquire(timeout=max(0.0, deadline - monotonic())):
            raise self._busy()
        try:
            yield
        finally:
            self._turnstile.release()

    def _leave(self) -> None:
        try:
            if self._shut:
                self._give()
        finally:
            self._shut = False
            self._inside.release()

    def _busy(self) -> Exception:
        return GateBusy.because(
            "Another process or user is saving into {data} and has not finished in time. Nothing was saved; "
            "try again in a moment.",
            data=self.place,
        )


class FileGate(Gate):
    """The gate of one data directory."""

    def __init__(self, data_dir: Path, timeout: float = 20.0) -> None:
        super().__init__(data_dir, timeout)
        self._data_dir = data_dir
        self._descriptors: tuple[int, int] | None = None
        self._pid = 0

    def close(self) -> None:
        if self._descriptors is not None and self._pid == os.getpid():
            for descriptor in self._descriptors:
                os.close(descriptor)
        self._descriptors = None

    def _take(self, deadline: float) -> None:
        turnstile, gate = self._files()
        self._lock(turnstile, deadline, _IN_THE_QUEUE)
        try:
            self._lock(gate, deadline, _AT_THE_GATE)
        finally:
            fcntl.flock(turnstile, fcntl.LOCK_UN)

    def _give(self) -> None:
        fcntl.flock(self._files()[1], fcntl.LOCK_UN)

    def _files(self) -> tuple[int, int]:
        """The lock files, opened anew in a forked child: a shared descriptor would share the lock."""
        if self._descriptors is None or self._pid != os.getpid():
            try:
                turnstile, gate = (_opened(self._data_dir / name) for name in ("gate.next", "gate.lock"))
            except OSError as error:
                raise unavailable(error, self._data_dir) from error
            self._descriptors, self._pid = (turnstile, gate), os.getpid()
        return self._descriptors

    def _lock(self, descriptor: int, deadline: float, naps: tuple[float, float, float]) -> None:
        nap, last, factor = naps
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if monotonic() >= deadline:
                    raise self._busy() from None
            sleep(nap)
            nap = min(nap * factor, last) if factor > 1 else max(nap * factor, last)


def _opened(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
