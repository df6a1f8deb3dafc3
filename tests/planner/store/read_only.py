"""A directory as whoever may only read it has it: on a medium that takes nothing, while the original may be written."""

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest


@contextlib.contextmanager
def only_read(place: Path) -> Iterator[Path]:
    """Where the directory may be read and nothing written."""
    shown = place.with_name(f"{place.name}-only-read")
    shown.mkdir()
    if subprocess.run(["mount", "--bind", place, shown], capture_output=True, check=False).returncode != 0:
        pytest.skip("a read-only disk can only be mounted by root")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", shown], check=True)
        yield shown
    finally:
        subprocess.run(["umount", "-l", shown], check=True)
