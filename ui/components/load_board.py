"""How duty is spread: where posts lack officers by the hour, by site, post or unit, and what each officer carries."""

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
from ui.components import board, coverage, post_forms
from ui.components.plain_table import Cell, Row
from ui.components.plain_table import show as show_table

#: Officers shown at once, those with most duty first.
MOST: Final = 60
#: Rows of the heat map, those that lack most first.
MOST_ROWS: Final = 40
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
        by = _by(speaker)
        manned = ((post, duty.pieces(plan, post, numbers, hours)) for post in posts)
        _heat(speaker, by, heat(manned, hours, lambda post: _row_of(speaker, plan, by, post)))
    else:
        st.info(speaker("No post is manned on this day."), icon=":material/event_available:")
    checked = session.checked(visit.key)
    coverage.next_gaps(speaker, coverage.gaps(checked, plan, visit.key, moment), checked, board.open_post)
    _loads(speaker, plan, visit, numbers)


def _by(speaker: Speaker) -> str:
    """What the rows of the heat map are: ``site``, ``post`` or ``unit``."""
    labels = {"site": speaker("By site"), "post": speaker("By post"), "unit": speaker("By unit")}
    by: str = st.segmented_control(
        speaker("Rows of the heat map"),
        list(labels),
        default="site",
        format_func=labels.__getitem__,
        key="heat_by",
        required=True,
        label_visibility="collapsed",
    )
    return by


def _row_of(speaker: Speaker, plan: Plan, by: str, post: Post) -> str:
    """The name of the row that a post belongs to; its unit is that of its commander."""
    match by:
        case "post":
            return post_forms.title(post, speaker)
        case "unit":
            leads = post.details.commander
            return speaker("No commander named") if leads is None else plan.officer(leads).details.unit
        case _:
            return duty.site(plan, post, speaker) or speaker("Other places")


def _heat(speaker: Speaker, by: str, shown: Heat) -> None:
    """Rows by hours as a table: the number says how many are missing, the colour says it again."""
    head = "".join(f'<th scope="col">{escape(speaker.clock(start))}</th>' for start in shown.hours)
    body = "".join(
        f'<tr><th scope="row"><span title="{escape(name)}">{escape(name)}</span></th>'
        f"{''.join(_cell(speaker, hour) for hour in hours)}</tr>"
        for name, hours in shown.rows[:MOST_ROWS]
    )
    zone = zone_label(speaker.local(shown.hours[0]))
    said, first = {
        "site": (speaker("Officers missing by site and hour"), speaker("Site")),
        "post": (speaker("Officers missing by post and hour"), speaker("Post")),
        "unit": (speaker("Officers missing by unit and hour"), speaker("Unit of the commander")),
    }[by]
    caption = f"{said} ({zone})"
    st.html(
        f'<div class="plan-table heat" role="region" tabindex="0" aria-label="{escape(caption)}"><table>'
        f"<caption>{escape(caption)}</caption>"
        f'<thead><tr><th scope="col">{escape(first)}</th>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )
    if len(shown.rows) > MOST_ROWS:
        st.caption(speaker("The {n} rows that lack most of {all}.", n=MOST_ROWS, all=len(shown.rows)))
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
