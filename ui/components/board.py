"""The duty board: which day and site, how its posts are covered as chart and table, and the way to one post."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Final

import streamlit as st

from domain.finding import Finding
from domain.plan import Plan
from domain.post import Post
from domain.values import TimeWindow
from domain.visit import Visit
from planner.checks import Checked
from planner.search import vietnamese
from planner.text import Speaker, zone_label
from ui import session
from ui.charts import duty
from ui.charts.duty import LOOKS, Board, Piece
from ui.components import coverage
from ui.components.choosing import chosen, today
from ui.components.inputs import placed
from ui.components.plain_table import Cell, Row
from ui.components.plain_table import show as show_table
from ui.maps.places import venue_name
from ui.unchanged import Unchanged

#: More posts than this on a day are shown site by site, and so many on one page.
MANY: Final = 40
type Manned = Sequence[tuple[Post, tuple[Piece, ...]]]
"""Posts, each with how it is manned in the hours that are shown."""
type BySite = Mapping[str, Sequence[Post]]
"""Posts in order of their codes, by the code of their site."""

_BOARDS: Final = Unchanged[Board](32)
#: Stand for all sites, and for posts outside all venues.
ALL, ELSEWHERE = "all", "elsewhere"


def open_post(code: str) -> None:
    """Turns the page to one post; for callbacks, and before a rerun."""
    st.query_params["view"] = "post"
    st.query_params["post"] = code
    st.query_params.pop("assignment", None)
    site_key = "site"
    st.query_params.pop(site_key, None)


def conflicts(checked: Checked, most: int = 500) -> list[Finding]:
    """The worst findings about posts, duties and officers; of very many the first."""
    about = ("post/", "assignment/", "officer/")
    found = (one for one in checked.findings if any(part.startswith(about) for part in one.subjects))
    return list(islice(found, most))


def days(plan: Plan, visit: Visit) -> tuple[date, ...]:
    """The days of the visit, and those before and after on which a post is manned."""

    def made() -> tuple[date, ...]:
        first, last = visit.details.first_day, visit.details.last_day
        posts: tuple[Post, ...] = plan.posts(visit.key)
        for post in posts:
            if not post.cancelled:
                first = min(first, today(visit, post.window.start))
                last = max(last, today(visit, post.window.end - timedelta(seconds=1)))
        return tuple(first + timedelta(days=n) for n in range(min((last - first).days + 1, 400)))

    return plan.remembered(("days", visit.key), made)


def day_chooser(speaker: Speaker, plan: Plan, visit: Visit, now: datetime) -> date:
    """The day that is looked at, with the clock that its hours have: today where the visit is on, else its first."""
    known = {day.isoformat(): day for day in days(plan, visit)}
    present = today(visit, now).isoformat()
    default = present if present in known else visit.details.first_day.isoformat()
    noon = datetime.combine(known[default], time(12), speaker.zone)
    label = f"{speaker('Day')} ({zone_label(noon)})"
    code = chosen(speaker, label, tuple(known), query="day", default=default, shown=lambda d: speaker.day(known[d]))
    return known[code]


def site_of(post: Post) -> str:
    """The code of the site that a post belongs to."""
    return post.details.venue or ELSEWHERE


def by_site(plan: Plan, visit: Visit, day: TimeWindow | None = None) -> BySite:
    """The posts that are manned on a day, or all with those that were cancelled; each site with its posts."""

    def made() -> BySite:
        posts: tuple[Post, ...] = plan.posts(visit.key)
        found: defaultdict[str, list[Post]] = defaultdict(list)
        for post in posts:
            if day is None or (not post.cancelled and post.window.overlaps(day)):
                found[site_of(post)].append(post)
        return dict(found)

    return plan.remembered(("posts by site", visit.key, day), made)


def at_site(posts: BySite, site: str) -> list[Post]:
    """The posts of a site, or of all of them."""
    return [post for code, there in posts.items() if site in (ALL, code) for post in there]


def site_chooser(speaker: Speaker, plan: Plan, posts: BySite, default: str = "") -> str:
    """A site, or all of them where the posts are few."""
    names = {code: _site_name(speaker, plan, code) for code in posts}
    codes = sorted(names, key=lambda code: vietnamese(names[code]))
    if sum(map(len, posts.values())) <= MANY or not codes:
        codes.insert(0, ALL)
    names[ALL] = speaker("all sites")
    return chosen(
        speaker,
        speaker("Site"),
        codes,
        query="site",
        default=default if default in codes else codes[0],
        shown=names.__getitem__,
    )


def _site_name(speaker: Speaker, plan: Plan, code: str) -> str:
    return speaker("Other places") if code == ELSEWHERE else venue_name(plan.venue(code), speaker)


def whole_day(visit: Visit, day: date) -> TimeWindow:
    """A day from midnight to midnight where the visit takes place."""
    midnight = datetime.min.time()
    zone = visit.details.zone
    return TimeWindow(start=placed(day, midnight, zone), end=placed(day + timedelta(days=1), midnight, zone))


def show(speaker: Speaker, plan: Plan, visit: Visit, moment: datetime) -> None:
    """Day and site, the next gaps, the chart and the table of that day."""
    left, right = st.columns(2)
    with left:
        day = whole_day(visit, day_chooser(speaker, plan, visit, moment))
    of_day = by_site(plan, visit, day)
    with right:
        site = site_chooser(speaker, plan, of_day)
    checked = session.checked(visit.key)
    coverage.next_gaps(speaker, coverage.gaps(checked, plan, visit.key, moment), checked, open_post)
    posts = at_site(of_day, site)
    if not posts:
        st.info(speaker("No post is manned on this day."), icon=":material/event_available:")
        return
    posts = _page(speaker, posts)
    hours = duty.hours_of(posts, day)
    manned = _manned(plan, posts, hours, moment)
    coverage.counts(speaker, (duty.worst(parts) for _, parts in manned))
    with st.container(key="desk_only_board"):
        _chart(speaker, _board(speaker, plan, manned, hours), moment, "board")
    _on_phone(speaker, plan, manned, hours, moment)
    if st.toggle(speaker("The same as a table"), key="board_table"):
        _table(speaker, plan, manned)


def _page(speaker: Speaker, posts: list[Post]) -> list[Post]:
    """One page of many posts."""
    if len(posts) <= MANY:
        return posts
    pages = -(-len(posts) // MANY)
    page = st.pagination(pages, key="posts_page")
    st.caption(speaker("{n} posts, {most} a page", n=len(posts), most=MANY))
    return posts[(page - 1) * MANY : page * MANY]


def _manned(plan: Plan, posts: Sequence[Post], hours: TimeWindow, moment: datetime) -> Manned:
    numbers = plan.numbers(moment)
    return plan.remembered(
        ("manned", hours, numbers, *(post.id for post in posts)),
        lambda: tuple((post, duty.pieces(plan, post, numbers, hours)) for post in posts),
    )


def _board(speaker: Speaker, plan: Plan, manned: Manned, hours: TimeWindow, *, narrow: bool = False) -> Board:
    """What is drawn of them; of a narrow one only the gaps."""
    width = duty.NARROW if narrow else duty.WIDE
    return _BOARDS.of(
        (hours, speaker.language, speaker.zone.key, narrow),
        (manned, *(plan.entities.get(f"venue/{post.details.venue}") for post, _ in manned)),
        lambda: duty.board(plan, manned, hours, speaker, width=width, only_gaps=narrow),
    )


def _chart(speaker: Speaker, shown: Board, moment: datetime, key: str) -> None:
    spec = duty.drawn(shown, moment, speaker)
    st.vega_lite_chart(
        spec,
        width="stretch",
        key=key,
        on_select=lambda: _picked(key),
        alt=speaker("Chart of the posts by site and time; the table below says the same."),
    )


def _picked(key: str) -> None:
    """A click on a bar opens its post."""
    state = st.session_state.get(key)
    found = state.selection.get("picked") if state else None
    if found:
        kind, _, code = str(found[0].get("about", "")).partition("/")
        if kind == "post":
            open_post(code.rpartition("/")[2])


def _on_phone(speaker: Speaker, plan: Plan, manned: Manned, hours: TimeWindow, moment: datetime) -> None:
    """Only gaps, in eight hours."""
    eight = duty.eight_hours([piece for _, parts in manned for piece in parts], hours, moment)
    shown = _board(speaker, plan, manned, eight, narrow=True)
    with st.container(key="phone_only_board"):
        if shown.empty:
            st.success(speaker("No gap {window}.", window=eight), icon=":material/check_circle:")
        else:
            st.caption(speaker("Gaps {window}", window=eight))
            _chart(speaker, shown, moment, "board_phone")


def _table(speaker: Speaker, plan: Plan, manned: Manned) -> None:
    """The same in words."""
    rows = []
    for post, parts in sorted(manned, key=lambda one: (duty.site(plan, one[0], speaker), one[0].code)):
        for piece in parts:
            sign = f"{LOOKS[piece.cover][0]} {speaker.label(piece.cover)}"
            rows.append(
                Row(
                    (
                        Cell(post.code, duty.site(plan, post, speaker)),
                        Cell(post.details.task, speaker.label(post.details.kind)),
                        speaker.times(piece.window),
                        Cell(sign, f"{piece.present}/{piece.needed}"),
                        ", ".join(piece.officers),
                    )
                )
            )
    headings = (speaker("Post"), speaker("Task"), speaker("Time"), speaker("Coverage"), speaker("Officers"))
    show_table(headings, rows, caption=speaker("Posts of this day by site and time"))
