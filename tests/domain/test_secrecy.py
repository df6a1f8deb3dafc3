"""The mark of a visit is the highest of what it holds."""

from __future__ import annotations

import pytest

from domain.refusals import NotFound
from domain.secrecy import mark_of
from domain.values import SecrecyLevel
from tests.examples import VISIT, Story

SECRET, CONFIDENTIAL = SecrecyLevel.SECRET, SecrecyLevel.CONFIDENTIAL


@pytest.fixture
def story() -> Story:
    told = Story()
    told.visit(secrecy=CONFIDENTIAL)
    return told


def test_the_own_mark_counts_where_nothing_is_higher(story: Story) -> None:
    story.venue("HOTEL-1", secrecy=SecrecyLevel.NONE)
    story.activity("A-01", venue="HOTEL-1")

    assert mark_of(story.plan, VISIT) is CONFIDENTIAL


def test_a_venue_that_the_programme_or_a_post_uses_raises_it(story: Story) -> None:
    story.venue("HOTEL-1", secrecy=SECRET)
    unused = mark_of(story.plan, VISIT)
    story.post("P-01", venue="HOTEL-1")
    with_post = mark_of(story.plan, VISIT)
    story.venue("HALL", secrecy=SecrecyLevel.TOP_SECRET)
    story.activity("A-01", venue="HALL")

    assert (unused, with_post, mark_of(story.plan, VISIT)) == (CONFIDENTIAL, SECRET, SecrecyLevel.TOP_SECRET)


def test_a_delegation_raises_it_until_it_is_withdrawn(story: Story) -> None:
    story.delegation("LA", secrecy=SECRET)
    coming = mark_of(story.plan, VISIT)
    story.tell(story.plan.delegation(VISIT, "LA").withdraw(story.act()))

    assert (coming, mark_of(story.plan, VISIT)) == (SECRET, CONFIDENTIAL)


def test_what_is_not_there_has_no_mark(story: Story) -> None:
    with pytest.raises(NotFound):
        mark_of(story.plan, "NO-2026-01")
