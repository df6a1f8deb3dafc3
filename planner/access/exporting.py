"""The guard at the door: whatever leaves the house as a file goes through ``exported``, from a page or the prompt.

Who takes something out names the recipient and the reason. The file is redacted unless the whole is asked for; it
carries a watermark, and its record, with the hash of its bytes, is written before a byte leaves. Where the record
cannot be written nothing leaves: not for whoever holds the key either, since the file would name a record that is not.
"""

from __future__ import annotations

import dataclasses
import hashlib
import secrets
import unicodedata
from collections.abc import Callable
from typing import Final, Protocol

from domain.plan import Plan
from domain.refusals import InvalidInput, PlanningError
from domain.secrecy import mark_of, mark_of_all, mark_of_officer
from domain.values import SecrecyLevel
from planner.access.permits import permit
from planner.access.reader import Reader
from planner.access.reads import Ended, TakenFile
from planner.access.registry import rule_of
from planner.exports.watermark import Extent, Watermark

#: Characters of a recipient and of a reason, at most.
LONGEST_RECIPIENT, LONGEST_REASON = 120, 300
#: What a redacted file may be exchanged for, and the rule that allows it.
WHOLE: Final = "export_whole"
#: Without letters that are taken for digits on paper, or for one another on the telephone.
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

#: Kinds of characters that no line of text holds: controls, separators of lines and paragraphs, halves of characters.
_BREAKING: Final = frozenset({"Cc", "Zl", "Zp", "Cs"})


class Content(Protocol):
    """What may leave: these are its bytes, whatever else it says of itself."""

    @property
    def content(self) -> bytes: ...


type Made[F: Content] = Callable[[Reader, Watermark], F]


@dataclasses.dataclass(frozen=True, slots=True)
class Release:
    """For whom something is taken out, why, and whether the whole of it is wanted."""

    recipient: str
    reason: str
    whole: bool = False

    def __post_init__(self) -> None:
        _said(
            self.recipient,
            LONGEST_RECIPIENT,
            missing=InvalidInput.because("Name the recipient: the person or office that this is handed to."),
        )
        _said(
            self.reason, LONGEST_REASON, missing=InvalidInput.because("Say why: taking something out needs a reason.")
        )


@dataclasses.dataclass(frozen=True, slots=True)
class Subject:
    """What is taken out: the rule that must allow it, its form, and how it is named in the record.

    ``visit`` is the one that the rule is asked for, empty for what is of several or of the site alone; ``officer``
    the one whose duties alone it tells.
    """

    query: str
    form: str
    about: str
    visit: str = ""
    officer: str = ""


def own_duties(reader: Reader) -> Release:
    """The release of an officer's own duties to the officer: whole, and nobody is asked anything."""
    return Release(reader.actor.officer or reader.actor.user, "own duties", whole=True)


def permit_export(reader: Reader, subject: Subject) -> None:
    """Refuse who may not take that out, before anything else is asked of them; the refusal is recorded."""
    try:
        _permit(reader, subject)
    except PlanningError:
        _record(reader, subject, Ended.REFUSED)
        raise


def _permit(reader: Reader, subject: Subject, *, whole: bool = False) -> None:
    """The one place that decides it, for pages and the command line.

    Whatever forbids taking anything out, whichever the role, is refused here, before the rules are asked.
    """
    for asked in (subject.query, WHOLE) if whole else (subject.query,):
        if subject.visit or not rule_of(asked).of_visit:
            reader.permit(asked, subject.visit)
        elif not reader.key_holder:
            permit(reader.actor, asked)
    if subject.visit:
        reader.plan.visit(subject.visit)


def exported[F: Content](
    reader: Reader, subject: Subject, release: Release, make: Made[F], *, own: bool = False
) -> tuple[F, Watermark]:
    """A file that may leave, recorded, and its watermark. ``make`` is given what it may be made of, and the watermark.

    ``own`` for the own duties: nobody needs leave to know them whole. Raises what the rules refuse, what ``make``
    refuses, and ``StoreUnavailable`` where the record cannot be written; refusals are recorded too.
    """
    reader = reader.taking_out()
    try:
        _permit(reader, subject, whole=release.whole and not own)
        source = reader if release.whole else reader.redacting()
        watermark = Watermark(
            record=record_number(),
            recipient=release.recipient.strip(),
            by=reader.actor.user,
            at=reader.clock(),
            redacted=not release.whole,
            mark=mark(reader.plan, subject),
        )
        file = make(source, watermark)
    except PlanningError:
        _record(reader, subject, Ended.REFUSED, release)
        raise
    extent = Extent.WHOLE if release.whole else Extent.REDACTED
    taken = TakenFile(watermark.record, subject.form, extent, hashlib.sha256(file.content).hexdigest())
    _record(reader, subject, Ended.TAKEN_OUT, release, taken)
    return file, watermark


def mark(plan: Plan, subject: Subject) -> SecrecyLevel:
    """The highest secrecy mark of what a file is made of: of its visit, of an officer's, or of all that is seen."""
    if subject.visit:
        return mark_of(plan, subject.visit)
    return mark_of_officer(plan, subject.officer) if subject.officer else mark_of_all(plan)


def record_number() -> str:
    """A new number: eight characters that can be read over the telephone."""
    drawn = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"


def _record(
    reader: Reader, subject: Subject, outcome: Ended, release: Release | None = None, file: TakenFile | None = None
) -> None:
    """What was refused is of the visit that was meant; what leaves also of all that ``reader`` sees, registers too."""
    meant = (subject.visit,) if subject.visit else ()
    reader.record(
        subject.query,
        meant if meant or outcome is Ended.REFUSED else reader.visits_seen,
        subject.about,
        outcome,
        purpose="" if release is None else release.reason.strip(),
        recipient="" if release is None else release.recipient.strip(),
        file=file,
    )


def _said(text: str, most: int, *, missing: PlanningError) -> None:
    if not text.strip():
        raise missing
    if len(text) > most:
        raise InvalidInput.because(
            "«{typed}» is too long: at most {most} characters.", typed=f"{text[:40]}…", most=most
        )
    if any(unicodedata.category(one) in _BREAKING for one in text):
        raise InvalidInput.because("Recipient and reason must each be one line of text.")
