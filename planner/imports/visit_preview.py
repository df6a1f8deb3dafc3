"""What importing a visit's document would bring, and which codes stand in its way; nothing is recorded."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from enum import Enum

from domain.messages import Message, message
from domain.officer import Officer
from domain.plan import Plan
from domain.venue import Venue
from domain.visit import Visit
from planner.exports.plan_json import PlanDocument, officer_entry, venue_entry


class Coming(Enum):
    """What becomes of one thing of a document."""

    NEW = "new"
    SAME = "same"
    TAKEN = "taken"


@dataclasses.dataclass(frozen=True, slots=True)
class Arrival:
    """A thing of a document that has a code of its own on the site: its kind, code and name."""

    kind: str
    code: str
    name: str
    coming: Coming

    @property
    def told(self) -> Message:
        """What becomes of it. A visit is never the same one: its code is taken or free."""
        once = self.coming is Coming.TAKEN and self.kind == "visit"
        return _SECOND_VISIT if once else _SAID[self.coming]


_SAID = {
    Coming.NEW: message("✚ is added"),
    Coming.SAME: message("= is there already, just the same"),
    Coming.TAKEN: message("✖ exists already and is another: make both the same, or give it another code in the file"),
}
_SECOND_VISIT = message("✖ a visit of that code exists: give it another code in the file")
KINDS = {"visit": message("visit"), "venue": message("venue"), "officer": message("officer")}


def arrivals(plan: Plan, document: PlanDocument) -> tuple[Arrival, ...]:
    """The visit, venues and officers of a document: what is refused first, what changes nothing last."""
    order = (Coming.TAKEN, Coming.NEW, Coming.SAME)
    return tuple(sorted(_arrivals(plan, document), key=lambda one: order.index(one.coming)))


def _arrivals(plan: Plan, document: PlanDocument) -> Iterator[Arrival]:
    visit = document.visit
    yield Arrival("visit", visit.code, visit.title, Coming.TAKEN if plan.has(Visit, visit.code) else Coming.NEW)
    for venue in document.venues:
        there = venue_entry(plan.venue(venue.code)) if plan.has(Venue, venue.code) else None
        yield Arrival("venue", venue.code, venue.name, _coming(there, venue))
    for officer in document.officers:
        known = officer_entry(plan.officer(officer.code)) if plan.has(Officer, officer.code) else None
        yield Arrival("officer", officer.code, str(officer.name), _coming(known, officer))


def _coming(there: object, given: object) -> Coming:
    if there is None:
        return Coming.NEW
    return Coming.SAME if there == given else Coming.TAKEN


def alongside(document: PlanDocument) -> Message:
    """How much of each belongs to the visit alone."""
    return message(
        "With {activities} activities, {delegations} delegations, {routes} routes, {posts} posts, {duties} duties.",
        activities=len(document.visit.activities),
        delegations=len(document.visit.delegations),
        routes=len(document.routes),
        posts=len(document.posts),
        duties=len(document.assignments),
    )
