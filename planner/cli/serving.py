"""``planner run`` and ``planner demo``: the application for everybody else."""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from domain.refusals import NotFound, NotPossible
from planner.cli.console import Console
from planner.demo.story import ACCOUNTS, PASSWORD
from planner.demo.story import tell as tell_story
from planner.routing.engine import Router
from planner.routing.map_pack import MANIFEST, MapPack, demo_pack
from planner.store.directory import alone_in
from planner.store.sqlite import EVENTS_FILE

#: Where the pages announce the server that shows them; this package does not import pages.
SERVERS = "delegation_planner.server"


def run(asked: argparse.Namespace, console: Console) -> int:
    """Serve until Ctrl-C."""
    _serve(asked, console, asked.data, asked.map)
    return 0


def demo(asked: argparse.Namespace, console: Console) -> int:
    """Make the demo visit where it is not there yet; serve it where that was asked."""
    data = asked.data if asked.data_named else asked.data.with_name(f"{asked.data.name}-demo")
    pack = MapPack.open(asked.map) if asked.map is not None else demo_pack(maps(), progress=console.tell_message)
    if asked.fresh:
        _set_aside(data, console)
    if not (data / EVENTS_FILE).exists():
        _tell(data, asked.key, pack, console)
    console.tell("The demo visit lies in {data}.", data=data)
    for user, name, role, _officer in ACCOUNTS:
        console.line(f"{user:<10} {PASSWORD}  {console.speaker.label(role)} – {name}")
    if asked.serve:
        _serve(asked, console, data, pack.folder)
    return 0


def maps() -> Path:
    """Where map packs that can be made again are kept."""
    configured = os.environ.get("XDG_CACHE_HOME", "")
    base = Path(configured) if Path(configured).is_absolute() else Path.home() / ".cache"
    return base / "delegation-planner" / "maps"


def _tell(data: Path, key: Path | None, pack: MapPack, console: Console) -> None:
    """Tell the story beside its place first: a demo that was broken off is not half there."""
    data.parent.mkdir(parents=True, exist_ok=True)
    draft = data.with_name(f".{data.name}.{secrets.token_hex(4)}")
    try:
        with Router(pack) as router:
            tell_story(draft, key, router=router, progress=console.tell_message)
        with alone_in(data):
            if data.exists():
                data.rmdir()
            draft.rename(data)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _set_aside(data: Path, console: Console) -> None:
    if not data.exists():
        return
    with alone_in(data):
        former = data.with_name(f"{data.name}.before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
        data.rename(former)
    console.tell("The former data lie in {data}.", data=former)


def _serve(asked: argparse.Namespace, console: Console, data: Path, map_dir: Path | None) -> None:
    if map_dir is not None and not (map_dir / MANIFEST).exists():
        raise NotFound.because(
            "{folder} is no map pack. Make one: planner map build FILE.osm.pbf --out DIR", folder=map_dir
        )
    serve = _server()
    serve(
        data,
        asked.key,
        asked.host,
        asked.port,
        asked.tls_cert,
        asked.tls_key,
        map_dir,
        console.language,
        host_names=tuple(asked.host_name),
        say=console.line_at_once,
    )


def _server() -> Callable[..., Any]:
    found = list(entry_points(group=SERVERS))
    if not found:
        raise NotPossible.because("The pages are not installed here. Run «make setup» once more.")
    server: Callable[..., Any] = found[0].load()
    return server
