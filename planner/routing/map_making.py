"""The demo's map pack, made by a process of its own while pages answer already.

That process tells its steps on standard output, one JSON line each: ``{"step": …}`` while it works, ``{"refusal": …}``
where it cannot. It gives way to whatever else the machine does, and it is ended with whoever waits for it.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from domain.messages import Message, message
from domain.refusals import NotPossible, PlanningError
from planner.routing.map_pack import demo_folder

type Progress = Callable[[Message], None]

#: How much the maker gives way: pages come first.
NICE = 10


class MapMaking:
    """The folder where the pack will be, how far it is, and why it will not come where it cannot be made.

    ``stage`` rises with each step, so that what was drawn at an earlier one knows that it is behind. Safe for several
    threads.
    """

    def __init__(self, cache: Path, say: Progress | None = None) -> None:
        self.folder = demo_folder(cache)
        self.step: Message | None = None
        self.problem: PlanningError | None = None
        self.stage = 0
        self._cache = cache
        self._say = say or (lambda _: None)
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._closed = False

    def begin(self) -> None:
        """Makes the pack, where it is not there; returns at once."""
        if self.folder.exists() or self._process is not None:
            return
        self._tell(message("The map of the demo visit is being made…"))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "planner.routing.map_making", str(self._cache)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            # Its own group: the programs that it starts end with it.
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._listen, args=(self._process,), name="map making", daemon=True)
        self._reader.start()

    def close(self) -> None:
        """Ends the making, if it is still going on."""
        self._closed = True
        if self._process is None or self._reader is None:
            return
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGTERM)
        self._process.wait()
        self._reader.join()

    def wait(self, timeout: float | None = None) -> None:
        """Waits until the pack is there, or will not come."""
        if self._reader is not None:
            self._reader.join(timeout)

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        refusal: PlanningError | None = None
        with process.stdout as lines:
            for line in lines:
                told = json.loads(line)
                if "step" in told:
                    self._tell(_message(told["step"]))
                else:
                    refusal = NotPossible(_message(told["refusal"]))
        if process.wait() and refusal is None:
            refusal = NotPossible.because(
                "The map of the demo visit could not be made: its process ended with {status}. Start once more.",
                status=process.returncode,
            )
        self.problem, self.step = refusal, None
        self.stage += 1
        if not self._closed:
            self._say(message("The map of the demo visit is there.") if refusal is None else refusal.message)

    def _tell(self, step: Message) -> None:
        self.step = step
        self.stage += 1
        self._say(step)


def _message(told: dict[str, object]) -> Message:
    values = told["values"]
    assert isinstance(values, dict)
    return Message(str(told["text"]), values)


def make(cache: Path) -> int:
    """Make the pack and tell each step; the exit status."""
    from planner.routing.pack_building import demo_pack  # noqa: PLC0415 - only the process that makes a pack

    try:
        demo_pack(cache, progress=lambda step: _print("step", step))
    except PlanningError as refusal:
        _print("refusal", refusal.message)
        return 1
    except OSError as error:
        problem = error.strerror or str(error)
        refused = message("The map pack {folder} could not be written: {problem}.", folder=str(cache), problem=problem)
        _print("refusal", refused)
        return 1
    return 0


def _print(kind: str, said: Message) -> None:
    print(json.dumps({kind: {"text": said.text, "values": dict(said.values)}}, default=str), flush=True)


if __name__ == "__main__":
    os.nice(NICE)
    sys.exit(make(Path(sys.argv[1])))
