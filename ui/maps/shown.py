"""Puts a map on a page: the constant base map, the layers on top, and the place that was clicked."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit_folium

from domain.values import Coordinates
from planner.text import Speaker
from ui.maps.base_map import View, drawings, written
from ui.maps.layer import Layer
from ui.shell import shell


class _Unclicked(dict[str, None]):
    """What the map says of itself when it is drawn: anything else, and it would run the page once more.

    It passes for a tuple: to see whether a dict is a table, Streamlit imports pandas, 62 MB.
    """

    __class__ = tuple  # type: ignore[assignment]  # what isinstance asks is all this is for


def show_map(
    layers: Iterable[Layer], view: View, speaker: Speaker, *, key: str, height: int = 520, clicks: bool = False
) -> Coordinates | None:
    """Draws the map; the place that was clicked last, where clicks are asked for.

    The same key keeps the map as it is in the browser: only what changed is drawn anew. The component of
    streamlit-folium is asked directly: ``st_folium`` renders map and layers again for every reader, 9 ms each time.
    """
    base = written(shell().routing.pack, speaker, coming=shell().routing.coming is not None)
    wanted = ("last_clicked",) if clicks else ()
    # No lists: to see whether one is a table, Streamlit imports pandas as well.
    answer = streamlit_folium._component_func(
        script=base.script,
        header=base.header,
        html=base.html,
        id="map_div",
        key=f"{key}_{base.name}",
        height=height,
        width=None,
        returned_objects=wanted,
        default=_Unclicked.fromkeys(wanted),
        zoom=None,
        center=None,
        feature_group=drawings(layers, view),
        return_on_hover=False,
        layer_control=None,
        pixelated=False,
        css_links=base.styles,
        js_links=base.scripts,
        wrap_longitude=False,
    )
    clicked = (answer or {}).get("last_clicked")
    if not clicked:
        return None
    lon = (clicked["lng"] + 180) % 360 - 180
    return Coordinates(lat=max(-90.0, min(90.0, round(clicked["lat"], 6))), lon=round(lon, 6))
