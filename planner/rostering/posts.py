"""What posts ask for and where they are, as arrays: what of a problem hangs neither on time nor on who is where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np

from domain.base import Entity
from domain.plan import Plan
from domain.policy import PolicyNumbers
from domain.post import Post
from domain.requirements import Need, needs
from domain.route import Route
from domain.rules.travel import place_of
from domain.ways import Ways
from planner.rostering.problem import CRITICAL, NONE, Bools, Ints
from planner.rostering.ways import minutes_between

#: The priority of a place at a post that is not critical; an open one at a critical post is three times as dear.
USUAL = 1


class Posts(NamedTuple):
    """Arrays of one row for each post; ``number`` is the row by the post's key.

    ``needs`` is posts × skills, ``travel`` minutes from site to site, where the last site is nowhere, near to all.
    ``language`` numbers the ``wishes``, ``venue`` the venues, ``detail`` the details; NONE where there is none.
    """

    number: Mapping[str, int]
    site: Ints
    travel: Ints
    needs: Bools
    skills: tuple[Need, ...]
    language: Ints
    wishes: Sequence[str]
    priority: Ints
    venue: Ints
    detail: Ints
    #: The officers who answer for posts, by the posts' rows.
    commanders: Mapping[int, str]


def posts_asked(
    plan: Plan, name: tuple[str, ...], posts: Sequence[Post], numbers: PolicyNumbers, leaving: datetime
) -> Posts:
    """What these posts ask for; remembered by the name for plans after this one, as long as nothing of it changes."""
    there = (plan.venues, ways_known(plan, {post.visit for post in posts}), numbers, leaving)

    def made() -> Posts:
        site, first = _sites(plan, posts)
        travel = plan.remembered_from(
            ("travel", *name), (first, *there), lambda: np.pad(minutes_between(plan, numbers, first, leaving), (0, 1))
        )
        asks, skills = _needed(posts)
        details = [post.details for post in posts]
        wishes = sorted({code for each in details for code in each.desired[:1]})
        return Posts(
            number={post.key: row for row, post in enumerate(posts)},
            site=site,
            travel=travel,
            needs=asks,
            skills=skills,
            language=np.array(
                [wishes.index(each.desired[0]) if each.desired else NONE for each in details], dtype=np.int64
            ),
            wishes=wishes,
            priority=np.array([CRITICAL if each.critical else USUAL for each in details], dtype=np.int64),
            venue=_numbered([each.venue for each in details]),
            detail=_numbered([post.details.detail and (post.visit, post.details.detail) for post in posts]),
            commanders={row: each.commander for row, each in enumerate(details) if each.commander is not None},
        )

    return plan.remembered_from(("posts", *name), (posts, *there), made)


def ways_known(plan: Plan, visits: Iterable[str]) -> list[tuple[Entity | None, tuple[Route, ...]]]:
    """What was measured and what is planned in each of these visits: what the ways between their posts follow from."""
    return [(plan.entities.get(f"{Ways.kind}/{visit}/{Ways.CODE}"), plan.routes(visit)) for visit in sorted(visits)]


def _numbered(said: Sequence[object]) -> Ints:
    """A number for each of those that are there, in order; NONE for what is not."""
    found: dict[object, int] = {}
    return np.array([found.setdefault(one, len(found)) if one else NONE for one in said], dtype=np.int64)


def _needed(posts: Sequence[Post]) -> tuple[Bools, tuple[Need, ...]]:
    """What each post asks of its officer, and what is asked at all; many posts ask for the same."""
    alike: dict[tuple[object, ...], list[int]] = {}
    asked = list[tuple[Need, ...]]()
    for row, post in enumerate(posts):
        details = post.details
        of = alike.setdefault((details.required, details.languages, details.licence), [])
        if not of:
            asked.append(needs(details))
        of.append(row)
    skills = sorted({need for own in asked for need in own})
    asks = np.zeros((len(posts), len(skills)), dtype=np.bool_)
    for own, of in zip(asked, alike.values(), strict=True):
        asks[np.ix_(of, [skills.index(need) for need in own])] = True
    return asks, tuple(skills)


def _sites(plan: Plan, posts: Sequence[Post]) -> tuple[Ints, list[Post]]:
    """The site of each post, and the first post of each; one site more is nowhere, near to all.

    Two posts are one site where R02 needs no way between them; where a place is unknown, R02 asks for nothing.
    """
    known: dict[object, int] = {}
    # What says where a post is: many posts say the same.
    alike: dict[object, int] = {}
    first: list[Post] = []
    site = []
    for post in posts:
        details = post.details
        said = (details.coordinates, details.key_point, details.venue, post.visit)
        if said not in alike:
            where = place_of(plan, post)
            key = None if where is None else (where, *said[1:])
            if key is not None and key not in known:
                known[key] = len(first)
                first.append(post)
            alike[said] = NONE if key is None else known[key]
        site.append(alike[said])
    return np.array([len(first) if one == NONE else one for one in site], dtype=np.int64), first
