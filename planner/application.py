"""The application: every command is a method, and the plan is what they all decide on."""

from __future__ import annotations

import contextlib
import inspect
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Unpack
from uuid import uuid4

from eventsourcing.application import Application
from eventsourcing.utils import Environment

from domain.base import Act, Actor, Decision, Event
from domain.duty import lapsed
from domain.erasing import refuse_erased
from domain.parked import Unreadable, parked_refusal, refuse_parked
from domain.plan import Plan
from domain.refusals import CommandRepeated, InvalidInput, NotFound, PlanMoved, PlanningError
from domain.rules import for_reader, new_findings
from domain.signing import refuse_unsigned, signed
from domain.undo import undone
from planner.access import permit_undo, permitted
from planner.access.members import told_visits
from planner.access.reads import Reads
from planner.access.refused import Refusals
from planner.checks import Checks
from planner.commands.assignments import AssignmentCommands
from planner.commands.delegations import DelegationCommands
from planner.commands.emergencies import EmergencyCommands
from planner.commands.erasure import ErasureCommands
from planner.commands.imports import ImportCommands
from planner.commands.memberships import MembershipCommands
from planner.commands.officers import OfficerCommands
from planner.commands.policy import PolicyCommands
from planner.commands.posts import PostCommands
from planner.commands.routes import RouteCommands
from planner.commands.signers import SignerCommands
from planner.commands.venues import VenueCommands
from planner.commands.visits import VisitCommands
from planner.deciding import Outcome, Why, command, is_command
from planner.snapshots.file import Snapshots
from planner.store.mapper import EventMapper
from planner.store.opening import open_store
from planner.store.recorder import Recorder
from planner.store.refusals import PositionMoved
from planner.text import now
from planner.timeline import Timeline

#: How often a command decides again where others, past the gate, were faster.
TRIES = 5


class Planner(
    VisitCommands,
    DelegationCommands,
    VenueCommands,
    OfficerCommands,
    PostCommands,
    AssignmentCommands,
    RouteCommands,
    PolicyCommands,
    MembershipCommands,
    EmergencyCommands,
    SignerCommands,
    ImportCommands,
    ErasureCommands,
    Application[str],
):
    """All commands on one data directory, and its plan in time.

    ``clock`` gives the present moment in UTC; only the demo and tests pass another. Raises ``StoreRefusal`` where
    the data cannot be opened.
    """

    recorder: Recorder
    mapper: EventMapper

    def __init__(
        self,
        data_dir: Path,
        key_file: Path | None = None,
        *,
        clock: Callable[[], datetime] = now,
        create: bool = True,
    ) -> None:
        self.store = open_store(data_dir, key_file, create=create)
        self.clock = clock
        super().__init__()
        self.timeline = Timeline(self.recorder, self.mapper, Snapshots(self.store))
        self.checks = Checks(self.timeline, clock)
        self.reads = Reads(self.store.data_dir, self.store.keys.database, clock)
        self.refusals = Refusals(self.store.data_dir, self.store.keys.database, clock)
        self._batch: _Batch | None = None

    def construct_factory(self, env: Environment) -> Any:
        return self.store.factory()

    def construct_mapper(self) -> EventMapper:
        return self.store.mapper()

    @property
    def plan(self) -> Plan:
        """The current plan, with what other processes recorded until now; inside ``together``, what it will be."""
        batch = self._batch
        return batch.plan if batch is not None and batch.thread == threading.get_ident() else self.timeline.current

    def close(self) -> None:
        self.timeline.close()
        self.reads.close()
        self.refusals.close()
        super().close()
        self.store.close()

    # How a command is carried out

    def record(self, events: Sequence[Event], before: int, command_id: str, fingerprint: bytes) -> None:
        """Append the events of a command after the position ``before``, all or none.

        What the library's ``save`` does with bare events, without looking at each for an aggregate.
        """
        self.recorder.append(list(self.mapper.seal(events)), before, command_id, fingerprint)

    def decide(self, decision: Callable[[Plan, Act], Decision], **why: Unpack[Why]) -> Outcome:
        """Carry out a command: under the gate, on the current plan, appended only if nobody was faster."""
        if self._batch is not None and self._batch.thread == threading.get_ident():
            return self._batch.decide(decision, why)
        named = "command_id" in why
        why.setdefault("command_id", uuid4().hex)
        gate = self.store.gate
        with gate.held(lazily=True):
            for turn in range(TRIES):
                # An id that was made here just now was not carried out before.
                repeated = self._repeated(why) if named or turn else None
                if repeated is not None:
                    return repeated
                before = self.plan
                try:
                    act = self.act(before, why)
                    events = decided(before, decision, act)
                except PlanningError:
                    if gate.insist():
                        continue  # what refuses it may have changed elsewhere
                    raise
                if not events:
                    if gate.insist():
                        continue
                    return Outcome(act.command_id, before.position)
                try:
                    self.record(events, before.position, act.command_id, why.get("fingerprint", b""))
                except (PositionMoved, CommandRepeated):
                    gate.insist()
                    continue
                after = self.plan
                found = for_reader(new_findings(before, after, events, act.recorded_at), act.visible)
                return Outcome(act.command_id, before.position + len(events), events, found)
        raise PlanMoved.because("Others were saving at the same time, again and again. Nothing was saved; try again.")

    def act(self, plan: Plan, why: Why) -> Act:
        """The act that the events of a command record, if it is allowed; recorded time never runs backwards."""
        by, present = why["by"], self.clock()
        recorded_at = present if plan.recorded_at is None else max(present, plan.recorded_at)
        occurred_at = why.get("occurred_at") or present
        if occurred_at.tzinfo is None:
            raise InvalidInput.because("The time it happened needs a zone, as in 2026-11-24T08:00+07:00.")
        if occurred_at > recorded_at:
            raise InvalidInput.because("What happened cannot lie in the future: {moment}.", moment=occurred_at)
        roles = permitted(plan, by, *why["permission"], recorded_at)
        return Act(
            by=by.user,
            recorded_at=recorded_at,
            occurred_at=occurred_at,
            reason=why.get("reason", ""),
            command_id=why["command_id"],
            via=by.via,
            officer=by.officer,
            roles=roles,
            visible=told_visits(plan, by, recorded_at),
            signer=by.signer,
        )

    def _repeated(self, why: Why) -> Outcome | None:
        """The first result of a command id that was carried out before."""
        known = self.recorder.find_command(why["command_id"])
        if known is None:
            return None
        if known.fingerprint != why.get("fingerprint", b""):
            raise CommandRepeated.because(
                "The command id {command_id} was used for another command; choose a new one.",
                command_id=why["command_id"],
            )
        events = tuple(event for _, event in self.timeline.events(known.first - 1, known.last))
        return Outcome(why["command_id"], known.last, events, repeated=True)

    # Commands about commands

    @command
    def undo(self, command: str, **why: Unpack[Why]) -> Outcome:
        """Take an earlier command back by its id, where nothing it touched has changed since."""
        known = self.recorder.find_command(command)
        unknown = NotFound.because("There is no command {command_id}.", command_id=command)
        if known is None:
            raise unknown
        before, after = self.timeline.at(known.first - 1), self.timeline.at(known.last)
        events = [event for _, event in self.timeline.events(known.first - 1, known.last)]
        permit_undo(self.plan, why["by"], events, unknown, self.clock())
        for event in events:
            if isinstance(event, Unreadable):
                raise parked_refusal(event)
        why["reason"] = why.get("reason", "").strip() or f"↶ {known.first}"
        return self.decide(lambda plan, act: undone(events, before, after, plan, act), **why)

    @contextlib.contextmanager
    def together(self, by: Actor, command_id: str = "") -> Iterator[None]:
        """Commands of this thread inside the block are recorded all at once when it ends, or not at all.

        For much at a time (imports, generated load): one transaction, one wait for the disk. Commands inside
        see what the earlier ones decided; retries by their own ids are not recognised.
        """
        with self.store.gate.held():
            self._batch = _Batch(self, self.plan)
            try:
                yield
                batch = self._batch
            finally:
                self._batch = None
            if batch.events:
                self.record(batch.events, batch.first, command_id or uuid4().hex, by.user.encode())


class _Batch:
    """The plan as it will be when a block of commands is recorded."""

    def __init__(self, planner: Planner, plan: Plan) -> None:
        self.planner = planner
        self.plan = plan
        self.first = plan.position
        self.thread = threading.get_ident()
        self.events: list[Event] = []

    def decide(self, decision: Callable[[Plan, Act], Decision], why: Why) -> Outcome:
        why.setdefault("command_id", uuid4().hex)
        act = self.planner.act(self.plan, why)
        events = decided(self.plan, decision, act)
        self.events.extend(events)
        self.plan = self.plan.after(events)
        return Outcome(act.command_id, self.plan.position, events)


def decided(plan: Plan, decision: Callable[[Plan, Act], Decision], act: Act) -> Decision:
    """The events of a decision, the acknowledgements that they make void, and the signatures of who decides."""
    events = decision(plan, act)
    refuse_parked(plan.parked, events)
    refuse_erased(plan, events)
    if not events:
        return events
    refuse_unsigned(events, act)
    events = (*events, *lapsed(plan.after(events), events, act))
    return (*events, *signed(plan.after(events), events, act)) if act.signer else events


def commands() -> dict[str, Any]:
    """Every command of the planner by its name, in the order of the alphabet."""
    return {name: method for name, method in inspect.getmembers(Planner, inspect.isfunction) if is_command(method)}
