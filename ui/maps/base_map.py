"""The map itself: the same for everybody and every rerun, so that the browser never builds it anew.

What changes comes as ``Drawing`` in feature groups on top. The picture under it is the pack's PMTiles archive, drawn
in the browser by protomaps-leaflet; light or night is the reader's choice there. Without a pack the ground is plain.
"""

from __future__ import annotations

import base64
import dataclasses
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
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Ground"
        self.told = _packed(told)


class Drawing(MacroElement):
    """One layer in a feature group."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        'plannerMap.draw({{ this._parent.get_name() }}, "{{ this.drawn }}");'
        "{% endmacro %}"
    )

    def __init__(self, layer: Layer) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Drawing"
        self.drawn = layer.packed()


class Look(MacroElement):
    """Where the map goes, once for each key."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        'plannerMap.look({{ this._parent.get_name() }}, "{{ this.told }}");'
        "{% endmacro %}"
    )

    def __init__(self, view: View) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Look"
        self.told = _packed({"key": view.key, "box": view.box})


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


def groups(layers: Iterable[Layer], view: View) -> list[folium.FeatureGroup]:
    """The layers as feature groups, in their order, and what the map shows of them."""
    made = []
    for layer in (Layer("view"), *(layer for layer in layers if layer)):
        group = folium.FeatureGroup(name=layer.name)
        group.add_child(Drawing(layer) if layer else Look(view))
        made.append(group)
    return made


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
