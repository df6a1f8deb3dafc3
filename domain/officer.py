"""An assignable member of the force: what is needed to give duty, and nothing more (no home address)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Self

from pydantic import AwareDatetime

from domain.base import (
    Act,
    Code,
    Decision,
    Entity,
    Event,
    Line,
    by_code,
    entity,
    folded,
    replaced,
    value,
    without,
)
from domain.refusals import CodeTaken, NotFound, NotPossible
from domain.values import ErasableLine, ErasableName, Language, PersonName, Qualification, TimeWindow


class AbsenceKind(StrEnum):
    """Why an officer cannot be assigned."""

    LEAVE = "leave"
    SICK = "sick"
    OTHER_DUTY = "other_duty"
    TRAINING = "training"
    TRAVEL = "travel"


@value
class OfficerDetails:
    """Name, unit, rank, callsign, duty telephone, languages and driving licences."""

    name: ErasableName
    unit: Line
    rank: ErasableLine = ""
    callsign: ErasableLine = ""
    phone: ErasableLine = ""
    languages: tuple[Language, ...] = ()
    licences: tuple[Line, ...] = ()


@value
class Absence:
    """A time during which an officer cannot be assigned."""

    code: Code
    window: TimeWindow
    kind: AbsenceKind


@value
class OfficerRegistered(Event):
    """An officer entered the personnel register."""

    officer: OfficerDetails


@value
class OfficerAmended(Event):
    """What is known of an officer changed."""

    officer: OfficerDetails


@value
class OfficerRetired(Event):
    """An officer is no longer assignable."""


@value
class OfficerReinstated(Event):
    """A retired officer is assignable again."""


@value
class QualificationGranted(Event):
    """An officer holds a qualification for a time; an earlier one of the same code is replaced."""

    qualification: Qualification


@value
class QualificationRevoked(Event):
    """An officer no longer holds a qualification from a moment on."""

    qualification: Line
    revoked_from: AwareDatetime


@value
class QualificationRemoved(Event):
    """A qualification was entered by mistake."""

    qualification: Line


@value
class AbsenceRecorded(Event):
    """An officer cannot be assigned for a time."""

    absence: Absence


@value
class AbsenceAmended(Event):
    """An absence is of another kind, or at another time."""

    absence: Absence


@value
class AbsenceCancelled(Event):
    """An absence does not take place."""

    absence: Code


@entity
class Officer(Entity):
    """An officer with present qualifications and absences; shared by all visits."""

    kind: ClassVar[str] = "officer"

    details: OfficerDetails
    retired: bool = False
    qualifications: tuple[Qualification, ...] = ()
    absences: tuple[Absence, ...] = ()

    @property
    def name(self) -> PersonName:
        return self.details.name

    def qualification(self, code: str) -> Qualification | None:
        return by_code(self.qualifications).get(code)

    # Decisions

    @staticmethod
    def register(code: str, details: OfficerDetails, act: Act) -> Decision:
        return (OfficerRegistered(**act.founds(Officer, code), officer=details),)

    def amend(self, details: OfficerDetails, act: Act) -> Decision:
        if details == self.details:
            return ()
        return (OfficerAmended(**act.on(self), officer=details),)

    def retire(self, act: Act) -> Decision:
        if self.retired:
            raise NotPossible.because("Officer {code} is retired already.", code=self.key)
        act.needs_reason()
        return (OfficerRetired(**act.on(self)),)

    def reinstate(self, act: Act) -> Decision:
        if not self.retired:
            raise NotPossible.because("Officer {code} is not retired.", code=self.key)
        return (OfficerReinstated(**act.on(self)),)

    def grant(self, qualification: Qualification, act: Act) -> Decision:
        if self.qualification(qualification.code) == qualification:
            return ()
        return (QualificationGranted(**act.on(self), qualification=qualification),)

    def revoke(self, code: str, revoked_from: datetime, act: Act) -> Decision:
        self._held(code)
        act.needs_reason()
        return (QualificationRevoked(**act.on(self), qualification=code, revoked_from=revoked_from),)

    def remove_qualification(self, code: str, act: Act) -> Decision:
        self._held(code)
        act.needs_reason()
        return (QualificationRemoved(**act.on(self), qualification=code),)

    def record_absence(self, absence: Absence, act: Act) -> Decision:
        if absence.code in by_code(self.absences):
            raise CodeTaken.because(
                "Officer {officer} already has an absence {code}; choose another code.",
                officer=self.key,
                code=absence.code,
            )
        return (AbsenceRecorded(**act.on(self), absence=absence),)

    def amend_absence(self, absence: Absence, act: Act) -> Decision:
        if self._absence(absence.code) == absence:
            return ()
        return (AbsenceAmended(**act.on(self), absence=absence),)

    def cancel_absence(self, code: str, act: Act) -> Decision:
        return (AbsenceCancelled(**act.on(self), absence=self._absence(code).code),)

    def _absence(self, code: str) -> Absence:
        found = by_code(self.absences).get(code)
        if found is None:
            raise NotFound.because("Officer {officer} has no absence {code}.", officer=self.key, code=code)
        return found

    def _held(self, code: str) -> None:
        if self.qualification(code) is None:
            raise NotFound.because("Officer {officer} has no qualification {code}.", officer=self.key, code=code)

    # Evolution

    @staticmethod
    def founded(event: OfficerRegistered) -> Officer:
        return Officer(key=event.key, version=event.originator_version, details=event.officer)

    def evolve(self, event: Event) -> Self:
        match event:
            case OfficerAmended(officer=details):
                return self.with_(event, details=details)
            case OfficerRetired():
                return self.with_(event, retired=True)
            case OfficerReinstated():
                return self.with_(event, retired=False)
            case QualificationGranted(qualification=qualification):
                return self.with_(event, qualifications=replaced(self.qualifications, qualification))
            case QualificationRevoked(qualification=code, revoked_from=moment):
                revoked = folded(by_code(self.qualifications)[code], revoked_from=moment)
                return self.with_(event, qualifications=replaced(self.qualifications, revoked))
            case QualificationRemoved(qualification=code):
                return self.with_(event, qualifications=without(self.qualifications, code))
            case AbsenceRecorded(absence=absence) | AbsenceAmended(absence=absence):
                return self.with_(event, absences=replaced(self.absences, absence))
            case AbsenceCancelled(absence=code):
                return self.with_(event, absences=without(self.absences, code))
        return self.with_(event)
