"""In which zone a thing's times are shown: that of the visit it belongs to."""

from __future__ import annotations

from domain.plan import Plan
from domain.rules import visit_of
from domain.visit import Visit
from planner.text import DEFAULT_ZONE, Speaker


def zone_of(plan: Plan, *subjects: str) -> str:
    """The zone of the first of these originator ids that belongs to a visit; else the one that all visits have."""
    for subject in subjects:
        code = visit_of(subject)
        visit = None if code is None else plan.entities.get(f"visit/{code}")
        if isinstance(visit, Visit):
            return visit.details.zone
    zones = {one.details.zone for one in plan.visits}
    return zones.pop() if len(zones) == 1 else DEFAULT_ZONE


def speaker_of(speaker: Speaker, plan: Plan, *subjects: str) -> Speaker:
    """The speaker with the times of the visit that these belong to."""
    zone = zone_of(plan, *subjects)
    return speaker if zone == speaker.zone.key else Speaker(speaker.language, zone)
