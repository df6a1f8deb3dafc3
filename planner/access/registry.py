"""The registry of rules: one line for what is decided together, shown to the auditor as it stands here.

``allow = member(visit, role) ∧ rule(role, action, state) ∧ ¬conflict(user, object)``. The first two factors stand
here; the state of a thing and the conflict of a person with it (the own membership, somebody else's duty) are
refused by the entity that decides. Nothing is allowed that no rule names: a command or query without a row cannot be
defined. A role counts only where the account has it too, so that an administrator who takes it away takes it
everywhere, at the next click.
"""

from __future__ import annotations

import dataclasses
from enum import StrEnum
from typing import Final

from domain.base import Role
from domain.emergency import ROLES as EMERGENCY_ROLES
from domain.messages import Message, message

_LEADERS: Final = frozenset({Role.PLANNER, Role.COMMANDER})
_PROGRAMME: Final = _LEADERS | {Role.PROTOCOL}
_DUTY: Final = _LEADERS | {Role.OFFICER}
_FORCE_READERS: Final = _LEADERS | {Role.AUDITOR}
_READERS: Final = _PROGRAMME | {Role.AUDITOR}


class Reach(StrEnum):
    """Where the role must be held: in the visit that is meant, or by the account."""

    VISIT = "visit"
    SITE = "site"


@dataclasses.dataclass(frozen=True, slots=True)
class Rule:
    """Who may do these things: commands or queries, by their names.

    ``argument`` of each command names the visit that is meant. ``emergency``: break-glass allows it too, in the roles
    in which the visit was opened (``domain.emergency``).
    """

    says: Message
    actions: tuple[str, ...]
    roles: frozenset[Role]
    reach: Reach = Reach.VISIT
    argument: str = "visit"
    emergency: bool = False

    @property
    def of_visit(self) -> bool:
        return self.reach is Reach.VISIT


def _seeing(says: Message, actions: tuple[str, ...], roles: frozenset[Role]) -> Rule:
    return Rule(says, actions, roles, emergency=True)


def _site(says: Message, actions: tuple[str, ...], roles: frozenset[Role]) -> Rule:
    return Rule(says, actions, roles, Reach.SITE)


#: What changes the plan.
COMMAND_RULES: tuple[Rule, ...] = (
    _site(message("enter a visit, and become its first member"), ("register_visit", "import_visit"), _PROGRAMME),
    Rule(message("change what is known of a visit"), ("amend_visit",), _PROGRAMME, argument="code"),
    Rule(message("cancel or reinstate a visit"), ("cancel_visit", "reinstate_visit"), _PROGRAMME, argument="code"),
    Rule(message("move a whole visit to another time, with posts and duties"), ("shift_visit",), _LEADERS),
    Rule(
        message("plan the activities of the programme"),
        ("schedule_activity", "amend_activity", "move_activity", "relocate_activity"),
        _PROGRAMME,
    ),
    Rule(message("cancel or reinstate activities"), ("cancel_activity", "reinstate_activity"), _PROGRAMME),
    Rule(message("import a programme"), ("import_programme",), _PROGRAMME),
    Rule(message("report arrivals and departures"), ("report_journey",), _PROGRAMME),
    Rule(message("enter and change delegations"), ("register_delegation", "amend_delegation"), _PROGRAMME),
    Rule(message("withdraw or reinstate delegations"), ("withdraw_delegation", "reinstate_delegation"), _PROGRAMME),
    Rule(
        message("keep the list of guests"),
        ("add_member", "amend_member", "remove_member", "designate_head"),
        _PROGRAMME,
    ),
    _site(
        message("keep the register of venues"),
        ("register_venue", "amend_venue", "retire_venue", "reinstate_venue"),
        _PROGRAMME,
    ),
    _site(
        message("keep the rooms and key points of venues"),
        ("add_room", "amend_room", "remove_room", "mark_key_point", "amend_key_point", "remove_key_point"),
        _PROGRAMME,
    ),
    _site(message("import venues"), ("import_venues",), _LEADERS),
    Rule(message("plan routes"), ("plan_routes", "withdraw_route", "reinstate_route"), _LEADERS),
    Rule(message("record ways between posts as measured on a map"), ("record_ways",), _LEADERS),
    Rule(message("close and reopen routes"), ("close_route", "reopen_route"), _LEADERS),
    _site(
        message("keep the personnel register"),
        ("register_officer", "amend_officer", "retire_officer", "reinstate_officer", "import_officers"),
        _LEADERS,
    ),
    _site(
        message("keep the qualifications of officers"),
        ("grant_qualification", "revoke_qualification", "remove_qualification"),
        _LEADERS,
    ),
    _site(message("record the absences of officers"), ("record_absence", "amend_absence", "cancel_absence"), _LEADERS),
    Rule(message("create and change posts"), ("create_post", "amend_post", "import_posts"), _LEADERS),
    Rule(message("give posts their times and shifts"), ("reschedule_post", "plan_shifts"), _LEADERS),
    Rule(message("issue post orders, appoint post commanders"), ("issue_post_order", "appoint_commander"), _LEADERS),
    Rule(message("cancel or reinstate posts"), ("cancel_post", "reinstate_post"), _LEADERS),
    Rule(message("give duties to officers"), ("assign_officer", "confirm_assignment"), _LEADERS),
    Rule(
        message("move, withdraw and reinstate duties"),
        ("reschedule_assignment", "withdraw_assignment", "reinstate_assignment"),
        _LEADERS,
    ),
    Rule(message("pin duties, so that no proposal moves them"), ("pin_assignments",), _LEADERS),
    Rule(message("acknowledge one's own duty"), ("acknowledge_assignment",), frozenset({Role.OFFICER})),
    Rule(message("report on post and off post; officers their own duty alone"), ("start_duty", "end_duty"), _DUTY),
    _site(message("adopt the numbers that rules use"), ("adopt_policy",), frozenset({Role.COMMANDER})),
    _site(message("erase what is known of a person"), ("erase_person",), frozenset({Role.COMMANDER})),
    Rule(message("erase a visit that is over"), ("erase_visit",), frozenset({Role.COMMANDER})),
    _site(message("take a command back that one could have given"), ("undo",), _PROGRAMME),
    Rule(
        message("let members into a visit and out of it, never oneself; commanders and auditors: a commander alone"),
        ("grant_membership", "amend_membership", "end_membership"),
        _LEADERS,
    ),
    _site(
        message("open a visit that one is no member of, in an emergency, to see it; end that"),
        ("open_emergency_access", "end_emergency_access"),
        EMERGENCY_ROLES,
    ),
    Rule(
        message("end what somebody opened in an emergency, and review it; never one's own"),
        ("revoke_emergency_access", "review_emergency_access"),
        frozenset({Role.COMMANDER, Role.AUDITOR}),
    ),
    _site(message("have one's own signing key entered in the log"), ("make_signing_key",), frozenset(Role)),
    _site(
        message("vouch for the keys of others, never for one's own; revoke keys"),
        ("vouch_for_keys", "revoke_keys"),
        frozenset({Role.ADMINISTRATOR}),
    ),
    _site(
        message("let members into every visit and out again, never oneself"),
        ("grant_site_membership", "amend_site_membership", "end_site_membership"),
        frozenset({Role.ADMINISTRATOR}),
    ),
)

#: What shows the plan, or takes it out.
QUERY_RULES: tuple[Rule, ...] = (
    _seeing(message("see that a visit exists, its title and days"), ("read_visit",), _READERS | {Role.PRESS}),
    _seeing(message("see the programme"), ("read_programme",), _READERS),
    _seeing(message("see delegations and guests"), ("read_delegations",), _READERS),
    _seeing(message("see routes"), ("read_routes",), _READERS),
    _seeing(message("see posts and duties"), ("read_force",), _FORCE_READERS),
    Rule(message("have a roster proposed"), ("propose_roster",), _LEADERS),
    _seeing(message("see what breaks a rule"), ("read_findings",), _READERS),
    _seeing(message("see who the members are"), ("read_members",), _READERS),
    _site(
        message("see who the members of every visit are, and who signs with which keys"),
        ("read_site_members",),
        _READERS | {Role.ADMINISTRATOR},
    ),
    _seeing(message("see the history of what may be seen"), ("read_history",), _READERS),
    Rule(
        message("ask what auditors ask: overrides, late changes, orders nobody acknowledged, gaps"),
        ("read_questions",),
        frozenset({Role.COMMANDER, Role.AUDITOR}),
    ),
    Rule(message("see one's own duties"), ("read_own_duties",), frozenset({Role.OFFICER})),
    _site(message("see venues"), ("read_venues",), _READERS),
    _site(message("see the personnel register"), ("read_officers",), _FORCE_READERS),
    _site(message("see the numbers that rules use"), ("read_policy",), _READERS | {Role.OFFICER}),
    Rule(message("take out the programme"), ("export_programme",), _READERS),
    Rule(message("take out posts and duties"), ("export_force",), _FORCE_READERS),
    Rule(message("take out the whole plan of a visit"), ("export_plan",), _FORCE_READERS),
    Rule(message("take out the history"), ("export_history",), _READERS),
    _site(message("take out venues"), ("export_venues",), _READERS),
    _site(message("take out the personnel register"), ("export_officers",), _FORCE_READERS),
    Rule(message("take out one's own duties"), ("export_own_duties",), frozenset({Role.OFFICER})),
    Rule(message("take files out whole, where they are redacted for others"), ("export_whole",), _READERS),
    Rule(message("take out the proof of a visit"), ("export_bundle",), frozenset({Role.AUDITOR})),
    Rule(message("see who read the visit"), ("read_reads",), frozenset({Role.AUDITOR})),
    _site(message("sign and verify the history"), ("read_integrity",), frozenset({Role.AUDITOR})),
    _site(
        message("see who signed in, who was refused, and what was done to accounts"),
        ("read_sign_ins",),
        frozenset({Role.AUDITOR, Role.ADMINISTRATOR}),
    ),
    _site(message("see these rules"), ("read_rules",), frozenset({Role.AUDITOR, Role.ADMINISTRATOR})),
)

RULES: tuple[Rule, ...] = COMMAND_RULES + QUERY_RULES

#: The rule of each command and of each query, by its name.
COMMANDS: dict[str, Rule] = {action: rule for rule in COMMAND_RULES for action in rule.actions}
QUERIES: dict[str, Rule] = {action: rule for rule in QUERY_RULES for action in rule.actions}

#: What stands for seeing a thing of each kind that belongs to a visit, and of each kind that visits share.
SEEING: dict[str, str] = {
    "visit": "read_visit",
    "delegation": "read_delegations",
    "route": "read_routes",
    "ways": "read_force",
    "post": "read_force",
    "assignment": "read_force",
    "membership": "read_members",
    "emergency": "read_members",
    "venue": "read_venues",
    "officer": "read_officers",
    "policy": "read_policy",
    "signer": "read_site_members",
    "erasure": "read_history",
}

#: The command that stands for changing a thing of each kind, for those who take commands back.
CHANGES: dict[str, str] = {
    "visit": "amend_visit",
    "delegation": "amend_delegation",
    "venue": "amend_venue",
    "route": "withdraw_route",
    "ways": "record_ways",
    "officer": "amend_officer",
    "post": "amend_post",
    "assignment": "withdraw_assignment",
    "policy": "adopt_policy",
    "erasure": "erase_person",
    "membership": "amend_membership",
    "emergency": "revoke_emergency_access",
    "signer": "revoke_keys",
}


def rule_of(action: str) -> Rule:
    """The rule of a command or query. Raises ``LookupError`` where there is none: nothing is allowed by silence."""
    rule = COMMANDS.get(action) or QUERIES.get(action)
    if rule is None:
        raise LookupError(f"planner.access.registry has no row for {action}")
    return rule
