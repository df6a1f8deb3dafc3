"""Extracts that cannot become a map pack are refused with the reason, and nothing is left behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.refusals import InvalidInput
from planner.routing.extract import examine
from planner.routing.map_pack import DEMO_EXTRACT
from planner.routing.pack_building import build
from tests.planner.routing.conftest import Draw

SQUARE = {1: (21.0, 105.0), 2: (21.0, 105.01), 3: (21.01, 105.01)}
STREET = {"highway": "residential", "name": "Phố Hàng Đào"}


def refusal(extract: Path) -> str:
    out = extract.parent / "pack"
    with pytest.raises(InvalidInput) as refused:
        build(extract, out)
    assert [path.name for path in extract.parent.iterdir() if path.name != extract.name] == []
    return str(refused.value)


def test_a_usable_extract_says_what_it_covers() -> None:
    examined = examine(DEMO_EXTRACT)

    assert (examined.ways, examined.roads, examined.osm_date) == (19_846, 19_846, None)
    assert examined.box == pytest.approx((-71.3566, -30.0790, -71.1644, -29.8296), abs=1e-4)
    assert examined.outline[0] == examined.outline[-1]


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"There is no file .*hanoi\.osm\.pbf"):
        examine(tmp_path / "hanoi.osm.pbf")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="is a folder"):
        examine(tmp_path)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    extract = tmp_path / "empty.osm.pbf"
    extract.touch()

    assert refusal(extract) == "empty.osm.pbf is empty. Download or copy it again."


def test_a_pointer_of_git_lfs_is_refused(tmp_path: Path) -> None:
    extract = tmp_path / "pointer.osm.pbf"
    extract.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n")

    assert "git lfs pull" in refusal(extract)


@pytest.mark.parametrize(
    ("beginning", "kind"),
    [
        (b"<?xml version='1.0'?><osm></osm>", "OSM XML"),
        (b"\x1f\x8b\x08\x00rest", "gzip"),
        (b"BZh91AY&SY", "bzip2"),
        (b"PK\x03\x04rest", "ZIP"),
        (b"<!DOCTYPE html><title>Sign in</title>", "HTML"),
    ],
)
def test_another_format_is_refused_by_its_name(tmp_path: Path, beginning: bytes, kind: str) -> None:
    extract = tmp_path / "town.osm.pbf"
    extract.write_bytes(beginning)

    assert f"town.osm.pbf is {kind}, not an OpenStreetMap extract" in refusal(extract)


def test_bytes_that_mean_nothing_are_refused(tmp_path: Path) -> None:
    extract = tmp_path / "noise.osm.pbf"
    extract.write_bytes(bytes(range(256)) * 40)

    assert "not an OpenStreetMap extract" in refusal(extract)


@pytest.mark.parametrize("kept", [40, 5_000, 200_000, 373_749])
def test_an_extract_that_was_cut_off_is_refused(tmp_path: Path, kept: int) -> None:
    extract = tmp_path / "part.osm.pbf"
    extract.write_bytes(DEMO_EXTRACT.read_bytes()[:kept])

    assert "part.osm.pbf is damaged or cut off" in refusal(extract)


def test_an_extract_with_a_flipped_byte_is_refused(tmp_path: Path) -> None:
    extract = tmp_path / "flipped.osm.pbf"
    content = bytearray(DEMO_EXTRACT.read_bytes())
    content[100_000] ^= 0xFF
    extract.write_bytes(content)

    assert "flipped.osm.pbf is damaged or cut off" in refusal(extract)


def test_an_extract_of_points_only_is_refused(tmp_path: Path, draw: Draw) -> None:
    extract = draw(tmp_path / "points.osm.pbf", SQUARE, [])

    assert "points.osm.pbf holds no ways at all" in refusal(extract)


def test_an_extract_without_streets_is_refused(tmp_path: Path, draw: Draw) -> None:
    extract = draw(tmp_path / "houses.osm.pbf", SQUARE, [(1, [1, 2, 3, 1], {"building": "yes"})])

    assert "holds 1 ways, but no street" in refusal(extract)


def test_streets_without_their_points_are_refused(tmp_path: Path, draw: Draw) -> None:
    extract = draw(tmp_path / "bare.osm.pbf", {}, [(1, [1, 2], STREET)])

    assert "not the points they run through" in refusal(extract)


def test_an_unsorted_extract_is_refused(tmp_path: Path, draw: Draw) -> None:
    backwards = dict(reversed(SQUARE.items()))
    extract = draw(tmp_path / "mixed.osm.pbf", backwards, [(1, [1, 2, 3], STREET)])

    assert "osmium sort mixed.osm.pbf" in refusal(extract)


def test_the_same_extract_sorted_is_taken(tmp_path: Path, draw: Draw) -> None:
    extract = draw(tmp_path / "sorted.osm.pbf", SQUARE, [(1, [1, 2, 3], STREET)])

    assert examine(extract).roads == 1
