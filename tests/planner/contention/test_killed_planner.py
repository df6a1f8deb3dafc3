"""A planner process killed at any moment: what it acknowledged is there, and nothing is there by halves."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from tests.examples import VISIT, window
from tests.planner.contention.force import HOA, OFFICERS, found, opened, processes

#: Each command moves a post and the duty on it, and makes an acknowledgement void or not: two events or more.
HALVES = (window("08:00", "12:00"), window("13:00", "17:00"))


def move_until_killed(place: str, life: int, told: Connection) -> None:
    planner = opened(Path(place))
    for number in range(1_000_000):
        name = f"{life}-{number}"
        told.send(("asked", name))
        # Where it stands tells where it goes, so that every command has something to change.
        post = planner.plan.post(VISIT, f"P-0-{OFFICERS[number % len(OFFICERS)]}")
        planner.reschedule_post(
            VISIT, post.code, HALVES[post.window == HALVES[0]], by=HOA, reason="Đoàn đến muộn", command_id=name
        )
        told.send(("saved", name))


def kill_again_and_again(place: Path, kills: int, latest: float = 0.15) -> tuple[int, int]:
    """Kills a planner so many times, up to ``latest`` seconds after it began to work.

    Returns how many commands were acknowledged, and how many saved unheard of.
    """
    found(place, writers=1)
    planner = opened(place)
    with planner.together(HOA):
        for officer in OFFICERS:
            planner.assign_officer(VISIT, f"P-0-{officer}", officer, by=HOA)
    founded = planner.plan.position
    planner.close()

    draw = random.Random(kills)
    told: list[tuple[str, str]] = []
    for life in range(kills):
        here, there = processes().Pipe(duplex=False)
        writer = processes().Process(target=move_until_killed, args=(str(place), life, there))
        writer.start()
        there.close()
        assert here.poll(60)
        time.sleep(draw.random() * latest)
        assert writer.pid is not None
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
        with suppress(EOFError):
            while here.poll(0.05):
                told.append(here.recv())
        here.close()

    acknowledged = [name for what, name in told if what == "saved"]
    planner = opened(place)
    known = {name: planner.recorder.find_command(name) for what, name in told if what == "asked"}
    events = Counter(event.command_id for _, event in planner.timeline.events(founded))
    repeated = [
        planner.reschedule_post(
            VISIT, "P-0-CA-0001", HALVES[0], by=HOA, reason="Đoàn đến muộn", command_id="after it all"
        )
        for _ in range(2)
    ]
    planner.close()

    assert [name for name in acknowledged if known[name] is None] == []
    assert events == {name: 2 for name, command in known.items() if command is not None}
    assert repeated[0].events == repeated[1].events
    return len(acknowledged), sum(command is not None for command in known.values()) - len(acknowledged)


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_when_a_planner_is_killed(tmp_path: Path) -> None:
    acknowledged, _ = kill_again_and_again(tmp_path, kills=10)

    assert acknowledged > 10


@pytest.mark.torture
def test_nothing_acknowledged_is_lost_over_two_hundred_kills(tmp_path: Path) -> None:
    acknowledged, unheard_of = kill_again_and_again(tmp_path, kills=200)

    assert acknowledged > 200
    print(f"200 kills: {acknowledged} acknowledged, 0 lost; {unheard_of} saved, but killed before the answer")
