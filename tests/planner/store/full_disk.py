"""A disk with no room left."""

from __future__ import annotations

from pathlib import Path


def fill(disk: Path) -> Path:
    """Takes all the room that a disk has; what to delete to give it back."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as stream:
        try:
            while True:
                stream.write(bytes(512))
        except OSError:
            return filler
