from collections.abc import Iterator
from pathlib import Path

import pytest

from planner.store.opening import SQLiteStore
from tests.planner.store.notes import open_notes


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SQLiteStore]:
    """A fresh store with its key."""
    opened = open_notes(tmp_path)
    yield opened
    opened.close()
