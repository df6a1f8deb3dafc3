"""Puts a map on a page: the constant base map, the layers on top, and the place that was clicked."""

from __future__ import annotations

from collections.abc import Iterable

from streamlit_folium import st_folium

from domain.values import Coordinates
from planner.text import Speaker
from ui.maps.base_map import View, base_map, groups
from ui.maps.layer import Layer
from ui.shell import shell


def show_map(
    layers: Iterable[Layer], view: View, speaker: Speaker, *, key: str, height: int = 520, clicks: bool = False
) -> Coordinates | None:
    """Draws the map; the place that was clicked last, where clicks are asked for.

    The same key keeps the map as it is in the browser: only what changed is drawn anew.
    """
    answer = st_folium(
        base_map(shell().routing.pack, speaker, coming=shell().routing.coming is not None),
        key=key,
        height=height,
        use_container_width=True,
        returned_objects=["last_clicked"] if clicks else [],
        feature_group_to_add=groups(layers, view),
    )
    clicked = (answer or {}).get("last_clicked")
    if not clicked:
        return None
    lon = (clicked["lng"] + 180) % 360 - 180
    return Coordinates(lat=max(-90.0, min(90.0, round(clicked["lat"], 6))), lon=round(lon, 6))
