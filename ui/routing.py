"""The process's router: on the map pack that the server was given, started with the first question, closed at the end.

A pack that cannot be used is told on the pages that need it; the application runs on with estimates.
"""

from __future__ import annotations

import threading
from pathlib import Path

from domain.refusals import PlanningError
from domain.values import Coordinates
from planner.routing.engine import Router
from planner.routing.map_pack import MapPack


class Routing:
    """The pack and its router, shared by all threads of the process."""

    def __init__(self, map_dir: Path | None) -> None:
        self.map_dir = map_dir
        self._lock = threading.Lock()
        self._opened = map_dir is None
        self._pack: MapPack | None = None
        self._router: Router | None = None
        self._problem: PlanningError | None = None

    @property
    def pack(self) -> MapPack | None:
        """The pack, opened and compared with its hashes once; none where there is none that can be used."""
        if not self._opened:
            with self._lock:
                self._open()
        return self._pack

    @property
    def problem(self) -> PlanningError | None:
        """Why the pack that was given cannot be used."""
        return self._problem if self.pack is None else None

    @property
    def router(self) -> Router | None:
        """The router, none without a pack: then lengths are estimates."""
        pack = self.pack
        if pack is None:
            return None
        with self._lock:
            if self._router is None:
                self._router = Router(pack)
            return self._router

    def outside(self, *places: Coordinates) -> bool:
        """True where one of the places lies outside the pack: then an estimate is all there can be."""
        return self.pack is not None and not all(self.pack.covers(place) for place in places)

    def close(self) -> None:
        """Ends the routing engine, if it was started."""
        with self._lock:
            if self._router is not None:
                self._router.close()
                self._router = None

    def _open(self) -> None:
        if self._opened or self.map_dir is None:
            return
        try:
            self._pack = MapPack.open(self.map_dir)
        except PlanningError as refusal:
            self._problem = refusal
        self._opened = True
