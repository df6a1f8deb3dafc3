"""What the store refuses, in words for people.

PlanningError
└── StoreRefusal
    ├── KeyMissing           data without the key that opens it
    ├── KeyUnreadable        a key file that is damaged, or that others can read
    ├── WrongKey             a good key, but of other data
    ├── KeyLost              an event whose own key is missing
    ├── DataMissing          no data where some were expected
    ├── DataPresent          data where none were expected
    ├── DataTooNew           written by a newer version of this program
    ├── Tampered             an event that is not as it was written
    ├── DataDamaged          a file that is not as it was written
    ├── BackupUnusable       a backup that is incomplete or damaged
    ├── UnsafeStore          a start-up check that failed: saves could be lost
    ├── StoreInUse           data that a running process has open
    ├── GateBusy             another process has been writing for too long
    ├── MissingRights        what the database does not allow this role
    ├── OutcomeUnknown       a connection that broke while saving: saved or not, nobody can say yet
    └── StoreUnavailable     the data cannot be read or written now
        ├── DiskFull
        └── ReadOnly

``PositionMoved`` is no refusal: the caller catches up and decides again.
"""

from __future__ import annotations

from domain.refusals import PlanningError


class PositionMoved(Exception):
    """Somebody else appended since the decision was taken; nothing was saved."""

    def __init__(self, expected: int, actual: int) -> None:
        super().__init__(f"the log is at {actual}, not at {expected}")
        self.expected = expected
        self.actual = actual


class StoreRefusal(PlanningError):
    """Something about the stored data or its place."""


class KeyMissing(StoreRefusal):
    """Data without the key that opens it."""


class KeyUnreadable(StoreRefusal):
    """A key file that is damaged, or that others can read."""


class WrongKey(StoreRefusal):
    """A good key, but of other data."""


class KeyLost(StoreRefusal):
    """An event whose own key is missing."""


class DataMissing(StoreRefusal):
    """No data where some were expected."""


class DataPresent(StoreRefusal):
    """Data where none were expected."""


class DataTooNew(StoreRefusal):
    """Written by a newer version of this program."""


class Tampered(StoreRefusal):
    """An event that is not as it was written."""


class DataDamaged(StoreRefusal):
    """A file that is not as it was written."""


class BackupUnusable(StoreRefusal):
    """A backup that is incomplete or damaged."""


class UnsafeStore(StoreRefusal):
    """A start-up check that failed: saves could be lost."""


class StoreInUse(StoreRefusal):
    """Data that a running process has open."""


class GateBusy(StoreRefusal):
    """Another process has been writing for too long."""


class MissingRights(StoreRefusal):
    """What the database does not allow this role."""


class OutcomeUnknown(StoreRefusal):
    """A connection that broke while saving: saved or not, nobody can say yet."""


class StoreUnavailable(StoreRefusal):
    """The data cannot be read or written now."""


class DiskFull(StoreUnavailable):
    """No room to write."""


class ReadOnly(StoreUnavailable):
    """The data may be read but not written."""
