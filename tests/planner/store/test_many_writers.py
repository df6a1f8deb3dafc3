"""Several processes on one log: nothing is booked twice, and whoever reads along misses nothing."""

import random
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from planner.store.directory import Store
from planner.store.refusals import PositionMoved
from tests.planner.store.notes import answer, note, open_notes, processes, save, saved

pytestmark = pytest.mark.slow

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

    def book(self, slot: str, writer: int, expected: int | None) -> None:
        time.sleep(0.001)  # deciding takes its time, and others use it
        save(self.store, note(f"{slot}:{writer}"), expected=expected)


def book_all(place: str, writer: int, way: str, slots: int, start: Any, done: Connection) -> None:
    """Each writer tries every slot, all in the same order, so that they meet."""
    store = open_notes(Path(place))
    view = Bookings(store)
    start.wait()
    moved = 0
    for slot in (f"S-{n}" for n in range(slots)):
        while True:
            try:
                if way == "gate":
                    with store.gate.held():
                        view.catch_up()
                        if slot not in view.booked:
                            view.book(slot, writer, view.position)
                else:
                    view.catch_up()
                    if slot not in view.booked:
                        view.book(slot, writer, view.position if way == "position" else None)
                break
            except PositionMoved:
                moved += 1
    done.send(moved)
    store.close()


def contend(place: Path, way: str, number: int = WRITERS, slots: int = SLOTS) -> tuple[int, int, int]:
    """Bookings made, slots booked, and how often an append was refused because the log had moved."""
    start = processes().Barrier(number)
    pipes = [processes().Pipe() for _ in range(number)]
    writers = [
        processes().Process(target=book_all, args=(str(place), number, way, slots, start, there))
        for number, (_, there) in enumerate(pipes)
    ]
    for writer in writers:
        writer.start()
    told = [answer(here, 300) for here, _ in pipes]
    for writer in writers:
        writer.join()
    store = open_notes(place)
    booked = [event.key.partition(":")[0] for event in saved(store)]
    store.close()
    return len(booked), len(set(booked)), sum(told)


def test_behind_the_gate_every_slot_is_booked_once(place: Path) -> None:
    open_notes(place).close()

    assert contend(place, "gate") == (SLOTS, SLOTS, 0)


@pytest.mark.torture
def test_sixteen_processes_book_each_of_five_hundred_slots_once(place: Path) -> None:
    open_notes(place).close()

    assert contend(place, "gate", 16, 500) == (500, 500, 0)


def test_without_the_gate_the_expected_position_still_books_every_slot_once(place: Path) -> None:
    open_notes(place).close()

    bookings, slots, _ = contend(place, "position")

    assert (bookings, slots) == (SLOTS, SLOTS)


def test_control_checking_and_then_saving_books_twice(place: Path) -> None:
    open_notes(place).close()

    bookings, slots, _ = contend(place, "neither")

    assert slots == SLOTS
    assert bookings > SLOTS


def write_along(place: str, writer: int, commands: int) -> None:
    store = open_notes(Path(place))
    draw = random.Random(writer)
    for command in range(commands):
        events = [note(f"W-{writer}-{command}-{n}") for n in range(draw.randint(1, 5))]
        with store.gate.held():
            save(store, *events, command_id=f"{writer}-{command}")
    store.close()


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
