"""Charts of a past plan with what an event touched outlined: an outline over a Vega-Lite drawing, as plain data."""

from __future__ import annotations

import copy
from collections.abc import Collection
from typing import Any, Final

#: Seen on every colour of bars, and on white.
OUTLINE: Final = "#c2185b"


def outlined(spec: dict[str, Any], field: str, touched: Collection[str]) -> dict[str, Any]:
    """The drawing with the bars whose ``field`` is among ``touched`` outlined; as it was where there are none.

    A bar is drawn by the first layer that is a bar from ``start`` to ``end``.
    """
    bars = next((layer for layer in spec["layer"] if _is_bar(layer)), None)
    if bars is None or not touched:
        return spec
    ring = copy.deepcopy({name: held for name, held in bars.items() if name != "data"})
    mark = {name: held for name, held in ring["mark"].items() if name in ("height", "yOffset", "cornerRadius")}
    ring["mark"] = {
        **mark,
        "type": "bar",
        "fill": None,
        "stroke": OUTLINE,
        "strokeWidth": 4,
        "height": mark.get("height", 14) + 6,
        "tooltip": None,
    }
    ring["encoding"] = {name: held for name, held in ring["encoding"].items() if name in ("x", "x2", "y")}
    ring["transform"] = [
        *ring.get("transform", ()),
        {"filter": {"field": field, "oneOf": sorted(touched)}},
    ]
    # The rows are in the drawing already.
    ring["data"] = {"name": bars["data"]["name"]}
    # A drawing has each name and each signal once.
    for once in ("params", "name"):
        ring.pop(once, None)
    return {**spec, "layer": [*spec["layer"], ring]}


def _is_bar(layer: dict[str, Any]) -> bool:
    mark = layer.get("mark")
    start = layer.get("encoding", {}).get("x", {}).get("field")
    return isinstance(mark, dict) and mark.get("type") == "bar" and start == "start"
