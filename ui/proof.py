"""The process's checkpoints: signed in the background while the server runs, opened by whoever asks first."""

from __future__ import annotations

import threading

from domain.refusals import PlanningError
from planner.application import Planner
from planner.audit.kept import Checkpoints
from planner.audit.notary import Notary


class Proof:
    """The checkpoints of the log and the notary who signs them, shared by all threads of the process."""

    def __init__(self, planner: Planner) -> None:
        self._planner = planner
        self._lock = threading.Lock()
        self._checkpoints: Checkpoints | None = None
        self._notary: Notary | None = None

    @property
    def checkpoints(self) -> Checkpoints:
        """All checkpoints of the log."""
        with self._lock:
            if self._checkpoints is None:
                self._checkpoints = Checkpoints(self._planner.store, self._planner.clock)
            return self._checkpoints

    @property
    def trouble(self) -> PlanningError | None:
        """Why the last checkpoint could not be signed."""
        return None if self._notary is None else self._notary.trouble

    def start(self) -> None:
        """From now on the head of the log is signed every few seconds while it grows."""
        self._notary = Notary(self.checkpoints)
        self._notary.start()

    def close(self) -> None:
        """Signs once more and closes the file."""
        if self._notary is not None:
            self._notary.close()
        if self._checkpoints is not None:
            self._checkpoints.close()
