"""``planner run`` and ``planner demo``: the application for everybody else.

The first start is made quick by doing three things at once: a process of its own tells the demo visit while this one
loads the pages, and when they answer another makes the map.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from domain.refusals import NotFound, NotPossible
from planner.cli.console import Console
from planner.routing.map_making import MapMaking
from planner.routing.map_pack import MANIFEST, MapPack

#: Where the pages announce the server that shows them; this package does not import pages.
SERVERS = "delegation_planner.server"


def run(asked: argparse.Namespace, console: Console) -> int:
    """Serve until Ctrl-C."""
    _serve(asked, console, asked.data, _checked(asked.map))
    return 0


def demo(asked: argparse.Namespace, console: Console) -> int:
    """Make the demo visit where it is not there yet; serve it where that was asked."""
    if asked.serve:
        return _serve_demo(asked, console)
    # Only whoever tells the story needs it, and the libraries of all commands.
    from planner.demo.telling import ACCOUNTS, PASSWORD, set_aside, tell_once  # noqa: PLC0415 - only who tells

    data = _demo_data(asked)
    pack = MapPack.open(asked.map) if asked.map is not None else None
    if asked.fresh:
        set_aside(data, console.tell_message)
    tell_once(data, asked.key, pack, console.tell_message)
    console.tell("The demo visit lies in {data}.", data=data)
    for user, name, role, _officer in ACCOUNTS:
        console.line(f"{user:<10} {PASSWORD}  {console.speaker.label(role)} – {name}")
    return 0


def _serve_demo(asked: argparse.Namespace, console: Console) -> int:
    data, chosen = _demo_data(asked), _checked(asked.map)
    command = [sys.executable, "-m", "planner.cli", "demo", "--data", data, "--lang", console.language]
    command += ["--fresh"] * asked.fresh + (["--key", asked.key] if asked.key else [])
    command += ["--map", chosen] if chosen else []
    making = MapMaking(maps(), console.tell_message) if chosen is None else None
    with subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL) as telling:

        def told() -> None:
            """Waits for the story; whoever could not tell it has said why."""
            if status := telling.wait():
                raise SystemExit(status)

        _serve(asked, console, data, chosen, data_ready=told, making=making)
    return 0


def _demo_data(asked: argparse.Namespace) -> Path:
    data: Path = asked.data if asked.data_named else asked.data.with_name(f"{asked.data.name}-demo")
    return data


def maps() -> Path:
    """Where map packs that can be made again are kept."""
    configured = os.environ.get("XDG_CACHE_HOME", "")
    base = Path(configured) if Path(configured).is_absolute() else Path.home() / ".cache"
    return base / "delegation-planner" / "maps"


def _checked(map_dir: Path | None) -> Path | None:
    if map_dir is not None and not (map_dir / MANIFEST).exists():
        raise NotFound.because(
            "{folder} is no map pack. Make one: planner map build FILE.osm.pbf --out DIR", folder=map_dir
        )
    return map_dir


def _serve(asked: argparse.Namespace, console: Console, data: Path, map_dir: Path | None, **demo: Any) -> None:
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
        oidc=asked.oidc,
        log_json=asked.log_json,
        say=console.line_at_once,
        **demo,
    )


def _server() -> Callable[..., Any]:
    found = list(entry_points(group=SERVERS))
    if not found:
        raise NotPossible.because("The pages are not installed here. Run «make setup» once more.")
    server: Callable[..., Any] = found[0].load()
    return server
