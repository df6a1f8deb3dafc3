import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from planner.store.directory import Store
from planner.store.opening import SQLiteStore
from tests.planner.store.notes import bind, open_notes


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where ``open_notes`` finds a log: once in the data directory, once in a database."""
    if request.param == "postgresql":
        bind(tmp_path, request.getfixturevalue("new_database")())
    return tmp_path


@pytest.fixture(params=["sqlite", "postgresql"])
def two_places(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Path]:
    """The same for two logs that know nothing of each other."""
    places = tmp_path / "one", tmp_path / "another"
    new = request.getfixturevalue("new_database") if request.param == "postgresql" else None
    for one in places:
        one.mkdir()
        if new is not None:
            bind(one, new())
    return places


@pytest.fixture
def store(place: Path) -> Iterator[Store]:
    """A fresh store with its key."""
    opened = open_notes(place)
    yield opened
    opened.close()


@pytest.fixture
def file_store(tmp_path: Path) -> Iterator[SQLiteStore]:
    """A fresh store whose log lies in a file."""
    opened = open_notes(tmp_path)
    assert isinstance(opened, SQLiteStore)
    yield opened
    opened.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", place], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("a small disk can only be mounted by root")
    yield place
    subprocess.run(["umount", "-l", place], check=True)
