"""Valhalla in a process of its own: asked over a socket, started again when it dies."""

from __future__ import annotations

import contextlib
import json
import logging
import subprocess
import sys
import tempfile
import threading
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import IO, Any

from planner.routing.refusals import RoutingStopped

PROCESS = Path(__file__).with_name("valhalla_process.py")
START_S = 30.0

log = logging.getLogger(__name__)


class ValhallaError(Exception):
    """Valhalla's own refusal: ``code`` as its documentation lists them."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code


class _Died(Exception):
    """The process is gone, or was ended because it did not answer in time."""


class ValhallaWorker:
    """One Valhalla process over one folder of tiles; threads may ask at once, they are served in turn.

    A process that died is started again and the request repeated once: requests change nothing. ``restarts``
    counts how often. ``RoutingStopped`` says that the second try died too, or that the answer took too long.
    """

    def __init__(self, tiles: Path, *, timeout_s: float = 20.0) -> None:
        self.restarts = 0
        self._tiles = tiles
        self._timeout_s = timeout_s
        self._one_at_a_time = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection[Any, Any] | None = None
        self._said: IO[bytes] | None = None
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The number of the running process, None before the first request and after ``close``."""
        return self._process.pid if self._process else None

    def ask(self, action: str, request: dict[str, Any]) -> Any:
        """Valhalla's answer; ``ValhallaError`` where it refuses."""
        message = json.dumps({"action": action, "request": request}).encode()
        with self._one_at_a_time:
            if self._closed:
                raise RoutingStopped.because("The routing engine was shut down.")
            answer = self._answered(message)
        if "error" in answer:
            raise ValhallaError(answer["error"]["code"], answer["error"]["message"])
        return answer["ok"]

    def close(self) -> None:
        """End the process; nothing can be asked afterwards."""
        with self._one_at_a_time:
            self._closed = True
            self._end()

    def _answered(self, message: bytes) -> dict[str, Any]:
        for last_try in (False, True):
            try:
                if self._connection is None:
                    self._start()
                return self._exchange(message)
            except _Died as death:
                what_it_said = self._last_words()
                self._end()
                self.restarts += 1
                log.warning(
                    "the routing engine stopped (%s) and is started again; it said: %s",
                    death,
                    what_it_said or "nothing",
                )
                if last_try:
                    raise RoutingStopped.because(
                        "The routing engine stopped twice on this request ({problem}). Everything else still works; "
                        "try again, or plan this way with other places.",
                        problem=str(death),
                    ) from death
            except TimeoutError as slow:
                self._end()
                self.restarts += 1
                log.warning("the routing engine did not answer within %s s and was ended", self._timeout_s)
                raise RoutingStopped.because(
                    "The routing engine did not answer within {seconds} seconds and was ended. Try again, or choose "
                    "places that are nearer to each other.",
                    seconds=round(self._timeout_s),
                ) from slow
        raise AssertionError("the second try returns or refuses")

    def _start(self) -> None:
        ours, theirs = Pipe()
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 -- lives as long as the process
        try:
            # A session of its own: Ctrl-C reaches the application only, which then closes the socket.
            self._process = subprocess.Popen(
                [sys.executable, "-P", str(PROCESS), "serve", str(self._tiles), str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=self._said,
                stderr=self._said,
                start_new_session=True,
            )
        except OSError as error:
            ours.close()
            raise _Died(error.strerror or str(error)) from error
        finally:
            theirs.close()
        self._connection = ours
        self._received(START_S)

    def _exchange(self, message: bytes) -> dict[str, Any]:
        assert self._connection is not None
        try:
            self._connection.send_bytes(message)
        except OSError as error:
            raise _Died(self._how_it_ended()) from error
        return self._received(self._timeout_s)

    def _received(self, seconds: float) -> dict[str, Any]:
        assert self._connection is not None
        try:
            if not self._connection.poll(seconds):
                raise TimeoutError
            answer: dict[str, Any] = json.loads(self._connection.recv_bytes())
        except (EOFError, ConnectionError) as error:
            raise _Died(self._how_it_ended()) from error
        return answer

    def _how_it_ended(self) -> str:
        assert self._process is not None
        with contextlib.suppress(subprocess.TimeoutExpired):
            status = self._process.wait(timeout=2)
            return f"signal {-status}" if status < 0 else f"exit status {status}"
        return "closed its socket"

    def _last_words(self) -> str:
        if self._said is None:
            return ""
        self._said.seek(0)
        return self._said.read()[-2000:].decode(errors="replace").strip()

    def _end(self) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            self._process.kill()  # it holds nothing that could be lost
            self._process.wait()
        if self._said is not None:
            self._said.close()
        self._connection, self._process, self._said = None, None, None
