"""A venue, its rooms and its key points."""

from collections.abc import Callable

import pytest
from pydantic import ValidationError

from domain.base import Decision
from domain.refusals import CodeTaken, NotFound, NotPossible, ReasonRequired
from domain.venue import KeyPointKind, Venue
from domain.visit import Layout
from tests.examples import Story, act, key_point, place, room, venue_details


@pytest.fixture
def story() -> Story:
    story = Story()
    story.venue("HOTEL-1")
    story.room("R-1", 100)
    story.tell(venue(story).mark_key_point(key_point("K-1"), act()))
    return story


def venue(story: Story) -> Venue:
    return story.plan.venue("HOTEL-1")


def test_amending_changes_the_details(story: Story) -> None:
    details = venue_details("Trung tâm hội nghị", coordinates=place(19.9, 102.2))

    story.tell(venue(story).amend(details, act()))

    assert venue(story).details == details
    assert venue(story).amend(details, act()) == ()


def test_a_venue_is_retired_with_a_reason_and_used_again(story: Story) -> None:
    with pytest.raises(ReasonRequired):
        venue(story).retire(act())
    story.tell(venue(story).retire(act("sửa chữa")))
    assert venue(story).retired

    story.tell(venue(story).reinstate(act()))

    assert not venue(story).retired


def test_a_venue_in_use_is_not_reinstated(story: Story) -> None:
    with pytest.raises(NotPossible):
        venue(story).reinstate(act())


def test_a_retired_venue_is_not_changed(story: Story) -> None:
    story.tell(venue(story).retire(act("sửa chữa")))
    retired = venue(story)

    decisions: tuple[Callable[[], Decision], ...] = (
        lambda: retired.amend(venue_details("X"), act()),
        lambda: retired.retire(act("x")),
        lambda: retired.add_room(room("R-2"), act()),
        lambda: retired.amend_room(room("R-1", 5), act()),
        lambda: retired.remove_room("R-1", act("x")),
        lambda: retired.mark_key_point(key_point("K-2"), act()),
        lambda: retired.amend_key_point(key_point("K-1", name="X"), act()),
        lambda: retired.remove_key_point("K-1", act("x")),
    )

    for decide in decisions:
        with pytest.raises(NotPossible):
            decide()


def test_a_room_is_added_once_amended_and_removed(story: Story) -> None:
    with pytest.raises(CodeTaken):
        venue(story).add_room(room("R-1"), act())
    story.tell(venue(story).amend_room(room("R-1", 50), act()))
    assert venue(story).room("R-1").capacity(Layout.THEATRE) == 50
    assert venue(story).amend_room(room("R-1", 50), act()) == ()
    with pytest.raises(ReasonRequired):
        venue(story).remove_room("R-1", act())

    story.tell(venue(story).remove_room("R-1", act("đóng cửa")))

    assert venue(story).rooms == ()


def test_an_unknown_room_is_neither_amended_nor_removed(story: Story) -> None:
    with pytest.raises(NotFound):
        venue(story).amend_room(room("R-9"), act())
    with pytest.raises(NotFound):
        venue(story).remove_room("R-9", act("x"))


def test_a_key_point_is_marked_once_moved_and_removed(story: Story) -> None:
    with pytest.raises(CodeTaken):
        venue(story).mark_key_point(key_point("K-1"), act())
    moved = key_point("K-1", KeyPointKind.SAFE_HAVEN, coordinates=place(19.7))
    story.tell(venue(story).amend_key_point(moved, act()))
    assert venue(story).points_of(KeyPointKind.SAFE_HAVEN) == (moved,)
    assert venue(story).amend_key_point(moved, act()) == ()
    with pytest.raises(ReasonRequired):
        venue(story).remove_key_point("K-1", act())

    story.tell(venue(story).remove_key_point("K-1", act("nhầm")))

    assert venue(story).key_points == ()


def test_an_unknown_key_point_is_neither_amended_nor_removed(story: Story) -> None:
    with pytest.raises(NotFound):
        venue(story).amend_key_point(key_point("K-9"), act())
    with pytest.raises(NotFound):
        venue(story).remove_key_point("K-9", act("x"))


@pytest.mark.parametrize(
    ("persons", "fire_limit", "held"),
    [(100, None, 100), (100, 80, 80), (80, 100, 80), (None, 60, 60), (None, None, None)],
)
def test_a_room_holds_the_smaller_of_capacity_and_fire_limit(
    persons: int | None, fire_limit: int | None, held: int | None
) -> None:
    assert room("R-2", persons, fire_limit=fire_limit).capacity(Layout.BANQUET) == held


@pytest.mark.parametrize(("lat", "lon"), [(90.1, 0), (-90.1, 0), (0, 180.1), (0, -180.1), (float("nan"), 0)])
def test_coordinates_off_the_earth_are_refused(lat: float, lon: float) -> None:
    with pytest.raises(ValidationError):
        place(lat, lon)


@pytest.mark.parametrize(("lat", "lon"), [(90, 180), (-90, -180), (0, 0)])
def test_the_ends_of_the_earth_are_on_it(lat: float, lon: float) -> None:
    assert (place(lat, lon).lat, place(lat, lon).lon) == (lat, lon)
