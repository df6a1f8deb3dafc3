"""How duty is spread: where posts lack officers by the hour, and how much each officer carries."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import escape
from typing import Final

import streamlit as st

from domain.officer import Officer
from domain.plan import Plan
from domain.policy import PolicyNumbers
from domain.post import Post
from domain.rules.rest import Burden
from domain.visit import Visit
from planner import preview
from planner.text import Speaker, zone_label
from ui import session
from ui.charts import duty
from ui.charts.heat import Heat, Hour, heat
from ui.components import board, coverage
from ui.components.plain_table import Cell, Row
from ui.components.plain_table import show as show_table

#: Officers shown at once, those with most duty first.
MOST: Final = 60
#: Paper and ink of an hour: nobody needed, covered, one missing, more missing, a critical post short.
LOOKS: Final = (
    ("#f4f6f8", "#4a5866"),
    ("#0b6b3a", "#ffffff"),
    ("#f5b301", "#14212e"),
    ("#d9730d", "#14212e"),
    ("#b3131b", "#ffffff"),
)


def show(speaker: Speaker, plan: Plan, visit: Visit, moment: datetime) -> None:
    """The heat map of a day with the next gaps, and the load of everybody on duty in the visit."""
    day = board.whole_day(visit, board.day_chooser(speaker, plan, visit, moment))
    posts: list[Post] = [p for p in plan.posts(visit.key) if not p.cancelled and p.window.overlaps(day)]
    numbers = plan.numbers(moment)
    if posts:
        hours = duty.hours_of(posts, day)
        _heat(speaker, heat(plan, [(p, duty.pieces(plan, p, numbers, hours)) for p in posts], hours, speaker))
    else:
        st.info(speaker("No post is manned on this day."), icon=":material/event_available:")
    checked = session.checked(visit.key)
    coverage.next_gaps(speaker, coverage.gaps(checked, plan, visit.key, moment), checked, board.open_post)
    _loads(speaker, plan, visit, numbers)


def _heat(speaker: Speaker, shown: Heat) -> None:
    """Sites by hours as a table: the number says how many are missing, the colour says it again."""
    head = "".join(f'<th scope="col">{escape(speaker.clock(start))}</th>' for start in shown.hours)
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>{"".join(_cell(speaker, hour) for hour in hours)}</tr>'
        for name, hours in shown.sites
    )
    zone = zone_label(speaker.local(shown.hours[0]))
    caption = f"{speaker('Officers missing by site and hour')} ({zone})"
    site = escape(speaker("Site"))
    st.html(
        f'<div class="plan-table heat" role="region" tabindex="0" aria-label="{escape(caption)}"><table>'
        f"<caption>{escape(caption)}</caption>"
        f'<thead><tr><th scope="col">{site}</th>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )
    st.caption(speaker("✔ covered, a number: so many are missing, ✖ at a critical post, · no post is manned."))


def _cell(speaker: Speaker, hour: Hour) -> str:
    if not hour.needed:
        look, sign = LOOKS[0], "·"
    elif not hour.missing:
        look, sign = LOOKS[1], "✔"
    elif hour.critical:
        look, sign = LOOKS[4], f"✖{hour.missing}"
    else:
        look, sign = LOOKS[2 if hour.missing == 1 else 3], str(hour.missing)
    told = speaker("{missing} of {needed} missing", missing=hour.missing, needed=hour.needed)
    return f'<td style="background:{look[0]};color:{look[1]};text-align:center" title="{escape(told)}">{sign}</td>'


def _loads(speaker: Speaker, plan: Plan, visit: Visit, numbers: PolicyNumbers) -> None:
    """Everybody on duty in the visit with the highest load anywhere, over all visits."""
    st.subheader(speaker("Load of the officers"))
    loads = preview.loads(plan, visit.key, numbers)
    if not loads:
        st.info(speaker("Nobody is on duty in this visit yet."))
        return
    headings = (speaker("Officer"), speaker("In 24 hours"), speaker("In 7 days"), speaker("Nights in a row"))
    rows = [_row(speaker, officer, load, numbers) for officer, load in loads[:MOST]]
    show_table(headings, rows, caption=speaker("The most duty of each officer, in all visits"))
    if len(loads) > MOST:
        st.caption(speaker("The {n} with most duty of {all} officers.", n=MOST, all=len(loads)))
    st.caption(
        speaker(
            "Meant are at most {day} in 24 hours, {week} in 7 days and {nights} nights in a row; ▲ is more.",
            day=timedelta(hours=numbers.max_hours_24h),
            week=timedelta(hours=numbers.max_hours_7d),
            nights=numbers.max_consecutive_nights,
        )
    )


def _row(speaker: Speaker, officer: Officer, load: Burden, numbers: PolicyNumbers) -> Row:
    said = (speaker.show(load.day), speaker.show(load.week), str(load.nights))
    cells = [f"▲ {text}" if above else text for text, above in zip(said, load.above(numbers), strict=True)]
    return Row((Cell(officer.name.romanised, f"{officer.key} · {officer.details.unit}"), *cells))
