"""Giving a duty by hand: every officer in order of fitness, each with what stands against it, while choosing."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import streamlit as st

from domain.assigning import refused
from domain.finding import Finding
from domain.officer import Officer
from domain.plan import Plan
from domain.policy import PolicyNumbers
from domain.post import Post, Shift
from domain.values import TimeWindow
from domain.visit import Visit
from planner.preview import why_not
from planner.search import by_given_name
from planner.text import Speaker
from ui import session
from ui.components import personnel
from ui.components.duty_forms import shift_name
from ui.components.inputs import password_input, reason_input, window_input
from ui.components.load import Load, load, said
from ui.components.plain_table import line
from ui.plain_text import plain
from ui.session import Session

#: Officers that are looked at in order of names; of a larger register the others are found by unit or by name.
MOST_LOOKED_AT: Final = 600
#: Officers that are offered at once.
MOST_OFFERED: Final = 40


class Fitness(StrEnum):
    """Whether an officer can take a duty."""

    FREE = "free"
    WARNED = "possible"
    BLOCKED = "cannot"


_SIGNS: Final = {Fitness.FREE: "✔", Fitness.WARNED: "▲", Fitness.BLOCKED: "✖"}


@dataclasses.dataclass(frozen=True, slots=True)
class Candidate:
    """An officer for a duty: whether he or she can take it, what stands against it, and the load so far."""

    officer: Officer
    fitness: Fitness
    findings: tuple[Finding, ...]
    load: Load


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """The duty that somebody is wanted for."""

    visit: Visit
    post: Post
    shift: Shift
    window: TimeWindow


# Who could take it


def candidates(
    plan: Plan, asked: Asked, officers: Iterable[Officer], as_of: datetime, most: int = MOST_OFFERED
) -> list[Candidate]:
    """The likeliest of the officers, best first: who is free, then who would be warned of, then who cannot.

    All are looked at quickly; for those that are offered every rule is asked.
    """
    numbers = plan.numbers(as_of)
    rest = timedelta(hours=numbers.min_rest_hours)
    near = asked.window.padded(rest, rest)
    rough = sorted(officers, key=lambda one: _hindered(plan, near, asked, one))
    exact = (_candidate(plan, numbers, asked, officer, as_of) for officer in rough[:most])
    return sorted(exact, key=lambda c: (list(Fitness).index(c.fitness), c.load, by_given_name(str(c.officer.name))))


def _candidate(plan: Plan, numbers: PolicyNumbers, asked: Asked, officer: Officer, as_of: datetime) -> Candidate:
    visit, post, shift = asked.visit.key, asked.post.code, asked.shift.code
    found = why_not(plan, visit, post, officer.key, shift=shift, window=asked.window, as_of=as_of)
    fitness = Fitness.WARNED if found else Fitness.FREE
    if officer.retired or any(refused(finding) for finding in found):
        fitness = Fitness.BLOCKED
    zone = asked.visit.details.zone
    return Candidate(officer, fitness, found, load(plan, officer.key, asked.window.end, numbers, zone))


def _hindered(plan: Plan, near: TimeWindow, asked: Asked, officer: Officer) -> int:
    """How surely something stands against an officer, without asking the rules: 0 nothing, 1 perhaps, 3 surely."""
    window = asked.window
    if officer.retired or any(absence.window.overlaps(window) for absence in officer.absences):
        return 3
    duties = [duty for duty in plan.assignments_of_officer(officer.key) if duty.window.overlaps(near)]
    if any(duty.counts and duty.window.overlaps(window) for duty in duties):
        return 3
    for code in asked.post.details.required:
        held = officer.qualification(code)
        if held is None or not held.holds(window):
            return 2
    return 1 if duties else 0


# The choice


def show(now: Session, plan: Plan, visit: Visit, post: Post) -> None:
    """Chooses a shift and an officer, says what stands against it, and gives the duty."""
    speaker = now.speaker
    if not plan.officers:
        st.info(speaker("No officer is registered yet. Register or import officers on the page «Officers»."))
        return
    shift = _shift(speaker, plan, post)
    window: TimeWindow | None = shift.window
    with st.expander(speaker("Only part of the shift"), icon=":material/schedule:"):
        if st.toggle(speaker("Another time than the whole shift"), key=f"part_{post.key}_{shift.code}"):
            window = window_input(speaker, visit.details.zone, f"part_{post.key}_{shift.code}_time", shift.window)
    if window is None or not post.window.covers(window):
        st.warning(speaker("The duty must lie within the time of the post."))
        return
    asked = Asked(visit, post, shift, window)
    chosen = _officer(speaker, plan, asked)
    if chosen is not None:
        _give(now, plan, asked, chosen)


def _shift(speaker: Speaker, plan: Plan, post: Post) -> Shift:
    """The shift that is meant: the first that lacks somebody, until another is chosen."""
    given = plan.assignments_of_post(post.visit, post.code)
    present = {shift.code: sum(duty.counts and duty.shift == shift.code for duty in given) for shift in post.shifts}
    needed = {shift.code: shift.headcount or post.details.headcount for shift in post.shifts}
    codes = [shift.code for shift in post.shifts]
    first = next((place for place, code in enumerate(codes) if present[code] < needed[code]), 0)

    def shown(code: str) -> str:
        sign = "✔" if present[code] >= needed[code] else "▲"
        count = f"{present[code]}/{needed[code]}"
        return f"{sign} {shift_name(code, speaker)} · {speaker.window(post.shift(code).window)} · {count}"

    if len(codes) == 1:
        line(shown(codes[0]))
        return post.shifts[0]
    return post.shift(st.selectbox(speaker("Shift"), codes, first, format_func=shown, key=f"shift_{post.key}"))


def _officer(speaker: Speaker, plan: Plan, asked: Asked) -> Candidate | None:
    """The officer that is chosen, out of all that are found, with the reasons under each name."""
    key = f"{asked.post.key}_{asked.shift.code}"
    left, right = st.columns([3, 2])
    query = left.text_input(
        speaker("Search officers"),
        key=f"search_{key}",
        type="search",
        placeholder=speaker("Name, code or callsign; diacritics may be left out"),
    )
    unit = right.selectbox(
        speaker("Unit"),
        ["", *personnel.units(plan)],
        key=f"unit_{key}",
        format_func=lambda u: u or speaker("all units"),
    )
    here = _present(plan, asked)
    matching = [
        officer
        for officer in personnel.searched(personnel.serving(plan), query or "", unit or None)
        if officer.key not in here
    ]
    found = candidates(plan, asked, matching[:MOST_LOOKED_AT], session.planner().clock())
    if not found:
        st.info(speaker("No officer is called like this."), icon=":material/search_off:")
        return None
    by_code = {candidate.officer.key: candidate for candidate in found}
    with st.container(height=380 if len(found) > 4 else "content", key="candidates", border=True):
        code = st.radio(
            speaker("Officer"),
            list(by_code),
            index=None,
            format_func=lambda one: plain(_named(by_code[one], speaker)),
            captions=[plain(_caption(candidate, speaker)) for candidate in found],
            key=f"candidate_{key}",
        )
    if len(found) < len(matching):
        st.caption(
            speaker(
                "The best {n} of {all} officers are shown. Search or choose a unit to see others.",
                n=len(found),
                all=len(matching),
            )
        )
    return None if code is None else by_code.get(code)


def _present(plan: Plan, asked: Asked) -> frozenset[str]:
    """Who has this duty already, and is no choice for it: least of all right after it was given."""
    given = plan.assignments_of_post(asked.visit.key, asked.post.code)
    return frozenset(
        duty.officer
        for duty in given
        if duty.counts and duty.shift == asked.shift.code and duty.window.overlaps(asked.window)
    )


def _named(candidate: Candidate, speaker: Speaker) -> str:
    details = candidate.officer.details
    title = f"{details.rank} {details.name.romanised}".strip()
    return f"{_SIGNS[candidate.fitness]} {title} ({candidate.officer.key}) – {speaker.label(candidate.fitness)}"


def _caption(candidate: Candidate, speaker: Speaker) -> str:
    parts = [candidate.officer.details.unit, said(candidate.load, speaker)]
    if candidate.officer.retired:
        parts.append(speaker("retired from duty"))
    parts += [f"{finding.rule}: {speaker.say(finding.message)}" for finding in candidate.findings[:1]]
    if len(candidate.findings) > 1:
        more = len(candidate.findings) - 1
        parts.append(speaker.counted("{n} more reason", "{n} more reasons", more))
    return " · ".join(parts)


def _give(now: Session, plan: Plan, asked: Asked, chosen: Candidate) -> None:
    """Says what stands against the choice, and the button that gives the duty."""
    speaker, officer = now.speaker, chosen.officer
    key = f"{asked.post.key}_{asked.shift.code}_{officer.key}"
    authority, reason, password = None, "", ""
    with st.container(border=True, key="give"):
        st.text(f"{officer.name.romanised} ({officer.key}) → {asked.post.code}, {speaker.window(asked.window)}")
        for finding in chosen.findings:
            told = plain(f"{finding.rule}: {speaker.say(finding.message)}")
            if refused(finding):
                st.error(told, icon=":material/block:")
            else:
                st.warning(told, icon=":material/warning:")
        tentative = st.checkbox(speaker("Only proposed for now (tentative)"), key=f"tentative_{key}")
        if chosen.fitness is Fitness.BLOCKED:
            st.text(speaker("Choose another officer, or have it overridden:"))
            authority = st.text_input(
                speaker("On whose authority"), key=f"authority_{key}", placeholder=speaker("Name and rank")
            )
            reason = reason_input(speaker, f"why_{key}", needed=True)
            password = password_input(speaker, f"password_{key}")
            pressed = st.button(speaker("Assign all the same"), key="assign", icon=":material/gavel:")
        else:
            st.success(plain(_fit(chosen, speaker)), icon=":material/check_circle:")
            pressed = st.button(speaker("Assign"), key="assign", type="primary", icon=":material/person_add:")
    if pressed:
        done = speaker(
            "{officer} was assigned to {post}, {window}.",
            officer=officer.name.romanised,
            post=asked.post.code,
            window=speaker.window(asked.window),
        )
        session.act(
            done,
            lambda: session.planner().assign_officer(
                asked.visit.key,
                asked.post.code,
                officer.key,
                shift=asked.shift.code,
                window=None if asked.window == asked.shift.window else asked.window,
                tentative=tentative,
                override_authority=authority or None,
                by=session.signing(password, asked.visit.key) if authority else now.actor,
                reason=reason,
            ),
        )


def _fit(chosen: Candidate, speaker: Speaker) -> str:
    if chosen.findings:
        return speaker("{officer} can take this duty, with the warnings above.", officer=chosen.officer.name.romanised)
    return speaker("{officer} can take this duty.", officer=chosen.officer.name.romanised)
