"""Every event is one plain sentence in both languages, with the names and values that counted at the time."""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assignment import Override
from domain.base import Event
from domain.events import EVENTS
from domain.plan import Plan
from domain.values import Contact, Coordinates, TimeWindow
from domain.venue import Capacity
from planner.history.changes import QUOTED, narrowed
from planner.history.facts import FACTS
from planner.history.sentences import TELLINGS, full_sentence, name, sentence, subject
from planner.text import LANGUAGES, Speaker, Tongue
from planner.vocabulary import EVENT_NAMES
from tests.examples import (
    HOSTILE_NAMES,
    KHMER_GUEST,
    LAO_HEAD,
    VISIT,
    Story,
    a_visit,
    shift,
    window,
)
from tests.planner.history.whole_story import steps, whole_story

EN = Speaker("en")
VI = Speaker("vi")
MANY_NAMES = (*HOSTILE_NAMES, "{0.__class__}", LAO_HEAD.original, KHMER_GUEST.original)


def last(story: Story, speaker: Speaker = EN, told: Any = sentence) -> str:
    """The last event of a story, as a reader sees it."""
    event, before, after = list(steps(story))[-1]
    return speaker.say(told(event, before, after))


def test_every_event_of_the_domain_has_its_sentence_and_its_name() -> None:
    events = set(EVENTS)

    told = {type(event) for event in whole_story().events}

    assert told == events
    assert set(TELLINGS) == events
    assert set(EVENT_NAMES) == events


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("typed", MANY_NAMES)
def test_any_name_comes_out_of_every_sentence_exactly_as_typed(typed: str, language: Tongue) -> None:
    speaker = Speaker(language)
    placeholder = "Zyx"

    hostile = [speaker.say(full_sentence(*step)) for step in steps(whole_story(typed))]
    plain = [speaker.say(full_sentence(*step)) for step in steps(whole_story(placeholder))]

    assert hostile == [line.replace(placeholder, typed) for line in plain]


@pytest.mark.parametrize("step", list(steps(whole_story())), ids=lambda step: type(step[0]).__name__)
def test_each_sentence_is_vietnamese_one_line_and_free_of_technical_names(step: tuple[Event, Plan, Plan]) -> None:
    english, vietnamese = EN.say(sentence(*step)), VI.say(sentence(*step))

    words = [word.lower() for word in re.findall(r"[A-Za-z_]+", english)]

    assert english != vietnamese
    assert english[0].isupper()
    assert "\n" not in english + vietnamese
    assert not [word for word in words if "_" in word or word in {"none", "true", "datetime", "all"}]
    assert not re.search(r"[A-Z][a-z]+\(|<|[0-9a-f]{16}|=", english)


def test_the_look_for_technical_names_would_find_one() -> None:
    leaking = "Amended post P-1: key_point KeyPoint(code='K-1') none"

    words = [word.lower() for word in re.findall(r"[A-Za-z_]+", leaking)]

    assert [word for word in words if "_" in word or word == "none"] == ["key_point", "none"]
    assert re.search(r"[A-Z][a-z]+\(", leaking)


def test_a_moved_activity_says_from_when_to_when_with_day_and_zone_once() -> None:
    story = a_visit()
    story.activity("A-05", "09:00", "10:00", title="Hội đàm")
    moved = story.plan.visit(VISIT).move_activity("A-05", window("10:00", "11:00"), story.act("máy bay đến muộn"))

    story.tell(moved)

    assert last(story) == ("Moved activity A-05 «Hội đàm» from Tue 24/11/2026 09:00–10:00 to 10:00–11:00 (UTC+7)")
    assert last(story, VI) == (
        "Đổi giờ hoạt động A-05 «Hội đàm» từ Th 3, 24/11/2026 09:00–10:00 sang 10:00–11:00 (UTC+7)"
    )


def test_a_full_sentence_says_when_who_what_and_why() -> None:
    story = a_visit()
    story.activity("A-05", title="Hội đàm")
    story.tell(story.plan.visit(VISIT).cancel_activity("A-05", story.act("Đoàn về sớm.\nĐã báo.", by="Lan")))

    said = last(story, EN, full_sentence)

    assert said == (
        "Tue 03/11/2026 08:15 (UTC+7), Lan cancelled activity A-05 «Hội đàm» "
        "(Tue 24/11/2026 09:00–10:00 (UTC+7), no venue) — Đoàn về sớm. / Đã báo."
    )


def test_a_full_sentence_without_a_reason_ends_with_a_full_stop_and_keeps_the_users_small_letter() -> None:
    story = Story()
    story.tell(a_visit().events)
    story.tell(story.plan.post(VISIT, "P-01").appoint_commander("CA-0113", story.act("", by="lan")))

    said = last(story, EN, full_sentence)

    assert said == (
        "Tue 03/11/2026 08:14 (UTC+7), lan appointed Đại uý Nguyễn Thị Phương Thảo (CA-0113) as commander of "
        "post P-01 «Kiểm soát người và phương tiện vào cổng chính»."
    )


@pytest.mark.parametrize(
    ("late", "said"),
    [
        (timedelta(minutes=1), "Tue 03/11/2026 09:00 (UTC+7), h registered"),
        (timedelta(minutes=2), "Tue 03/11/2026 08:58 (UTC+7) (recorded Tue 03/11/2026 09:00 (UTC+7)), h registered"),
    ],
)
def test_both_clocks_are_told_where_they_differ_by_more_than_a_minute(late: timedelta, said: str) -> None:
    story = Story()
    story.visit()
    (event,) = story.events
    recorded = event.recorded_at.replace(hour=2, minute=0)
    entered = dataclasses.replace(event, by="h", recorded_at=recorded, occurred_at=recorded - late)

    told = EN.say(full_sentence(entered, Plan(), story.plan))

    assert told.startswith(said)


def test_an_amended_post_names_exactly_the_facts_that_changed_from_old_to_new() -> None:
    story = a_visit()
    old = story.post("P-07", task="Cổng chính", headcount=2, required=("K9",))
    amended = dataclasses.replace(old.details, task="Cổng phụ", headcount=3, critical=True, commander="CA-0113")

    story.tell(old.amend(amended, story.act()))

    assert last(story) == (
        "Amended post P-07 «Cổng chính»: task «Cổng chính» → «Cổng phụ»; officers needed 2 → 3; critical; "
        "post commander – → Đại uý Nguyễn Thị Phương Thảo (CA-0113)"
    )


def test_old_places_carry_their_old_names_and_new_ones_their_new_names() -> None:
    story = a_visit()
    story.activity("A-05", title="Hội đàm", venue="HOTEL-1", room="R-1")
    story.venue("PALACE", name="Cung văn hoá")
    story.tell(story.plan.visit(VISIT).relocate_activity("A-05", "PALACE", None, story.act()))

    said = last(story)

    assert said == (
        "Relocated activity A-05 «Hội đàm» from room R-1 «Phòng khánh tiết tầng hai» of "
        "HOTEL-1 «Khách sạn Mường Thanh Grand Luang Prabang» to PALACE «Cung văn hoá»"
    )


def test_an_amended_member_is_called_by_the_old_name() -> None:
    story = a_visit()
    guest = story.plan.delegation(VISIT, "LA").member("M-01")
    renamed = dataclasses.replace(guest, name=dataclasses.replace(guest.name, romanised="Bounthavy S."))
    story.tell(story.plan.delegation(VISIT, "LA").amend_member(renamed, story.act()))

    said = last(story)

    assert said.startswith("Amended member Bounthavy Sisavangvong Phommachanh (M-01) of delegation LA «")
    assert said.endswith(": name «Bounthavy Sisavangvong Phommachanh» → «Bounthavy S.»")


def test_a_head_who_is_removed_is_said_to_have_been_the_head() -> None:
    story = a_visit()
    story.tell(story.plan.delegation(VISIT, "LA").remove_member("M-01", story.act()))

    said = last(story)

    assert said.startswith(
        "Removed member Bounthavy Sisavangvong Phommachanh (M-01), head of delegation, from delegation LA"
    )


def test_a_post_that_moves_along_with_its_shifts_says_every_shifts_times() -> None:
    story = a_visit()
    story.post("P-07", "08:00", "12:00", task="Cổng")
    story.shifts("P-07", shift("S-1", "08:00", "10:00"), shift("S-2", "10:00", "12:00"))
    story.tell(story.plan.post(VISIT, "P-07").reschedule(window("09:00", "13:00"), None, story.act()))

    said = last(story)

    assert said == (
        "Moved post P-07 «Cổng» from Tue 24/11/2026 08:00–12:00 to 09:00–13:00 (UTC+7); "
        "shift S-1: time Tue 24/11/2026 08:00–10:00 → 09:00–11:00 (UTC+7); "
        "shift S-2: time Tue 24/11/2026 10:00–12:00 → 11:00–13:00 (UTC+7)"
    )


def test_an_override_says_which_rules_and_on_whose_authority() -> None:
    story = whole_story("Trưởng ban")
    step = next(s for s in steps(story) if getattr(s[0], "override", None) is not None)

    said = EN.say(sentence(*step))

    assert said.endswith(", overriding rules R03 on the authority of Trưởng ban")


def test_a_long_order_is_quoted_around_what_changed() -> None:
    order = "Kiểm tra giấy tờ. " * 30
    story = a_visit()
    story.post("P-07", task="Cổng", instructions=order + "Gọi số 113." + order)
    changed = order + "Gọi số 114." + order
    story.tell(story.plan.post(VISIT, "P-07").issue_order(changed, story.act()))

    said = last(story)

    assert said == (
        "Issued a post order for post P-07 «Cổng»: "
        "«…a giấy tờ. Gọi số 113.Kiểm tra giấy tờ. K…» → «…a giấy tờ. Gọi số 114.Kiểm tra giấy tờ. K…»"
    )


@given(st.text(max_size=400), st.text(max_size=400), st.text(max_size=400))
def test_what_is_quoted_of_two_long_texts_always_differs_where_they_begin_to_differ(
    head: str, old: str, tail: str
) -> None:
    first, second = head + "A" + old + tail, head + "B" + tail

    was, now = narrowed(first, second)

    assert was != now
    assert max(len(was), len(now)) <= QUOTED + 2


def test_what_an_event_is_about_is_told_to_scripts() -> None:
    subjects = {type(event).__name__: subject(event) for event in whole_story().events}

    told = {key: subjects[key] for key in ("ActivityMoved", "VisitCancelled", "PostCreated", "PolicyAdopted")}

    assert told == {
        "ActivityMoved": "activity LA-2026-01/A-05",
        "VisitCancelled": "visit LA-2026-01",
        "PostCreated": "post LA-2026-01/P-07",
        "PolicyAdopted": "policy site",
    }


def test_an_event_has_a_short_name_for_lists() -> None:
    event = next(e for e in whole_story().events if type(e).__name__ == "ActivityMoved")

    said = (EN.say(name(event)), VI.say(name(event)))

    assert said == ("activity moved", "đổi giờ hoạt động")


@pytest.mark.parametrize("kind", FACTS, ids=lambda kind: kind.__name__)
def test_every_fact_of_the_domain_has_its_label(kind: type) -> None:
    apart = {"code", "key", "version", "activities", "called_off"}

    fields = {field.name for field in dataclasses.fields(kind)} - apart

    assert set(FACTS[kind]) == fields


def test_values_within_values_have_their_facts_too() -> None:
    spoken = {TimeWindow, Coordinates, Override, Contact, Capacity}  # shown as a whole

    held = {
        part
        for kind in FACTS
        for hint in get_type_hints(kind, include_extras=False).values()
        for part in (hint, *get_args(hint))
        if dataclasses.is_dataclass(part)
    }

    assert {kind for kind in held if kind not in FACTS} == spoken
