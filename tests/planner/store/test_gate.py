"""The gate: one at a time over threads and processes, in turn, and free again when its holder dies."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from planner.store.gate import FileGate, Gate
from planner.store.refusals import GateBusy
from tests.planner.store.notes import answer, open_notes, processes


def gate_of(place: Path) -> Gate:
    """The gate of a place: of its database where it is bound to one."""
    return open_notes(place).gate if (place / "data").exists() else FileGate(place)


@pytest.fixture
def new_gate(place: Path) -> Iterator[Callable[[], Gate]]:
    """Makes gates of one place, as several processes would."""
    with contextlib.ExitStack() as opened:

        def make() -> Gate:
            if (place / "data").exists():
                return opened.enter_context(contextlib.closing(open_notes(place))).gate
            return opened.enter_context(contextlib.closing(FileGate(place)))

        yield make


@pytest.fixture
def gate(new_gate: Callable[[], Gate]) -> Gate:
    return new_gate()


def hold_forever(place: str, told: Connection) -> None:
    with gate_of(Path(place)).held():
        told.send("held")
        time.sleep(60)


def count_alone(place: str, start: Any, seconds: float, told: Connection) -> None:
    """Reads a number, pauses, writes it back one higher: what several at once would get wrong."""
    gate, path, entries = gate_of(Path(place)), Path(place) / "number", 0
    start.wait()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with gate.held():
            number = int(path.read_text())
            time.sleep(0.001)
            path.write_text(str(number + 1))
        entries += 1
    told.send(entries)


def test_the_gate_opens_again_after_each_holder(gate: Gate) -> None:
    entered = 0
    for _ in range(3):
        with gate.held(timeout=0):
            entered += 1

    assert entered == 3


def test_a_refusal_inside_gives_the_gate_back(gate: Gate) -> None:
    with pytest.raises(ValueError, match="no"), gate.held():
        raise ValueError("no")

    with gate.held(timeout=0):
        pass


def test_two_gates_of_one_log_exclude_each_other(gate: Gate, new_gate: Callable[[], Gate]) -> None:
    other = new_gate()

    with gate.held(), pytest.raises(GateBusy), other.held(timeout=0.02):
        pass

    with other.held(timeout=5):
        pass


def test_gates_of_two_directories_do_not(gate: Gate, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    other = FileGate(tmp_path / "elsewhere")

    held = []
    with gate.held(), other.held(timeout=0):
        held.append("both")
    other.close()

    assert held == ["both"]


def test_threads_of_one_process_exclude_each_other(gate: Gate) -> None:
    inside: list[int] = []
    most: list[int] = []

    def enter() -> None:
        for _ in range(20):
            with gate.held():
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=enter) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(most), max(most)) == (120, 1)


def test_a_thread_that_waits_for_too_long_is_refused(gate: Gate) -> None:
    refused: list[type[BaseException]] = []

    def enter() -> None:
        try:
            with gate.held(timeout=0.02):
                pass
        except GateBusy as refusal:
            refused.append(type(refusal))

    with gate.held():
        thread = threading.Thread(target=enter)
        thread.start()
        thread.join()

    assert refused == [GateBusy]


def test_entering_twice_is_a_fault_of_the_program_and_not_a_deadlock(gate: Gate) -> None:
    with gate.held(), pytest.raises(RuntimeError), gate.held():
        pass


def test_a_holder_that_is_killed_leaves_the_gate_open(gate: Gate, place: Path) -> None:
    here, there = processes().Pipe()
    holder = processes().Process(target=hold_forever, args=(str(place), there))
    holder.start()
    assert answer(here) == "held"
    with pytest.raises(GateBusy), gate.held(timeout=0.02):
        pass

    assert holder.pid is not None
    os.kill(holder.pid, signal.SIGKILL)
    holder.join()

    with gate.held(timeout=30):
        pass


def test_a_place_that_is_gone_is_refused_in_words(tmp_path: Path) -> None:
    gate = FileGate(tmp_path / "nowhere")

    with pytest.raises(Exception, match="cannot be read or written"), gate.held():
        pass


@pytest.mark.slow
def test_eight_processes_take_turns_and_none_is_starved(place: Path) -> None:
    (place / "number").write_text("0")
    start = processes().Barrier(8)
    pipes = [processes().Pipe() for _ in range(8)]
    workers = [processes().Process(target=count_alone, args=(str(place), start, 2.0, there)) for _, there in pipes]

    for worker in workers:
        worker.start()
    entries = [answer(here) for here, _ in pipes]
    for worker in workers:
        worker.join()

    assert int((place / "number").read_text()) == sum(entries)
    assert min(entries) >= max(entries) / 2, entries
