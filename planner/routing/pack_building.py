"""Builds map packs: road tiles, junctions and the picture, cut from one extract.

Apart from ``map_pack``, because whoever only opens a pack needs none of the libraries that cut one.
"""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import fcntl
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from domain.messages import Message, message
from domain.refusals import InvalidInput, NotPossible, PlanningError
from planner.routing.basemap import draw
from planner.routing.extract import Extract, examine
from planner.routing.map_pack import (
    DEMO_EXTRACT,
    FORMAT,
    MANIFEST,
    MANIFESTS,
    Area,
    Manifest,
    MapPack,
    PackFile,
    demo_folder,
    file_in,
    paths_in,
    tools,
)
from planner.routing.road_graph import read_graph

LICENCE = "© OpenStreetMap contributors, ODbL 1.0"
VALHALLA_PROCESS = Path(__file__).with_name("valhalla_process.py")

type Progress = Callable[[Message], None]


def build(extract: Path, out: Path, *, progress: Progress | None = None) -> MapPack:
    """Make the pack ``out`` from an OpenStreetMap extract; refusals leave nothing behind.

    ``out`` must not exist or be an empty folder. ``progress`` is told each step.
    """
    say = progress or (lambda step: None)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InvalidInput.because(
            "{folder} exists already. Choose another name for the map pack, or remove it first.", folder=str(out)
        )
    say(message("Checking {file}…", file=extract.name))
    examined = examine(extract)
    with _room_beside(out) as folder:
        try:
            _fill(folder, examined, say)
            folder.replace(out)
        except OSError as error:
            raise _cannot_write(out, error) from error
    return MapPack.open(out)


def demo_pack(cache: Path, *, progress: Progress | None = None) -> MapPack:
    """The pack of the demo's area, built once into ``cache`` and used again while extract and tools are the same.

    Processes that ask at once wait for the first of them.
    """
    folder = demo_folder(cache)
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / ".la_serena.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.exists():
            try:
                return MapPack.open(folder)
            except PlanningError:
                shutil.rmtree(folder)  # damaged: nobody's work is in it, it is made again
        return build(DEMO_EXTRACT, folder, progress=progress)


def _fill(folder: Path, extract: Extract, say: Progress) -> None:
    say(message("Cutting road tiles from {n} streets…", n=extract.roads))
    # The builder is a process of its own: it works while this one reads and draws.
    with ThreadPoolExecutor(1, thread_name_prefix="road tiles") as beside:
        cutting = beside.submit(_cut_tiles, folder, extract.path)
        say(message("Reading junctions for choke points…"))
        read_graph(extract.path).save(folder / "graph.npz")
        say(message("Drawing the background map…"))
        draw(extract.path, folder, LICENCE)
        cutting.result()
    west, south, east, north = (round(edge, 6) for edge in extract.box)
    manifest = Manifest(
        format=FORMAT,
        name=extract.path.name.removesuffix(".pbf").removesuffix(".osm"),
        area=Area(west=west, south=south, east=east, north=north),
        outline=extract.outline,
        osm_date=extract.osm_date,
        licence=LICENCE,
        source=PackFile(path=extract.path.name, size=extract.path.stat().st_size, sha256=extract.sha256),
        tools=tools(),
        files=tuple(file_in(folder, path) for path in paths_in(folder)),
    )
    manifest = dataclasses.replace(manifest, hash=manifest.counted_hash())
    (folder / MANIFEST).write_bytes(MANIFESTS.dump_json(manifest, indent=1))


def _cut_tiles(folder: Path, extract: Path) -> None:
    tiles, settings, source = folder / "roads", folder / "valhalla.json", folder / "extract.osm.pbf"
    tiles.mkdir()
    source.symlink_to(extract.resolve())  # the builder goes by the ending of the name
    command = [sys.executable, "-P", str(VALHALLA_PROCESS), "build", str(tiles), str(settings), str(source)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    for beside in (settings, source):
        beside.unlink(missing_ok=True)
    if done.returncode or not any(tiles.rglob("*.gph")):
        raise NotPossible.because(
            "Road tiles could not be cut: {problem}",
            problem=done.stderr.decode(errors="replace").strip()[-400:] or str(done.returncode),
        )
    for unneeded in [path for path in tiles.rglob("*") if path.is_file() and path.suffix != ".gph"]:
        unneeded.unlink()


def _cannot_write(out: Path, error: OSError) -> PlanningError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return NotPossible.because("There is no room left on the disk for the map pack {folder}.", folder=str(out))
    return NotPossible.because(
        "The map pack {folder} could not be written: {problem}.", folder=str(out), problem=error.strerror or str(error)
    )


@contextlib.contextmanager
def _room_beside(out: Path) -> Iterator[Path]:
    """A folder beside ``out`` that is gone afterwards, with what a killed builder left behind."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        for left in out.parent.glob(f".{out.name}-building-*"):
            if not _lives(left.name.split("-")[-2]):
                shutil.rmtree(left, ignore_errors=True)
        room = out.parent / f".{out.name}-building-{os.getpid()}-{secrets.token_hex(4)}"
        room.mkdir()
    except OSError as error:
        raise _cannot_write(out, error) from error
    try:
        yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _lives(process: str) -> bool:
    return not process.isdigit() or Path("/proc", process).exists()
