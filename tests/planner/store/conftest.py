from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.planner.store.notes import open_notes

from planner.store.opening import SQLiteStore


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SQLiteStore]:
    """A fresh store with its key."""
    opened = open_notes(tmp_path)
    yield opened
    opened.close()
