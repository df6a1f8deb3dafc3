"""Commands that take in much at once: all of it in one transaction, or nothing."""

from __future__ import annotations

from typing import Unpack

from domain.base import Code
from domain.visit import Activity
from planner.access import permit
from planner.deciding import Decides, Outcome, Why, command
from planner.exports.plan_json import OfficerEntry, PlanDocument, PostEntry, VenueEntry
from planner.imports.officers import imported_officers
from planner.imports.posts import imported_posts
from planner.imports.preview import Existing
from planner.imports.programme import imported_programme
from planner.imports.venues import imported_venues
from planner.imports.visit_json import imported_visit


class ImportCommands:
    """Visits from documents; programmes, officers, posts and venues from workbooks."""

    @command
    def import_visit(self: Decides, document: PlanDocument, **why: Unpack[Why]) -> Outcome:
        """Take in a whole visit as `plan --format json` gives it; codes that exist already are refused."""
        if document.officers or document.posts or document.assignments:
            permit(why["by"], "assign_officer")
        return self.decide(lambda plan, act: imported_visit(plan, document, act), **why)

    @command
    def import_programme(
        self: Decides,
        visit: Code,
        activities: tuple[Activity, ...],
        existing: Existing = Existing.AMEND,
        **why: Unpack[Why],
    ) -> Outcome:
        """Schedule many activities at once; those that exist are amended or skipped."""
        return self.decide(lambda plan, act: imported_programme(plan, visit, activities, existing, act), **why)

    @command
    def import_officers(
        self: Decides, officers: tuple[OfficerEntry, ...], existing: Existing = Existing.AMEND, **why: Unpack[Why]
    ) -> Outcome:
        """Register many officers with their qualifications at once; those that exist are amended or skipped."""
        return self.decide(lambda plan, act: imported_officers(plan, officers, existing, act), **why)

    @command
    def import_posts(
        self: Decides,
        visit: Code,
        posts: tuple[PostEntry, ...],
        existing: Existing = Existing.AMEND,
        **why: Unpack[Why],
    ) -> Outcome:
        """Create many posts with their shifts at once; those that exist are amended or skipped."""
        return self.decide(lambda plan, act: imported_posts(plan, visit, posts, existing, act), **why)

    @command
    def import_venues(
        self: Decides, venues: tuple[VenueEntry, ...], existing: Existing = Existing.AMEND, **why: Unpack[Why]
    ) -> Outcome:
        """Register many venues with rooms and key points at once; those that exist are amended or skipped."""
        return self.decide(lambda plan, act: imported_venues(plan, venues, existing, act), **why)
