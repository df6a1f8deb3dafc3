"""The data sets of a Vega-Lite drawing, written into its layers: each once, however many layers draw it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def with_values(spec: Mapping[str, Any], sets: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Any]:
    """The drawing with its data sets in it: the first layer that names one carries its rows, later ones name it.

    Not as data sets of the whole drawing: Streamlit would make a table of each, which takes longer than all the
    rest of a chart.
    """
    carried: set[str] = set()
    layers = []
    for layer in spec["layer"]:
        name = layer.get("data", spec.get("data", {})).get("name")
        if name in sets and name not in carried:
            carried.add(name)
            layer = {**layer, "data": {"name": name, "values": sets[name]}}
        layers.append(layer)
    return {**spec, "layer": layers}
