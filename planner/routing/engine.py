"""Finds ways on a map pack: the router that pages, commands and the command line ask."""

from __future__ import annotations

import contextlib
import math
import threading
from collections.abc import Callable, Sequence
from itertools import batched
from typing import TYPE_CHECKING, Any, Literal, Self

from domain.estimate import RoutingNumbers
from domain.messages import Message, message
from domain.polyline import Line, encode
from domain.refusals import PlanningError
from domain.route import RouteKind
from domain.values import Coordinates
from planner.routing.diversity import Found, diverse
from planner.routing.map_pack import MapPack
from planner.routing.refusals import NoWay, OffTheNetwork
from planner.routing.road_graph import RoadGraph
from planner.routing.valhalla_worker import ValhallaError, ValhallaWorker
from planner.routing.way import Way, Ways, estimated_way, kind_of

if TYPE_CHECKING:
    from planner.routing.chokepoints import StreetNetwork

#: Farther than this from every street, a place counts as off the network, in metres.
OFF_NETWORK_M = 1000
#: Valhalla's codes: no street near a place; places on streets that are not connected; no path; a line off its streets.
NO_STREET, UNCONNECTED, NO_PATH, NO_EDGE_WALK = 171, 170, 442, 233
#: Too far apart, or too many places at once.
TOO_FAR = frozenset({150, 154})
#: Origins and destinations of one matrix request. Each request looks for the street of each of its places anew, which
#: takes a tenth of a search: few origins with all destinations cost little more than all at once, and can be stopped.
MATRIX_ORIGINS, MATRIX_DESTINATIONS = 20, 1000
#: A street counts as one that a way follows from this share of its length.
STREET_SHARE = 0.04
MOST_STREETS = 8
MOST_ALTERNATES = 2
LONGEST_NAME = 200


#: How somebody moves: by car or on foot.
type Costing = Literal["auto", "pedestrian"]
#: Told how many of how many pairs are done.
type Progress = Callable[[int, int], None]


class _LineOffStreets(Exception):
    """Valhalla cannot lay one of the lines that are to be dearer on its streets."""


class Router:
    """Ways on one pack. Threads may ask at once; ``close`` it, or use it in ``with``.

    Valhalla starts with the first question. All methods raise ``OffTheNetwork``, ``NoWay`` or
    ``RoutingStopped``; kilometres and minutes are the network's, without traffic.
    """

    def __init__(self, pack: MapPack, *, timeout_s: float = 20.0) -> None:
        self.pack = pack
        self._worker = ValhallaWorker(pack.tiles, timeout_s=timeout_s)
        self._preparing = threading.Lock()
        self._streets: StreetNetwork | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._worker.close()

    @property
    def restarts(self) -> int:
        """How often the routing engine had to be started again."""
        return self._worker.restarts

    @property
    def worker_pid(self) -> int | None:
        return self._worker.pid

    def routes(
        self, origin: Coordinates, destination: Coordinates, count: int = 3, numbers: RoutingNumbers | None = None
    ) -> tuple[Way, ...]:
        """Up to ``count`` ways that share little: primary, alternate, emergency; ``why_fewer`` says why not more."""
        shapes: dict[Line, tuple[str, ...]] = {}

        def ask(dearer: Sequence[Line], factor: float) -> Sequence[Found]:
            for line in dearer:
                if line not in shapes:
                    shapes[line] = (encode(line),)
            for repaired in (False, True):
                if repaired:
                    shapes.update((line, self._walkable(line)) for line in dearer if shapes[line] == (encode(line),))
                lines = [shape for line in dearer for shape in shapes[line]]
                with contextlib.suppress(_LineOffStreets):
                    return self._found(origin, destination, lines, factor, alternates=0 if dearer else MOST_ALTERNATES)
            return ()

        chosen = diverse(ask, max(1, count), numbers or RoutingNumbers())
        return tuple(self._way(way.found, kind_of(rank), way.overlap) for rank, way in enumerate(chosen))

    def way_to(self, origin: Coordinates, destination: Coordinates) -> Way:
        """The one best way, quickly: for an officer on the way to the post."""
        return self._way(self._found(origin, destination)[0], RouteKind.PRIMARY, 0.0)

    def alternates(self, origin: Coordinates, destination: Coordinates) -> tuple[Way, ...]:
        """Valhalla's own best way and its alternates, unchosen: what ``routes`` is measured against."""
        found = self._found(origin, destination, alternates=MOST_ALTERNATES)
        return tuple(self._way(way, kind_of(rank), 0.0) for rank, way in enumerate(found))

    def why_fewer(
        self, origin: Coordinates, destination: Coordinates, count: int = 3, numbers: RoutingNumbers | None = None
    ) -> Message:
        """Why there are not more ways: how many are independent, and the streets that all of them must use."""
        from planner.routing.chokepoints import StreetNetwork, why_fewer  # noqa: PLC0415 - half a second and 30 MB of SciPy

        numbers = numbers or RoutingNumbers()
        with self._preparing:
            if self._streets is None:
                self._streets = StreetNetwork(RoadGraph.load(self.pack.graph))
        return why_fewer(self._streets.cut(origin, destination, numbers.doorstep_m), count, numbers)

    def matrix(
        self,
        origins: Sequence[Coordinates],
        destinations: Sequence[Coordinates],
        by: Costing = "auto",
        progress: Progress | None = None,
    ) -> tuple[tuple[int | None, ...], ...]:
        """Seconds from each origin to each destination; None where a place is off the network or no way leads there.

        ``progress`` is told after each strip; what it raises ends the asking.
        """
        from_street = [self._near_street(place, by) for place in origins]
        to_street = from_street if origins == destinations else [self._near_street(place, by) for place in destinations]
        seconds: list[list[int | None]] = [[None] * len(destinations) for _ in origins]
        rows = [at for at, near in enumerate(from_street) if near]
        columns = [at for at, near in enumerate(to_street) if near]
        done, total = 0, len(rows) * len(columns)
        for some_rows in batched(rows, MATRIX_ORIGINS):
            for some_columns in batched(columns, MATRIX_DESTINATIONS):
                self._fill(seconds, origins, destinations, some_rows, some_columns, by)
                done += len(some_rows) * len(some_columns)
                if progress is not None:
                    progress(done, total)
        return tuple(map(tuple, seconds))

    def _fill(
        self,
        seconds: list[list[int | None]],
        origins: Sequence[Coordinates],
        destinations: Sequence[Coordinates],
        rows: Sequence[int],
        columns: Sequence[int],
        by: Costing,
    ) -> None:
        request = {
            "sources": [_end(origins[row]) for row in rows],
            "targets": [_end(destinations[column]) for column in columns],
            "costing": by,
            "verbose": False,
        }
        try:
            table = self._worker.ask("matrix", request)["sources_to_targets"]["durations"]
        except ValhallaError as error:
            if error.code not in {UNCONNECTED, NO_PATH, NO_STREET, *TOO_FAR}:
                raise _unforeseen(error) from error
            if len(rows) * len(columns) == 1:
                return
            # One place that no street reaches spoils the whole request: halve it until only that one is left out.
            for some_rows in _halves(rows) if len(rows) >= len(columns) else [rows]:
                for some_columns in _halves(columns) if len(columns) > len(rows) else [columns]:
                    self._fill(seconds, origins, destinations, some_rows, some_columns, by)
            return
        for row, answers in zip(rows, table, strict=True):
            for column, answer in zip(columns, answers, strict=True):
                seconds[row][column] = answer

    def _near_street(self, place: Coordinates, by: Costing = "auto") -> bool:
        try:
            answer = self._worker.ask("locate", {"locations": [_location(place)], "costing": by})
        except ValhallaError as error:
            if error.code == NO_STREET:
                return False
            raise _unforeseen(error) from error
        return bool(answer and answer[0]["edges"])

    def _found(
        self,
        origin: Coordinates,
        destination: Coordinates,
        dearer: Sequence[str] = (),
        factor: float = 1.0,
        alternates: int = 0,
    ) -> tuple[Found, ...]:
        """Valhalla's best way, and up to that many alternates that it knows itself."""
        request: dict[str, Any] = {
            "locations": [_location(origin), _location(destination)],
            "costing": "auto",
            "units": "kilometers",
            "directions_type": "maneuvers",
            "alternates": alternates,
        }
        if dearer:
            request["linear_cost_factors"] = [_penalty(shape, factor) for shape in dearer]
        try:
            answer = self._worker.ask("route", request)
        except ValhallaError as error:
            if error.code == NO_EDGE_WALK:
                raise _LineOffStreets from error
            raise self._refusal(error, origin, destination) from error
        return tuple(_read(trip["trip"]) for trip in (answer, *answer.get("alternates", ())))

    def _walkable(self, line: Line) -> tuple[str, ...]:
        """The parts of a line that Valhalla can lay on its streets: it refuses whole lines for one odd turn in them."""
        ends = [{"lat": lat, "lon": lon} for lat, lon in (line[0], line[-1])]
        probe = {"locations": ends, "costing": "auto", "directions_type": "none"}
        try:
            self._worker.ask("route", {**probe, "linear_cost_factors": [_penalty(encode(line), 1.0)]})
        except ValhallaError as error:
            if error.code != NO_EDGE_WALK or len(line) < 4:
                return ()
            middle = len(line) // 2
            return (*self._walkable(line[: middle + 1]), *self._walkable(line[middle:]))
        return (encode(line),)

    def _way(self, found: Found, kind: RouteKind, shared: float) -> Way:
        return Way(
            kind=kind,
            km=found.km,
            minutes=found.minutes,
            geometry=found.geometry,
            overlap=shared,
            streets=found.streets,
            pack=self.pack.hash,
        )

    def _refusal(self, error: ValhallaError, origin: Coordinates, destination: Coordinates) -> PlanningError:
        for place in (origin, destination):
            if self._near_street(place):
                continue
            return OffTheNetwork.because(
                "{lat}, {lon} is more than {metres} m from every street of the map «{map}». Check the coordinates, or "
                "build a map pack that covers the place.",
                lat=f"{place.lat:.5f}",
                lon=f"{place.lon:.5f}",
                metres=OFF_NETWORK_M,
                map=self.pack.name,
            )
        if error.code in {UNCONNECTED, NO_PATH}:
            return NoWay.because(
                "No street leads from {a} to {b} on the map «{map}». Move one of the places to another street.",
                a=_said(origin),
                b=_said(destination),
                map=self.pack.name,
            )
        if error.code in TOO_FAR:
            return NoWay.because("{a} and {b} are too far apart for one way.", a=_said(origin), b=_said(destination))
        return _unforeseen(error)


def routes_or_estimate(
    router: Router | None, origin: Coordinates, destination: Coordinates, numbers: RoutingNumbers, count: int = 3
) -> Ways:
    """Ways on the network; without a pack, or off the network, one estimate marked as such. The note says why.

    Raises ``NoWay`` and ``RoutingStopped``: where streets are known to lead nowhere, a guess would deceive.
    """
    if router is None:
        note = message("There is no map pack: length and time are an estimate, not a route on streets.")
        return Ways(ways=(estimated_way(origin, destination, numbers),), note=note)
    try:
        ways = router.routes(origin, destination, count, numbers)
    except OffTheNetwork as refusal:
        return Ways(ways=(estimated_way(origin, destination, numbers),), note=refusal.message)
    return Ways(ways=ways, note=router.why_fewer(origin, destination, count, numbers) if len(ways) < count else None)


def _location(place: Coordinates) -> dict[str, Any]:
    return {"lat": place.lat, "lon": place.lon, "search_cutoff": OFF_NETWORK_M}


def _end(place: Coordinates) -> dict[str, Any]:
    """An end of ways in a matrix. Where the nearest street leads nowhere, the nearest one that leads on is as good:
    ranked by distance, the first alone would be tried, and no way found.
    """
    return _location(place) | {"rank_candidates": False}


def _said(place: Coordinates) -> str:
    return f"{place.lat:.5f}, {place.lon:.5f}"


def _penalty(shape: str, factor: float) -> dict[str, Any]:
    return {"shape": shape, "factor": factor}


def _read(trip: dict[str, Any]) -> Found:
    leg = trip["legs"][0]
    return Found(
        geometry=leg["shape"],
        km=leg["summary"]["length"],
        minutes=leg["summary"]["time"] / 60,
        streets=_streets(leg["maneuvers"], leg["summary"]["length"]),
    )


def _streets(maneuvers: Sequence[dict[str, Any]], km: float) -> tuple[str, ...]:
    """The streets that carry most of a way, in the order it meets them."""
    lengths: dict[str, float] = {}
    for maneuver in maneuvers:
        for name in maneuver.get("street_names", ())[:1]:
            name = "".join(sign for sign in name if sign.isprintable()).strip()[:LONGEST_NAME]
            lengths[name] = lengths.get(name, 0.0) + maneuver["length"]
    long_enough = {name for name, length in lengths.items() if name and length >= STREET_SHARE * km}
    longest = set(sorted(long_enough, key=lambda name: -lengths[name])[:MOST_STREETS])
    return tuple(name for name in lengths if name in longest)


def _halves(places: Sequence[int]) -> list[Sequence[int]]:
    middle = math.ceil(len(places) / 2)
    return [half for half in (places[:middle], places[middle:]) if half]


def _unforeseen(error: ValhallaError) -> PlanningError:
    return NoWay.because("The routing engine found no way: {problem}.", problem=str(error))
