"""The page «Map»: venues, key points, rooms and routes by hand, and refusals in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from domain.base import Actor, Role, changed
from domain.messages import message
from domain.refusals import InvalidInput, NotPossible
from domain.values import Contact, Coordinates
from domain.visit import Layout
from planner.application import Planner
from planner.demo.cast import VISIT
from planner.demo.story import make_accounts
from planner.exports.registers_xlsx import venues_workbook
from planner.routing.legs import Leg, legs, unplanned_legs
from planner.routing.map_making import MapMaking
from planner.text import Speaker
from tests.demo_pages import copied, looked_at, page, said
from ui.components.coordinates import read_coordinates
from ui.components.venue_forms import read_contacts
from ui.shell import Shell

pytestmark = pytest.mark.slow
HOA = Actor("planner", frozenset({Role.PLANNER}))


@pytest.fixture
def shell(told: Path, tmp_path: Path) -> Iterator[Shell]:
    with looked_at(copied(told, tmp_path), "planner") as shell:
        yield shell


def test_the_map_of_the_demo_is_drawn_and_said_in_words(shell: Shell) -> None:
    run = page("map").run()

    run.toggle(key="map_words").set_value(True).run()

    assert not run.exception
    assert "Seafront hotel" in said(run)
    assert "lengths and times are estimates" in said(run)


def test_a_map_that_is_being_made_is_told_step_by_step_and_nothing_is_called_outdated(
    told: Path, tmp_path: Path
) -> None:
    making = MapMaking(tmp_path / "maps")
    making.step = message("Drawing the background map…")

    with looked_at(copied(told, tmp_path), "planner", making=making) as shell:
        run = page("map").run()
        leg = legs(shell.planner.plan, VISIT)[0]
        run.selectbox(key="map_leg").set_value(leg).run()
        meanwhile = said(run)
        making.step, making.problem = None, NotPossible(message("There is no visit yet."))
        afterwards = page("map").run()

    assert not run.exception
    assert "The map is being made and appears here by itself." in meanwhile
    assert "Drawing the background map…" in meanwhile
    assert "Planned on another map" not in meanwhile
    assert [error.value for error in afterwards.error] == ["There is no visit yet."]


def test_venues_come_in_from_a_workbook_after_a_preview(shell: Shell) -> None:
    content = venues_workbook(shell.planner.plan, Speaker("en"))
    hotel = shell.planner.plan.venue("KHACH-SAN").details
    shell.planner.amend_venue("KHACH-SAN", changed(hotel, address="Khác"), by=HOA)
    run = page("map")
    run.session_state["venue_files"] = True
    run.run()

    run.file_uploader(key="venues_file_0").set_value(("venues.xlsx", content, "")).run()
    label = run.button(key="import_rows").label
    run.button(key="import_rows").click().run()

    assert label == "Import 1 row"
    assert shell.planner.plan.venue("KHACH-SAN").details == hotel


def test_a_venue_is_registered_by_typing_its_coordinates(shell: Shell) -> None:
    run = page("map").run()

    run.text_input(key="venue_name").set_value("Nhà O'Brien <b>x</b> ${1}")
    run.text_input(key="venue_at_").set_value("-29.95, -71.30")
    run.button(key="register_venue").click().run()

    venue = shell.planner.plan.venue("DD-01")
    assert not run.exception
    assert venue.details.name == "Nhà O'Brien <b>x</b> ${1}"
    assert venue.details.coordinates == Coordinates(lat=-29.95, lon=-71.30)
    assert run.selectbox(key="map_venue").value == "DD-01"


def test_a_place_off_the_earth_is_refused_in_words_and_nothing_is_saved(shell: Shell) -> None:
    before = shell.planner.plan.position
    run = page("map").run()

    run.text_input(key="venue_name").set_value("Nhà")
    run.text_input(key="venue_at_").set_value("91, 10")
    run.button(key="register_venue").click().run()

    assert "lies off the earth" in run.error[0].value
    assert shell.planner.plan.position == before


def test_a_key_point_is_marked_and_a_room_added(shell: Shell) -> None:
    run = page("map").run()
    run.session_state["venue_points"] = run.session_state["venue_rooms"] = True
    run.selectbox(key="map_venue").set_value("CANG").run()

    run.text_input(key="point_CANG__2_name").set_value("Cầu tàu số 2")
    run.text_input(key="point_CANG__2_at_").set_value("-29.9510, -71.3360")
    run.button(key="save_point").click().run()
    run.text_input(key="room_CANG__1_name").set_value("Phòng họp cảng")
    run.number_input(key=f"room_CANG__1_{Layout.THEATRE}").set_value(40)
    run.number_input(key="room_CANG__1_fire").set_value(50)
    run.button(key="save_room").click().run()

    venue = shell.planner.plan.venue("CANG")
    assert not run.exception
    assert venue.key_points[-1].name == "Cầu tàu số 2"
    assert venue.rooms[-1].capacity(Layout.THEATRE) == 40
    assert venue.rooms[-1].fire_limit == 50


def test_a_key_point_without_a_place_says_how_to_give_one(shell: Shell) -> None:
    run = page("map").run()
    run.session_state["venue_points"] = True
    run.selectbox(key="map_venue").set_value("CANG").run()

    run.text_input(key="point_CANG__2_name").set_value("Cầu tàu số 2")
    run.button(key="save_point").click().run()

    assert [plain_said(error.value) for error in run.error] == [
        "The place is missing: click it on the map, or type latitude and longitude, as in 16.06778, 108.22083."
    ]


def plain_said(said: str) -> str:
    return said.replace("\\", "")


def shown(run: AppTest, label: str) -> str:
    """What stands in the last text field of that name."""
    return str([field.value for field in run.text_input if field.label == label][-1])


@pytest.mark.parametrize(
    ("part", "chosen", "label", "button"),
    [
        ("venue_points", ("point_CANG", "CONG"), "Point name", "save_point"),
        ("venue_rooms", ("room_CANG", "NHA-GA"), "Room name", "save_room"),
        ("venue_change", None, "Venue name", "amend_venue"),
    ],
)
def test_a_form_shows_again_what_holds_after_its_change_was_taken_back(
    shell: Shell, part: str, chosen: tuple[str, str] | None, label: str, button: str
) -> None:
    run = page("map").run()
    run.session_state[part] = True
    run.selectbox(key="map_venue").set_value("CANG").run()
    if chosen:
        run.selectbox(key=chosen[0]).set_value(chosen[1]).run()
    before = shown(run, label)

    [field for field in run.text_input if field.label == label][-1].set_value("Tên khác")
    run.button(key=button).click().run()
    changed = shown(run, label)
    shell.planner.undo(told_command(run), by=HOA, reason="nhầm")
    run.run()

    assert (changed, shown(run, label)) == ("Tên khác", before)


def told_command(run: AppTest) -> str:
    return str(run.session_state["planner.told"].command)


def test_retiring_a_venue_needs_a_reason(shell: Shell) -> None:
    run = page("map").run()
    run.session_state["venue_retire"] = True
    run.selectbox(key="map_venue").set_value("DAI-HOC").run()

    run.button(key="retire_venue").click().run()
    refused = run.error[0].value
    run.text_input(key="retire_DAI-HOC_reason").set_value("Đang sửa chữa")
    run.button(key="retire_venue").click().run()

    assert "needs a reason" in refused
    assert shell.planner.plan.venue("DAI-HOC").retired


def test_what_the_address_names_is_chosen(shell: Shell) -> None:
    route = next(r for r in shell.planner.plan.routes(VISIT) if not r.withdrawn)
    run = page("map")
    run.query_params.update(visit=VISIT, venue="KHACH-SAN", route=route.code)

    run.run()

    assert not run.exception
    assert run.selectbox(key="map_venue").value == "KHACH-SAN"
    assert run.selectbox(key="map_leg").value == Leg(*route.leg)
    assert [tab.label for tab in run.tabs] == ["Venues and key points", "Routes"]


def test_a_venue_or_route_that_nothing_carries_is_named(shell: Shell) -> None:
    run = page("map")
    run.query_params.update(visit=VISIT, venue="NOWHERE", route="R-99")

    run.run()

    assert [one.value for one in run.warning if "There is no" in one.value] == [
        "There is no «NOWHERE» here.",
        "There is no «R-99» here.",
    ]
    assert run.selectbox(key="map_venue").value == ""


def test_a_place_that_was_clicked_never_moves_another_venue(shell: Shell) -> None:
    run = page("map")
    run.session_state["venue_change"] = True
    run.query_params.update(visit=VISIT, venue="KHACH-SAN")
    run.run()
    run.session_state["map.picked"] = Coordinates(lat=-29.95, lon=-71.3)
    clicked = run.run()
    shown = [field.value for field in clicked.text_input if "_at_" in str(field.key)]
    told = [caption.value for caption in clicked.caption]

    run.selectbox(key="map_venue").set_value("CANG").run()
    run.selectbox(key="map_venue").set_value("KHACH-SAN").run()

    held = Speaker("en").show(shell.planner.plan.venue("KHACH-SAN").details.coordinates)
    assert shown == ["-29.95000, -71.30000"]
    assert told == [f"As clicked on the map; until now it is {held}."]
    assert [field.value for field in run.text_input if "_at_" in str(field.key)] == [held]


def test_a_place_is_used_once(shell: Shell) -> None:
    run = page("map").run()
    run.session_state["map.picked"] = Coordinates(lat=-29.95, lon=-71.3)
    run.run()
    run.text_input(key="venue_name").set_value("Nhà khách")
    run.text_input(key="venue_reason").set_value("Đoàn nghỉ ở đây")
    run.button(key="register_venue").click().run()

    run.selectbox(key="map_venue").set_value("").run()

    assert shell.planner.plan.venue("DD-01").details.coordinates == Coordinates(lat=-29.95, lon=-71.3)
    assert [field.value for field in run.text_input if "_at_" in str(field.key)] == [""]


def test_the_routes_of_a_leg_are_planned_closed_and_reopened(shell: Shell) -> None:
    plan = shell.planner.plan
    first = next(r for r in plan.routes(VISIT) if not r.withdrawn and r.closed is None)
    for route in plan.routes(VISIT):
        if route.leg == first.leg and not route.withdrawn:
            shell.planner.withdraw_route(VISIT, route.code, by=HOA, reason="thử")
    (leg,) = unplanned_legs(shell.planner.plan, VISIT)
    run = page("map").run()

    told = len(shell.planner.plan.routes(VISIT))
    run.text_input(key=f"plan_routes_{VISIT}_{told}_reason").set_value("Đường ven biển thông xe")
    run.button(key="plan_missing").click().run()
    (event,) = [event for _, event in shell.planner.timeline.events(shell.planner.plan.position - 1)]
    assert event.reason == "Đường ven biển thông xe"
    assert unplanned_legs(shell.planner.plan, VISIT) == ()
    run.selectbox(key="map_leg").set_value(leg).run()
    planned = shell.planner.plan.routes(VISIT)[-1]
    run.text_input(key=f"close_{VISIT}_{planned.code}_reason").set_value("Sửa cầu")
    run.button(key=f"close_{VISIT}_{planned.code}_do").click().run()

    assert not run.exception
    assert shell.planner.plan.route(VISIT, planned.code).closed is not None


def test_the_slider_says_what_goes_on(shell: Shell) -> None:
    run = page("map").run()

    run.toggle(key="map_timed").set_value(True).run()

    assert len(run.slider) == 1
    assert "(UTC" in said(run)


def test_an_auditor_reads_the_map_but_finds_no_form(told: Path, tmp_path: Path) -> None:
    with looked_at(copied(told, tmp_path), "auditor"):
        run = page("map").run()
        run.toggle(key="map_words").set_value(True).run()

        assert not run.exception
        assert [button.key for button in run.button if button.key in ("register_venue", "plan_leg", "save_room")] == []
        assert "Seafront hotel" in said(run)


def test_without_visits_the_page_says_what_to_do_first(tmp_path: Path) -> None:
    planner = Planner(tmp_path / "data", tmp_path / "key")
    make_accounts(planner)
    planner.close()

    with looked_at(tmp_path, "planner"):
        run = page("map").run()

        assert not run.exception
        assert "There is no visit yet" in said(run)


@pytest.mark.parametrize(
    ("typed", "lat", "lon"),
    [
        ("16.06778, 108.22083", 16.06778, 108.22083),
        ("16.06778 108.22083", 16.06778, 108.22083),
        ("16,06778; 108,22083", 16.06778, 108.22083),
        ("16,06778, 108,22083", 16.06778, 108.22083),
        ("-29.95,-71.30", -29.95, -71.30),
        ("29.95 S 71.30 W", -29.95, -71.30),
        ("90, 180", 90.0, 180.0),
    ],
)
def test_places_are_read_as_people_write_them(typed: str, lat: float, lon: float) -> None:
    assert read_coordinates(typed) == Coordinates(lat=lat, lon=lon)


@pytest.mark.parametrize("typed", ["", "16.06", "abc", "1, 2, 3", "90.1, 0", "0, 180.1", "91, 0"])
def test_what_is_no_place_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        read_coordinates(typed)


def test_contacts_are_read_line_by_line() -> None:
    read = read_contacts("Trực ban; Điều hành; +84 1\n\n  O'Brien ")

    assert read == (Contact(name="Trực ban", role="Điều hành", phone="+84 1"), Contact(name="O'Brien"))
