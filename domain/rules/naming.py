"""How findings name officers, duties, posts and venues, always in the same words."""

from __future__ import annotations

from domain.assignment import Assignment
from domain.base import Entity
from domain.delegation import Delegation
from domain.messages import Message, message
from domain.officer import Officer
from domain.plan import Plan
from domain.post import Post
from domain.venue import Venue
from domain.visit import Visit

#: Characters of a name inside a sentence.
LONGEST = 60


def at_post(plan: Plan, duty: Assignment) -> Message:
    """Where and when a duty is, as part of a sentence."""
    post = post_named(plan, duty.post_key)
    return message("post {post} of visit {visit} ({window})", post=post, visit=duty.visit, window=duty.window)


def post_named(plan: Plan, key: str) -> str:
    """A post with its task; of one that is not there only the code is known."""
    post = plan.entities.get(f"post/{key}")
    return titled(post.code, post.details.task) if isinstance(post, Post) else key.rpartition("/")[2]


def venue_named(plan: Plan, code: str) -> str:
    """A venue with its name; of one that is not there only the code is known."""
    venue = plan.entities.get(f"venue/{code}")
    return titled(code, venue.details.name) if isinstance(venue, Venue) else code


def thing_named(plan: Plan, thing: Entity) -> str:
    """Anything of the plan by code and name, a duty by who does it where; what has no name by its code."""
    match thing:
        case Visit():
            return titled(thing.code, thing.details.title)
        case Delegation() | Venue():
            return titled(thing.code, thing.details.name)
        case Officer():
            return named(thing)
        case Post():
            return titled(thing.code, thing.details.task)
        case Assignment():
            officer = plan.entities.get(f"officer/{thing.officer}")
            who = officer.name if isinstance(officer, Officer) else thing.officer
            return f"{thing.code} ({who}, {post_named(plan, thing.post_key)})"
    return thing.code


def titled(code: str, name: str) -> str:
    """A code with what people call it, as the history says it: ``P-07 «Gác cổng chính»``; a long name is cut."""
    return f"{code} «{name if len(name) <= LONGEST else name[: LONGEST - 1] + '…'}»"


def named(officer: Officer) -> str:
    """Name and code of an officer, as typed."""
    return f"{officer.name} ({officer.key})"
