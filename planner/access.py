"""Who may give which command: one registry, read by the commands themselves.

A command without a row here cannot be defined: ``@command`` looks it up when the class is made. The administrator
manages accounts and sees no plan, so no row names that role.
"""

from __future__ import annotations

from collections.abc import Iterable

from domain.base import Actor, Event, Role
from domain.refusals import NotAllowed

_PLANS = frozenset({Role.PLANNER, Role.COMMANDER})
_PROTOCOL = _PLANS | {Role.PROTOCOL}
_DUTY = _PLANS | {Role.OFFICER}
_COMMANDS_FORCE = frozenset({Role.COMMANDER, Role.PLANNER})

#: The roles that see visits and their programmes; administrators manage accounts, officers see their own duties.
PLAN_READERS = _PROTOCOL | {Role.AUDITOR}

#: The roles that may give a command, by its name.
COMMANDS: dict[str, frozenset[Role]] = {
    **dict.fromkeys(
        (
            "register_visit",
            "amend_visit",
            "cancel_visit",
            "reinstate_visit",
            "schedule_activity",
            "move_activity",
            "relocate_activity",
            "amend_activity",
            "cancel_activity",
            "reinstate_activity",
            "report_journey",
            "register_delegation",
            "amend_delegation",
            "withdraw_delegation",
            "reinstate_delegation",
            "add_member",
            "amend_member",
            "remove_member",
            "designate_head",
            "register_venue",
            "amend_venue",
            "retire_venue",
            "reinstate_venue",
            "add_room",
            "amend_room",
            "remove_room",
            "mark_key_point",
            "amend_key_point",
            "remove_key_point",
            "import_visit",
            "import_programme",
            "undo",
        ),
        _PROTOCOL,
    ),
    **dict.fromkeys(
        (
            "plan_routes",
            "close_route",
            "reopen_route",
            "withdraw_route",
            "reinstate_route",
            "register_officer",
            "amend_officer",
            "retire_officer",
            "reinstate_officer",
            "grant_qualification",
            "revoke_qualification",
            "remove_qualification",
            "record_absence",
            "cancel_absence",
            "create_post",
            "amend_post",
            "reschedule_post",
            "issue_post_order",
            "appoint_commander",
            "plan_shifts",
            "cancel_post",
            "reinstate_post",
            "assign_officer",
            "confirm_assignment",
            "reschedule_assignment",
            "withdraw_assignment",
            "reinstate_assignment",
            "import_venues",
            "import_officers",
            "import_posts",
        ),
        _COMMANDS_FORCE,
    ),
    "acknowledge_assignment": frozenset({Role.OFFICER}),
    "start_duty": _DUTY,
    "end_duty": _DUTY,
    "adopt_policy": frozenset({Role.COMMANDER}),
    "erase_person": frozenset({Role.COMMANDER}),
}


def may(actor: Actor, command: str) -> bool:
    """True where the actor may give the command."""
    return bool(COMMANDS[command] & actor.roles)


def permit(actor: Actor, command: str) -> None:
    """Refuse a command that the actor may not give."""
    if not may(actor, command):
        raise NotAllowed.because(
            "Account {user} may not do this; it needs one of these roles: {roles}.",
            user=actor.user,
            roles=tuple(sorted(COMMANDS[command])),
        )


#: The command that stands for changing a thing of each kind, for those who take commands back.
CHANGES: dict[str, str] = {
    "visit": "amend_visit",
    "delegation": "amend_delegation",
    "venue": "amend_venue",
    "route": "withdraw_route",
    "officer": "amend_officer",
    "post": "amend_post",
    "assignment": "withdraw_assignment",
    "policy": "adopt_policy",
    "erasure": "erase_person",
}


def permit_undo(actor: Actor, events: Iterable[Event]) -> None:
    """Refuse taking back what the actor could not have changed."""
    for kind in sorted({event.kind for event in events}):
        permit(actor, CHANGES[kind])


def may_read(actor: Actor) -> bool:
    """True where the actor may see visits and their programmes."""
    return bool(PLAN_READERS & actor.roles)


def permit_reading(actor: Actor) -> None:
    """Refuse to show visits and programmes to who may not see them."""
    if not may_read(actor):
        raise NotAllowed.because(
            "Account {user} may not do this; it needs one of these roles: {roles}.",
            user=actor.user,
            roles=tuple(sorted(PLAN_READERS)),
        )
