"""Which other hosts this program may speak to at all, said in one place by whoever operates it.

``outward.json`` in the data directory is a list of hosts, such as ``["id.example", "witness.example:8511"]``; a host
without a port stands for all of its ports. Where the file is, no provider, no witness and no server of the team's
database is asked that it does not name; this machine is always allowed. Where it is not, those that were set up are
asked, and no others.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from domain.refusals import InvalidInput, NotAllowed

FILE: Final = "outward.json"
MOST_HOSTS: Final = 100
_LARGEST: Final = 100_000
_HERE: Final = frozenset({"", "localhost", "127.0.0.1", "::1"})


def permit_outward(data_dir: Path, *addresses: str) -> None:
    """Refuse addresses (URLs, or hosts with or without a port) that the list of a data directory does not name."""
    for address in addresses:
        host, port = _place(address)
        if host in _HERE:
            continue
        listed = _listed(data_dir)
        if listed is not None and (host, None) not in listed and (host, port) not in listed:
            raise NotAllowed.because(
                "{file} does not name {host}, so it is not asked. Whoever operates this machine can add it there.",
                file=data_dir / FILE,
                host=host if port is None else f"{host}:{port}",
            )


def _listed(data_dir: Path) -> frozenset[tuple[str, int | None]] | None:
    """The hosts that are named; None where there is no list. One that cannot be read allows nothing."""
    file = data_dir / FILE
    if not file.exists():
        return None
    try:
        told = json.loads(file.read_bytes()[:_LARGEST])
    except (OSError, ValueError):
        told = None
    if not isinstance(told, list) or len(told) > MOST_HOSTS or not all(isinstance(one, str) for one in told):
        raise InvalidInput.because('{file} is no list of hosts, such as ["id.example"].', file=file)
    return _places(told)


def _places(told: Iterable[str]) -> frozenset[tuple[str, int | None]]:
    return frozenset(map(_place, told))


def _place(address: str) -> tuple[str, int | None]:
    """Host, in small letters, and port of an address; the port that a URL has without saying it."""
    try:
        parts = urlsplit(address if "://" in address else f"//{address}")
        port = parts.port
    except ValueError:
        raise InvalidInput.because("«{address}» is no address of a host.", address=address) from None
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    return (parts.hostname or "").rstrip("."), usual if port is None else port
