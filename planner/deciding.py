"""How every command is carried out: gate, decide on the current plan, append if nobody was faster."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import inspect
from collections.abc import Callable
from datetime import datetime
from typing import Any, Concatenate, NamedTuple, Protocol, Required, TypedDict, Unpack, cast, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from domain.base import Act, Actor, Decision, Event
from domain.finding import Finding
from domain.plan import Plan
from domain.refusals import PlanningError
from planner.access import COMMANDS, permit
from planner.access.refused import Refusals, coded
from planner.validation import invalid_input
from planner.years import refuse_impossible


class Why(TypedDict, total=False):
    """What every command takes besides its own arguments.

    ``by`` acts; ``reason`` says why; ``command_id`` makes a retry safe: the same id returns the first result;
    ``occurred_at`` is when it happened in the world, where that was earlier than now. ``fingerprint`` is set by
    ``@command`` and tells a retry from another command under the same id; so is ``permission``, what must be allowed.
    """

    by: Required[Actor]
    reason: str
    command_id: str
    occurred_at: datetime
    fingerprint: bytes
    permission: Permission


class Permission(NamedTuple):
    """What must be allowed, and in which visit (empty: of the site)."""

    action: str
    visit: str


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


#: The methods that are commands, as ``command`` made them.
_commands: set[Callable[..., Any]] = set()


def is_command(method: Callable[..., Any]) -> bool:
    """True for a method that is a command, false for all others."""
    return method in _commands


class Decides(Protocol):
    """What the commands stand on."""

    @property
    def clock(self) -> Callable[[], datetime]: ...
    @property
    def refusals(self) -> Refusals: ...
    def decide(self, decision: Callable[[Plan, Act], Decision], **why: Unpack[Why]) -> Outcome: ...


def command[S, **P](method: Callable[Concatenate[S, P], Outcome]) -> Callable[Concatenate[S, P], Outcome]:
    """Marks a method as a command: checks who may give it and what it takes, and fingerprints its arguments."""
    name = method.__name__
    if name not in COMMANDS:
        raise LookupError(f"planner.access.registry has no row for the command {name}")
    rule = COMMANDS[name]
    names = [parameter.name for parameter in _parameters(method)]

    @functools.wraps(method)
    def checked(self: S, *args: P.args, **kwargs: P.kwargs) -> Outcome:
        given = {**dict(zip(names, args, strict=False)), **{key: kwargs[key] for key in kwargs if key in names}}
        try:
            return carried_out(self, given, *args, **kwargs)
        except PlanningError as refusal:
            # Before whoever asked is told: an attempt that cannot be recorded is answered by that alone.
            actor = cast(Actor, kwargs["by"])
            cast(Decides, self).refusals.note(actor, name, given, coded(method), refusal)
            raise

    def carried_out(self: S, given: dict[str, Any], /, *args: P.args, **kwargs: P.kwargs) -> Outcome:
        actor = cast(Actor, kwargs["by"])
        permit(actor, name)
        try:
            form(method).model_validate(given)
        except ValidationError as error:
            raise invalid_input(error) from None
        refuse_impossible((given, kwargs.get("occurred_at")))
        asked = {key: kwargs[key] for key in sorted(kwargs) if key not in Why.__annotations__}
        told = repr((name, actor.user, args, asked))
        fingerprint: Any = hashlib.sha256(told.encode("utf-8", "backslashreplace")).digest()
        kwargs["fingerprint"] = fingerprint
        permission: Any = Permission(name, str(given[rule.argument]) if rule.of_visit else "")
        kwargs["permission"] = permission
        return method(self, *args, **kwargs)

    _commands.add(checked)
    return cast(Callable[Concatenate[S, P], Outcome], checked)


def _parameters(method: Callable[..., Any]) -> list[inspect.Parameter]:
    """The arguments of a command without the planner and what every command takes."""
    parameters = inspect.signature(method).parameters.values()
    return [p for p in parameters if p.name != "self" and p.kind is not p.VAR_KEYWORD]


@functools.cache
def form(method: Callable[..., Any]) -> type[BaseModel]:
    """What a command takes, as a form made from the annotations of its method."""
    hints = get_type_hints(method, include_extras=True)
    fields: dict[str, Any] = {
        parameter.name: (hints[parameter.name], ... if parameter.default is parameter.empty else parameter.default)
        for parameter in _parameters(method)
    }
    return create_model(method.__name__, __config__=ConfigDict(extra="forbid", allow_inf_nan=False), **fields)
