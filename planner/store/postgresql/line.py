"""The line to the server: beyond this machine it is encrypted, and the server is who it says it is.

Events are sealed before they leave, but who asks for what, ids and topics are not, and a server that is somebody else
could hold back what others saved.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from itertools import cycle

from planner.store.refusals import UnsafeStore

#: The only setting of libpq that verifies who the server is, by its certificate and by its name.
VERIFIED = "verify-full"


def verified(facts: Mapping[str, str | None]) -> dict[str, str | None]:
    """A description of a connection, with the server verified where it says nothing and lies beyond this machine.

    Raises ``UnsafeStore`` where it asks for less. What a service or the environment adds is not known yet here.
    """
    if on_this_machine(facts) or ("service" in facts and not _hosts(facts)):
        return dict(facts)
    demand_verified({"sslmode": VERIFIED, **facts})
    return {"sslmode": VERIFIED, **facts}


def demand_verified(facts: Mapping[str, str | None]) -> None:
    """Raise ``UnsafeStore`` where a server beyond this machine would not be verified."""
    if on_this_machine(facts) or facts.get("sslmode") == VERIFIED:
        return
    raise UnsafeStore.because(
        "The line to {host} would be {mode}: anybody between could read along or pretend to be the server. Say "
        "sslmode=verify-full, with the server's certificate authority in ~/.postgresql/root.crt or sslrootcert=FILE.",
        host=_hosts(facts),
        mode=f"sslmode={facts.get('sslmode') or 'prefer'}",
    )


def on_this_machine(facts: Mapping[str, str | None]) -> bool:
    """True where every server that is named is reached by a socket or on loopback, or none is named."""
    return all(_local(host.strip()) for host in _hosts(facts).split(","))


def addresses(facts: Mapping[str, str | None]) -> list[str]:
    """The servers that are asked, as HOST:PORT; without those that are reached by a socket of this machine."""
    hosts, ports = _hosts(facts).split(","), (facts.get("port") or "5432").split(",")
    named = [(host.strip(), port.strip() or "5432") for host, port in zip(hosts, cycle(ports), strict=False)]
    return [
        f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        for host, port in named
        if host and not host.startswith(("/", "@"))
    ]


def _hosts(facts: Mapping[str, str | None]) -> str:
    return facts.get("hostaddr") or facts.get("host") or ""


def _local(host: str) -> bool:
    if not host or host.startswith(("/", "@")) or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
