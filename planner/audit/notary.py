"""Signs the log's head while the application runs: at most every few seconds, and once more when it stops."""

from __future__ import annotations

import logging
import threading

from domain.refusals import PlanningError
from planner.audit.kept import Checkpoints

#: Seconds between two checkpoints of a log that grows.
EVERY = 5.0

log = logging.getLogger(__name__)


class Notary:
    """A thread of its own that asks ``Checkpoints`` for a signature; nobody who appends ever waits for it."""

    def __init__(self, checkpoints: Checkpoints, every: float = EVERY) -> None:
        self.checkpoints = checkpoints
        self.every = every
        #: Why the last attempt failed; None where it did not.
        self.trouble: PlanningError | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="notary", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Stops, signing what came last."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        self._sign()

    def _work(self) -> None:
        while not self._stopping.wait(self.every):
            self._sign()

    def _sign(self) -> None:
        """No fault of a checkpoint may stop the application: it is shown on the page «Integrity»."""
        try:
            self.checkpoints.sign()
            self.trouble = None
        except PlanningError as refusal:
            if self.trouble is None or self.trouble.name != refusal.name:
                log.warning("no checkpoint was signed: %s", refusal.name)
            self.trouble = refusal
