"""How things appear in JSON answers: sentences in both languages, moments with their zone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from domain.base import Event
from domain.finding import Finding
from domain.plan import Plan
from domain.refusals import PlanningError
from domain.values import TimeWindow
from planner.history.names import subject_id
from planner.history.sentences import sentence
from planner.text import both
from planner.zones import zone_of


def moment(at: datetime) -> str:
    """A moment with its zone."""
    return at.isoformat()


def window(span: TimeWindow | None) -> dict[str, str] | None:
    """A window as ``{"start", "end"}``."""
    return None if span is None else {"start": moment(span.start), "end": moment(span.end)}


def finding(found: Finding, plan: Plan) -> dict[str, Any]:
    """``{rule, severity, subjects, window, message}``."""
    return {
        "rule": found.rule,
        "severity": found.severity.value,
        "subjects": list(found.subjects),
        "window": window(found.window),
        "message": both(found.message, zone_of(plan, *found.subjects)),
    }


def refused(refusal: PlanningError, zone: str) -> dict[str, Any]:
    """The answer to a command that was refused, with times of a zone."""
    answer: dict[str, Any] = {"ok": False, "refusal": refusal.name}
    if refusal.rule is not None:
        answer["rule"] = refusal.rule
    return {**answer, "message": both(refusal.message, zone)}


def told(events: Iterable[Event], before: Plan) -> Iterator[tuple[Event, Plan, Plan]]:
    """Each event with the plan before and after it."""
    for event in events:
        after = before.after((event,))
        yield event, before, after
        before = after


def told_event(event: Event, before: Plan, after: Plan) -> dict[str, Any]:
    """``{event, subject, sentence}``."""
    return {
        "event": type(event).__name__,
        "subject": subject_id(event),
        "sentence": both(sentence(event, before, after), zone_of(after, event.originator_id)),
    }
