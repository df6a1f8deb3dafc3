"""The search runs in a thread of the server: it must leave the others their turn, or every page stands still."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from planner.rostering.proposing import Effort, propose
from tests.benchmarks.rostering_problems import generated

pytestmark = pytest.mark.slow

#: Seconds for which a page may stand still without anybody noticing more than a busy machine.
NOTICED = 1.0


def longest_silence(work: Callable[[], object]) -> float:
    """The longest time for which another thread had no turn while the work was done."""
    over, longest = threading.Event(), 0.0

    def beat() -> None:
        nonlocal longest
        last = time.monotonic()
        while not over.wait(0.01):
            longest, last = max(longest, time.monotonic() - last), time.monotonic()
        longest = max(longest, time.monotonic() - last)

    heart = threading.Thread(target=beat)
    heart.start()
    try:
        work()
    finally:
        over.set()
        heart.join()
    return longest


def test_pages_have_their_turn_while_a_roster_is_searched() -> None:
    problem = generated(300, 200, 3, 1)

    assert longest_silence(lambda: propose(problem, 1, Effort(seconds=6))) < NOTICED


def test_work_that_takes_every_turn_would_be_noticed() -> None:
    """The control: one operation on a number so large that it takes seconds, with all other threads waiting."""
    large = 3**3_000_000

    assert longest_silence(lambda: large**3) >= NOTICED
