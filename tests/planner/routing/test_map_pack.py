"""A map pack is whole or it is not there; what was changed afterwards is refused."""

from __future__ import annotations

import gzip
import json
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from domain.messages import Message
from domain.refusals import InvalidInput, NotFound, NotPossible
from domain.values import Coordinates
from planner.routing.map_pack import DEMO_EXTRACT, MapPack
from planner.routing.pack_building import LICENCE, build, demo_pack
from planner.routing.road_graph import RoadGraph
from tests.planner.routing.conftest import Draw


@pytest.fixture
def copied(demo: MapPack, tmp_path: Path) -> Path:
    return Path(shutil.copytree(demo.folder, tmp_path / "copied"))


def test_the_demo_pack_says_what_it_holds(demo: MapPack) -> None:
    manifest = demo.manifest

    assert (demo.name, demo.licence, manifest.osm_date) == ("la_serena", LICENCE, None)
    assert demo.covers(Coordinates(lat=-29.9027, lon=-71.2519))
    assert not demo.covers(Coordinates(lat=17.97, lon=102.6))
    assert demo.basemap.read_bytes().startswith(b"PMTiles")


def test_the_picture_does_not_say_where_it_was_cut(demo: MapPack) -> None:
    archive = demo.basemap.read_bytes()
    begin, length = struct.unpack("<2Q", archive[24:40])
    said = json.loads(gzip.decompress(archive[begin : begin + length]))["generator_options"]

    assert said.startswith("tippecanoe '--output=basemap.pmtiles'")
    assert "/" not in said.replace(LICENCE, "")


def test_the_same_extract_gives_the_same_hash_under_any_name(demo: MapPack, tmp_path: Path) -> None:
    renamed = tmp_path / "renamed.osm.pbf"
    renamed.write_bytes(DEMO_EXTRACT.read_bytes())

    again = build(renamed, tmp_path / "again")

    assert again.hash == demo.hash
    assert again.name == "renamed"


def test_a_build_tells_its_steps(tmp_path: Path, draw: Draw) -> None:
    extract = draw(
        tmp_path / "town.osm.pbf", {1: (21.0, 105.0), 2: (21.0, 105.01)}, [(1, [1, 2], {"highway": "primary"})]
    )
    steps: list[Message] = []

    build(extract, tmp_path / "town", progress=steps.append)

    assert [step.text for step in steps] == [
        "Checking {file}…",
        "Cutting road tiles from {n} streets…",
        "Reading junctions for choke points…",
        "Drawing the background map…",
    ]


def test_names_keep_their_marks_and_the_vietnamese_name_comes_first(tmp_path: Path, draw: Draw) -> None:
    extract = draw(
        tmp_path / "town.osm.pbf",
        {1: (21.0, 105.0), 2: (21.0, 105.01), 3: (21.01, 105.01)},
        [
            (1, [1, 2], {"highway": "primary", "name": "Đường Nguyễn Huệ"}),
            (2, [2, 3], {"highway": "primary", "name": "Rue Sô Phi", "name:vi": "Phố Trần Hữu Tước"}),
        ],
    )

    pack = build(extract, tmp_path / "town")

    assert RoadGraph.load(pack.graph).streets == ("", "Đường Nguyễn Huệ", "Phố Trần Hữu Tước")


def test_an_existing_folder_with_something_in_it_is_not_touched(tmp_path: Path) -> None:
    out = tmp_path / "notes"
    out.mkdir()
    (out / "notes.txt").write_text("mine")

    with pytest.raises(InvalidInput, match="exists already"):
        build(DEMO_EXTRACT, out)

    assert [path.name for path in out.iterdir()] == ["notes.txt"]


def test_what_a_killed_builder_left_is_cleared_by_the_next(tmp_path: Path, draw: Draw) -> None:
    extract = draw(
        tmp_path / "town.osm.pbf", {1: (21.0, 105.0), 2: (21.0, 105.01)}, [(1, [1, 2], {"highway": "primary"})]
    )
    (tmp_path / ".town-building-4194305-ab12").mkdir()  # no process can have this number

    build(extract, tmp_path / "town")

    assert sorted(path.name for path in tmp_path.iterdir()) == ["town", "town.osm.pbf"]


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path, draw: Draw) -> None:
    extract = draw(
        tmp_path / "town.osm.pbf", {1: (21.0, 105.0), 2: (21.0, 105.01)}, [(1, [1, 2], {"highway": "primary"})]
    )

    with pytest.raises(NotPossible, match="could not be written"):
        build(extract, extract / "inside-a-file")


def test_a_folder_without_manifest_is_no_pack(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="planner map build"):
        MapPack.open(tmp_path)


def test_a_copied_pack_is_the_same_pack(demo: MapPack, copied: Path) -> None:
    assert MapPack.open(copied).hash == demo.hash


@pytest.mark.parametrize("file", ["graph.npz", "basemap.pmtiles", "roads/2/000/346/034.gph"])
def test_a_changed_file_is_refused(copied: Path, file: str) -> None:
    content = bytearray((copied / file).read_bytes())
    content[len(content) // 2] ^= 1
    (copied / file).write_bytes(content)

    with pytest.raises(InvalidInput, match=rf"{file} is not what the manifest says"):
        MapPack.open(copied)


def test_a_removed_file_is_refused(copied: Path) -> None:
    (copied / "graph.npz").unlink()

    with pytest.raises(InvalidInput, match="changed or damaged"):
        MapPack.open(copied)


def test_an_added_file_is_refused(copied: Path) -> None:
    (copied / "roads" / "extra.gph").write_bytes(b"0")

    with pytest.raises(InvalidInput, match="changed or damaged"):
        MapPack.open(copied)


@pytest.mark.parametrize(
    "change",
    [
        {"area": {"west": 0, "south": 0, "east": 1, "north": 1}},
        {"licence": "mine"},
        {"hash": "0" * 64},
        {"files": []},
        {"format": "one"},
        {"unknown": 1},
    ],
)
def test_a_changed_manifest_is_refused(copied: Path, change: dict[str, object]) -> None:
    manifest = copied / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text("utf-8")) | change), encoding="utf-8")

    with pytest.raises(InvalidInput, match=r"manifest\.json is not what"):
        MapPack.open(copied)


def test_a_pack_of_a_newer_version_is_refused_as_such(copied: Path) -> None:
    manifest = copied / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text("utf-8")) | {"format": 2}), encoding="utf-8")

    with pytest.raises(NotPossible, match=r"newer version of this program \(format 2, known 1\)"):
        MapPack.open(copied)


def test_a_damaged_demo_pack_is_made_again(demo: MapPack, tmp_path: Path) -> None:
    cached = tmp_path / demo.folder.name
    shutil.copytree(demo.folder, cached)
    (cached / "graph.npz").unlink()

    assert demo_pack(tmp_path).hash == demo.hash


@pytest.mark.slow
def test_two_processes_that_want_the_demo_pack_at_once_both_get_it(demo: MapPack, tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from planner.routing.pack_building import demo_pack; "
    code += "print(demo_pack(Path(sys.argv[1])).hash)"
    root = Path(__file__).parents[3]

    both = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=root, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=120)[0].strip() for process in both]

    assert said == [demo.hash, demo.hash]
    assert sorted(path.name for path in tmp_path.iterdir()) == [".la_serena.lock", demo.folder.name]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("hanoi_o_cho_dua", None),
        ("porto", date(2020, 7, 20)),
        ("monaco", date(2016, 3, 5)),
        ("helsinki", date(2019, 4, 21)),
    ],
)
def test_real_extracts_become_packs_with_the_date_of_their_data(
    pack_of: Callable[[str], MapPack], name: str, day: date | None
) -> None:
    pack = pack_of(name)

    assert (pack.name, pack.manifest.osm_date) == (name, day)
