"""What stands on every file that leaves the house: for whom, who took it out, when, and under which record.

A file that turns up somewhere is so matched to its record in the log of reads, and through it to who asked for it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from domain.values import SecrecyLevel
from planner.text import Speaker

#: Stands in a redacted file where a name or an account was. In both languages, since it is read wherever names are.
WITHHELD: Final = "đã che / withheld"


class Extent(StrEnum):
    """How much of what it is made of a file says."""

    REDACTED = "redacted"
    WHOLE = "whole"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Watermark:
    """``record`` is the number of the record, ``by`` the account, ``at`` the moment in UTC.

    ``mark`` is the highest secrecy mark of what the file is made of.
    """

    record: str
    recipient: str
    by: str
    at: datetime
    redacted: bool
    mark: SecrecyLevel = SecrecyLevel.NONE

    def marked(self, speaker: Speaker) -> str:
        """The secrecy mark as it is printed; empty where there is none."""
        return printed_mark(self.mark, speaker)

    def for_whom(self, speaker: Speaker) -> str:
        """For whom, by whom and when, in one line."""
        return speaker(
            "Issued to {recipient} by {user}, {moment}",
            recipient=self.recipient,
            user=self.by,
            moment=speaker.second(self.at),
        )

    def under(self, speaker: Speaker) -> str:
        """The record's number, and whether anything was left out, in one line."""
        if self.redacted:
            return speaker("Record {record}, redacted", record=self.record)
        return speaker("Record {record}, whole", record=self.record)

    def facts(self, speaker: Speaker) -> Iterator[tuple[str, str]]:
        """Label and value of everything that it says."""
        yield speaker("Secrecy mark"), self.marked(speaker) or speaker.label(self.mark)
        yield speaker("Recipient"), self.recipient
        yield speaker("Taken out by"), self.by
        yield speaker("Taken out at"), speaker.second(self.at)
        yield speaker("Record number"), self.record
        yield speaker("Extent"), speaker.label(Extent.REDACTED if self.redacted else Extent.WHOLE)

    def beside(self) -> dict[str, str]:
        """The same for a table: columns that stand in every row, since a CSV file can say it nowhere else."""
        return {"mark": self.mark.value, "record": self.record, "recipient": self.recipient}

    def head(self, speaker: Speaker) -> Iterator[str]:
        """The same for plain text: the lines that stand above it."""
        yield from filter(None, (self.marked(speaker), self.for_whom(speaker), self.under(speaker)))

    def fields(self) -> dict[str, Any]:
        """The same for programs, as the field ``export`` of a JSON file."""
        return {
            "record": self.record,
            "recipient": self.recipient,
            "by": self.by,
            "at": self.at.isoformat(),
            "redacted": self.redacted,
            "mark": self.mark.value,
        }


def printed_mark(mark: SecrecyLevel, speaker: Speaker) -> str:
    """A secrecy mark in capitals, as documents carry it; empty where there is none."""
    return "" if mark is SecrecyLevel.NONE else speaker.label(mark).upper()
