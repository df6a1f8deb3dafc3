"""The demo's map pack is made beside the pages: told step by step, there in the end, ended with who waits for it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from domain.refusals import NotPossible
from planner.routing.map_making import MapMaking
from planner.routing.map_pack import MapPack
from tests.planner.routing.conftest import GIVEN_UP_AFTER_S

CHECKING, CUTTING = "Checking {file}…", "Cutting road tiles from {n} streets…"


@pytest.mark.slow
def test_a_pack_in_the_making_tells_its_steps_and_is_the_same_as_one_made_here(demo: MapPack, tmp_path: Path) -> None:
    told: list[str] = []
    making = MapMaking(tmp_path, lambda step: told.append(step.text))

    making.begin()
    here_at_first = making.folder.exists()
    making.wait(GIVEN_UP_AFTER_S)

    assert not here_at_first
    assert told == [
        "The map of the demo visit is being made…",
        CHECKING,
        CUTTING,
        "Reading junctions for choke points…",
        "Drawing the background map…",
        "The map of the demo visit is there.",
    ]
    assert (making.step, making.problem, making.stage) == (None, None, len(told))
    assert MapPack.open(making.folder).hash == demo.hash


def test_a_pack_that_is_there_is_not_made_again(demo: MapPack, tmp_path: Path) -> None:
    shutil.copytree(demo.folder, tmp_path / demo.folder.name)
    making = MapMaking(tmp_path)

    making.begin()

    assert (making.folder, making.step, making.stage) == (tmp_path / demo.folder.name, None, 0)


def test_why_a_pack_cannot_be_made_is_kept_for_the_pages(tmp_path: Path) -> None:
    place = tmp_path / "a file, no folder"
    place.touch()
    making = MapMaking(place / "maps")

    making.begin()
    making.wait(GIVEN_UP_AFTER_S)

    assert isinstance(making.problem, NotPossible)
    assert making.step is None


@pytest.mark.slow
def test_who_stops_waiting_ends_the_making_with_all_its_programs(tmp_path: Path) -> None:
    steps: list[str] = []
    making = MapMaking(tmp_path, lambda step: steps.append(step.text))
    making.begin()
    until = time.monotonic() + GIVEN_UP_AFTER_S
    while CUTTING not in steps and time.monotonic() < until:
        time.sleep(0.01)

    making.close()

    assert not making.folder.exists()
    assert _running(tmp_path) == []


def _running(place: Path) -> list[str]:
    """The command lines that name a place."""
    lines = [
        file.read_bytes().replace(b"\0", b" ").decode()
        for file in Path("/proc").glob("[0-9]*/cmdline")
        if file.exists()
    ]
    return [line for line in lines if str(place) in line]


def test_opening_a_pack_and_waiting_for_one_load_no_library_that_cuts_them() -> None:
    code = "import sys, planner.routing.map_making; print(sorted({'numpy', 'osmium', 'shapely'} & set(sys.modules)))"

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert said == "[]\n"
