"""``planner member`` and ``planner access``: who belongs to visits, and what that allows."""

from __future__ import annotations

import argparse
from typing import Any

from domain.base import Role
from domain.membership import ROLES, Terms
from domain.refusals import InvalidInput
from planner.access import RULES
from planner.access.roll import Entry, roll
from planner.application import Planner
from planner.cli.answers import moment as told_moment
from planner.cli.console import Console
from planner.cli.opening import accounts_of, actor, moment, opened, reader, record
from planner.text import both


def list_(asked: argparse.Namespace, console: Console) -> int:
    """The members of a visit, or of every visit."""
    with opened(asked) as planner:
        visit = asked.visit or ""
        query = "read_members" if visit else "read_site_members"
        who = reader(planner, asked.user, query)
        who.permit(query, visit)
        if visit:
            who.plan.visit(visit)
        members = roll(who, visit)
        record(who, console, query, visit or None, "members")
        if asked.format == "json":
            console.json([_told(one) for one in members])
            return 0
        for one in members:
            console.line("\t".join(_row(one, console)))
    return 0


def grant(asked: argparse.Namespace, console: Console) -> int:
    """Let an account take part."""
    return _decided(asked, "grant", _terms(asked))


def amend(asked: argparse.Namespace, console: Console) -> int:
    """Other roles or times."""
    return _decided(asked, "amend", _terms(asked))


def end(asked: argparse.Namespace, console: Console) -> int:
    """Let a member take part no longer."""
    return _decided(asked, "end")


def adopt(asked: argparse.Namespace, console: Console) -> int:
    """Every account becomes a member of every visit, in the roles it has."""
    with opened(asked) as planner, accounts_of(planner) as accounts:
        by = actor(planner, asked.user)
        for account in accounts:
            roles = account.roles & ROLES
            if roles and account.user != by.user and planner.plan.membership("", account.user).terms is None:
                planner.grant_site_membership(account.user, Terms(roles=roles), by=by, reason=asked.reason)
                console.line(account.user)
    return 0


def rules(asked: argparse.Namespace, console: Console) -> int:
    """The registry of rules as it stands in the program; it is the same for all data, so that none is opened."""
    if asked.format == "json":
        console.json(
            [
                {
                    "says": both(rule.says),
                    "actions": list(rule.actions),
                    "roles": sorted(rule.roles),
                    "reach": rule.reach.value,
                }
                for rule in RULES
            ]
        )
        return 0
    for rule in RULES:
        roles, reach = console.speaker.listed(sorted(rule.roles)), console.speaker.label(rule.reach)
        console.line(f"{roles}\t{reach}\t{console.speaker.say(rule.says)}\t{', '.join(rule.actions)}")
    return 0


def _decided(asked: argparse.Namespace, what: str, *terms: Terms) -> int:
    with opened(asked) as planner:
        by = actor(planner, asked.user)
        _known(planner, asked.name, what)
        if asked.visit:
            getattr(planner, f"{what}_membership")(asked.visit, asked.name, *terms, by=by, reason=asked.reason)
        else:
            getattr(planner, f"{what}_site_membership")(asked.name, *terms, by=by, reason=asked.reason)
    return 0


def _known(planner: Planner, user: str, what: str) -> None:
    """Refuse to let in an account that does not exist."""
    if what != "end":
        with accounts_of(planner) as accounts:
            accounts.account(user)


def _terms(asked: argparse.Namespace) -> Terms:
    known = {role.value: role for role in Role if role in ROLES}
    unknown = sorted(set(asked.role) - set(known))
    if unknown or not asked.role:
        raise InvalidInput.because(
            "Name one or more roles with --role; the roles of members are: {known}.", known=tuple(known)
        )
    opens = None if asked.opens is None else moment(asked.opens)
    closes = None if asked.closes is None else moment(asked.closes)
    if opens is not None and closes is not None and closes <= opens:
        raise InvalidInput.because("A membership must close after it opens")
    return Terms(roles=frozenset(known[name] for name in asked.role), opens=opens, closes=closes)


def _told(one: Entry) -> dict[str, Any]:
    terms = one.terms
    return {
        "user": one.user,
        "visit": one.membership.visit or None,
        "roles": sorted(terms.roles),
        "opens": None if terms.opens is None else told_moment(terms.opens),
        "closes": None if terms.closes is None else told_moment(terms.closes),
        "why": "registered the visit" if one.registered else one.reason,
        "by": one.by,
        "decided_at": told_moment(one.decided_at),
    }


def _row(one: Entry, console: Console) -> list[str]:
    times = [console.speaker.show(at) if at is not None else "" for at in (one.terms.opens, one.terms.closes)]
    why = console.speaker("registered the visit") if one.registered else one.reason
    return [one.user, console.speaker.listed(sorted(one.terms.roles)), *times, why, one.by]
