"""The files of other people that the browser needs, all served from this machine.

``ASSETS`` maps the names that Folium gives its scripts and stylesheets to addresses on this server. The files
are fetched by ``make setup`` (see ``install.py``); none is part of the repository.
"""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

STATIC = Path(__file__).resolve().parent.parent / "static"
"""The folder that is served as ``/static``."""

LANDED = STATIC / "assets"
"""The folder the assets land in, served as ``/static/assets``."""

ASSETS = MappingProxyType(
    {
        # the map itself
        "leaflet": "/static/assets/leaflet/leaflet.js",
        "leaflet_css": "/static/assets/leaflet/leaflet.css",
        "jquery": "/static/assets/jquery/jquery.min.js",
        "bootstrap": "/static/assets/bootstrap/js/bootstrap.bundle.min.js",
        "bootstrap_css": "/static/assets/bootstrap/css/bootstrap.min.css",
        "awesome_markers": "/static/assets/awesome-markers/leaflet.awesome-markers.min.js",
        "awesome_markers_css": "/static/assets/awesome-markers/leaflet.awesome-markers.css",
        "awesome_markers_font_css": "/static/assets/fontawesome/css/all.min.css",
        # plugins
        "leaflet_draw_js": "/static/assets/draw/leaflet.draw.js",
        "leaflet_draw_css": "/static/assets/draw/leaflet.draw.css",
        "markerclusterjs": "/static/assets/markercluster/leaflet.markercluster.js",
        "markerclustercss": "/static/assets/markercluster/MarkerCluster.css",
        "markerclusterdefaultcss": "/static/assets/markercluster/MarkerCluster.Default.css",
        "Control.Fullscreen.js": "/static/assets/fullscreen/Control.FullScreen.js",
        "Control.FullScreen.css": "/static/assets/fullscreen/Control.FullScreen.css",
        "leaflet_measure_js": "/static/assets/measure/leaflet-measure.js",
        "leaflet_measure_css": "/static/assets/measure/leaflet-measure.css",
        "Control_MousePosition_js": "/static/assets/mouse-position/L.Control.MousePosition.js",
        "Control_MousePosition_css": "/static/assets/mouse-position/L.Control.MousePosition.css",
        "polylineoffset": "/static/assets/polylineoffset/leaflet.polylineoffset.js",
        # not Folium's: the base map, and letters for Vietnamese, English, Lao and Khmer
        "protomaps_leaflet": "/static/assets/protomaps-leaflet/protomaps-leaflet.js",
        "fonts_css": "/static/assets/fonts.css",
    }
)

LEFT_OUT = frozenset({"glyphicons_css", "awesome_rotate_css"})
"""Folium names that no map of ours needs: icons are Font Awesome's, and none is turned."""


class AssetsMissing(RuntimeError):
    """The set-up was not run, or not to its end."""


def file_of(address: str) -> Path:
    """The file behind an address below ``/static/``."""
    return STATIC / address.removeprefix("/static/")


def require_assets() -> None:
    """Raise `AssetsMissing` with the way out unless every asset lies where it is served from."""
    missing = [address for address in ASSETS.values() if not file_of(address).is_file()]
    if missing:
        raise AssetsMissing(f"{len(missing)} browser assets are missing, first {missing[0]}: run `make setup`")
