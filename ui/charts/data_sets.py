"""What a kept Vega-Lite drawing is filled with: its rows, each set once however many layers draw it, and its scales."""

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


def with_scales(spec: Mapping[str, Any], **scales: Mapping[str, Any]) -> dict[str, Any]:
    """The drawing with more said of the scales of these channels in all layers that have them; its own is not changed.

    Layers, their encodings and these channels may be changed afterwards, what lies deeper not: copying all of a
    drawing takes longer than filling it.
    """
    layers = []
    for layer in spec["layer"]:
        held = dict(layer["encoding"])
        for name, scale in scales.items():
            if name in held and "value" not in held[name]:
                held[name] = {**held[name], "scale": {**held[name].get("scale", {}), **scale}}
        layers.append({**layer, "encoding": held})
    return {**spec, "layer": layers}
