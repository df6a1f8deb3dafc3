"""All that touches Valhalla, run as a script in a process of its own: it cuts road tiles and answers requests.

    valhalla_process.py build TILES CONFIGURATION EXTRACT     cut the road tiles of an OpenStreetMap extract
    valhalla_process.py serve TILES SOCKET                    answer requests until the parent is gone

A C++ abort cannot take the application down this way, and the application carries none of Valhalla's memory.
The script imports nothing of this program. A request is ``{"action", "request"}`` in JSON, an answer
``{"ok": …}`` or ``{"error": {"code", "message"}}``; requests come one at a time, because an actor shared
between threads crashes.
"""

from __future__ import annotations

import contextlib
import copy
import json
import os
import subprocess
import sys
import tempfile
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from valhalla import Actor
from valhalla._scripts import PYVALHALLA_BIN_DIR
from valhalla.config import get_config

ACTIONS = frozenset({"route", "matrix", "locate"})
#: How often an idle worker looks whether its parent lives, in seconds: a forked sibling may hold the socket open.
PARENT_LOOK_S = 5.0
#: Pairs in one matrix request; the engine asks in strips, so that no request holds the worker for long.
MATRIX_PAIRS = 20_000


def configuration(tiles: str) -> dict[str, Any]:
    """Valhalla's settings for one folder of tiles: silent, one thread, without the databases a pack does not have."""
    settings: dict[str, Any] = copy.deepcopy(get_config(tile_extract="", tile_dir=tiles))
    # One thread writes the same bytes each time, and leaves the other cores to people.
    settings["mjolnir"]["concurrency"] = 1
    for absent in ("admin", "timezone", "landmarks", "traffic_extract", "transit_dir", "transit_feeds_dir"):
        settings["mjolnir"][absent] = ""
    # Tiles of a province fit; the stock gigabyte is meant for continents.
    settings["mjolnir"]["max_cache_size"] = 200_000_000
    # One search from each origin until it has met all destinations. The stock algorithm searches from both sides and
    # then tries each pair: ten times as long for two hundred places, and farther from the single ways.
    settings["thor"]["source_to_target_algorithm"] = "timedistancematrix"
    for costing in ("auto", "pedestrian"):
        settings["service_limits"][costing]["max_matrix_location_pairs"] = MATRIX_PAIRS
    return settings


def build(tiles: str, settings: str, extract: str) -> int:
    """Cut the tiles; the exit status and what is said on stderr are the builder's."""
    Path(settings).write_text(json.dumps(configuration(tiles)), encoding="utf-8")
    program = PYVALHALLA_BIN_DIR / "valhalla_build_tiles"
    return subprocess.run([str(program), "-c", settings, extract], stdout=sys.stderr, check=False).returncode


def started(tiles: str) -> Actor:
    """Valhalla on one folder of tiles. From a file of our own: of settings it is handed, it leaves one behind."""
    with tempfile.TemporaryDirectory(prefix="planner-valhalla-") as folder:
        settings = Path(folder) / "valhalla.json"
        settings.write_text(json.dumps(configuration(tiles)), encoding="utf-8")
        return Actor(settings)


def answer(actor: Actor, asked: dict[str, Any]) -> dict[str, Any]:
    """What Valhalla says; its typed errors as data."""
    action = asked["action"]
    if action not in ACTIONS:
        return {"error": {"code": 0, "message": f"no such action: {action}"}}
    try:
        return {"ok": json.loads(getattr(actor, action)(json.dumps(asked["request"])))}
    except (RuntimeError, ValueError) as error:
        return {"error": {"code": int(getattr(error, "code", 0)), "message": str(error)}}


def serve(tiles: str, connection: Connection) -> None:
    """Answer until the parent closes the socket or is gone."""
    parent = os.getppid()
    actor = started(tiles)
    connection.send_bytes(json.dumps({"ok": "ready"}).encode())
    while True:
        while not connection.poll(PARENT_LOOK_S):
            if os.getppid() != parent:
                return
        connection.send_bytes(json.dumps(answer(actor, json.loads(connection.recv_bytes()))).encode())


def main() -> int:
    """Do what the command line says."""
    match sys.argv[1:]:
        case ["build", tiles, settings, extract]:
            return build(tiles, settings, extract)
        case ["serve", tiles, socket]:
            # The parent has closed its end or is gone: that is how a worker ends.
            with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
                serve(tiles, Connection(int(socket)))
            return 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
