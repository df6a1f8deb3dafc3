"""Commands that take in much at once: all of it in one transaction, or nothing."""

from __future__ import annotations

from typing import Unpack

from domain.base import Act, Decision
from domain.plan import Plan
from planner.access import permit
from planner.deciding import Decides, Outcome, Why, command
from planner.exports.plan_json import PlanDocument
from planner.imports.visit_json import imported_visit


class ImportCommands:
    """Visits from documents; programmes, officers, posts and venues from workbooks."""

    @command
    def import_visit(self: Decides, document: PlanDocument, **why: Unpack[Why]) -> Outcome:
        """Take in a whole visit as `plan --format json` gives it; codes that exist already are refused."""
        if document.officers or document.posts or document.assignments:
            permit(why["by"], "assign_officer")
        return self.decide(lambda plan, act: imported_visit(plan, document, act), **why)
