"""Which pages there are, and who sees which in the menu. What may be read is decided by the queries, not here."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from domain.base import Role

_PLAN: Final = frozenset({Role.PLANNER, Role.COMMANDER, Role.PROTOCOL, Role.AUDITOR})
_FORCE: Final = frozenset({Role.PLANNER, Role.COMMANDER, Role.AUDITOR})
_EVERYBODY: Final = frozenset[Role]()

#: The page that opens first; it is reached as ``/``.
FIRST: Final = "home"
#: File and address of a page, and the roles that see it (none: all), in the order of the menu.
PAGES: Final = {
    FIRST: _EVERYBODY,
    "visits": _PLAN,
    "programme": _PLAN,
    "map": _PLAN,
    "duty_board": _FORCE,
    "officers": _FORCE,
    "my_assignments": frozenset({Role.OFFICER}),
    "history": _PLAN,
    "questions": frozenset({Role.COMMANDER, Role.AUDITOR}),
    "integrity": frozenset({Role.AUDITOR}),
    "glossary": _EVERYBODY,
    "settings": _EVERYBODY,
}


#: The query that stands for what a page shows, where that is anything of the plan.
QUERIES: Final = {
    FIRST: "read_visit",
    "visits": "read_delegations",
    "programme": "read_programme",
    "map": "read_routes",
    "duty_board": "read_force",
    "officers": "read_officers",
    "my_assignments": "read_own_duties",
    "history": "read_history",
    "questions": "read_questions",
    "integrity": "read_integrity",
}


def pages_for(roles: Collection[Role]) -> tuple[str, ...]:
    """The pages that somebody of these roles sees."""
    return tuple(name for name, seen_by in PAGES.items() if not seen_by or seen_by.intersection(roles))
