"""``planner map build`` and ``planner route``: map packs and ways on them."""

from __future__ import annotations

import argparse

from pydantic import ValidationError

from domain.estimate import RoutingNumbers
from domain.refusals import InvalidInput
from domain.values import Coordinates
from planner.cli.console import Console
from planner.routing.engine import Router, routes_or_estimate
from planner.routing.map_pack import MapPack
from planner.routing.pack_building import build as build_pack
from planner.routing.way import Way, as_json

#: Routes asked for at once; more than that share too much to be of use.
MOST_ROUTES = 9


def build(asked: argparse.Namespace, console: Console) -> int:
    """Make a map pack."""
    pack = build_pack(asked.file, asked.out, progress=console.tell_message)
    console.line(
        console.speaker(
            "Map pack {folder}: {name}, {licence}, SHA-256 {hash}",
            folder=pack.folder,
            name=pack.name,
            licence=pack.licence,
            hash=pack.hash,
        )
    )
    return 0


def route(asked: argparse.Namespace, console: Console) -> int:
    """Find routes, or estimate one where there is no map pack."""
    origin, destination = _place(asked.origin, "--from"), _place(asked.destination, "--to")
    if not 1 <= asked.count <= MOST_ROUTES:
        raise InvalidInput.because("Ask for 1 to {most} routes.", most=MOST_ROUTES)
    router = None if asked.map is None else Router(MapPack.open(asked.map))
    try:
        found = routes_or_estimate(router, origin, destination, RoutingNumbers(), asked.count)
    finally:
        if router is not None:
            router.close()
    if asked.format == "json":
        console.json(as_json(found.ways))
    else:
        for way in found.ways:
            console.line(_in_words(way, console))
    if found.note is not None:
        console.tell_message(found.note)
    return 0


def _place(text: str, option: str) -> Coordinates:
    parts = text.split(",")
    try:
        if "_" in text:
            raise ValueError
        lat, lon = (float(part) for part in parts)
        return Coordinates(lat=lat, lon=lon)
    except ValidationError:
        raise InvalidInput.because(
            "{option} {typed} is not on the earth: latitudes reach from −90 to 90, longitudes from −180 to 180.",
            option=option,
            typed=text,
        ) from None
    except ValueError:
        raise InvalidInput.because(
            "{option} needs latitude and longitude such as -29.9027,-71.2519, not «{typed}».", option=option, typed=text
        ) from None


def _in_words(way: Way, console: Console) -> str:
    speaker = console.speaker
    length = speaker("{km} km, {minutes} min", km=way.km, minutes=way.minutes)
    shared = speaker("{share} % shared", share=round(way.overlap * 100))
    return f"{speaker.label(way.kind)}\t{length}\t{shared}\t{speaker.label(way.source)}\t{', '.join(way.streets)}"
