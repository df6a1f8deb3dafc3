"""Ctrl-C in a command that can end early with what it has."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType

from planner.cli.console import Console


@contextlib.contextmanager
def stopped_by_ctrl_c(console: Console, *, unless: bool = False) -> Iterator[Callable[[], bool] | None]:
    """Whether Ctrl-C was pressed while the block runs: the first ends what asks, a second one everything at once.

    ``unless`` that would record something: whoever breaks off wants nothing recorded.
    """
    if unless or threading.current_thread() is not threading.main_thread():
        yield None
        return
    pressed = threading.Event()

    def press(number: int, frame: FrameType | None) -> None:
        if pressed.is_set():
            raise KeyboardInterrupt
        pressed.set()
        console.tell("This is the best so far; press Ctrl-C again to leave without it.")

    before = signal.signal(signal.SIGINT, press)
    try:
        yield pressed.is_set
    finally:
        signal.signal(signal.SIGINT, before)
