"""Why a command is refused: one tree, each refusal in words that a planner understands.

PlanningError
├── NotFound                 a code that nothing carries
├── CodeTaken                a code that something carries already
├── NotAllowed               the account may not do this
├── InvalidInput             a value that cannot be: reversed window, coordinates off the earth, …
├── NotPossible              the thing is in a state in which this cannot be done
├── ReasonRequired           an act that must say why
├── RuleBroken               a blocking rule would newly be broken
│   ├── OfficerDoubleBooked      R01
│   ├── RestTooShort             R03
│   ├── DutyTooLong              R03
│   └── QualificationMissing     R04
├── CommandRepeated          a command id that another command used
└── PlanMoved                others were faster, again and again: try once more
"""

from __future__ import annotations

from typing import Any

from domain.messages import Message, message


class PlanningError(Exception):
    """A command that was refused: nothing has changed. ``message`` says why and what would help."""

    rule: str | None = None

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message

    @property
    def name(self) -> str:
        """The stable name of the refusal, for scripts."""
        return type(self).__name__

    @classmethod
    def because(cls, text: str, **values: Any) -> PlanningError:
        """This refusal with a message; extraction of translations looks for this name."""
        return cls(message(text, **values))


class NotFound(PlanningError):
    """A code that nothing carries."""


class CodeTaken(PlanningError):
    """A code that something carries already."""


class NotAllowed(PlanningError):
    """The account may not do this."""


class InvalidInput(PlanningError):
    """A value that cannot be."""


class NotPossible(PlanningError):
    """The thing is in a state in which this cannot be done."""


class ReasonRequired(PlanningError):
    """An act that must say why."""


class CommandRepeated(PlanningError):
    """A command id that another command used."""


class PlanMoved(PlanningError):
    """Others were faster, again and again."""


class RuleBroken(PlanningError):
    """A blocking rule would newly be broken."""


class OfficerDoubleBooked(RuleBroken):
    """R01: the officer is elsewhere, or away, at that time."""

    rule = "R01"


class RestTooShort(RuleBroken):
    """R03: not enough rest before or after."""

    rule = "R03"


class DutyTooLong(RuleBroken):
    """R03: the duty period would last too long."""

    rule = "R03"


class QualificationMissing(RuleBroken):
    """R04: a required qualification is missing, lapsed or revoked."""

    rule = "R04"
