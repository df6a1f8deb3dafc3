"""What an officer is told to do: the duty behind an assignment, and its fingerprint.

The fingerprint covers what an acknowledgement binds: time, place, task, instructions, commander. When it
changes, the officer must read and acknowledge again (R15).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from domain.assignment import AcknowledgementLapsed, Assignment, AssignmentStatus
from domain.base import Act, Decision, Event, entity
from domain.plan import Plan
from domain.post import Post
from domain.values import Coordinates
from domain.venue import KeyPoint, Venue

BOUND = (AssignmentStatus.ACKNOWLEDGED, AssignmentStatus.ON_POST)


@entity
class Duty:
    """An assignment with its post and the place where it is."""

    assignment: Assignment
    post: Post
    venue: Venue | None
    key_point: KeyPoint | None

    @property
    def coordinates(self) -> Coordinates | None:
        """Where the post is: its own coordinates, else the key point's, else the venue's."""
        if self.post.details.coordinates is not None:
            return self.post.details.coordinates
        if self.key_point is not None:
            return self.key_point.coordinates
        return None if self.venue is None else self.venue.details.coordinates

    @property
    def fingerprint(self) -> str:
        """Sixteen hex digits over what the officer is told."""
        details, here = self.post.details, self.coordinates
        told = [
            self.assignment.shift,
            self.assignment.window.start.isoformat(),
            self.assignment.window.end.isoformat(),
            details.task,
            details.kind,
            details.place,
            details.venue,
            details.key_point,
            None if here is None else [here.lat, here.lon],
            details.instructions,
            details.commander,
            details.radio,
            list(details.equipment),
            self.post.cancelled,
        ]
        text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def duty(plan: Plan, assignment: Assignment) -> Duty:
    """The duty behind an assignment; places that are gone since are left out."""
    post = plan.post(assignment.visit, assignment.post)
    venue = None if post.details.venue is None else plan.venue(post.details.venue)
    point = None
    if venue is not None and post.details.key_point is not None:
        point = next((p for p in venue.key_points if p.code == post.details.key_point), None)
    return Duty(assignment=assignment, post=post, venue=venue, key_point=point)


def lapsed(after: Plan, events: Iterable[Event], act: Act) -> Decision:
    """The acknowledgements that a command's events made void in the plan ``after`` them."""
    touched = {event.originator_id: event for event in events}
    concerned: dict[str, Assignment] = {}
    for event in touched.values():
        for assignment in _told_by(after, event):
            concerned[assignment.id] = assignment
    return tuple(
        AcknowledgementLapsed(**act.on(assignment), duty=now)
        for _, assignment in sorted(concerned.items())
        if assignment.status in BOUND
        and assignment.duty is not None  # on post without having acknowledged: nothing can lapse
        and assignment.duty != (now := duty(after, assignment).fingerprint)
    )


def _told_by(plan: Plan, event: Event) -> Iterable[Assignment]:
    """The assignments whose duty an event may have changed."""
    match event.kind:
        case "post":
            visit, _, code = event.key.partition("/")
            return plan.assignments_of_post(visit, code)
        case "venue":
            return (
                assignment
                for post in plan.posts_at(event.key)
                for assignment in plan.assignments_of_post(post.visit, post.code)
            )
        case "assignment":
            visit, _, code = event.key.partition("/")
            return (plan.assignment(visit, code),)
    return ()
