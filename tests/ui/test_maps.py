"""Maps: nothing is asked of another machine, layers say what the plan says, names do nothing."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import folium
import folium.plugins
import pytest
from branca.colormap import LinearColormap
from folium.elements import JSCSSMixin

from domain.duty import duty
from domain.polyline import encode
from domain.post import PostDetails
from domain.route import RouteKind, RouteSource
from domain.values import Coordinates
from domain.venue import KeyPointKind
from planner.text import Speaker
from tests.examples import HOSTILE_NAMES, VISIT, Story, at, key_point, window
from ui.assets import ASSETS, LEFT_OUT
from ui.maps.base_map import View, base_map, box_around, drawings
from ui.maps.layer import CLOSE_ZOOM, Layer, Mark, Shape, points_of
from ui.maps.offline import NoLocalCopy, local
from ui.maps.places import activities_at, key_points_layer, picked_layer, programme_window, venues_layer
from ui.maps.posts import duty_layer, posts_layer, posts_on_map, stands, state_in_words
from ui.maps.signs import COLOURS, ESTIMATE_DASH, PENS, SIGNS
from ui.maps.ways import routes_layer, routes_on_map

ENGLISH = Speaker("en", "Asia/Ho_Chi_Minh")
LINE = encode(((19.88, 102.13), (19.89, 102.14), (19.90, 102.15)))
NASTY = (
    *HOSTILE_NAMES,
    "`${alert(1)}`",
    "\\",
    "</script><script>alert(1)</script>",
    "a & b",
    "{{'map_div'}}",
    "map_div",
)


@pytest.fixture
def story() -> Story:
    """Two venues, an activity at each, a route between them."""
    story = Story()
    story.visit()
    story.venue("HOTEL-1", 19.88, 102.13, name="Khách sạn Mường Thanh", name_en="Muong Thanh hotel")
    story.venue("HALL-1", 19.90, 102.15, name="Hội trường tỉnh")
    story.activity("A-01", "09:00", "10:00", venue="HOTEL-1", title="Hội đàm")
    story.activity("A-02", "11:00", "12:00", venue="HALL-1", title="Lễ ký")
    story.route("R-01", "HOTEL-1", "HALL-1", geometry=LINE)
    return story


# No other machine


def test_whatever_folium_brings_for_a_map_comes_from_this_server() -> None:
    made = folium.Map(tiles=None)

    asked = [address for _, address in (*made.default_js, *made.default_css)]
    assert all(address.startswith("/static/assets/") for address in asked)
    assert len(asked) == 8


@pytest.mark.parametrize("plugin", ["Draw", "MarkerCluster", "Fullscreen", "MeasureControl", "MousePosition"])
def test_plugins_with_a_local_copy_are_rewritten(plugin: str) -> None:
    made = getattr(folium.plugins, plugin)()

    asked = [address for _, address in (*made.default_js, *made.default_css)]
    assert asked
    assert all(address in ASSETS.values() for address in asked)


@pytest.mark.parametrize("plugin", ["HeatMap", "MiniMap", "Geocoder"])
def test_a_plugin_without_a_local_copy_raises_when_it_is_constructed(plugin: str) -> None:
    with pytest.raises(NoLocalCopy):
        getattr(folium.plugins, plugin)()


def test_a_colour_map_raises_because_it_would_load_d3() -> None:
    with pytest.raises(NoLocalCopy):
        LinearColormap(["red", "blue"])


def test_every_class_of_folium_is_local_or_refused() -> None:
    outside = []
    for cls in _all_classes(JSCSSMixin):
        try:
            links = [*local(cls.default_js, cls.__name__), *local(cls.default_css, cls.__name__)]
        except NoLocalCopy:
            continue
        outside += [address for _, address in links if "//" in address]

    assert outside == []


def test_a_link_added_by_hand_must_be_local_too() -> None:
    made = folium.Map(tiles=None)

    with pytest.raises(NoLocalCopy):
        made.add_js_link("d3", "https://d3js.org/d3.v4.min.js")


def test_what_is_left_out_is_dropped_without_a_complaint() -> None:
    kept = local([(name, "https://x") for name in LEFT_OUT] + [("leaflet", "https://x")], "Map")

    assert kept == [("leaflet", ASSETS["leaflet"])]


def test_the_base_map_is_the_same_every_time() -> None:
    scripts = [_script(base_map(None, ENGLISH)) for _ in range(2)]

    assert scripts[0] == scripts[1]
    assert "http" not in scripts[0]


# Names do nothing


@pytest.mark.parametrize("name", NASTY)
def test_a_name_travels_inside_the_data_and_comes_out_as_typed(name: str) -> None:
    layer = Layer("venues", (Mark(lat=1, lon=2, shape=Shape.VENUE, sign="", title=name, lines=(name,), tag=name),))

    packed = layer.packed()
    properties = json.loads(base64.b64decode(packed))["features"][0]["properties"]

    assert re.fullmatch(r"[A-Za-z0-9+/=]+", packed)
    assert (properties["title"], properties["lines"], properties["tag"]) == (name, [name], name)


def test_the_layers_are_drawn_as_folium_would_draw_its_groups() -> None:
    from streamlit_folium import _get_feature_group_string

    base = base_map(None, ENGLISH)
    base.get_root().render()
    layer = Layer("x", tuple(Mark(lat=1, lon=2, shape=Shape.POINT, sign="", title=name) for name in NASTY))

    folium_own = _get_feature_group_string(folium.FeatureGroup(), map=base, idx=1)
    written = drawings((Layer("empty"), layer), View("k", ((0, 0), (1, 1))))
    (looked, drawn) = (_lines(part) for part in re.split(r"(?=var feature_group_feature_group_1 )", written))

    assert looked[1].startswith("plannerMap.look(feature_group_feature_group_0,")
    assert drawn[1] == f'plannerMap.draw(feature_group_feature_group_1, "{layer.packed()}");'
    assert [line for line in drawn if not line.startswith("plannerMap")] == [
        line for line in _lines(folium_own) if not line.startswith("map_div.addLayer")
    ]


def test_a_layer_that_changed_is_drawn_anew_and_another_language_is_its_own(story: Story) -> None:
    before = venues_layer(story.plan, VISIT, ENGLISH)
    vietnamese = venues_layer(story.plan, VISIT, Speaker("vi"))
    again = venues_layer(story.plan, VISIT, ENGLISH)

    story.activity("A-77", "16:00", "17:00", venue="HALL-1", title="Họp báo")
    after = venues_layer(story.plan, VISIT, ENGLISH)

    assert again is before
    assert [mark.title for mark in vietnamese.marks] != [mark.title for mark in before.marks]
    assert "Họp báo" in after.marks[0].lines[-1]


def _lines(script: str) -> list[str]:
    """A script without what its layout alone is."""
    joined = re.sub(r"\(\s*\{\s*\}\s*\)", "({})", script)
    return [line.strip() for line in joined.splitlines() if line.strip()]


# Layers say what the plan says


def test_venues_carry_name_and_programme(story: Story) -> None:
    marks = venues_layer(story.plan, VISIT, ENGLISH).marks

    assert [mark.title for mark in marks] == ["Hội trường tỉnh", "Muong Thanh hotel"]
    assert marks[0].lines[1] == "Tue 24/11/2026 11:00–12:00 (UTC+7) Lễ ký"


def test_at_a_moment_only_venues_where_something_goes_on_stand_out(story: Story) -> None:
    marks = venues_layer(story.plan, VISIT, ENGLISH, at("09:30")).marks

    assert {mark.title: mark.faded for mark in marks} == {"Hội trường tỉnh": True, "Muong Thanh hotel": False}


@pytest.mark.parametrize(("clock", "codes"), [("08:59", []), ("09:00", ["A-01"]), ("10:00", []), ("11:59", ["A-02"])])
def test_an_activity_goes_on_from_its_start_until_just_before_its_end(
    story: Story, clock: str, codes: list[str]
) -> None:
    assert [activity.code for activity in activities_at(story.plan.visit(VISIT), at(clock))] == codes


def test_a_retired_venue_is_not_on_the_map(story: Story) -> None:
    before = len(venues_layer(story.plan, VISIT, ENGLISH).marks)

    story.tell(story.plan.venue("HALL-1").retire(story.act()))

    assert (before, len(venues_layer(story.plan, VISIT, ENGLISH).marks)) == (2, 1)


def test_the_programme_lasts_from_the_first_start_to_the_last_end(story: Story) -> None:
    assert programme_window(story.plan.visit(VISIT)) == window("09:00", "12:00")


def test_a_visit_without_activities_has_no_time_to_slide_over() -> None:
    assert programme_window(Story().visit()) is None


def test_key_points_have_the_letter_and_colour_of_their_kind_from_close_by(story: Story) -> None:
    story.tell(story.plan.venue("HOTEL-1").mark_key_point(key_point("K-1", KeyPointKind.SAFE_HAVEN), story.act()))

    (mark,) = key_points_layer((story.plan.venue("HOTEL-1"),), ENGLISH).marks

    assert (mark.sign, mark.colour, mark.from_zoom) == ("S", COLOURS[KeyPointKind.SAFE_HAVEN], CLOSE_ZOOM)
    assert Speaker("vi").label(SIGNS[KeyPointKind.SAFE_HAVEN]) == "A"


@pytest.mark.parametrize("language", ["en", "vi"])
def test_no_two_kinds_of_key_points_share_a_letter(language: Any) -> None:
    speaker = Speaker(language)

    assert len({speaker.label(SIGNS[kind]) for kind in KeyPointKind}) == len(KeyPointKind)


def test_routes_differ_in_colour_and_in_dashes_and_never_lie_on_each_other(story: Story) -> None:
    story.route("R-02", "HOTEL-1", "HALL-1", geometry=LINE, kind=RouteKind.ALTERNATE)
    story.route("R-03", "HOTEL-1", "HALL-1", geometry=LINE, kind=RouteKind.EMERGENCY)

    strokes = routes_layer(story.plan, routes_on_map(story.plan, VISIT), ENGLISH).strokes

    for look in ("colour", "dash", "offset"):
        assert len({getattr(stroke, look) for stroke in strokes}) == 3
    assert [stroke.title for stroke in strokes] == ["R-01 · primary", "R-02 · alternate", "R-03 · emergency"]


def test_an_estimate_is_dashed_and_says_so(story: Story) -> None:
    story.route("R-02", "HALL-1", "HOTEL-1", source=RouteSource.ESTIMATE)

    streets, guessed = routes_layer(story.plan, routes_on_map(story.plan, VISIT), ENGLISH).strokes

    assert (streets.dash, guessed.dash) == (PENS[RouteKind.PRIMARY].dash, ESTIMATE_DASH)
    assert "Estimate, not a way on streets" in guessed.lines
    assert "Estimate, not a way on streets" not in streets.lines


@pytest.mark.parametrize(("clock", "crossed"), [(None, True), ("09:30", False), ("10:30", True), ("12:00", False)])
def test_a_closed_route_is_crossed_out_while_it_is_closed(story: Story, clock: str | None, crossed: bool) -> None:
    story.tell(story.plan.route(VISIT, "R-01").close(window("10:00", "12:00"), story.act()))

    moment = None if clock is None else at(clock)
    (stroke,) = routes_layer(story.plan, routes_on_map(story.plan, VISIT), ENGLISH, moment).strokes

    assert stroke.crossed is crossed


def test_a_withdrawn_route_is_not_drawn(story: Story) -> None:
    before = len(routes_on_map(story.plan, VISIT))

    story.tell(story.plan.route(VISIT, "R-01").withdraw(story.act()))

    assert (before, routes_on_map(story.plan, VISIT)) == (1, ())


def test_a_chosen_leg_shows_all_its_routes_and_no_others(story: Story) -> None:
    story.route("R-02", "HOTEL-1", "HALL-1", kind=RouteKind.ALTERNATE)
    story.route("R-03", "HALL-1", "HOTEL-1")

    chosen = routes_on_map(story.plan, VISIT, leg=("HOTEL-1", "HALL-1"), every=False)
    primaries = routes_on_map(story.plan, VISIT, every=False)

    assert [route.code for route in chosen] == ["R-01", "R-02"]
    assert [route.code for route in primaries] == ["R-01", "R-03"]


# Posts


def shapes(story: Story, clock: str | None = None) -> dict[str, Shape]:
    found = stands(story.plan, posts_on_map(story.plan, VISIT), ENGLISH, None if clock is None else at(clock))
    return {stand.post.code: stand.shape for stand in found}


def test_the_shape_of_a_post_tells_how_it_is_covered(story: Story) -> None:
    story.officer()
    story.post("P-01", venue="HOTEL-1")
    story.post("P-02", venue="HOTEL-1")
    story.post("P-03", venue="HALL-1", critical=True)
    story.placed(post="P-01")

    assert shapes(story) == {"P-01": Shape.COVERED, "P-02": Shape.SHORT, "P-03": Shape.CRITICAL}


def test_at_a_moment_a_post_outside_its_window_is_idle(story: Story) -> None:
    story.post("P-01", "08:00", "12:00", venue="HOTEL-1")

    assert (shapes(story, "07:59"), shapes(story, "08:00")) == ({"P-01": Shape.IDLE}, {"P-01": Shape.SHORT})


def test_the_posts_of_a_place_are_one_mark_with_the_state_of_the_worst(story: Story) -> None:
    story.post("P-01", venue="HOTEL-1", critical=True, headcount=2)
    story.post("P-02", venue="HOTEL-1")

    near, far = posts_layer(stands(story.plan, posts_on_map(story.plan, VISIT), ENGLISH), ENGLISH).marks

    assert (near.shape, near.sign, near.from_zoom) == (Shape.CRITICAL, "!3", CLOSE_ZOOM)
    assert (far.shape, far.to_zoom) == (Shape.CRITICAL, CLOSE_ZOOM - 1)
    assert near.title == "2 posts: Muong Thanh hotel"


def test_what_a_post_lacks_is_said_in_words(story: Story) -> None:
    story.post("P-01", venue="HOTEL-1", critical=True, headcount=3)

    (stand,) = stands(story.plan, posts_on_map(story.plan, VISIT), ENGLISH)

    assert state_in_words(stand, ENGLISH) == "lacks 3 of 3, critical post"


def test_a_post_without_a_place_is_on_no_map(story: Story) -> None:
    story.post("P-01")

    assert shapes(story) == {}


def test_the_layer_of_a_duty_shows_that_post_and_nothing_else(story: Story) -> None:
    story.officer()
    story.post("P-01", venue="HOTEL-1")
    story.post("P-02", venue="HALL-1")
    mine = story.placed(post="P-01")

    layer = duty_layer(duty(story.plan, mine), ENGLISH)

    assert [mark.title for mark in layer.marks] == [f"P-01 · {_task(story, 'P-01').task}"]


# What is shown of it


def test_a_box_holds_all_points_and_leaves_room_around_a_single_one() -> None:
    several = box_around(((1.0, 5.0), (3.0, 4.0)), ((0, 0), (0, 0)))
    (south, west), (north, east) = box_around(((1.0, 5.0),), ((0, 0), (0, 0)))

    assert several == ((1.0, 4.0), (3.0, 5.0))
    assert south < 1 < north
    assert west < 5 < east


def test_without_points_the_other_box_is_shown() -> None:
    assert box_around((), ((1, 2), (3, 4))) == ((1, 2), (3, 4))


def test_a_place_that_was_clicked_is_marked() -> None:
    layer = picked_layer(Coordinates(lat=16.06778, lon=108.22083), ENGLISH)

    assert list(points_of((layer,))) == [(16.06778, 108.22083)]
    assert not picked_layer(None, ENGLISH)


def _all_classes(cls: Any) -> set[Any]:
    return {cls}.union(*map(_all_classes, cls.__subclasses__()))


def _script(made: Any) -> str:
    made.get_root().render()
    from streamlit_folium import _get_map_string

    return str(_get_map_string(made))


def _task(story: Story, post: str) -> PostDetails:
    return story.plan.post(VISIT, post).details
