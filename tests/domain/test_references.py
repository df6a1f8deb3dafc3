"""What activities and posts name must exist, and how many guests are expected."""

from typing import Any

import pytest

from domain.references import known_activity, known_post, party_members, party_size
from domain.refusals import InvalidInput, NotFound, NotPossible
from tests.examples import VISIT, Story, act, activity, key_point, member, post_details


@pytest.fixture
def story() -> Story:
    story = Story()
    story.visit()
    story.delegation("LA", members=6)
    story.venue("HOTEL-1")
    story.room("R-1")
    story.tell(story.plan.venue("HOTEL-1").mark_key_point(key_point("K-1"), act()))
    story.activity("A-01")
    story.officer("CA-0113")
    return story


def test_an_activity_names_what_exists(story: Story) -> None:
    slot = activity("A-02", venue="HOTEL-1", room="R-1", delegation="LA", joint_with=("A-01",))

    assert known_activity(story.plan, VISIT, slot) == slot


@pytest.mark.parametrize(
    ("named", "refusal"),
    [
        ({"venue": "X"}, NotFound),
        ({"venue": "HOTEL-1", "room": "X"}, NotFound),
        ({"room": "R-1"}, InvalidInput),
        ({"delegation": "X"}, NotFound),
        ({"joint_with": ("X",)}, NotFound),
    ],
)
def test_an_activity_that_names_what_does_not_exist_is_refused(
    story: Story, named: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        known_activity(story.plan, VISIT, activity("A-02", **named))


def test_a_retired_venue_is_not_chosen(story: Story) -> None:
    story.tell(story.plan.venue("HOTEL-1").retire(act("sửa chữa")))

    with pytest.raises(NotPossible):
        known_activity(story.plan, VISIT, activity("A-02", venue="HOTEL-1"))


def test_a_post_names_what_exists(story: Story) -> None:
    details = post_details(venue="HOTEL-1", key_point="K-1", activity="A-01", commander="CA-0113")

    assert known_post(story.plan, VISIT, details) == details


@pytest.mark.parametrize(
    ("named", "refusal"),
    [
        ({"venue": "X"}, NotFound),
        ({"venue": "HOTEL-1", "key_point": "X"}, NotFound),
        ({"key_point": "K-1"}, InvalidInput),
        ({"activity": "X"}, NotFound),
        ({"commander": "X"}, NotFound),
    ],
)
def test_a_post_that_names_what_does_not_exist_is_refused(
    story: Story, named: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        known_post(story.plan, VISIT, post_details(**named))


# How many come


def test_a_stated_headcount_counts(story: Story) -> None:
    slot = activity("A-02", headcount=80)

    assert (party_size(story.plan, VISIT, slot), party_members(story.plan, VISIT, slot)) == (80, 6)


def test_only_the_named_delegation_counts(story: Story) -> None:
    story.delegation("KH", members=3)

    sizes = [party_size(story.plan, VISIT, activity("A-02", delegation=code)) for code in ("LA", "KH", None)]

    assert sizes == [6, 3, 9]


def test_another_party_is_its_members(story: Story) -> None:
    story.tell(story.plan.delegation(VISIT, "LA").add_member(member("M-07", party="spouses"), act()))

    assert party_size(story.plan, VISIT, activity("A-02", party="spouses")) == 1


def test_who_has_an_activity_of_the_own_at_that_time_is_not_in_the_main_party(story: Story) -> None:
    story.tell(story.plan.delegation(VISIT, "LA").add_member(member("M-07", party="spouses"), act()))
    story.activity("A-02", "14:00", "15:00", party="spouses")

    sizes = [party_size(story.plan, VISIT, activity("A-03", start, "16:00")) for start in ("15:00", "14:59")]

    assert sizes == [7, 6]


def test_a_planned_size_counts_while_the_list_is_shorter(story: Story) -> None:
    story.delegation("KH", members=3, planned_size=20)
    story.delegation("TH", members=3, planned_size=2)

    sizes = [party_size(story.plan, VISIT, activity("A-02", delegation=code)) for code in ("KH", "TH")]

    assert sizes == [20, 3]
