"""Tells the demo visit into a data directory: all of it or nothing."""

from __future__ import annotations

import secrets
import shutil
from datetime import UTC, datetime
from pathlib import Path

from domain.messages import message
from planner.demo.story import ACCOUNTS, PASSWORD, Progress
from planner.demo.story import tell as tell_story
from planner.demo.ways import found_by
from planner.routing.map_pack import MapPack
from planner.store.directory import alone_in
from planner.store.sqlite import EVENTS_FILE

__all__ = ["ACCOUNTS", "PASSWORD", "set_aside", "tell_once"]


def tell_once(data: Path, key: Path | None, pack: MapPack | None, progress: Progress) -> None:
    """The demo visit, where it is not there yet; its routes on a map pack, where one was chosen.

    It is told beside its place first: a demo that was broken off is not half there.
    """
    if (data / EVENTS_FILE).exists():
        return
    data.parent.mkdir(parents=True, exist_ok=True)
    draft = data.with_name(f".{data.name}.{secrets.token_hex(4)}")
    try:
        _tell_on(draft, key, pack, progress)
        with alone_in(data):
            if data.exists():
                data.rmdir()
            draft.rename(data)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def set_aside(data: Path, progress: Progress) -> None:
    """Former data go beside their place; ``StoreInUse`` where somebody works with them."""
    if not data.exists():
        return
    with alone_in(data):
        former = data.with_name(f"{data.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
        data.rename(former)
    progress(message("The former data lie in {data}.", data=str(former)))


def _tell_on(draft: Path, key: Path | None, pack: MapPack | None, progress: Progress) -> None:
    if pack is None:
        tell_story(draft, key, progress=progress)
        return
    # The libraries of the router, which the story does without where the package's routes do.
    from planner.routing.engine import Router  # noqa: PLC0415 - not where the package has routes

    with Router(pack) as router:
        tell_story(draft, key, ways=found_by(router), progress=progress)
