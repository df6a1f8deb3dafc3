"""One duty by hand: confirmed, moved, withdrawn, reinstated, begun and ended; each with its reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import streamlit as st

from domain import assigning
from domain.assignment import Assignment, AssignmentStatus
from domain.base import Act, Actor, Decision
from domain.plan import Plan
from domain.post import WHOLE, Post
from domain.refusals import PlanningError, RuleBroken
from domain.visit import Visit
from planner.access.reader import Reader
from planner.deciding import Outcome
from planner.preview import preview
from planner.text import Speaker
from ui import session
from ui.charts.duty import LOOKS
from ui.components import findings, roster_asking
from ui.components.inputs import password_input, reason_input, window_input
from ui.components.load import load, said
from ui.components.plain_table import Cell, Row
from ui.components.plain_table import show as show_table
from ui.plain_text import plain
from ui.session import Session
from ui.told import told

_S = AssignmentStatus
#: What can be done with a duty in each state, the likeliest first.
POSSIBLE: Final[dict[AssignmentStatus, tuple[str, ...]]] = {
    _S.PROPOSED: ("confirm_assignment", "reschedule_assignment", "pin_assignments", "withdraw_assignment"),
    _S.CONFIRMED: ("start_duty", "reschedule_assignment", "pin_assignments", "withdraw_assignment"),
    _S.ACKNOWLEDGED: ("start_duty", "reschedule_assignment", "pin_assignments", "withdraw_assignment"),
    _S.ON_POST: ("end_duty", "reschedule_assignment", "withdraw_assignment"),
    _S.ENDED: (),
    _S.WITHDRAWN: ("reinstate_assignment",),
}


def listed(plan: Plan, post: Post, *, withdrawn: bool) -> list[Assignment]:
    """The duties of a post in order of time; withdrawn ones are looked for in the whole visit, so only if asked."""
    given: list[Assignment] = list(plan.assignments_of_post(post.visit, post.code))
    if withdrawn:
        every: tuple[Assignment, ...] = plan.assignments(post.visit)
        given += (one for one in every if one.post == post.code and one.status is _S.WITHDRAWN)
    return sorted(given, key=lambda one: (one.window.start, one.shift, one.key))


def shift_name(code: str, speaker: Speaker) -> str:
    """A shift's code; the only shift of a post without shifts is its whole time."""
    return speaker("whole time") if code == WHOLE else code


def table(plan: Plan, duties: list[Assignment], speaker: Speaker) -> None:
    """Who stands at the post when, and in which state each duty is."""
    rows = []
    for duty in duties:
        officer = plan.officer(duty.officer)
        below = f"{duty.officer} · {officer.details.unit}"
        state = f"{LOOKS[duty.status][0]} {speaker.label(duty.status)}"
        override = ""
        if duty.override is not None:
            override = speaker(
                "overridden: {rules}, {authority}", rules=duty.override.rules, authority=duty.override.authority
            )
        cells = (
            Cell(duty.code, speaker("■ pinned") if duty.pinned else ""),
            Cell(officer.name.romanised, below),
            shift_name(duty.shift, speaker),
            speaker.window(duty.window),
            Cell(state, override),
        )
        rows.append(Row(cells, off=duty.status is _S.WITHDRAWN))
    headings = (speaker("Code"), speaker("Officer"), speaker("Shift"), speaker("Time"), speaker("State"))
    show_table(headings, rows, caption=speaker("Duties"))


def show(now: Session, plan: Plan, visit: Visit, post: Post) -> None:
    """The duties of a post, and what can be done with the one that is chosen."""
    speaker = now.speaker
    withdrawn = st.toggle(speaker("Withdrawn ones too"), key=f"withdrawn_{post.key}")
    duties = listed(plan, post, withdrawn=withdrawn)
    if not duties:
        st.info(speaker("Nobody is assigned to this post yet."), icon=":material/person_off:")
        return
    table(plan, duties, speaker)
    reader = session.reader()
    by_code = {duty.code: duty for duty in duties if _possible(reader, duty)}
    if not by_code:
        return
    asked = st.query_params.get("assignment", "")
    codes = list(by_code)
    code = st.selectbox(
        speaker("Change a duty"),
        codes,
        codes.index(asked) if asked in by_code else 0,
        format_func=lambda one: _label(plan, by_code[one], speaker),
        key=f"duty_{post.key}",
    )
    _change(now, plan, visit, by_code[code])


def _possible(reader: Reader, duty: Assignment) -> list[str]:
    return [command for command in POSSIBLE[duty.status] if reader.may(command, duty.visit)]


def _label(plan: Plan, duty: Assignment, speaker: Speaker) -> str:
    name = plan.officer(duty.officer).name.romanised
    when = f"{shift_name(duty.shift, speaker)} · {speaker.times(duty.window)}"
    return f"{duty.code} · {name} · {when} · {speaker.label(duty.status)}"


def _change(now: Session, plan: Plan, visit: Visit, duty: Assignment) -> None:
    speaker = now.speaker
    labels = {
        "confirm_assignment": speaker("Confirm"),
        "reschedule_assignment": speaker("Another time"),
        "withdraw_assignment": speaker("Withdraw the duty"),
        "reinstate_assignment": speaker("Reinstate the duty"),
        "pin_assignments": speaker("Unpin") if duty.pinned else speaker("Pin"),
        "start_duty": speaker("Is on post"),
        "end_duty": speaker("Has ended"),
    }
    possible = _possible(session.reader(), duty)
    key = f"change_{duty.key}_{duty.version}"
    what = st.segmented_control(
        speaker("What happens"),
        possible,
        default=possible[0],
        format_func=labels.__getitem__,
        key=key,
        required=True,
    )
    name = plan.officer(duty.officer).name.romanised
    numbers = plan.numbers(session.planner().clock())
    others = said(load(plan, duty.officer, duty.window.end, numbers, visit.details.zone, but=duty.id), speaker)
    st.caption(plain(speaker("Besides this duty: {load}", load=others)))
    ahead = duty.counts and duty.window.start > session.planner().clock()
    if ahead and session.may("propose_roster", visit.key) and session.may("assign_officer", visit.key):
        label = speaker("Replace this officer in all duties to come")
        icon = ":material/swap_horiz:"
        st.button(label, key="replace_officer", type="tertiary", icon=icon, on_click=_replace, args=(duty.officer,))
    if what == "reschedule_assignment":
        _reschedule(now, plan, visit, duty, key)
    elif what == "reinstate_assignment":
        _reinstate(now, plan, visit, duty, key)
    elif what == "pin_assignments":
        _pin(now, visit, duty, key, name)
    else:
        reason = reason_input(speaker, f"{key}_reason", needed=what == "withdraw_assignment")
        done = {
            "confirm_assignment": speaker("The duty of {name} is confirmed.", name=name),
            "withdraw_assignment": speaker("The duty of {name} was withdrawn.", name=name),
            "start_duty": speaker("{name} is on post.", name=name),
            "end_duty": speaker("The duty of {name} has ended.", name=name),
        }
        if st.button(labels[str(what)], key="change_duty", type="primary"):
            command: Callable[..., Outcome] = getattr(session.planner(), str(what))
            session.act(done[str(what)], lambda: command(visit.key, duty.code, by=now.actor, reason=reason))


def _replace(officer: str) -> None:
    """Turns the board to the proposal, with this officer as the one who cannot come."""
    for name in ("post", "assignment", "site"):
        st.query_params.pop(name, None)
    st.query_params["view"] = "roster"
    st.query_params[roster_asking.REPLACE] = officer


def _pin(now: Session, visit: Visit, duty: Assignment, key: str, name: str) -> None:
    """Keeps proposals from moving the duty, or lets them again."""
    speaker = now.speaker
    reason = reason_input(speaker, f"{key}_reason", needed=not duty.pinned)
    label = speaker("Unpin") if duty.pinned else speaker("Pin")
    if st.button(label, key="change_duty", type="primary", icon=":material/push_pin:"):
        done = speaker("Proposals may move the duty of {name} again.", name=name)
        if not duty.pinned:
            done = speaker("The duty of {name} is pinned: no proposal moves it.", name=name)
        pinned, released = ((), (duty.code,)) if duty.pinned else ((duty.code,), ())
        session.act(
            done,
            lambda: session.planner().pin_assignments(visit.key, pinned, released, by=now.actor, reason=reason),
        )


def _reschedule(now: Session, plan: Plan, visit: Visit, duty: Assignment, key: str) -> None:
    speaker = now.speaker
    window = window_input(speaker, visit.details.zone, key, duty.window)
    if window is None:
        return
    broken = window != duty.window and _foreseen(now, plan, lambda of, act: assigning.reschedule(of, duty, window, act))
    authority, password = _authority(speaker, key) if broken else (None, "")
    reason = reason_input(speaker, f"{key}_reason", needed=broken)
    if st.button(speaker("Move the duty"), key="change_duty", type="primary"):
        done = speaker("Duty {code} is now {window}.", code=duty.code, window=speaker.window(window))
        session.act(
            done,
            lambda: session.planner().reschedule_assignment(
                visit.key,
                duty.code,
                window,
                override_authority=authority,
                by=_by(now, authority, password, visit),
                reason=reason,
            ),
        )


def _reinstate(now: Session, plan: Plan, visit: Visit, duty: Assignment, key: str) -> None:
    speaker = now.speaker
    broken = _foreseen(now, plan, lambda of, act: assigning.reinstate(of, duty, act))
    authority, password = _authority(speaker, key) if broken else (None, "")
    reason = reason_input(speaker, f"{key}_reason", needed=broken)
    if st.button(speaker("Reinstate the duty"), key="change_duty", type="primary"):
        name = plan.officer(duty.officer).name.romanised
        done = speaker("The duty of {name} stands again; it must be acknowledged anew.", name=name)
        session.act(
            done,
            lambda: session.planner().reinstate_assignment(
                visit.key,
                duty.code,
                override_authority=authority,
                by=_by(now, authority, password, visit),
                reason=reason,
            ),
        )


def _authority(speaker: Speaker, key: str) -> tuple[str | None, str]:
    """On whose authority something is overridden, and the password that signs it."""
    authority = st.text_input(speaker("On whose authority"), key=f"{key}_authority") or None
    return authority, password_input(speaker, f"{key}_password")


def _by(now: Session, authority: str | None, password: str, visit: Visit) -> Actor:
    return session.signing(password, visit.key) if authority else now.actor


def _foreseen(now: Session, plan: Plan, decision: Callable[[Plan, Act], Decision]) -> bool:
    """Says what a change would break; True where it needs an authority."""
    speaker = now.speaker
    try:
        found = preview(plan, decision, now.actor, session.planner().clock())
    except RuleBroken as refusal:
        st.error(plain(f"{refusal.rule}: {speaker.say(told(refusal))}"), icon=":material/block:")
        return True
    except PlanningError as refusal:
        st.error(plain(speaker.say(told(refusal))), icon=":material/block:")
        return False
    findings.show(speaker, found, "foreseen", links=False)
    return False
