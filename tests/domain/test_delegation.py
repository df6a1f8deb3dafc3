"""A delegation, its members and its head."""

from collections.abc import Callable

import pytest
from pydantic import ValidationError

from domain.base import Decision
from domain.delegation import Delegation
from domain.refusals import CodeTaken, InvalidInput, NotFound, NotPossible, ReasonRequired
from tests.examples import HOSTILE_NAMES, KHMER_GUEST, LAO_HEAD, VISIT, Story, act, delegation_details, member


@pytest.fixture
def story() -> Story:
    story = Story()
    story.visit()
    story.delegation("LA", members=2)
    return story


def delegation(story: Story) -> Delegation:
    return story.plan.delegation(VISIT, "LA")


def test_a_delegation_comes_with_members_and_a_head(story: Story) -> None:
    head = delegation(story).head_of_delegation

    assert [guest.code for guest in delegation(story).members] == ["M-01", "M-02"]
    assert head is not None
    assert head.name == LAO_HEAD


def test_members_are_listed_by_precedence_after_the_head(story: Story) -> None:
    for code, place in (("M-03", 2), ("M-04", None), ("M-05", 1)):
        story.tell(delegation(story).add_member(member(code, precedence=place), act()))
    story.tell(delegation(story).designate_head("M-04", act()))

    listed = [guest.code for guest in delegation(story).in_precedence]

    assert listed == ["M-04", "M-05", "M-03", "M-01", "M-02"]


def test_amending_changes_the_details(story: Story) -> None:
    details = delegation_details(planned_size=25)

    story.tell(delegation(story).amend(details, act()))

    assert delegation(story).details == details
    assert delegation(story).amend(details, act()) == ()


def test_a_delegation_is_withdrawn_with_a_reason_and_comes_after_all(story: Story) -> None:
    with pytest.raises(ReasonRequired):
        delegation(story).withdraw(act())
    story.tell(delegation(story).withdraw(act("hoãn")))
    assert delegation(story).withdrawn

    story.tell(delegation(story).reinstate(act()))

    assert not delegation(story).withdrawn


def test_a_delegation_that_comes_is_not_reinstated(story: Story) -> None:
    with pytest.raises(NotPossible):
        delegation(story).reinstate(act())


def test_a_withdrawn_delegation_is_not_changed(story: Story) -> None:
    story.tell(delegation(story).withdraw(act("hoãn")))
    gone = delegation(story)

    decisions: tuple[Callable[[], Decision], ...] = (
        lambda: gone.amend(delegation_details(planned_size=1), act()),
        lambda: gone.withdraw(act("x")),
        lambda: gone.add_member(member("M-09"), act()),
        lambda: gone.amend_member(member("M-01", rank="X"), act()),
        lambda: gone.remove_member("M-01", act("x")),
        lambda: gone.designate_head("M-02", act()),
    )

    for decide in decisions:
        with pytest.raises(NotPossible):
            decide()


def test_a_member_is_added_once(story: Story) -> None:
    story.tell(delegation(story).add_member(member("M-03", KHMER_GUEST), act()))

    with pytest.raises(CodeTaken):
        delegation(story).add_member(member("M-03"), act())
    assert delegation(story).member("M-03").name == KHMER_GUEST


def test_a_member_is_amended(story: Story) -> None:
    guest = member("M-02", KHMER_GUEST, rank="Phu nhân Phó Chủ tịch", spouse_of="M-01")

    story.tell(delegation(story).amend_member(guest, act()))

    assert delegation(story).member("M-02") == guest
    assert delegation(story).amend_member(guest, act()) == ()


def test_an_unknown_member_is_neither_amended_nor_removed_nor_head(story: Story) -> None:
    decisions: tuple[Callable[[], Decision], ...] = (
        lambda: delegation(story).amend_member(member("M-99"), act()),
        lambda: delegation(story).remove_member("M-99", act("x")),
        lambda: delegation(story).designate_head("M-99", act()),
    )

    for decide in decisions:
        with pytest.raises(NotFound):
            decide()


def test_a_spouse_is_a_member(story: Story) -> None:
    with pytest.raises(NotFound):
        delegation(story).add_member(member("M-03", spouse_of="M-99"), act())


def test_nobody_is_the_own_spouse(story: Story) -> None:
    with pytest.raises(InvalidInput):
        delegation(story).add_member(member("M-03", spouse_of="M-03"), act())


def test_removing_needs_a_reason(story: Story) -> None:
    with pytest.raises(ReasonRequired):
        delegation(story).remove_member("M-02", act())


def test_without_its_head_a_delegation_has_none(story: Story) -> None:
    story.tell(delegation(story).remove_member("M-01", act("ốm")))

    assert (delegation(story).head, delegation(story).head_of_delegation) == (None, None)


def test_another_member_becomes_the_head(story: Story) -> None:
    assert delegation(story).designate_head("M-01", act()) == ()

    story.tell(delegation(story).designate_head("M-02", act()))

    assert delegation(story).head == "M-02"


def test_nobody_may_be_the_head(story: Story) -> None:
    story.tell(delegation(story).designate_head(None, act()))

    assert delegation(story).head_of_delegation is None


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_names_are_kept_exactly_as_typed(story: Story, name: str) -> None:
    guest = member("M-03", LAO_HEAD.__class__(romanised=name, original=name))

    story.tell(delegation(story).add_member(guest, act()))

    assert delegation(story).member("M-03").name.original == name


@pytest.mark.parametrize("country", ["la", "LAO", "", "L1"])
def test_a_country_is_a_code_of_two_letters(country: str) -> None:
    with pytest.raises(ValidationError):
        delegation_details(country=country)


@pytest.mark.parametrize("place", [0, -1, 10_001])
def test_a_place_in_the_order_of_precedence_counts_from_one(place: int) -> None:
    with pytest.raises(ValidationError):
        member(precedence=place)
