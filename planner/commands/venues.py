"""Commands on venues, rooms and key points."""

from __future__ import annotations

from typing import Unpack

from domain.base import Code
from domain.venue import KeyPoint, Room, Venue, VenueDetails
from planner.deciding import Decides, Outcome, Why, command


class VenueCommands:
    """The registry of venues, shared by all visits."""

    @command
    def register_venue(self: Decides, code: Code, venue: VenueDetails, **why: Unpack[Why]) -> Outcome:
        """Enter a venue."""
        return self.decide(lambda plan, act: Venue.register(plan.free(Venue, code), venue, act), **why)

    @command
    def amend_venue(self: Decides, code: Code, venue: VenueDetails, **why: Unpack[Why]) -> Outcome:
        """Change what is known of a venue."""
        return self.decide(lambda plan, act: plan.venue(code).amend(venue, act), **why)

    @command
    def retire_venue(self: Decides, code: Code, **why: Unpack[Why]) -> Outcome:
        """A venue is no longer to be used; needs a reason."""
        return self.decide(lambda plan, act: plan.venue(code).retire(act), **why)

    @command
    def reinstate_venue(self: Decides, code: Code, **why: Unpack[Why]) -> Outcome:
        """A retired venue may be used again."""
        return self.decide(lambda plan, act: plan.venue(code).reinstate(act), **why)

    @command
    def add_room(self: Decides, venue: Code, room: Room, **why: Unpack[Why]) -> Outcome:
        """Enter a room of a venue."""
        return self.decide(lambda plan, act: plan.venue(venue).add_room(room, act), **why)

    @command
    def amend_room(self: Decides, venue: Code, room: Room, **why: Unpack[Why]) -> Outcome:
        """Change what is known of a room."""
        return self.decide(lambda plan, act: plan.venue(venue).amend_room(room, act), **why)

    @command
    def remove_room(self: Decides, venue: Code, room: Code, **why: Unpack[Why]) -> Outcome:
        """A room is no longer to be used; needs a reason."""
        return self.decide(lambda plan, act: plan.venue(venue).remove_room(room, act), **why)

    @command
    def mark_key_point(self: Decides, venue: Code, point: KeyPoint, **why: Unpack[Why]) -> Outcome:
        """Mark a key point at a venue."""
        return self.decide(lambda plan, act: plan.venue(venue).mark_key_point(point, act), **why)

    @command
    def amend_key_point(self: Decides, venue: Code, point: KeyPoint, **why: Unpack[Why]) -> Outcome:
        """Move a key point or change its facts."""
        return self.decide(lambda plan, act: plan.venue(venue).amend_key_point(point, act), **why)

    @command
    def remove_key_point(self: Decides, venue: Code, point: Code, **why: Unpack[Why]) -> Outcome:
        """A key point is no longer to be used; needs a reason."""
        return self.decide(lambda plan, act: plan.venue(venue).remove_key_point(point, act), **why)
