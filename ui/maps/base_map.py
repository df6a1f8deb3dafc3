"""The map itself: the same for everybody and every rerun, so that the browser never builds it anew.

What changes comes as ``Drawing`` in feature groups on top. The picture under it is the pack's PMTiles archive, drawn
in the browser by protomaps-leaflet; light or night is the reader's choice there. Without a pack the ground is plain.
"""

from __future__ import annotations

import base64
import dataclasses
import json
import math
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
#: The size of a map that a view is worked out for, in pixels.
_WIDE, _HIGH = 560, 420
_CLOSEST, _FARTHEST = 16, 3


@dataclasses.dataclass(frozen=True, slots=True)
class View:
    """What a map shows at first: its middle and its zoom."""

    center: tuple[float, float]
    zoom: int


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


def base_map(pack: MapPack | None, speaker: Speaker) -> PlanMap:
    """The map of a pack, or a plain ground where there is none; the same for the same pack and language."""
    view = home(pack)
    made = PlanMap(
        location=view.center,
        zoom_start=view.zoom,
        tiles=None,
        control_scale=True,
        min_zoom=_FARTHEST,
        max_zoom=19,
        font_size="14px",
    )
    made.add_child(Ground(_told(pack, speaker)))
    return made


def groups(layers: Iterable[Layer]) -> list[folium.FeatureGroup]:
    """The layers as feature groups, in their order; an empty one so that the last ones go where there is nothing."""
    drawn = [layer for layer in layers if layer] or [Layer("nothing")]
    made = []
    for layer in drawn:
        group = folium.FeatureGroup(name=layer.name)
        group.add_child(Drawing(layer))
        made.append(group)
    return made


def home(pack: MapPack | None) -> View:
    """All of a pack; the whole country where there is none."""
    if pack is None:
        return View((16.0, 107.0), 5)
    area = pack.area
    return view_of(((area.south, area.west), (area.north, area.east)), View((0.0, 0.0), 5))


def view_of(points: Iterable[tuple[float, float]], otherwise: View) -> View:
    """The closest view that shows all ``(lat, lon)`` points."""
    known = tuple(points)
    if not known:
        return otherwise
    south, north = min(lat for lat, _ in known), max(lat for lat, _ in known)
    west, east = min(lon for _, lon in known), max(lon for _, lon in known)
    high = _mercator(north) - _mercator(south)
    wide = (east - west) / 360
    zooms = [math.log2(room / 256 / part) for room, part in ((_WIDE, wide), (_HIGH, high)) if part > 1e-9]
    zoom = min([_CLOSEST, *zooms])
    return View(((south + north) / 2, (west + east) / 2), max(_FARTHEST, int(zoom)))


def _mercator(lat: float) -> float:
    """How far north a latitude lies on the map, in widths of the world."""
    bounded = max(-85.0, min(85.0, lat))
    return math.asinh(math.tan(math.radians(bounded))) / (2 * math.pi)


def _told(pack: MapPack | None, speaker: Speaker) -> dict[str, Any]:
    words = {
        "night": speaker("Night map"),
        "day": speaker("Light map"),
        "zoom_in": speaker("Zoom in"),
        "zoom_out": speaker("Zoom out"),
        "close": speaker("Close"),
    }
    if pack is None:
        badge = speaker("No map pack: plain ground")
        return {"url": None, "licence": "", "badge": badge, "edge": [], "outside": "", "words": words}
    manifest = pack.manifest
    if manifest.osm_date is None:
        badge = speaker("Map {area}", area=pack.name)
    else:
        badge = speaker("Map {area}, data of {day}", area=pack.name, day=manifest.osm_date)
    return {
        "url": f"{BASEMAP}?{pack.hash[:12]}",
        "licence": pack.licence,
        "badge": badge,
        "edge": manifest.outline,
        "outside": speaker("Outside the map pack"),
        "words": words,
    }


def _packed(told: dict[str, Any]) -> str:
    """As ``Layer.packed``."""
    return base64.b64encode(json.dumps(told, ensure_ascii=False).encode()).decode("ascii")
