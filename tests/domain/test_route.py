"""Routes of a visit, planned, closed and withdrawn."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from domain.base import Decision
from domain.refusals import InvalidInput, NotFound, NotPossible, ReasonRequired
from domain.route import Route, RouteKind
from domain.routing import planned_anew
from tests.examples import VISIT, Story, act, route_details, window


@pytest.fixture
def story() -> Story:
    story = Story()
    story.visit()
    story.venue("HOTEL-1")
    story.venue("HALL-1", lat=19.95)
    story.route("R-01", "HOTEL-1", "HALL-1")
    return story


def route(story: Story) -> Route:
    return story.plan.route(VISIT, "R-01")


def test_a_route_knows_its_leg(story: Story) -> None:
    assert (route(story).leg, route(story).visit, route(story).code) == (("HOTEL-1", "HALL-1"), VISIT, "R-01")


def test_closing_needs_a_reason_and_reopening_a_closure(story: Story) -> None:
    with pytest.raises(ReasonRequired):
        route(story).close(window("08:00", "12:00"), act())
    with pytest.raises(NotPossible):
        route(story).reopen(act())
    story.tell(route(story).close(window("08:00", "12:00"), act("sạt lở")))
    assert route(story).closed == window("08:00", "12:00")
    assert route(story).close(window("08:00", "12:00"), act("sạt lở")) == ()

    story.tell(route(story).reopen(act()))

    assert route(story).closed is None


def test_withdrawing_needs_a_reason_and_reinstating_a_withdrawal(story: Story) -> None:
    with pytest.raises(ReasonRequired):
        route(story).withdraw(act())
    with pytest.raises(NotPossible):
        route(story).reinstate(act())
    story.tell(route(story).withdraw(act("đổi địa điểm")))
    assert route(story).withdrawn

    story.tell(route(story).reinstate(act()))

    assert not route(story).withdrawn


def test_a_withdrawn_route_is_neither_closed_nor_withdrawn_again(story: Story) -> None:
    story.tell(route(story).withdraw(act("đổi địa điểm")))

    decisions: tuple[Callable[[], Decision], ...] = (
        lambda: route(story).close(window("08:00", "12:00"), act("x")),
        lambda: route(story).reopen(act()),
        lambda: route(story).withdraw(act("x")),
    )

    for decide in decisions:
        with pytest.raises(NotPossible):
            decide()


def test_routes_planned_anew_replace_those_of_their_leg(story: Story) -> None:
    story.route("R-02", "HALL-1", "HOTEL-1")
    fresh = (
        route_details("HOTEL-1", "HALL-1", 12),
        route_details("HOTEL-1", "HALL-1", 15, kind=RouteKind.ALTERNATE),
    )

    story.tell(planned_anew(story.plan, VISIT, fresh, story.act()))

    assert {r.code: r.withdrawn for r in story.plan.routes(VISIT)} == {
        "R-01": True,
        "R-02": False,
        "R-03": False,
        "R-04": False,
    }


@pytest.mark.parametrize(
    ("routes", "refusal"),
    [
        ((), InvalidInput),
        ((route_details("HOTEL-1", "HALL-1"), route_details("HOTEL-1", "HALL-1")), InvalidInput),
        ((route_details("HOTEL-1", "HOTEL-1"),), InvalidInput),
        ((route_details("HOTEL-1", "NOWHERE"),), NotFound),
    ],
)
def test_routes_that_lead_nowhere_are_refused(story: Story, routes: tuple[Any, ...], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        planned_anew(story.plan, VISIT, routes, act())


@pytest.mark.parametrize("wrong", [{"km": -1}, {"minutes": -1}, {"overlap": 1.01}, {"minutes": float("inf")}])
def test_numbers_that_cannot_be_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        route_details("HOTEL-1", "HALL-1", **wrong)
