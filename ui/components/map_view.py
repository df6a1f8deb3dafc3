"""The map of a visit with its time slider and layers, and the tables that say the same in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import streamlit as st

from domain.plan import Plan
from domain.route import Route
from domain.values import Coordinates, TimeWindow
from domain.venue import Venue
from domain.visit import Visit
from planner.routing.legs import Leg
from planner.text import Speaker, zone_label
from ui import session
from ui.components import map_words
from ui.maps.base_map import View, box_around, home
from ui.maps.layer import Layer, points_of
from ui.maps.legend import legend
from ui.maps.places import (
    activities_at,
    key_points_layer,
    picked_layer,
    programme_window,
    venue_name,
    venues_layer,
    venues_of_programme,
    venues_on_map,
)
from ui.maps.posts import MANY_POSTS, posts_layer, posts_on_map, stands
from ui.maps.shown import show_map
from ui.maps.ways import MANY_ROUTES, routes_layer, routes_on_map
from ui.plain_text import plain
from ui.shell import shell

#: Where the place that was clicked is kept between runs.
PICKED: Final = "map.picked"
#: The leg of the programme that is chosen beside the map.
LEG: Final = "map_leg"
#: The venue that is chosen beside the map; empty for a new one.
VENUE: Final = "map_venue"
_CHOSEN: Final = "map.chosen"
_STEP: Final = timedelta(minutes=15)
#: Who may see where posts are and how they are covered.


class Looked(NamedTuple):
    """What the reader looks at: which layers, at which moment (None: the whole visit), around which venue."""

    layers: frozenset[str]
    moment: datetime | None
    venue: str | None


@st.fragment
def show(visit_code: str) -> None:
    """Draws all of it; moving the slider runs only this part of the page."""
    now = session.current()
    plan = session.plan()
    visit = plan.visit(visit_code)
    speaker = Speaker(now.account.look.language, visit.details.zone)
    sees_posts = session.reader().sees("post", visit_code)
    # Each part has its own place: the map must not be drawn anew where the slider appears above it.
    above, below = st.container(key="map_controls"), st.container(key="map_itself")
    with above:
        looked = _looked(plan, visit, speaker, sees_posts=sees_posts)
    routes = _routes(plan, visit_code, looked)
    posts = posts_on_map(plan, visit_code, looked.venue) if "posts" in looked.layers else ()
    found = stands(plan, posts, speaker, looked.moment)
    venues = venues_layer(plan, visit_code, speaker, looked.moment) if "venues" in looked.layers else Layer("venues")
    points = venues_on_map(plan, visit_code) if "points" in looked.layers else ()
    layers = (
        routes_layer(plan, routes, speaker, looked.moment),
        venues,
        key_points_layer(points, speaker),
        posts_layer(found, speaker),
        picked_layer(st.session_state.get(PICKED), speaker),
    )
    with below:
        clicked = show_map(layers, _view(plan, visit, layers[0]), speaker, key="map", clicks=True)
    legend(speaker, posts_too=sees_posts)
    if st.toggle(speaker("The same in words"), key="map_words"):
        map_words.show(plan, visit, speaker, routes, found, looked.moment)
    _take(clicked)


def _routes(plan: Plan, visit: str, looked: Looked) -> tuple[Route, ...]:
    """All routes of the leg that is chosen beside the map; else the primary ones, and the others where asked for."""
    if not looked.layers & {"routes", "others"}:
        return ()
    leg = st.session_state.get(LEG)
    chosen = (leg.origin, leg.destination) if isinstance(leg, Leg) else None
    return routes_on_map(plan, visit, looked.venue, chosen, every="others" in looked.layers)


def _take(clicked: Coordinates | None) -> None:
    """A new click belongs to the whole page: its forms show the place."""
    if clicked is not None and clicked != st.session_state.get("map.clicked"):
        st.session_state["map.clicked"] = st.session_state[PICKED] = clicked
        st.rerun()


def _looked(plan: Plan, visit: Visit, speaker: Speaker, *, sees_posts: bool) -> Looked:
    names = {"venues": speaker("Venues"), "points": speaker("Key points")}
    if sees_posts:
        names["posts"] = speaker("Posts")
    first = [*names, "routes"]
    names |= {"routes": speaker("Primary routes"), "others": speaker("Alternate and emergency routes")}
    shown = st.pills(
        speaker("Shown on the map"),
        list(names),
        selection_mode="multi",
        default=first,
        format_func=names.__getitem__,
        key="map_layers",
    )
    venue = _around(plan, visit, speaker)
    return Looked(frozenset(shown), _moment(visit, speaker), venue)


def _around(plan: Plan, visit: Visit, speaker: Speaker) -> str | None:
    """Of a large visit only what is around one venue fits on a screen."""
    if len(plan.posts(visit.key)) <= MANY_POSTS and len(plan.routes(visit.key)) <= MANY_ROUTES:
        return None
    codes = sorted(venues_of_programme(visit))
    if not codes:
        return None
    return st.selectbox(
        speaker("Routes and posts of this venue"),
        codes,
        format_func=lambda code: f"{code} · {venue_name(plan.venue(code), speaker)}",
        key="map_around",
        help=speaker("This visit has too many routes and posts to show all at once."),
    )


def _moment(visit: Visit, speaker: Speaker) -> datetime | None:
    """The moment that the slider stands on, in UTC; None while the whole visit is looked at."""
    span = programme_window(visit)
    if span is None:
        return None
    zone = ZoneInfo(visit.details.zone)
    start, end = _rounded(span, zone)
    if not st.toggle(speaker("Look at one moment of the programme"), key="map_timed"):
        return None
    present = session.planner().clock().astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)
    default = min(max(present - timedelta(minutes=present.minute % 15), start), end)
    local = st.slider(
        speaker("Moment ({zone})", zone=plain(zone_label(start.replace(tzinfo=zone)))),
        start,
        end,
        default,
        step=_STEP,
        format="DD/MM HH:mm",
        key=f"map_moment_{visit.key}",
    )
    moment = local.replace(tzinfo=zone).astimezone(UTC)
    going_on = ", ".join(activity.title for activity in activities_at(visit, moment))
    said = going_on or speaker("nothing is going on")
    st.text(f"{speaker.moment(moment)}: {said}")
    return moment


def _rounded(span: TimeWindow, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The window in local time, widened to whole quarters: the slider steps by them."""
    start = span.start.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)
    end = span.end.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)
    start -= timedelta(minutes=start.minute % 15)
    return start, end + timedelta(minutes=-end.minute % 15)


def _chosen_last() -> object:
    """The venue or leg that was chosen last beside the map, whichever differs from the run before; at first the venue
    that the address names.
    """
    held = {key: st.session_state.get(key) for key in (VENUE, LEG)}
    before = st.session_state.get(_CHOSEN, (None, held))
    last = next((key for key in held if before[1].get(key) != held[key]), before[0])
    st.session_state[_CHOSEN] = (last, held)
    return held.get(last) if last else st.query_params.get("venue")


def _view(plan: Plan, visit: Visit, ways: Layer) -> View:
    """The venue or leg that was chosen last beside the map, else all venues of the programme; gone to once for each."""
    chosen = _chosen_last()
    home_box = home(shell().routing.pack)
    if isinstance(chosen, str) and plan.has(Venue, chosen):
        venue = plan.venue(chosen)
        places = (venue.details.coordinates, *(point.coordinates for point in venue.key_points))
        return View(f"{visit.key} {chosen}", box_around(((at.lat, at.lon) for at in places), home_box))
    if isinstance(chosen, Leg):
        codes: Iterable[str] = (chosen.origin, chosen.destination)
        key = f"{visit.key} {chosen.origin} {chosen.destination}"
    else:
        codes = venues_of_programme(visit) or [venue.key for venue in venues_on_map(plan, visit.key)]
        key, ways = visit.key, Layer("routes")
    ends = (plan.venue(code).details.coordinates for code in codes)
    return View(key, box_around((*((at.lat, at.lon) for at in ends), *points_of((ways,))), home_box))
