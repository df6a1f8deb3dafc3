"""What an import would do, row by row, before anything is recorded."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

from pydantic import ValidationError

from domain.base import Act, Decision
from domain.draft import Draft
from domain.messages import Message
from domain.plan import Plan
from domain.policy import PolicyNumbers
from domain.refusals import PlanningError
from domain.rules.days import far
from domain.values import TimeWindow
from domain.visit import ActivityScheduled, Visit
from planner.imports.table import Line, Typed
from planner.validation import problems

#: Rows after which who waits is told.
STEP = 100
#: As of when an empty plan is asked.
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Existing(StrEnum):
    """What is done with codes that exist already."""

    AMEND = "amend"
    SKIP = "skip"


class RowChange(StrEnum):
    """What a row would do to the plan."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    SKIPPED = "skipped"
    NOTHING = "nothing"


@dataclasses.dataclass(frozen=True, slots=True)
class Row[T]:
    """One row: its number in the sheet, what it says (None for a bad row), what is wrong, what is worth a look.

    ``typed`` is the row as it stands in the sheet, and after it those of other sheets that belong to it.
    """

    number: int
    item: T | None
    errors: tuple[Message, ...] = ()
    warnings: tuple[Message, ...] = ()
    change: RowChange = RowChange.NOTHING
    typed: tuple[Typed, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Preview[T]:
    """All rows of a workbook, good and bad; ``ignored`` are headings of columns that mean nothing here."""

    rows: tuple[Row[T], ...]
    ignored: tuple[str, ...] = ()

    @property
    def items(self) -> tuple[T, ...]:
        """What would be imported: the good rows only, in their order."""
        return tuple(row.item for row in self.rows if row.item is not None and not row.errors)

    @property
    def bad(self) -> tuple[Row[T], ...]:
        return tuple(row for row in self.rows if row.errors)

    def count(self, change: RowChange) -> int:
        """How many good rows would do that."""
        return sum(row.change is change and not row.errors for row in self.rows)


def rehearsal(plan: Plan) -> Draft:
    """A draft on which an import is tried; nothing of it is recorded."""
    moment = plan.recorded_at or EPOCH
    act = Act(by="", recorded_at=moment, occurred_at=moment, reason="import", command_id="preview")
    return Draft(plan, act)


class HasWindow(Protocol):
    """What takes place at a time."""

    @property
    def window(self) -> TimeWindow: ...


type Take[T] = Callable[[Draft, T, Existing], bool]
"""Takes one item into a draft; False where it exists and is skipped. Raises ``PlanningError``."""


type Look[T] = Callable[[T], tuple[Message, ...]]
"""What is worth a look before an item is taken in."""

type Progress = Callable[[int, int], None]
"""Told how many rows of how many were looked at."""


def unwatched(done: int, total: int) -> None:
    """Nobody waits to be told."""


def tried[T](
    rows: Sequence[Row[T]],
    plan: Plan,
    take: Take[T],
    existing: Existing,
    progress: Progress = unwatched,
    look: Look[T] = lambda item: (),
) -> tuple[Row[T], ...]:
    """The rows, each tried on the plan that the good ones before it would make; refusals become its errors."""
    draft = rehearsal(plan)
    done = []
    for number, row in enumerate(rows):
        if number and not number % STEP:
            progress(number, len(rows))
        item = row.item
        if item is not None and not row.errors:
            alone = Draft(draft.plan, draft.act)
            try:
                taken = take(alone, item, existing)
            except PlanningError as refusal:
                row = dataclasses.replace(row, errors=(refusal.message,))
            else:
                draft = alone
                change = _change(alone.decision) if taken else RowChange.SKIPPED
                row = dataclasses.replace(row, change=change, warnings=look(item) if alone.decision else ())
        done.append(row)
    return tuple(done)


def taken_in[T](plan: Plan, items: Iterable[T], act: Act, take: Take[T], existing: Existing) -> Decision:
    """The events of all items; one that is refused refuses them all."""
    draft = Draft(plan, act)
    for item in items:
        take(draft, item, existing)
    return draft.decision


def _change(events: Decision) -> RowChange:
    if not events:
        return RowChange.SAME
    new = any(event.originator_version == 1 or isinstance(event, ActivityScheduled) for event in events)
    return RowChange.NEW if new else RowChange.CHANGED


def built[T](line: Line, errors: tuple[Message, ...], make: Callable[[], T], beside: Iterable[Line] = ()) -> Row[T]:
    """A row, with those ``beside`` it in other sheets, made into its value; what is wrong becomes its errors."""
    typed = (line.typed, *(one.typed for one in beside))
    if errors:
        return Row(line.number, None, errors, typed=typed)
    try:
        return Row(line.number, make(), typed=typed)
    except ValidationError as error:
        return Row(line.number, None, (problems(error),), typed=typed)
    except PlanningError as refusal:
        return Row(line.number, None, (refusal.message,), typed=typed)


def far_off[T: HasWindow](visit: Visit, numbers: PolicyNumbers) -> Look[T]:
    """Says of what lies far from the days of its visit that it does, as R17 will find it."""

    def look(item: T) -> tuple[Message, ...]:
        said = far(visit, item.window, numbers)
        return () if said is None else (said,)

    return look


def lost[T](line: Line, said: Message) -> Row[T]:
    """A row of another sheet that belongs to none."""
    return Row(line.number, None, (said,), typed=(line.typed,))
