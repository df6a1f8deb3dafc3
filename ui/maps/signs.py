"""Colours, dashes and letters: one table for the map and for the legend beside it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

from domain.route import RouteKind
from domain.venue import KeyPointKind


class KeyPointSign(StrEnum):
    """The letter that stands for a kind of key point; each language has its own."""

    ENTRANCE = "E"
    ARRIVAL_POINT = "A"
    DEPARTURE_POINT = "D"
    HOLDING_ROOM = "W"
    SAFE_HAVEN = "S"
    COMMAND_POST = "C"
    ASSEMBLY = "M"
    EVACUATION_EXIT = "X"
    DESIGNATED_HOSPITAL = "+"


class Pen(NamedTuple):
    """How a line is drawn: colour, dashes, and pixels to the right of its way, so that two never hide each other."""

    colour: str
    dash: str
    offset: float


SIGNS: Final = {kind: KeyPointSign[kind.name] for kind in KeyPointKind}
#: White letters stand on these: 4.5:1 or more.
COLOURS: Final = {
    KeyPointKind.ENTRANCE: "#1f4e79",
    KeyPointKind.ARRIVAL_POINT: "#00635a",
    KeyPointKind.DEPARTURE_POINT: "#5b3b8c",
    KeyPointKind.HOLDING_ROOM: "#6b4a00",
    KeyPointKind.SAFE_HAVEN: "#0b6b3a",
    KeyPointKind.COMMAND_POST: "#14212e",
    KeyPointKind.ASSEMBLY: "#7a3b00",
    KeyPointKind.EVACUATION_EXIT: "#a3150f",
    KeyPointKind.DESIGNATED_HOSPITAL: "#b3004b",
}
PENS: Final = {
    RouteKind.PRIMARY: Pen("#0064a8", "", 2),
    RouteKind.ALTERNATE: Pen("#c24a00", "14 7", 7),
    RouteKind.EMERGENCY: Pen("#8c1a6a", "3 6", 12),
}
#: Straight and thinly dashed, whatever it is for: nobody drives through houses.
ESTIMATE_DASH: Final = "2 10"
#: The way of an officer to a post.
WAY: Final = Pen("#0064a8", "", 0)
