"""How a visit's posts are covered: counts with a sign and a word each, and the gaps that come next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from html import escape

import streamlit as st

from domain.finding import Finding
from domain.plan import Plan
from planner.checks import Checked
from planner.text import Speaker
from ui.charts.duty import COVERS, LOOKS, Cover
from ui.components.findings import SIGNS
from ui.components.inputs import opened
from ui.plain_text import plain

#: Gaps shown at first; so many others open below.
MOST_GAPS, FURTHER_GAPS = 3, 12


def counts(speaker: Speaker, found: Iterable[Cover]) -> None:
    """How many posts are covered, tentative and short: colour, sign and word. It is the legend of the chart too."""
    number = Counter(found)
    chips = []
    for cover in COVERS:
        sign, paper, ink = LOOKS[cover]
        label = escape(f"{number[cover]} {speaker.label(cover)}")
        chips.append(
            f'<span class="chip" style="background:{paper};color:{ink}">'
            f'<span aria-hidden="true">{sign}</span> {label}</span>'
        )
    st.html(f'<div class="chips">{"".join(chips)}</div>')


def gaps(checked: Checked, plan: Plan, visit: str, now: datetime) -> tuple[Finding, ...]:
    """The uncovered times of a visit that are not over yet, the next first."""

    def made() -> tuple[Finding, ...]:
        found = [one for one in checked.findings if one.rule == "R05" and one.window is not None]
        return tuple(sorted(found, key=lambda one: (one.window is not None and one.window.start, one.order)))

    known = plan.remembered(("gaps", visit), made) if checked.fresh else made()
    return tuple(one for one in known if one.window is not None and one.window.end > now)


def post_of(finding: Finding) -> str:
    """The code of the post that a gap is about."""
    return next(subject.rpartition("/")[2] for subject in finding.subjects if subject.startswith("post/"))


def next_gaps(speaker: Speaker, found: tuple[Finding, ...], checked: Checked, opens: Callable[[str], None]) -> None:
    """The next gaps in words; each opens its post."""
    if not checked.fresh:
        st.caption(speaker("This large visit is still being checked; the gaps may be those of a moment ago."))
    if not found:
        return
    with st.container(border=True, key="next_gaps", gap="xsmall"):
        st.markdown("**" + speaker.counted("Next gaps: {n}", "Next gaps: {n}", len(found)) + "**")
        for number, finding in enumerate(found[:MOST_GAPS]):
            _gap(speaker, finding, number, opens)
        if len(found) > MOST_GAPS:
            part = opened(speaker("More gaps"), "more_gaps", ":material/unfold_more:")
            if part is None:
                return
            with part:
                shown = found[: MOST_GAPS + FURTHER_GAPS]
                for number, finding in enumerate(shown[MOST_GAPS:], MOST_GAPS):
                    _gap(speaker, finding, number, opens)
                if len(found) > len(shown):
                    st.caption(speaker("The first {n} are shown.", n=len(shown)))


def _gap(speaker: Speaker, finding: Finding, number: int, opens: Callable[[str], None]) -> None:
    label = f"{SIGNS[finding.severity]} {speaker.say(finding.message)}"
    icon = ":material/arrow_forward:"
    st.button(plain(label), key=f"gap_{number}", type="tertiary", icon=icon, on_click=opens, args=(post_of(finding),))
