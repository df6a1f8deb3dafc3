"""The browser assets and fonts: each lies where it is served from, with its licence, and leads nowhere else."""

from __future__ import annotations

import re
from pathlib import Path

import folium
import pytest
from folium import plugins
from folium.elements import JSCSSMixin
from PIL import ImageFont

from planner.exports.fonts import FontsMissing, font_folder
from ui import assets
from ui.assets import ASSETS, LANDED, LEFT_OUT, AssetsMissing, file_of, require_assets


def test_every_asset_lies_where_it_is_served_from() -> None:
    require_assets()

    assert [address for address in ASSETS.values() if file_of(address).stat().st_size == 0] == []


def test_a_missing_asset_says_what_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "STATIC", tmp_path)

    with pytest.raises(AssetsMissing, match="run `make setup`"):
        require_assets()


@pytest.mark.parametrize(
    "element",
    [
        folium.Map,
        plugins.Draw,
        plugins.Fullscreen,
        plugins.MarkerCluster,
        plugins.MeasureControl,
        plugins.MousePosition,
        plugins.PolyLineOffset,
    ],
)
def test_every_script_and_style_of_a_map_has_a_local_copy_or_is_left_out(element: type[JSCSSMixin]) -> None:
    names = {name for name, _ in [*element.default_js, *element.default_css]}

    assert names - ASSETS.keys() - LEFT_OUT == set()


def test_every_package_came_with_its_licence() -> None:
    packages = [folder for folder in LANDED.iterdir() if folder.is_dir()]

    without = [folder.name for folder in packages if not any("licen" in file.name.lower() for file in folder.iterdir())]

    assert without == []
    assert len(packages) >= 15


def test_stylesheets_name_only_files_that_lie_beside_them() -> None:
    named = [
        (sheet, address)
        for sheet in LANDED.rglob("*.css")
        for address in re.findall(r"url\(['\"]?([^'\")]+)['\"]?\)", sheet.read_text(encoding="utf-8"))
        if not address.startswith(("data:", "#"))
    ]

    # Browsers that know no woff2 would ask for the ttf after it; none of today's does.
    lost = [
        address for sheet, address in named if not (sheet.parent / address).is_file() and not address.endswith(".ttf")
    ]

    assert lost == []
    assert len(named) > 40


@pytest.mark.parametrize(
    ("font", "text"),
    [
        ("NotoSans_400Regular.ttf", "Đặng Thị Ngọc Ánh ƯỚC ơ ở ẫ ỹ ₫ ñ é"),
        ("NotoSans_700Bold.ttf", "Đặng Thị Ngọc Ánh ƯỚC ơ ở ẫ ỹ ₫ ñ é"),
        ("NotoSans_400Regular_Italic.ttf", "Đặng Thị Ngọc Ánh"),
        ("NotoSansLao_400Regular.ttf", "ທອງລຸນ"),
        ("NotoSansLao_700Bold.ttf", "ທອງລຸນ"),
        ("NotoSansKhmer_400Regular.ttf", "ហ៊ុនម៉ាណែត"),
        ("NotoSansKhmer_700Bold.ttf", "ហ៊ុនម៉ាណែត"),
    ],
)
def test_the_fonts_of_pdfs_have_every_letter_of_our_languages(font: str, text: str) -> None:
    typeface = ImageFont.truetype(font_folder() / font, 40, layout_engine=ImageFont.Layout.BASIC)
    nothing = bytes(typeface.getmask("\uffff"))

    assert [letter for letter in text if bytes(typeface.getmask(letter)) == nothing] == []
    assert bytes(typeface.getmask("漢")) == nothing


def test_missing_fonts_say_what_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.exports.fonts.FONTS", tmp_path)

    with pytest.raises(FontsMissing, match="run `make setup`"):
        font_folder()
