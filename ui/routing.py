"""The process's router: on the map pack that the server was given, started with the first question, closed at the end.

A pack that cannot be used, or is still being made, is told on the pages that need it; the application runs on with
estimates.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from domain.messages import Message
from domain.refusals import PlanningError
from domain.values import Coordinates
from planner.routing.map_making import MapMaking
from planner.routing.map_pack import MapPack

if TYPE_CHECKING:
    from planner.routing.engine import Router


class Routing:
    """The pack and its router, shared by all threads of the process."""

    def __init__(self, map_dir: Path | None, making: MapMaking | None = None) -> None:
        self.map_dir = map_dir if making is None else making.folder
        self._making = making
        self._lock = threading.Lock()
        self._opened = self.map_dir is None
        self._pack: MapPack | None = None
        self._router: Router | None = None
        self._problem: PlanningError | None = None

    @property
    def coming(self) -> Message | None:
        """What is being done for a pack that is still being made."""
        return None if self._making is None else self._making.step

    @property
    def stage(self) -> int:
        """Rises with each step towards a pack that is being made: pages drawn at an earlier one are behind."""
        return 0 if self._making is None else self._making.stage

    @property
    def pack(self) -> MapPack | None:
        """The pack, opened and compared with its hashes once; none where there is none that can be used."""
        if not self._opened and self.coming is None:
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
        # Shapes, streets and the engine are loaded by whoever asks first, not by the start.
        from planner.routing.engine import Router  # noqa: PLC0415 - whoever asks first loads it

        with self._lock:
            if self._router is None:
                self._router = Router(pack)
            return self._router

    def outside(self, *places: Coordinates) -> bool:
        """True where one of the places lies outside the pack: then an estimate is all there can be."""
        return self.pack is not None and not all(self.pack.covers(place) for place in places)

    def close(self) -> None:
        """Ends the routing engine, if it was started, and the making of a pack."""
        if self._making is not None:
            self._making.close()
        with self._lock:
            if self._router is not None:
                self._router.close()
                self._router = None

    def _open(self) -> None:
        if self._opened or self.map_dir is None:
            return
        if self._making is not None and self._making.problem is not None:
            self._problem, self._opened = self._making.problem, True
            return
        try:
            self._pack = MapPack.open(self.map_dir)
        except PlanningError as refusal:
            self._problem = refusal
        self._opened = True
