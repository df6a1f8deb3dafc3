"""Several processes on one log: nothing is booked twice, and whoever reads along misses nothing."""

import contextlib
import dataclasses
import random
import time
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from planner.store.directory import Store
from planner.store.refusals import PositionMoved
from tests.planner.store.notes import answer, note, open_notes, processes, save, saved

WRITERS = 8
SLOTS = 60


class Bookings:
    """A view of the log: which slots are booked, caught up row by row."""

    def __init__(self, store: Store) -> None:
        self.store, self.position, self.booked = store, 0, set[str]()

    def catch_up(self) -> None:
        for row in self.store.recorder.select_rows(self.position, 10_000):
            self.position = row[0]
            self.booked.add(row[1].partition("/")[2].partition(":")[0])

    def book_first(self, slots: int, writer: int, *, expects: bool) -> bool:
        """Books the first slot that is free; False where there is none."""
        slot = next((slot for n in range(slots) if (slot := f"S-{n}") not in self.booked), None)
        if slot is not None:
            time.sleep(0.001)  # deciding takes its time, and others use it
            save(self.store, note(f"{slot}:{writer}"), expected=self.position if expects else None)
        return slot is not None


def book_all(place: str, writer: int, way: str, slots: int, start: Any, done: Connection) -> None:
    """Each writer wants the first slot that is free, so that all meet, and whoever gets a turn books.

    In turn over all slots instead, whoever is one slot ahead would stay ahead and book everything.
    """
    store = open_notes(Path(place))
    view = Bookings(store)
    start.wait()
    moved, free = 0, True
    while free:
        try:
            with store.gate.held() if way == "gate" else contextlib.nullcontext():
                view.catch_up()
                free = view.book_first(slots, writer, expects=way != "neither")
        except PositionMoved:
            moved += 1
    done.send(moved)
    store.close()


@dataclasses.dataclass(frozen=True)
class Contention:
    """Bookings made, slots booked, how often an append was refused since the log had moved, and the writers' shares."""

    bookings: int
    slots: int
    moved: int
    shares: tuple[int, ...]


def contend(place: Path, way: str, writers: int = WRITERS, slots: int = SLOTS) -> Contention:
    """Lets so many processes book so many slots."""
    open_notes(place).close()
    start = processes().Barrier(writers)
    pipes = [processes().Pipe() for _ in range(writers)]
    everyone = [
        processes().Process(target=book_all, args=(str(place), number, way, slots, start, there))
        for number, (_, there) in enumerate(pipes)
    ]
    for writer in everyone:
        writer.start()
    moved = sum(answer(here, 600) for here, _ in pipes)
    for writer in everyone:
        writer.join()
    store = open_notes(place)
    booked = [event.key.partition(":") for event in saved(store)]
    store.close()
    took = Counter(int(writer) for _, _, writer in booked)
    shares = tuple(took[writer] for writer in range(writers))
    return Contention(len(booked), len({slot for slot, _, _ in booked}), moved, shares)


@pytest.mark.slow
def test_behind_the_gate_every_slot_is_booked_once(place: Path) -> None:
    found = contend(place, "gate")

    assert (found.bookings, found.slots, found.moved) == (SLOTS, SLOTS, 0)


@pytest.mark.slow
def test_without_the_gate_the_expected_position_still_books_every_slot_once(place: Path) -> None:
    found = contend(place, "position")

    assert (found.bookings, found.slots) == (SLOTS, SLOTS)


@pytest.mark.slow
def test_control_checking_and_then_saving_books_twice(place: Path) -> None:
    found = contend(place, "neither")

    assert found.slots == SLOTS
    assert found.bookings > SLOTS


@pytest.mark.torture
def test_sixteen_processes_book_five_hundred_slots_once_and_fairly(two_places: tuple[Path, Path]) -> None:
    """The worst process gets at least half of the best one's share."""
    found = contend(two_places[0], "gate", 16, 500)
    control = contend(two_places[1], "neither", 16, 500)

    print(f"16 processes, 500 slots: {found}; without gate and expected position: {control.bookings} bookings")
    assert (found.bookings, found.slots, found.moved) == (500, 500, 0)
    assert min(found.shares) >= max(found.shares) / 2
    assert control.bookings > 500


def write_along(place: str, writer: int, commands: int) -> None:
    store = open_notes(Path(place))
    draw = random.Random(writer)
    for command in range(commands):
        events = [note(f"W-{writer}-{command}-{n}") for n in range(draw.randint(1, 5))]
        with store.gate.held():
            save(store, *events, command_id=f"{writer}-{command}")
    store.close()


@pytest.mark.slow
def test_a_reader_that_follows_never_skips_an_event(place: Path) -> None:
    store = open_notes(place)
    writers = [processes().Process(target=write_along, args=(str(place), n, 40)) for n in range(WRITERS)]
    for writer in writers:
        writer.start()

    seen: list[tuple[int, str]] = []
    looks = 0
    while any(writer.is_alive() for writer in writers) or store.recorder.head() > len(seen):
        new = store.recorder.select_rows(seen[-1][0] if seen else 0, 7)
        seen.extend((row[0], row[1]) for row in new)
        looks += bool(new)
    for writer in writers:
        writer.join()

    assert looks > 40
    assert [position for position, _ in seen] == list(range(1, len(seen) + 1))
    assert seen == [(row[0], row[1]) for row in store.recorder.rows()]
    assert {subject.rsplit("-", 1)[0] for _, subject in seen} == {
        f"note/W-{writer}-{command}" for writer in range(WRITERS) for command in range(40)
    }
    store.close()
