"""The plan: a fold of events, the same however it is taken, with indexes that follow."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.assignment import AssignmentWithdrawn
from domain.base import Event, changed
from domain.officer import Absence, AbsenceKind, Officer
from domain.plan import LONG, Plan
from domain.post import PostKind
from domain.refusals import CodeTaken, NotFound
from domain.rules.duty import blocked, duties_of
from domain.rules.moving import beside_time
from domain.rules.resilience import leaning_on
from domain.shifting import as_shifted
from domain.visit import Visit
from tests.examples import (
    OTHER_VISIT,
    PLANNING,
    VISIT,
    Story,
    a_visit,
    activity,
    officer_details,
    post_details,
    window,
)


def told() -> Story:
    story = a_visit()
    story.visit(OTHER_VISIT)
    story.activity("A-01", venue="HOTEL-1", room="R-1")
    story.tell(story.plan.visit(VISIT).move_activity("A-01", window("11:00", "12:00"), story.act()))
    story.venue("HALL-1")
    story.route("R-01", "HOTEL-1", "HALL-1")
    first = story.placed("CA-0113", "P-01")
    story.tell(first.withdraw(story.act()))
    story.placed("CA-0113", "P-01")
    story.tell(story.plan.post(VISIT, "P-01").appoint_commander("CA-0113", story.act()))
    story.tell(story.plan.visit(VISIT).relocate_activity("A-01", "HALL-1", None, story.act()))
    story.policy(min_rest_hours=10)
    return story


STORY = told()


def members(plan: Plan) -> dict[str, list[str]]:
    """What stands in which index; empty indexes are as good as none."""
    return {index: sorted(keys) for index, keys in dict(plan.indexes).items() if len(keys)}


def test_one_by_one_or_all_at_once_is_the_same_plan() -> None:
    at_once = Plan().after(STORY.events)

    assert dict(at_once.entities) == dict(STORY.plan.entities)
    assert members(at_once) == members(STORY.plan)
    assert (at_once.position, at_once.recorded_at) == (STORY.plan.position, STORY.plan.recorded_at)


@given(st.integers(0, len(STORY.events)))
def test_folding_in_two_steps_is_folding_in_one(stop: int) -> None:
    halfway = Plan().after(STORY.events[:stop])

    onwards = halfway.after(STORY.events[stop:])

    assert dict(onwards.entities) == dict(STORY.plan.entities)
    assert members(onwards) == members(STORY.plan)


@given(st.data())
def test_events_of_independent_entities_fold_in_any_interleaving(data: st.DataObject) -> None:
    queues: dict[str, list[Event]] = {}
    for event in STORY.events:
        queues.setdefault(event.originator_id, []).append(event)
    mixed: list[Event] = []
    while queues:
        chosen = data.draw(st.sampled_from(sorted(queues)))
        mixed.append(queues[chosen].pop(0))
        if not queues[chosen]:
            del queues[chosen]

    plan = Plan().after(mixed)

    assert dict(plan.entities) == dict(STORY.plan.entities)
    assert members(plan) == members(STORY.plan)


def crowded() -> Story:
    """More officers and duties than a short list holds."""
    story = a_visit()
    for number in range(LONG + 6):
        story.officer(f"CA-{number:04d}")
    for number in range(LONG + 6):
        story.post(f"N-{number:02d}")
        story.placed(f"CA-{number:04d}", f"N-{number:02d}")
    return story


CROWD = crowded()


def asked_everything(plan: Plan) -> dict[str, object]:
    """What plans hand on: long lists, and what was worked out about each officer and each post."""
    moved = as_shifted(plan, VISIT, timedelta(days=1), CROWD.act())
    return {
        "officers": plan.officers,
        "posts": plan.posts(VISIT),
        "duties": plan.assignments(VISIT),
        "moved": (moved.moved, moved.besides, moved.plan.entities.get(f"post/{VISIT}/N-08")),
        "beside time": beside_time(plan, moved.plan, (), plan.numbers(PLANNING), moved.moved),
        **{
            one.key: (
                duties_of(plan, one.key),
                blocked(plan, plan.numbers(PLANNING), one.key),
                plan.assignments_of_officer(one.key),
                leaning_on(plan, {one.id}),
            )
            for one in plan.officers
        },
    }


def happenings(story: Story) -> list[Event]:
    """Changes of all kinds that rules about officers look at, and of some that they do not."""
    plan = story.plan
    duties = plan.assignments(VISIT)
    away = Absence(code="OM-1", window=window("08:00", "20:00"), kind=AbsenceKind.SICK)
    done: list[Event] = []
    for decision in (
        duties[3].withdraw(story.act("x")),
        plan.officer("CA-0005").record_absence(away, story.act()),
        plan.post(VISIT, "N-07").cancel(story.act("x")),
        plan.post(VISIT, "N-08").amend(post_details(required=("Lái xe",), critical=True), story.act("x")),
        plan.visit(VISIT).schedule(activity("A-01"), story.act()),
        Officer.register("CA-9999", officer_details(), story.act()),
        plan.officer("CA-0010").retire(story.act("x")),
    ):
        done += decision
    return done


@given(st.permutations(happenings(CROWD)), st.integers(1, 7), st.lists(st.booleans(), min_size=7, max_size=7))
@settings(max_examples=20, deadline=None)
def test_what_a_plan_takes_over_is_what_it_would_have_worked_out(
    mixed: list[Event], count: int, asked: list[bool]
) -> None:
    events = mixed[:count]
    plan = Plan().after(CROWD.events)
    asked_everything(plan)
    first = plan

    for event, now in zip(events, asked, strict=False):
        plan = plan.after((event,))
        if now:
            asked_everything(plan)

    afresh = Plan().after([*CROWD.events, *events])
    back = Plan().after(CROWD.events)
    back.take_over(plan, {event.originator_id for event in events})
    assert asked_everything(plan) == asked_everything(afresh)
    assert asked_everything(back) == asked_everything(first)


def test_a_change_of_one_duty_leaves_what_is_known_of_other_officers() -> None:
    plan = Plan().after(CROWD.events)
    before = {one.key: duties_of(plan, one.key) for one in plan.officers}

    after = plan.after(plan.assignments(VISIT)[3].withdraw(CROWD.act("x")))

    same = [code for code, known in before.items() if duties_of(after, code) is known]
    assert sorted(set(before) - set(same)) == ["CA-0003"]


def test_an_old_plan_stays_as_it_was() -> None:
    story = a_visit()
    old = story.plan
    story.activity("A-01", venue="HOTEL-1")

    story.tell(story.plan.visit(VISIT).cancel(story.act()))

    assert (old.visit(VISIT).cancelled, len(old.visit(VISIT).activities), old.visits_at("HOTEL-1")) == (False, 0, ())


def test_the_position_follows_the_log_where_that_has_gaps() -> None:
    plan = Plan().after(STORY.events[:1], position=17)

    assert (plan.position, plan.after(STORY.events[1:2]).position) == (17, 18)


def test_an_index_lets_go_of_what_left_it() -> None:
    assert [visit.code for visit in STORY.plan.visits_at("HALL-1")] == [VISIT]
    assert STORY.plan.visits_at("HOTEL-1") == ()
    assert [duty.code for duty in STORY.plan.assignments_of_officer("CA-0113")] == ["A-0002"]
    assert [duty.code for duty in STORY.plan.assignments(VISIT)] == ["A-0001", "A-0002"]


def test_a_post_is_in_reserve_as_long_as_that_is_what_it_is_for() -> None:
    story = Story()
    story.visit()
    for code, kind in (("P-01", PostKind.RESERVE), ("P-02", PostKind.GUARD), ("P-03", PostKind.RESERVE)):
        story.post(code, kind=kind)
    before = story.plan

    for code, kind in (("P-01", PostKind.GUARD), ("P-02", PostKind.RESERVE)):
        post = story.plan.post(VISIT, code)
        story.tell(post.amend(changed(post.details, kind=kind), story.act()))

    assert [post.code for post in before.reserve_posts(VISIT)] == ["P-01", "P-03"]
    assert [post.code for post in story.plan.reserve_posts(VISIT)] == ["P-02", "P-03"]


def test_what_is_listed_is_in_order_of_codes() -> None:
    story = Story()
    for code in ("CA-3", "CA-1", "CA-2"):
        story.officer(code)

    assert [officer.code for officer in story.plan.officers] == ["CA-1", "CA-2", "CA-3"]


def test_what_is_not_there_is_refused_by_name() -> None:
    for find in (
        lambda: STORY.plan.visit("X"),
        lambda: STORY.plan.venue("X"),
        lambda: STORY.plan.officer("X"),
        lambda: STORY.plan.delegation(VISIT, "X"),
        lambda: STORY.plan.post(VISIT, "X"),
        lambda: STORY.plan.route(VISIT, "X"),
        lambda: STORY.plan.assignment(VISIT, "X"),
        lambda: STORY.plan.post("X", "P-01"),
    ):
        with pytest.raises(NotFound) as refused:
            find()
        assert "X" in str(refused.value)


def test_a_code_is_free_until_something_carries_it() -> None:
    assert STORY.plan.free(Visit, "TH-2027-01") == "TH-2027-01"
    with pytest.raises(CodeTaken):
        STORY.plan.free(Visit, VISIT)


def test_the_same_code_in_another_visit_is_another_thing() -> None:
    story = a_visit()
    story.visit(OTHER_VISIT)

    story.post("P-01", visit=OTHER_VISIT)

    assert story.plan.post(VISIT, "P-01") != story.plan.post(OTHER_VISIT, "P-01")
    assert [post.visit for post in story.plan.posts(OTHER_VISIT)] == [OTHER_VISIT]


def test_folding_never_refuses() -> None:
    story = a_visit()
    duty = story.placed()
    twice = (AssignmentWithdrawn(**story.act().on(duty)),) * 2

    story.tell(twice)
    story.tell(story.plan.visit(VISIT).schedule(activity("A-01"), story.act()))

    assert not story.plan.assignment(VISIT, duty.code).counts
