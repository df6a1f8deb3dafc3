"""A search that somebody stops: what takes long asks between its parts, and leaves off with everything as it was."""

from __future__ import annotations

from collections.abc import Callable

type Ask = Callable[[], None]


class Stopped(Exception):
    """Somebody stopped the search; what was found before is whole."""


def never() -> None:
    """Nobody stops it."""


def asking(stop: Callable[[], bool] | None) -> Ask:
    """What raises ``Stopped`` once somebody has stopped the search."""
    if stop is None:
        return never

    def ask() -> None:
        if stop():
            raise Stopped

    return ask
