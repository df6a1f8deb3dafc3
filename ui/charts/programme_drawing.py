"""The chart of a programme, drawn with Altair: a thin bar for set-up and teardown, a bar, its name, a line for now."""

from __future__ import annotations

import dataclasses
import functools
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any, Final

import altair as alt

from planner.text import Speaker
from ui.charts.data_sets import with_scales, with_values
from ui.charts.programme import COLOURS, Bar, BarLook, ProgrammeChart, looked

#: Pixels of a line of the chart, and more on phones, where its name stands above it.
_ROW, _NAME = 40, 16
#: What the axis with its title and the padding take of the height: the lines would be squeezed for it.
_AROUND: Final = 60
_INK, _PALE, _NOW = "#14212e", "#45515d", "#7a1fa2"
#: Where the parts of a line stand, in pixels from its middle.
_BAR_BELOW, _TEXT_ABOVE, _NAME_ABOVE = 9, -9, -25
#: The layer of the bars: the only one that is read aloud, where it has any.
_BARS: Final = 1
_FONT: Final = "Noto Sans, Noto Sans Lao, Noto Sans Khmer, sans-serif"
_TIMES: Final = ("start", "end", "busy_from", "busy_until")
_FIELDS: Final = tuple(field.name for field in dataclasses.fields(Bar))
_FIELDS_OF: Final = attrgetter(*_FIELDS)


def drawn(chart: ProgrammeChart, speaker: Speaker, *, phone: bool = False) -> dict[str, Any]:
    """The chart as Vega-Lite; every browser shows the clock of the visit's zone, whatever its own zone is."""
    said = (speaker("Code"), speaker("Activity"), speaker("Time"), speaker("Venue"), speaker("Facts"), speaker("State"))
    span = [_clock(chart.start), _clock(chart.end)]
    kept = _drawing(phone, chart.end - chart.start > timedelta(hours=30), said)
    spec = with_scales(kept, x={"domain": span}, y={"domain": list(chart.lanes)})
    for layer in spec["layer"]:
        along = layer["encoding"]["x"]
        if along.get("axis"):
            along["axis"] = {**along["axis"], "title": speaker("Time ({zone})", zone=chart.zone)}
    states = {look: looked(speaker, look) for look in BarLook}
    rows = {
        "bars": [{**_row(bar), "state": states[bar.look]} for bar in chart.bars],
        "lanes": [{"lane": name, "shown": name.replace("\n", " · "), "at": span[0]} for name in chart.lanes],
        "now": [_now(chart, speaker)] if chart.now is not None else [],
    }
    spec = with_values(spec, rows)
    if not chart.bars:
        bars = spec["layer"][_BARS]
        bars["mark"] = {**bars["mark"], "aria": False}
    spec["height"] = max(1, len(chart.lanes)) * (_ROW + (_NAME if phone else 0)) + _AROUND
    return spec


def _row(bar: Bar) -> dict[str, Any]:
    row = dict(zip(_FIELDS, _FIELDS_OF(bar), strict=True))
    return {**row, **{name: _clock(row[name]) for name in _TIMES}}


def _now(chart: ProgrammeChart, speaker: Speaker) -> dict[str, Any]:
    assert chart.now is not None
    late = chart.now - chart.start > (chart.end - chart.start) * 0.85
    return {"at": _clock(chart.now), "said": speaker("now {clock}", clock=f"{chart.now:%H:%M}"), "late": late}


def _clock(clock: datetime) -> float:
    """Milliseconds of the clock taken as UTC; a float, because charts cannot read whole numbers of 64 bits."""
    return clock.replace(tzinfo=UTC).timestamp() * 1000


@functools.cache
def _drawing(phone: bool, over_a_day: bool, titles: tuple[str, ...]) -> dict[str, Any]:
    """The chart without its data, not to be changed: built once, because building takes fifty milliseconds."""
    axis = alt.Axis(
        format="%d/%m %H:%M" if over_a_day else "%H:%M",
        tickCount=6 if phone or over_a_day else 12,
        grid=True,
        labelFontSize=12,
        labelOverlap=True,
        labelFlush=False,
        title="",
    )
    names = alt.Axis(
        labelLimit=230,
        labelExpr="split(datum.label, '\\n')",
        labelFontSize=12,
        labelLineHeight=15,
        domain=False,
        ticks=False,
        labelPadding=8,
    )
    lane = alt.Y("lane:N", title=None, scale=alt.Scale(), axis=None if phone else names)
    fields = ("code", "title", "when", "where", "facts", "state")
    tooltip = [alt.Tooltip(f"{name}:N", title=title) for name, title in zip(fields, titles, strict=True)]
    colour = alt.Color("look:N", scale=alt.Scale(domain=[*COLOURS], range=[*COLOURS.values()]), legend=None)
    base = alt.Chart(alt.NamedData("bars")).encode(y=lane, tooltip=tooltip)
    busy = base.mark_bar(height=5, opacity=0.45, yOffset=_BAR_BELOW, clip=True, aria=False)
    bars = base.mark_bar(height=15, cornerRadius=2, yOffset=_BAR_BELOW, clip=True, cursor="pointer")
    layers = [
        busy.encode(x=_time("busy_from", axis), x2="busy_until:T", color=colour),
        bars.encode(x=_time("start", axis), x2="end:T", color=colour).add_params(
            alt.selection_point(name="picked", fields=["code"])
        ),
        _written(base, "start", axis, leftward=False),
        _written(base, "end", axis, leftward=True),
        *([_lane_names(lane, axis)] if phone else []),
        *_now_line(axis, -15 if phone else -6),
    ]
    whole: dict[str, Any] = (
        alt.layer(*layers).properties(width="container").configure_view(stroke=None).configure(font=_FONT).to_dict()
    )
    return whole


def _time(field: str, axis: alt.Axis) -> alt.X:
    return alt.X(f"{field}:T", scale=alt.Scale(type="utc", clamp=True, nice=False), axis=axis)


def _written(base: alt.Chart, field: str, axis: alt.Axis, *, leftward: bool) -> alt.Chart:
    """What is written above a bar: from its start, or up to its end where it is near the edge."""
    chosen = base.transform_filter(f"datum.leftward === {str(leftward).lower()}")
    text = chosen.mark_text(
        align="right" if leftward else "left", baseline="middle", dy=_TEXT_ABOVE, fontSize=12, color=_INK, aria=False
    )
    written: alt.Chart = text.encode(x=_time(field, axis), text="written:N")
    return written


def _lane_names(lane: alt.Y, axis: alt.Axis) -> alt.Chart:
    """On phones the names of the lanes stand inside, above their bars."""
    text = alt.Chart(alt.NamedData("lanes")).mark_text(
        align="left",
        baseline="middle",
        dy=_NAME_ABOVE,
        dx=2,
        fontSize=11,
        color=_PALE,
        fontStyle="italic",
        limit=320,
        aria=False,
    )
    names: alt.Chart = text.encode(y=lane, x=_time("at", axis), text="shown:N")
    return names


def _now_line(axis: alt.Axis, above: int) -> list[alt.Chart]:
    """The line, and what it says so many pixels above the chart: on phones higher than the name of the first lane."""
    rows = alt.Chart(alt.NamedData("now"))
    line = rows.mark_rule(color=_NOW, strokeWidth=2, strokeDash=[5, 3], aria=False).encode(x=_time("at", axis))
    texts = [
        rows.transform_filter(f"datum.late === {str(late).lower()}")
        .mark_text(
            align="right" if late else "left", dx=-4 if late else 4, dy=above, fontSize=12, color=_NOW, aria=False
        )
        .encode(x=_time("at", axis), y=alt.value(0), text="said:N")
        for late in (False, True)
    ]
    return [line, *texts]
