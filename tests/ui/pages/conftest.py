"""What the tests of pages look at."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.demo.story import tell


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo, looked at without a map pack; whoever changes it takes a copy."""
    folder = tmp_path_factory.mktemp("told")
    tell(folder / "data", folder / "key")
    return folder
