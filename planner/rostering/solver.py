"""HiGHS as the engine uses it: silent, on one thread."""

from __future__ import annotations

import highspy


class Solver(highspy.Highs):
    """It greets on the standard output while it is made, unless it is told by then to be silent."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # highspy has no types there
        self.setOptionValue("threads", 1)

    def enableCallbacks(self) -> None:  # noqa: N802 — HiGHS's own name
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]  # as above

    def run_for(self, seconds: float) -> highspy.HighsModelStatus:
        """Solve for so long at the most; answers how it ended."""
        self.setOptionValue("time_limit", self.getRunTime() + max(seconds, 0.0))
        self.run()
        return self.getModelStatus()
