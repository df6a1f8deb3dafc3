"""The page «History»: every event in words, the plan as it was, filters, and the difference of two moments."""

from __future__ import annotations

import csv
import io
import json
import re
import time
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from domain.base import Actor, Role, changed
from domain.membership import Terms
from domain.refusals import NotAllowed, NotFound
from domain.signing import signers
from planner.access.reader import Reader
from planner.demo.cast import VISIT
from planner.demo.story import HOA, NAM, PASSWORD
from planner.history.steps import step
from tests.demo_pages import said
from tests.examples import HOSTILE_NAMES
from tests.planning_pages import demo_seen_by, new_site_seen_by, opened, pressed, widget
from tests.releases import RECIPIENT, WHOLE
from ui import downloads_history
from ui.charts.replay import OUTLINE, outlined
from ui.downloads import fetched
from ui.shell import Shell

pytestmark = pytest.mark.slow
AUDITOR = Actor("auditor", frozenset({Role.AUDITOR}))
PROTOCOL = Actor("protocol", frozenset({Role.PROTOCOL}))


@pytest.fixture
def shell(told: Path, tmp_path: Path) -> Iterator[Shell]:
    with demo_seen_by("auditor", told, tmp_path) as shell:
        yield shell


def let_protocol_in(shell: Shell) -> None:
    terms = Terms(roles=PROTOCOL.roles)
    shell.planner.grant_membership(VISIT, PROTOCOL.user, terms, by=HOA, reason="Lễ tân của đoàn")


def at(run: AppTest) -> str | None:
    """The place in the address; None at the present."""
    return asked(run, "at")


def asked(run: AppTest, name: str) -> str | None:
    """What the address says after a run: AppTest gives a list or a text."""
    held = run.query_params.get(name)
    return held[0] if isinstance(held, list) else held


def banners(run: AppTest) -> list[str]:
    bodies = (str(element.proto.body) for element in run.get("html"))
    return [body for body in bodies if 'class="as-of"' in body]


def position_of(shell: Shell, event: str) -> int:
    """The position of the first event of a class."""
    return next(n for n, e in shell.planner.timeline.events() if type(e).__name__ == event)


# Replay


def test_the_history_opens_at_the_present_without_a_banner(shell: Shell) -> None:
    run = opened("history")

    assert not run.exception
    assert (at(run), banners(run)) == (None, [])
    assert "acknowledged the duty of" in said(run)


def test_buttons_lead_to_the_first_previous_next_and_last_event(shell: Shell) -> None:
    last = shell.planner.plan.position
    run = opened("history", at="200")
    places = []

    for key in ("replay_right", "replay_right", "replay_left", "replay_home", "replay_end", "replay_left"):
        run = pressed(run, key)
        places.append(at(run))

    assert places == ["201", "202", "201", "1", None, str(last - 1)]


def test_a_past_event_is_told_with_who_when_what_and_why_and_a_banner(shell: Shell) -> None:
    position = position_of(shell, "ActivityRelocated")
    event = step(shell.planner.timeline, position).event

    run = opened("history", at=str(position))

    words = said(run)
    assert len(banners(run)) == 1
    assert f"as of event {position}," in banners(run)[0].replace("\\", "")
    assert "planner relocated activity" in words
    assert event.reason in words
    assert "page «Programme»" in words
    assert "venue DAI-HOC" in words.partition("What changed")[2]


def test_the_plan_is_as_it_was_and_what_the_event_touched_is_marked(shell: Shell) -> None:
    position = position_of(shell, "ActivityRelocated")

    before = said(opened("history", at=str(position - 1), visit=VISIT))
    run = opened("history", at=str(position), visit=VISIT)

    shown = next(body for body in said(run).splitlines() if f"as of event {position}<" in body)
    assert "▶ " in shown
    assert "Coquimbo cultural centre" in shown.partition("▶ ")[2].partition("</tr>")[0]
    assert f"as of event {position}" not in before


def test_a_step_shows_the_touched_post_alone_and_between_its_neighbours_when_asked(shell: Shell) -> None:
    run = opened("history", at=str(crowded_assignment(shell)), visit=VISIT)
    few, drawn = posts_of_then(run), run.get("vega_lite_chart")

    run.toggle(key="history_more").set_value(True).run()

    more = posts_of_then(run)
    assert not run.exception
    assert (len(few), list(drawn)) == (1, [])
    assert few < more
    assert sum(code.startswith("▶ ") for code in few) == sum(code.startswith("▶ ") for code in more) == 1
    assert charted_posts(run) == {code.removeprefix("▶ ") for code in more}


def crowded_assignment(shell: Shell) -> int:
    """The last event that assigned somebody to a post of a place with more than three on that day."""
    for position, event in reversed(list(shell.planner.timeline.events())):
        if type(event).__name__ == "OfficerAssigned":
            plan = shell.planner.timeline.at(position)
            post = plan.post(VISIT, plan.assignment(VISIT, event.originator_id.rpartition("/")[2]).post)
            there = [one for one in plan.posts(VISIT) if one.details.venue == post.details.venue]
            if len([one for one in there if one.window.overlaps(post.window)]) > 3:
                return position
    raise AssertionError("No place of the demo has many posts.")


def posts_of_then(run: AppTest) -> set[str]:
    """The codes of the posts in the table of a past duty board, as they are written."""
    table = next(str(element.proto.body) for element in run.get("html") if "Duties at " in str(element.proto.body))
    return {mark + code for mark, code in re.findall(r'<td[^>]*>(▶ )?<span class="code">(P-\w+)</span>', table)}


def charted_posts(run: AppTest) -> set[str]:
    (spec,) = (json.loads(chart.proto.spec) for chart in run.get("vega_lite_chart"))
    bars = next(layer["data"]["values"] for layer in spec["layer"] if layer["data"].get("name") == "bars")
    return {bar["about"].rpartition("/")[2] for bar in bars}


def test_the_slider_leads_to_a_step(shell: Shell) -> None:
    run = opened("history")

    run.slider(key="history_slider").set_value(10).run()

    assert at(run) == "10"


@pytest.mark.parametrize(
    ("key", "place"),
    [("replay_right", "11"), ("replay_left", "9"), ("replay_home", "1"), ("replay_play", "10")],
)
def test_a_key_counts_from_where_the_reader_is_though_the_browser_still_shows_the_slider_before(
    shell: Shell, key: str, place: str
) -> None:
    run = opened("history", at="10")
    run.slider(key="history_slider").set_value(5)

    run = pressed(run, key)

    assert (at(run), run.slider(key="history_slider").value) == (place, int(place))


def test_a_moment_in_the_address_leads_to_the_last_event_by_then(shell: Shell) -> None:
    moment = step(shell.planner.timeline, 100).event.recorded_at

    run = opened("history", at=moment.astimezone(UTC).isoformat())

    assert "as of event 100," in banners(run)[0].replace("\\", "")


@pytest.mark.parametrize("typed", ["abc", "²", "9" * 5000, "99999999", "-1", "2026-11-24", "<x>", "1e3"])
def test_an_address_that_names_nothing_is_said_and_the_present_shown(shell: Shell, typed: str) -> None:
    run = opened("history", at=typed, visit="<x>", kind="<x>", by="${1}", view="<x>")

    assert not run.exception
    assert any("neither an event that exists nor a moment" in warning.value for warning in run.warning) or run.info
    assert any("There is no visit" in warning.value for warning in run.warning)
    assert any("There is no kind of event" in warning.value for warning in run.warning)


def test_a_hostile_place_alone_still_shows_the_present(shell: Shell) -> None:
    run = opened("history", at="abc", visit="<x>")

    assert banners(run) == []
    assert "acknowledged the duty of" in said(run)


def test_texts_that_people_typed_come_out_as_typed(shell: Shell) -> None:
    reason = " ".join(HOSTILE_NAMES)
    shell.planner.cancel_activity(VISIT, "A-07", by=HOA, reason=reason)

    run = opened("history")

    assert "<b>x</b>" not in said(run)
    assert "&lt;b&gt;x&lt;/b&gt; ${1} {n} %s" in said(run)
    run.toggle(key="history_more").set_value(True).run()
    newest = run.button(key="event_0")
    assert "\\<b\\>x\\</b\\>" in newest.label


def test_a_row_of_the_last_events_leads_to_its_event(shell: Shell) -> None:
    run = opened("history", at="50")
    told = last_told(run)
    run.toggle(key="history_more").set_value(True).run()

    run = pressed(run, "event_3")

    assert at(run) == "47"
    assert re.findall(r'<li value="(\d+)">', told) == ["50", "49", "48", "47", "46"]


def test_of_who_is_erased_the_last_events_tell_nothing_any_more(shell: Shell) -> None:
    number = position_of(shell, "OfficerRegistered")
    person = shell.planner.timeline.at(number).officers[0]
    run = opened("history", at=str(number + 1))
    before = person.name.romanised in last_told(run)

    shell.planner.erase_person(person.key, by=NAM, reason="Theo yêu cầu của đương sự")
    run.run()

    assert (before, person.name.romanised in last_told(run)) == (True, False)
    assert person.name.romanised not in str(run.session_state["history.told"])


def last_told(run: AppTest) -> str:
    return next(str(one.proto.body) for one in run.get("html") if "last-events" in str(one.proto.body))


def test_playing_goes_on_by_itself_and_stands_still_at_the_end(shell: Shell) -> None:
    last = shell.planner.plan.position
    run = opened("history", at=str(last - 1))

    run = pressed(run, "replay_play")
    playing = run.button(key="replay_play").label
    run.session_state["history.due"] = 0.0
    run.run()

    assert playing == "Pause"
    assert at(run) is None
    assert run.button(key="replay_play").label == "Play"


@pytest.mark.parametrize(("ago", "place"), [(1, "10"), (60, "5")])
def test_while_playing_the_slider_goes_back_to_any_step_but_those_just_shown(
    shell: Shell, ago: float, place: str
) -> None:
    """What a slow browser still shows comes along with a tick; what was shown a while ago, somebody put there."""
    run = pressed(opened("history", at="10"), "replay_play")
    run.session_state["history.shown"].append((4, time.monotonic() - ago))

    run.slider(key="history_slider").set_value(5).run()

    assert at(run) == place


def test_playing_at_the_end_begins_at_the_beginning(shell: Shell) -> None:
    run = pressed(opened("history"), "replay_play")

    assert at(run) == "1"


# What is walked along


def test_the_filters_are_in_the_address_and_only_those_events_are_walked(shell: Shell) -> None:
    run = opened("history", kind="ActivityRelocated")

    assert run.button(key="replay_left").disabled
    assert "relocated activity" in said(run)
    assert pressed(run, "no_filter").query_params.get("kind") is None


def test_words_find_a_person_without_diacritics(shell: Shell) -> None:
    events = shell.planner.timeline.events()
    (position,) = (n for n, event in events if event.originator_id == "officer/CA-0113" and event.reason == "Sốt cao")

    run = opened("history", q="ly thanh dat absence sot cao")

    assert f"<dd>{position}</dd>" in said(run)
    assert run.button(key="replay_left").disabled


def test_the_filter_names_kinds_and_people_with_their_numbers(shell: Shell) -> None:
    closed = opened("history")
    run = opened("history", "history_filter")

    assert "activity relocated (1)" in widget(run, "selectbox", "Kind of event").options
    assert [one for one in widget(run, "selectbox", "By").options if one.startswith("Nguyễn Thu Hoà (planner) (")]
    assert [one.label for one in closed.selectbox] == ["History of"]


def test_filters_that_nothing_meets_say_so(shell: Shell) -> None:
    run = opened("history", q="zzzz")

    assert "No event is like that." in said(run)


def test_a_protocol_officer_is_told_nothing_of_posts_and_duties(shell: Shell) -> None:
    position = str(position_of(shell, "OfficerAssigned") + 5)
    control = opened("history", at=position)
    seen(shell, Role.PROTOCOL)
    run = opened("history", at=position)

    assert " assigned " in said(control)
    assert " assigned " not in said(run)
    assert "Duty board" not in run.segmented_control(key="history_part").options


def seen(shell: Shell, role: Role) -> None:
    """Lets the page be looked at by a new account with that role."""
    user = "khanh"
    chief = Actor("chief", frozenset({Role.ADMINISTRATOR}))
    shell.accounts.create(user, by=chief, roles={role}, display_name=user, password=PASSWORD)
    shell.accounts.set_look(user, language="en")
    session = shell.door.by_token(shell.door.sign_in(user, PASSWORD, client="test"))
    assert session is not None
    shell.presumed = session.id


# Comparing


def test_the_difference_of_two_events_is_grouped_by_noun(shell: Shell) -> None:
    position = position_of(shell, "ActivityRelocated")

    run = opened("history", view="compare", **{"from": str(position - 1), "to": str(position)})

    assert [heading.value for heading in run.subheader] == ["1 difference"]
    assert [expander.label for expander in run.expander] == ["Activities · 1"]
    assert "DAI-HOC «Trường Đại học La Serena» → VAN-HOA" in said(run)


def test_the_same_event_on_both_sides_differs_in_nothing(shell: Shell) -> None:
    run = opened("history", view="compare", **{"from": "77", "to": "77"})

    assert "Nothing differs between the two." in said(run)


def test_each_difference_has_the_clock_of_its_visit_where_several_are_compared(shell: Shell) -> None:
    plan = shell.planner.plan
    shell.planner.register_visit("KH-2026-01", changed(plan.visit(VISIT).details, zone="Asia/Phnom_Penh"), by=HOA)
    route = next(one for one in plan.routes(VISIT) if not one.withdrawn and one.closed is None)
    closed = plan.visit(VISIT).programme[0].window
    shell.planner.close_route(VISIT, route.code, closed, by=HOA, reason="Sửa cầu")
    last = shell.planner.plan.position

    run = opened("history", view="compare", **{"from": str(last - 1), "to": str(last)})

    told = [line for line in said(run).splitlines() if route.code in line]
    assert [("(UTC-3)" in line, "(UTC+7)" in line) for line in told] == [(True, False)]


def test_moments_are_compared_too(shell: Shell) -> None:
    timeline = shell.planner.timeline
    first = step(timeline, 100).event.recorded_at

    run = opened("history", view="compare", **{"from": first.isoformat(), "to": str(shell.planner.plan.position)})

    assert not run.exception
    assert "event 100, " in said(run)


def test_since_i_last_looked_begins_where_the_last_session_ended(shell: Shell) -> None:
    first = shell.planner.plan.position
    opened("history")
    shell.planner.cancel_activity(VISIT, "A-07", by=HOA, reason="Hoãn")
    session = shell.door.by_token(shell.door.sign_in("auditor", PASSWORD, client="test"))
    assert session is not None
    shell.presumed = session.id

    run = pressed(opened("history", view="compare"), "compare_looked")

    assert asked(run, "from") == str(first)
    assert "A-07" in said(run)


# Empty, and files


def test_an_empty_history_says_how_it_begins(tmp_path: Path) -> None:
    with new_site_seen_by("auditor", tmp_path):
        run = opened("history", at="5", visit="x")

    assert "The history begins with the first command." in said(run)


def test_the_events_are_taken_away_as_csv_and_json(shell: Shell) -> None:
    plan = shell.planner.plan
    asked = {"kind": "ActivityRelocated", "language": "en"}

    table = fetched("history.csv", Reader(shell.planner, AUDITOR), asked, WHOLE).content.decode("utf-8-sig")
    listed = json.loads(fetched("history.json", Reader(shell.planner, AUDITOR), {"visit": VISIT}, WHOLE).content)

    (row,) = csv.DictReader(io.StringIO(table))
    assert int(row["position"]) == position_of(shell, "ActivityRelocated")
    assert row["sentence"].startswith("Relocated activity")
    assert (listed["mark"], listed["export"]["recipient"]) == ("confidential", RECIPIENT)
    of_accounts = len(plan.memberships("")) + sum(len(one.keys) for one in signers(plan))
    assert len(listed["events"]) == plan.position - of_accounts
    assert set(listed["events"][0]["sentence"]) == {"en", "vi"}


def test_no_cell_of_the_csv_is_a_formula(shell: Shell) -> None:
    shell.planner.cancel_activity(VISIT, "A-07", by=HOA, reason="=1+1")

    table = fetched("history.csv", Reader(shell.planner, AUDITOR), {"kind": "ActivityCancelled"}, WHOLE).content

    assert "'=1+1" in table.decode()


def test_the_plan_as_of_an_event_is_taken_away(shell: Shell) -> None:
    file = fetched("plan.json", Reader(shell.planner, AUDITOR), {"visit": VISIT, "at": "200"}, WHOLE)

    assert (file.name, json.loads(file.content)["position"]) == (f"{VISIT}-200.json", 200)


def test_differences_are_taken_away(shell: Shell) -> None:
    position = position_of(shell, "ActivityRelocated")
    asked = {"from": str(position - 1), "to": str(position), "language": "en"}

    table = fetched("differences.csv", Reader(shell.planner, AUDITOR), asked, WHOLE).content.decode("utf-8-sig")

    (row,) = csv.DictReader(io.StringIO(table))
    assert (row["subject"], row["kind"]) == (f"activity/{VISIT}/A-10", "changed")


def test_files_are_refused_to_who_may_not_have_them(shell: Shell) -> None:
    officer = Actor("officer", frozenset({Role.OFFICER}), officer="CA-0101")

    for name in ("history.csv", "history.json", "plan.json", "differences.csv"):
        with pytest.raises(NotAllowed):
            fetched(name, Reader(shell.planner, officer), {"visit": VISIT}, WHOLE)
    let_protocol_in(shell)
    with pytest.raises(NotAllowed):
        fetched("plan.json", Reader(shell.planner, PROTOCOL), {"visit": VISIT}, WHOLE)


def test_a_file_as_of_nothing_is_refused(shell: Shell) -> None:
    with pytest.raises(NotFound):
        fetched("plan.json", Reader(shell.planner, AUDITOR), {"visit": VISIT, "at": "abc"}, WHOLE)
    with pytest.raises(NotFound):
        fetched("history.csv", Reader(shell.planner, AUDITOR), {"visit": "NO"}, WHOLE)


def test_protocol_is_given_no_event_about_the_force(shell: Shell) -> None:
    let_protocol_in(shell)
    mine = json.loads(fetched("history.json", Reader(shell.planner, PROTOCOL), {}, WHOLE).content)
    whole = json.loads(fetched("history.json", Reader(shell.planner, AUDITOR), {}, WHOLE).content)

    told = {row["subject"].partition("/")[0] for row in mine["events"]}
    assert told == {"visit", "activity", "delegation", "venue", "route", "membership"}
    assert {row["subject"].partition("/")[0] for row in whole["events"]} >= {"post", "officer", "assignment"}


def test_too_many_events_for_a_file_are_refused(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads_history, "MOST_EVENTS", 10)

    with pytest.raises(Exception, match="too many for one file"):
        fetched("history.csv", Reader(shell.planner, AUDITOR), {}, WHOLE)


# The outline


def a_drawing() -> dict[str, object]:
    bar = {"mark": {"type": "bar", "height": 20}, "encoding": {"x": {"field": "start"}, "color": {"field": "look"}}}
    return {"layer": [{**bar, "name": "view_1", "data": {"name": "bars", "values": [{"about": "a"}]}}]}


def test_the_touched_bar_is_outlined_and_no_name_is_drawn_twice() -> None:
    drawing = outlined(a_drawing(), "about", {"post/x"})

    ring = drawing["layer"][1]
    assert ring["mark"]["stroke"] == OUTLINE
    assert ring["transform"] == [{"filter": {"field": "about", "oneOf": ["post/x"]}}]
    assert "name" not in ring
    assert ring["data"] == {"name": "bars"}


def test_nothing_touched_leaves_the_drawing_as_it_was() -> None:
    assert outlined(a_drawing(), "about", ()) == a_drawing()
