"""A writer killed at any moment: what it acknowledged is there; the rest is there whole or not at all."""

import os
import random
import signal
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from planner.store.doctor import check
from tests.planner.store.notes import TOPICS, note, open_notes, processes, save

EVENTS = 3


def write_until_killed(place: str, life: int, told: Connection) -> None:
    """Saves commands of three events one after the other and tells of each only once it is saved."""
    store = open_notes(Path(place))
    with store.gate.held():
        store.recorder.head()  # connected, so that what is killed is a save
    command = 0
    while True:
        name = f"{life}-{command}"
        told.send(("asked", name))
        with store.gate.held():
            save(store, *(note(f"K-{name}-{n}") for n in range(EVENTS)), command_id=name)
        told.send(("saved", name))
        command += 1


def heard(pipe: Connection) -> list[tuple[str, str]]:
    told: list[tuple[str, str]] = []
    with suppress(EOFError):
        while pipe.poll(0.05):
            told.append(pipe.recv())
    return told


def kill_again_and_again(place: Path, kills: int) -> tuple[int, int]:
    """Kills a writer so many times. Returns how many commands were acknowledged, and saved unheard of."""
    draw = random.Random(kills)
    asked: list[str] = []
    acknowledged: list[str] = []
    for life in range(kills):
        here, there = processes().Pipe(duplex=False)
        writer = processes().Process(target=write_until_killed, args=(str(place), life, there))
        writer.start()
        there.close()
        assert here.poll(60)
        time.sleep(draw.random() * 0.1)
        assert writer.pid is not None
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
        told = heard(here)
        here.close()
        asked.extend(name for kind, name in told if kind == "asked")
        acknowledged.extend(name for kind, name in told if kind == "saved")

    store = open_notes(place)
    known = {name: store.recorder.find_command(name) for name in asked}
    events = [row[1] for row in store.recorder.rows()]
    store.close()

    assert [name for name in acknowledged if known[name] is None] == []
    commands = [name for name in asked if known[name] is not None]
    assert events == [f"note/K-{name}-{n}" for name in commands for n in range(EVENTS)]
    return len(acknowledged), len(commands) - len(acknowledged)


@pytest.mark.slow
def test_thirty_kills_lose_nothing_that_was_acknowledged(place: Path) -> None:
    open_notes(place).close()

    acknowledged, _ = kill_again_and_again(place, 30)

    assert acknowledged > 30
    assert [
        found.name.text for found in check(place / "data", place / "notes.key", topics=TOPICS) if not found.ok
    ] == []


@pytest.mark.torture
def test_five_hundred_kills_lose_nothing_that_was_acknowledged(place: Path) -> None:
    open_notes(place).close()

    acknowledged, unheard = kill_again_and_again(place, 500)

    assert acknowledged > 500
    assert unheard > 0


def start_until_killed(place: str) -> None:
    open_notes(Path(place)).close()


@pytest.mark.slow
def test_a_first_start_that_is_killed_can_be_started_again(tmp_path: Path) -> None:
    draw = random.Random(7)
    for attempt in range(25):
        place = tmp_path / str(attempt)
        place.mkdir()
        starter = processes().Process(target=start_until_killed, args=(str(place),))
        starter.start()
        time.sleep(0.008 + draw.random() * 0.012)
        assert starter.pid is not None
        with suppress(ProcessLookupError):
            os.kill(starter.pid, signal.SIGKILL)
        starter.join()

        store = open_notes(place)

        assert list(save(store, note())) == [1]
        store.close()
