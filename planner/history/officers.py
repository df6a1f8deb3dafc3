"""Sentences about officers, their qualifications and absences."""

from __future__ import annotations

from domain.base import by_code
from domain.messages import Message, message
from domain.officer import (
    Absence,
    AbsenceAmended,
    AbsenceCancelled,
    AbsenceRecorded,
    Officer,
    OfficerAmended,
    OfficerRegistered,
    OfficerReinstated,
    OfficerRetired,
    QualificationGranted,
    QualificationRemoved,
    QualificationRevoked,
)
from planner.history.names import Names, person
from planner.history.telling import Tellings, amended, before_it, reinstated, retired, saying


def _registered(event: OfficerRegistered, before: Names, after: Names) -> Message:
    details = event.officer
    officer = message("officer {officer}", officer=person(details.name, details.rank, event.key))
    return message("registered {thing}: {facts}", thing=officer, facts=saying(details, after))


def _amended(event: OfficerAmended, before: Names, after: Names) -> Message:
    old = before_it(Officer, before, after).details
    return amended(before.thing(), old, event.officer, before, after)


def _granted(event: QualificationGranted, before: Names, after: Names) -> Message:
    held = event.qualification
    old = by_code(before_it(Officer, before, after).qualifications).get(held.code)
    if old is None or old == held:
        return message(
            "granted qualification «{code}» to {thing}: {facts}",
            code=held.code,
            thing=after.thing(),
            facts=saying(held, after),
        )
    qualification = message("qualification «{code}» of {officer}", code=held.code, officer=before.thing())
    return amended(qualification, old, held, before, after)


def _revoked(event: QualificationRevoked, before: Names, after: Names) -> Message:
    return message(
        "revoked qualification «{code}» of {thing} from {moment} on",
        code=event.qualification,
        thing=after.thing(),
        moment=event.revoked_from,
    )


def _removed(event: QualificationRemoved, before: Names, after: Names) -> Message:
    return message(
        "removed qualification «{code}» of {thing}, entered by mistake",
        code=event.qualification,
        thing=after.thing(),
    )


def _absence_recorded(event: AbsenceRecorded, before: Names, after: Names) -> Message:
    return message("recorded absence {code} of {thing}: {kind}, {window}", **_said(event.absence, after))


def _absence_amended(event: AbsenceAmended, before: Names, after: Names) -> Message:
    old = by_code(before_it(Officer, before, after).absences)[event.absence.code]
    return message(
        "changed absence {code} of {thing}: {old_kind}, {old_window} → {kind}, {window}",
        old_kind=old.kind,
        old_window=old.window,
        **_said(event.absence, after),
    )


def _absence_cancelled(event: AbsenceCancelled, before: Names, after: Names) -> Message:
    absence = by_code(before_it(Officer, before, after).absences)[event.absence]
    return message("cancelled absence {code} of {thing}: {kind}, {window}", **_said(absence, after))


def _said(absence: Absence, after: Names) -> dict[str, object]:
    return {"code": absence.code, "thing": after.thing(), "kind": absence.kind, "window": absence.window}


TELLINGS: Tellings = {
    OfficerRegistered: _registered,
    OfficerAmended: _amended,
    OfficerRetired: retired,
    OfficerReinstated: reinstated,
    QualificationGranted: _granted,
    QualificationRevoked: _revoked,
    QualificationRemoved: _removed,
    AbsenceRecorded: _absence_recorded,
    AbsenceAmended: _absence_amended,
    AbsenceCancelled: _absence_cancelled,
}
