"""What things are called in sentences: codes with the names that they carried in one plan.

Nothing here refuses: a code that the plan does not know is shown as the code.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import cast

from domain.assignment import Assignment
from domain.base import Entity, Event
from domain.delegation import Delegation, Member
from domain.messages import Message, message
from domain.officer import Officer
from domain.plan import Plan
from domain.post import Post
from domain.route import Route
from domain.values import PersonName
from domain.venue import Venue
from domain.visit import Activity, Visit


def named(code: str, name: str) -> str:
    """A code with what people call it: ``A-05 «Hội đàm»``."""
    return f"{code} «{one_line(name)}»" if name.strip() else code


def one_line(text: str) -> str:
    """Text of several lines in one, for a sentence."""
    return " / ".join(line.strip() for line in text.splitlines() if line.strip())


def person(name: PersonName, rank: str = "", code: str = "") -> str:
    """A person by rank, name and code: ``Đại uý Nguyễn Thị Phương Thảo (CA-0113)``."""
    shown = f"{rank} {name}" if rank else str(name)
    return f"{shown} ({code})" if code else shown


#: What there is one of, and that has no name of its own.
OTHERS = {"policy": message("policy numbers"), "ways": message("the ways between the posts")}


def guest(member: Member) -> str:
    """A member of a delegation by name, with the code that tells namesakes apart."""
    return person(member.name, code=member.code)


@dataclasses.dataclass(frozen=True, slots=True)
class Names:
    """The names of one plan, looked up from one entity (``about``, an originator id).

    ``whole`` says codes with their visit (``LA-2026-01/P-07``), where several visits are spoken of.
    """

    plan: Plan
    about: str
    whole: bool = False

    @property
    def visit(self) -> str:
        kind, _, key = self.about.partition("/")
        return key if kind == "visit" else key.rpartition("/")[0]

    @property
    def entity(self) -> Entity | None:
        return self.plan.entities.get(self.about)

    def _code(self, code: str) -> str:
        return f"{self.visit}/{code}" if self.whole and self.visit else code

    def _of_visit(self, kind: type[Entity], code: str) -> Entity | None:
        return self.plan.entities.get(f"{kind.kind}/{self.visit}/{code}")

    def visit_named(self, code: str) -> str:
        visit = cast(Visit | None, self.plan.entities.get(f"visit/{code}"))
        return code if visit is None else named(code, visit.details.title)

    def activity(self, code: str) -> str:
        visit = cast(Visit | None, self.plan.entities.get(f"visit/{self.visit}"))
        activities: Sequence[Activity] = () if visit is None else visit.activities
        title = next((a.title for a in activities if a.code == code), "")
        return named(self._code(code), title)

    def delegation(self, code: str) -> str:
        found = cast(Delegation | None, self._of_visit(Delegation, code))
        return named(self._code(code), "" if found is None else found.details.name)

    def member(self, code: str) -> str:
        """A member of the delegation that is spoken about."""
        entity = self.entity
        members = entity.members if isinstance(entity, Delegation) else ()
        return next((guest(member) for member in members if member.code == code), code)

    def venue(self, code: str) -> str:
        found = cast(Venue | None, self.plan.entities.get(f"venue/{code}"))
        return code if found is None else named(code, found.details.name)

    def room(self, venue: str | None, code: str) -> str:
        found = cast(Venue | None, self.plan.entities.get(f"venue/{venue}"))
        rooms = () if found is None else found.rooms
        return next((named(code, room.name) for room in rooms if room.code == code), code)

    def key_point(self, venue: str | None, code: str) -> str:
        found = cast(Venue | None, self.plan.entities.get(f"venue/{venue}"))
        points = () if found is None else found.key_points
        return next((named(code, point.name) for point in points if point.code == code), code)

    def officer(self, code: str) -> str:
        found = cast(Officer | None, self.plan.entities.get(f"officer/{code}"))
        return code if found is None else person(found.name, found.details.rank, code)

    def post(self, code: str) -> str:
        found = cast(Post | None, self._of_visit(Post, code))
        return named(self._code(code), "" if found is None else found.details.task)

    def route(self, code: str) -> Message | str:
        found = cast(Route | None, self._of_visit(Route, code))
        if found is None:
            return self._code(code)
        return message(
            "{code} ({kind}, {origin} – {destination})",
            code=self._code(code),
            kind=found.details.kind,
            origin=self.venue(found.details.origin),
            destination=self.venue(found.details.destination),
        )

    def duty(self, assignment: Assignment) -> Message:
        """The duty behind an assignment, by officer and post."""
        return message(
            "{officer} at post {post}",
            officer=self.officer(assignment.officer),
            post=self.post(assignment.post),
        )

    def thing(self) -> Message:
        """The entity that is spoken about, as a noun with its name."""
        kind, _, key = self.about.partition("/")
        code = key.rpartition("/")[2]
        match kind:
            case "visit":
                return message("visit {visit}", visit=self.visit_named(key))
            case "delegation":
                return message("delegation {delegation}", delegation=self.delegation(code))
            case "venue":
                return message("venue {venue}", venue=self.venue(key))
            case "officer":
                return message("officer {officer}", officer=self.officer(key))
            case "post":
                return message("post {post}", post=self.post(code))
            case "route":
                return message("route {route}", route=self.route(code))
            case "assignment":
                assignment = self.entity
                if isinstance(assignment, Assignment):
                    return message("duty {code} of {duty}", code=self._code(code), duty=self.duty(assignment))
                return message("duty {code}", code=self._code(code))
            case "membership" | "emergency" | "signer":
                return self._part(kind, code)
        return OTHERS.get(kind, OTHERS["policy"])

    def _part(self, kind: str, user: str) -> Message:
        if kind == "signer":
            return message("the keys with which {user} signs", user=user)
        if kind == "emergency":
            return message("the emergency access of {user} to visit {visit}", user=user, visit=self.visit)
        if self.visit:
            return message("the membership of {user} in visit {visit}", user=user, visit=self.visit)
        return message("the membership of {user} in every visit", user=user)


def subject_id(event: Event) -> str:
    """What an event is about: its entity's id; of an event in the programme, the activity's."""
    activity = getattr(event, "activity", None)
    if event.kind == "visit" and activity is not None:
        code = activity if isinstance(activity, str) else activity.code
        return f"activity/{event.key}/{code}"
    return event.originator_id
