"""How every command is carried out: gate, decide on the current plan, append if nobody was faster."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any, Concatenate, Protocol, Required, TypedDict, Unpack, cast

from domain.base import Act, Actor, Decision, Event
from domain.finding import Finding
from domain.plan import Plan
from planner.access import COMMANDS, permit


class Why(TypedDict, total=False):
    """What every command takes besides its own arguments.

    ``by`` acts; ``reason`` says why; ``command_id`` makes a retry safe: the same id returns the first result;
    ``occurred_at`` is when it happened in the world, where that was earlier than now. ``fingerprint`` is set by
    ``@command`` and tells a retry from another command under the same id.
    """

    by: Required[Actor]
    reason: str
    command_id: str
    occurred_at: datetime
    fingerprint: bytes


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What a command did: its events, the position of the last, and the findings that it newly made.

    ``repeated`` where the command had been carried out before and this is its first result again. ``position`` is
    the plan's where nothing had to change.
    """

    command_id: str
    position: int
    events: tuple[Event, ...] = ()
    findings: tuple[Finding, ...] = ()
    repeated: bool = False

    @property
    def subject(self) -> str:
        """The originator id of the first event; empty where nothing had to change."""
        return self.events[0].originator_id if self.events else ""


class Decides(Protocol):
    """What the commands stand on."""

    def decide(self, decision: Callable[[Plan, Act], Decision], **why: Unpack[Why]) -> Outcome: ...


def command[S, **P](method: Callable[Concatenate[S, P], Outcome]) -> Callable[Concatenate[S, P], Outcome]:
    """Marks a method as a command: checks who may give it and takes the fingerprint of its arguments."""
    name = method.__name__
    if name not in COMMANDS:
        raise LookupError(f"planner.access has no row for the command {name}")

    @functools.wraps(method)
    def checked(self: S, *args: P.args, **kwargs: P.kwargs) -> Outcome:
        actor = cast(Actor, kwargs["by"])
        permit(actor, name)
        asked = {key: kwargs[key] for key in sorted(kwargs) if key not in Why.__annotations__}
        told = repr((name, actor.user, args, asked))
        fingerprint: Any = hashlib.sha256(told.encode("utf-8", "backslashreplace")).digest()
        kwargs["fingerprint"] = fingerprint
        return method(self, *args, **kwargs)

    setattr(checked, "is_command", True)  # noqa: B010 - functions have no declared attributes
    return cast(Callable[Concatenate[S, P], Outcome], checked)
