"""Shifts of a post: made at regular intervals with time for handover, or changed one by one."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import streamlit as st

from domain.base import changed, replaced, without
from domain.plan import Plan
from domain.post import Post, Shift
from domain.refusals import InvalidInput
from domain.values import TimeWindow
from domain.visit import Visit
from planner.text import Speaker
from ui import session
from ui.components.duty_forms import shift_name
from ui.components.inputs import next_code, reason_input, window_input
from ui.components.plain_table import Row
from ui.components.plain_table import show as show_table
from ui.components.post_forms import foreseen, with_moves
from ui.session import Session

#: Letters of shifts that are made at intervals: C-01, C-02 ….
PREFIX: Final = "C"
_MOST: Final = 200


def reliefs(window: TimeWindow, every: timedelta, handover: timedelta) -> tuple[Shift, ...]:
    """Shifts of equal length one after another, each staying for the handover; the last ends with the post.

    Raises ``InvalidInput`` where the handover is as long as a shift, or for very many shifts.
    """
    if every <= timedelta(0) or handover >= every:
        raise InvalidInput.because("The handover must be shorter than the shift.")
    if window.length / every > _MOST:
        raise InvalidInput.because("That would be more than {most} shifts; choose longer ones.", most=_MOST)
    made: list[Shift] = []
    start = window.start
    while start < window.end:
        end = min(start + every + handover, window.end)
        made.append(Shift(code=f"{PREFIX}-{len(made) + 1:02d}", window=TimeWindow(start=start, end=end)))
        start += every
    if len(made) > 1 and made[-1].window.length <= handover:
        made.pop()
    return tuple(made)


def show(now: Session, plan: Plan, visit: Visit, post: Post) -> None:
    """The shifts as they are, and both ways to change them."""
    speaker = now.speaker
    table(speaker, plan, post, post.shifts)
    ways = {"relief": speaker("Relief at intervals"), "one": speaker("One shift"), "none": speaker("Without shifts")}
    way = st.segmented_control(
        speaker("Plan shifts"),
        list(ways),
        default="one" if post.own_shifts else "relief",
        format_func=ways.__getitem__,
        key=f"shifts_way_{post.key}",
        required=True,
    )
    if way == "relief":
        _at_intervals(now, plan, visit, post)
    elif way == "one":
        _one(now, plan, visit, post)
    else:
        st.text(speaker("The post is manned by the same officers for its whole time."))
        _plan(now, plan, visit, post, (), speaker("Take the shifts away"))


def table(speaker: Speaker, plan: Plan, post: Post, shifts: tuple[Shift, ...]) -> None:
    """Each shift with its time and how many officers it has of how many."""
    given = [duty for duty in plan.assignments_of_post(post.visit, post.code) if duty.counts]
    rows = []
    for shift in shifts:
        there = sum(duty.shift == shift.code for duty in given)
        needed = shift.headcount or post.details.headcount
        sign = "✔" if there >= needed else "▲"
        rows.append(
            Row(
                (
                    shift_name(shift.code, speaker),
                    speaker.window(shift.window),
                    speaker.show(shift.window.length),
                    f"{sign} {there}/{needed}",
                )
            )
        )
    show_table(
        (speaker("Shift"), speaker("Time"), speaker("Length"), speaker("Officers")), rows, caption=speaker("Shifts")
    )


def _at_intervals(now: Session, plan: Plan, visit: Visit, post: Post) -> None:
    speaker = now.speaker
    key = f"relief_{post.key}_{post.version}"
    left, right = st.columns(2)
    hours = left.number_input(speaker("Relief every … hours"), 0.5, 24.0, 4.0, 0.5, format="%.1f", key=f"{key}_hours")
    minutes = right.number_input(speaker("Minutes of handover"), 0, 120, 15, 5, key=f"{key}_handover")
    with session.refusals():
        shifts = reliefs(post.window, timedelta(hours=hours), timedelta(minutes=minutes))
        st.text(speaker.counted("This makes {n} shift:", "This makes {n} shifts:", len(shifts)))
        table(speaker, plan, post, shifts[:40])
        _plan(now, plan, visit, post, shifts, speaker("Use these shifts"))


def _one(now: Session, plan: Plan, visit: Visit, post: Post) -> None:
    """One shift changed, added or taken out."""
    speaker = now.speaker
    codes = [shift.code for shift in post.own_shifts]
    code = st.selectbox(
        speaker("Shift"),
        [*codes, ""],
        format_func=lambda one: one or speaker("＋ New shift"),
        key=f"one_{post.key}_{post.version}",
    )
    key = f"one_{post.key}_{post.version}_{code}"
    old = post.shift(code) if code else Shift(code=next_code(codes, PREFIX), window=post.window)
    name = code or st.text_input(speaker("Code"), old.code, key=f"{key}_code", max_chars=40)
    window = window_input(speaker, visit.details.zone, key, old.window)
    headcount = st.number_input(
        speaker("Officers needed"), 1, 500, old.headcount or post.details.headcount, key=f"{key}_headcount"
    )
    takes_out = bool(code) and st.checkbox(speaker("Take this shift out"), key=f"{key}_out")
    if window is None:
        return
    with session.refusals():
        own = None if headcount == post.details.headcount and old.headcount is None else int(headcount)
        shift = changed(old, code=name.strip(), window=window, headcount=own)
        shifts = without(post.own_shifts, code) if takes_out else replaced(post.own_shifts, shift)
        _plan(now, plan, visit, post, shifts, speaker("Save the shifts"))


def _plan(now: Session, plan: Plan, visit: Visit, post: Post, shifts: tuple[Shift, ...], label: str) -> None:
    speaker = now.speaker
    if shifts != post.own_shifts:
        foreseen(now, plan, lambda of, act: with_moves(of, post.plan_shifts(shifts, act), act))
    reason = reason_input(speaker, f"shifts_{post.key}_{post.version}_reason")
    if st.button(label, key="plan_shifts", type="primary"):
        done = speaker.counted(
            "Post {code} has {n} shift.", "Post {code} has {n} shifts.", max(len(shifts), 1), code=post.code
        )
        session.act(
            done, lambda: session.planner().plan_shifts(visit.key, post.code, shifts, by=now.actor, reason=reason)
        )
