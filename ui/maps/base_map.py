"""The map itself: the same for everybody and every rerun, so that the browser never builds it anew.

What changes comes as ``drawings`` in feature groups on top. The picture under it is the pack's PMTiles archive, drawn
in the browser by protomaps-leaflet; light or night is the reader's choice there. Without a pack the ground is plain.
"""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import json
from collections.abc import Iterable
from typing import Any, Final

import folium
from branca.element import MacroElement
from folium.template import Template

from planner.routing.map_pack import MapPack
from planner.text import Speaker
from ui.assets import ASSETS
from ui.maps import offline
from ui.maps.layer import Layer
from ui.unchanged import Unchanged

#: Where the server hands out the pack's picture, in ranges, to whoever is signed in.
BASEMAP: Final = "/map/basemap.pmtiles"
_OWN: Final = "/static/shell/map"
#: The whole country, where nothing is known.
_COUNTRY: Final = ((8.3, 102.1), (23.4, 109.5))
#: A single place is shown with so much around it, in degrees: about 600 metres.
_AROUND: Final = 0.003

type Box = tuple[tuple[float, float], tuple[float, float]]


@dataclasses.dataclass(frozen=True, slots=True)
class View:
    """What a map shows: a box from south-west to north-east.

    The browser goes there when ``key`` is another than before; else the map stays where its reader moved it.
    """

    key: str
    box: Box


class PlanMap(folium.Map):
    """Folium's map with only the files that our maps need, and our own script and style."""

    default_js: offline.Links = [  # noqa: RUF012 - as Folium's
        ("leaflet", ASSETS["leaflet"]),
        ("polylineoffset", ASSETS["polylineoffset"]),
        ("protomaps_leaflet", ASSETS["protomaps_leaflet"]),
        ("planner_map_js", f"{_OWN}.js"),
    ]
    default_css: offline.Links = [  # noqa: RUF012 - as Folium's
        ("leaflet_css", ASSETS["leaflet_css"]),
        ("fonts_css", ASSETS["fonts_css"]),
        ("planner_map_css", f"{_OWN}.css"),
    ]


class Ground(MacroElement):
    """The picture under the map with its licence, its badge of area and date, and the edge of the pack."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        'plannerMap.ground({{ this._parent.get_name() }}, "{{ this.told }}");'
        "{% endmacro %}"
    )

    def __init__(self, told: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Folium has no types
        self._name = "Ground"
        self.told = _packed(told)


def base_map(pack: MapPack | None, speaker: Speaker, *, coming: bool = False) -> PlanMap:
    """The map of a pack, or a plain ground where there is none or it is still coming; the same for the same pack and
    language."""
    (south, west), (north, east) = home(pack)
    made = PlanMap(
        location=((south + north) / 2, (west + east) / 2),
        zoom_start=5 if pack is None else 12,
        tiles=None,
        min_zoom=3,
        max_zoom=19,
        font_size="14px",
    )
    made.add_child(Ground(_told(pack, speaker, coming=coming)))
    return made


@dataclasses.dataclass(frozen=True, slots=True)
class Written:
    """The base map as the browser gets it, rendered by Folium. ``name`` is another for another map."""

    name: str
    script: str
    header: str
    html: str
    styles: tuple[str, ...]
    scripts: tuple[str, ...]


_WRITTEN: Final = Unchanged[Written](8)


def written(pack: MapPack | None, speaker: Speaker, *, coming: bool = False) -> Written:
    """The base map, rendered once for all readers of a language."""

    def made() -> Written:
        # Only here: a component that is imported while no page runs is never registered.
        import streamlit_folium  # noqa: PLC0415 - a page must be running

        drawn = base_map(pack, speaker, coming=coming)
        drawn.get_root().render()
        drawn.render()  # type: ignore[no-untyped-call]  # Folium has no types
        html, header = streamlit_folium._get_html(drawn), streamlit_folium._get_header(drawn)
        script = streamlit_folium._get_map_string(drawn)
        return Written(
            name=hashlib.sha256(script.encode()).hexdigest()[:16],
            script=script,
            header=header,
            html=html,
            styles=tuple(address for _, address in drawn.default_css),
            scripts=tuple(address for _, address in drawn.default_js),
        )

    return _WRITTEN.of((speaker.language, coming), (pack,), made)


#: A drawing costs a hundred times the lookup: most readers look at what others looked at before.
_PACKED: Final = Unchanged[str](48)


def drawings(layers: Iterable[Layer], view: View) -> str:
    """The script that draws the layers, in their order, and goes where the view is.

    As Folium's feature groups are, but written by hand: rendering these took longer than all the rest of the page.
    """
    looked = _drawing(0, "look", _packed({"key": view.key, "box": view.box}))
    drawn = (
        _drawing(number, "draw", _PACKED.of(id(layer), (layer,), layer.packed))
        for number, layer in enumerate((layer for layer in layers if layer), 1)
    )
    return "".join((looked, *drawn))


def _drawing(number: int, call: str, packed: str) -> str:
    group = f"feature_group_feature_group_{number}"
    return (
        f"var {group} = L.featureGroup({{}});\n"
        f'plannerMap.{call}({group}, "{packed}");\n'
        f"{group}.addTo(map_div);\n"
        "window.feature_group = window.feature_group || [];\n"
        f"window.feature_group.push({group});\n"
    )


def home(pack: MapPack | None) -> Box:
    """All of a pack; the whole country where there is none."""
    if pack is None:
        return _COUNTRY
    area = pack.area
    return ((area.south, area.west), (area.north, area.east))


def box_around(points: Iterable[tuple[float, float]], otherwise: Box) -> Box:
    """The box of all ``(lat, lon)`` points, with some room around a single one."""
    known = tuple(points)
    if not known:
        return otherwise
    south, north = min(lat for lat, _ in known), max(lat for lat, _ in known)
    west, east = min(lon for _, lon in known), max(lon for _, lon in known)
    if north - south < _AROUND and east - west < _AROUND:
        south, north, west, east = south - _AROUND, north + _AROUND, west - _AROUND, east + _AROUND
    return ((south, west), (north, east))


def _told(pack: MapPack | None, speaker: Speaker, *, coming: bool) -> dict[str, Any]:
    words = {
        "night": speaker("Night map"),
        "day": speaker("Light map"),
        "zoom_in": speaker("Zoom in"),
        "zoom_out": speaker("Zoom out"),
        "close": speaker("Close"),
    }
    if pack is None:
        badge = speaker("The map is being made…") if coming else speaker("No map pack: plain ground")
        return {"url": None, "licence": "", "badge": badge, "edge": [], "words": words}
    manifest = pack.manifest
    if manifest.osm_date is None:
        badge = speaker("Map {area}, day of the data unknown", area=pack.name)
    else:
        badge = speaker("Map {area}, data of {day}", area=pack.name, day=manifest.osm_date)
    return {
        "url": f"{BASEMAP}?{pack.hash[:12]}",
        "licence": pack.licence,
        "badge": badge,
        "edge": manifest.outline,
        "words": words,
    }


def _packed(told: dict[str, Any]) -> str:
    """As ``Layer.packed``."""
    return base64.b64encode(json.dumps(told, ensure_ascii=False).encode()).decode("ascii")
