"""What a finding is about, and which findings a scope asks for.

Subjects are originator ids, and ids of parts in the same form: ``activity/VISIT/A-01`` is a part of
``visit/VISIT``, ``room/VENUE/R-1`` of ``venue/VENUE``, ``qualification/CA-0113/K9``, ``language/CA-0113/lo``,
``licence/CA-0113/D`` and ``absence/CA-0113/X`` of ``officer/CA-0113``, ``shift/VISIT/P-07/S1`` of ``post/VISIT/P-07``.
A scope asks for the findings with a subject
in it, or a part of one. Rules look for an entity, or for one activity: the other parts are not asked for alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from domain.assignment import Assignment
from domain.finding import Finding, Scope
from domain.officer import Officer
from domain.plan import Plan

#: Of which kind of entity a part is, and of how many codes that entity's key consists.
WHOLES = {
    "activity": ("visit", 1),
    "room": ("venue", 1),
    "qualification": ("officer", 1),
    "absence": ("officer", 1),
    "language": ("officer", 1),
    "licence": ("officer", 1),
    "shift": ("post", 2),
}
#: Kinds whose key starts with the visit they belong to.
OF_A_VISIT = frozenset({"visit", "delegation", "post", "route", "ways", "assignment", "activity", "shift"})


def entity_of(subject: str) -> str:
    """The entity that a subject is, or is a part of."""
    kind, _, key = subject.partition("/")
    if kind not in WHOLES:
        return subject
    whole, codes = WHOLES[kind]
    return "/".join((whole, *key.split("/", codes)[:codes]))


def visit_of(subject: str) -> str | None:
    """The visit that a subject belongs to; None for what visits share."""
    kind, _, key = subject.partition("/")
    return key.partition("/")[0] if kind in OF_A_VISIT else None


def concerns(finding: Finding, scope: Scope) -> bool:
    """True where the scope asks for the finding."""
    return scope is None or any(subject in scope or entity_of(subject) in scope for subject in finding.subjects)


def subjects_of(findings: Iterable[Finding]) -> frozenset[str]:
    """The scope that asks for all that is found about the subjects of these findings."""
    subjects = (subject for finding in findings for subject in finding.subjects)
    return frozenset(one if one.startswith("activity/") else entity_of(one) for one in subjects)


def within(findings: Iterable[Finding], scope: Scope) -> tuple[Finding, ...]:
    """The findings that the scope asks for."""
    return tuple(finding for finding in findings if concerns(finding, scope))


def officers_named(plan: Plan, scope: frozenset[str]) -> tuple[str, ...]:
    """The officers whom a scope names, by themselves, by their duties, or by the posts where they stand; in order."""
    # Every rule about officers asks for them; of a visit that is moved they are all who are on duty in it.
    return plan.remembered(("officers named", scope), lambda: _officers_named(plan, scope))


def _officers_named(plan: Plan, scope: frozenset[str]) -> tuple[str, ...]:
    found = {code for code in keys_of(scope, "officer") if plan.has(Officer, code)}
    for key in keys_of(scope, "assignment"):
        assignment = plan.entities.get(f"assignment/{key}")
        if isinstance(assignment, Assignment):
            found.add(assignment.officer)
    for key in keys_of(scope, "post"):
        visit, _, code = key.partition("/")
        found |= {duty.officer for duty in plan.assignments_of_post(visit, code)}
    return tuple(sorted(found))


def keys_of(scope: frozenset[str], kind: str) -> tuple[str, ...]:
    """The keys of one kind in a scope, in order."""
    return _by_kind(scope).get(kind, ())


# Every rule asks for the keys of its kinds, in the plan before and in the one after.
@lru_cache(maxsize=4)
def _by_kind(scope: frozenset[str]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for item in scope:
        kind, _, key = item.partition("/")
        found.setdefault(kind, []).append(key)
    return {kind: tuple(sorted(keys)) for kind, keys in found.items()}
