"""Real packs, built once per run, and a small town drawn by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import osmium
import pytest

from planner.routing.engine import Router
from planner.routing.map_pack import MapPack
from planner.routing.pack_building import build, demo_pack

#: Extracts that may lie beside the project; they are read in place and never copied into it.
BESIDE = Path(__file__).parents[4] / "shared" / "data" / "osm"

#: Seconds after which even a busy machine should have made a pack.
GIVEN_UP_AFTER_S = 180

type Draw = Callable[..., Path]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> MapPack:
    """La Serena and Coquimbo, the extract the package carries."""
    return demo_pack(tmp_path_factory.mktemp("packs"))


@pytest.fixture
def router(demo: MapPack) -> Iterator[Router]:
    with Router(demo) as router:
        yield router


@pytest.fixture(scope="session")
def pack_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], MapPack]:
    """The pack of an extract that may lie beside the project; skips with the reason where it does not."""
    built: dict[str, MapPack] = {}

    def pack(name: str) -> MapPack:
        extract = BESIDE / f"{name}.osm.pbf"
        if not extract.exists():
            pytest.skip(f"{extract.name} does not lie beside the project")
        if name not in built:
            built[name] = build(extract, tmp_path_factory.mktemp("beside") / name)
        return built[name]

    return pack


@pytest.fixture(scope="session")
def draw() -> Draw:
    """Writes an extract from ``nodes`` {id: (lat, lon)} and ``ways`` [(id, node ids, tags)], in the order given."""

    def written(
        path: Path, nodes: dict[int, tuple[float, float]], ways: list[tuple[int, list[int], dict[str, str]]]
    ) -> Path:
        with osmium.SimpleWriter(str(path)) as writer:
            for number, (lat, lon) in nodes.items():
                writer.add_node(osmium.osm.mutable.Node(id=number, version=1, location=(lon, lat)))
            for number, refs, tags in ways:
                writer.add_way(osmium.osm.mutable.Way(id=number, version=1, nodes=refs, tags=tags))
        return path

    return written
