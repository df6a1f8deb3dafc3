"""One post: what it is, who stands there when, and the forms that change it."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from domain.plan import Plan
from domain.post import Post
from domain.visit import Visit
from planner.access import may
from planner.checks import Checked
from planner.text import Speaker
from ui import downloads, session
from ui.charts import duty
from ui.components import assigning, board, duty_forms, findings, post_forms, shift_forms
from ui.components.choosing import chosen
from ui.components.plain_table import line
from ui.session import Session


def show(now: Session, plan: Plan, visit: Visit, moment: datetime) -> None:
    """Chooses a post and shows it; ``now`` speaks in the zone of the visit."""
    here = now.speaker
    post = _chosen(here, plan, visit)
    if post is None:
        return
    _head(here, plan, visit, post)
    window = duty.hours_of([post], post.window)
    shown = duty.duties(plan, post, window, plan.numbers(moment), here)
    st.vega_lite_chart(
        duty.drawn(shown, moment, here),
        width="stretch",
        key=f"post_chart_{post.key}",
        alt=here("Chart of the duties at this post; the table below says the same."),
    )
    checked = session.planner().checks.of(plan, visit.key)
    findings.show(here, _about(checked, post), "post_finding", most=3, links=False)
    if post.cancelled or visit.cancelled:
        duty_forms.table(plan, duty_forms.listed(plan, post, withdrawn=False), here)
        if post.cancelled and may(now.actor, "reinstate_post"):
            post_forms.reinstate(now, visit, post)
        return
    _forms(now, plan, visit, post)


def _chosen(here: Speaker, plan: Plan, visit: Visit) -> Post | None:
    """The post that the address names, else the first of the site."""
    every: tuple[Post, ...] = plan.posts(visit.key)
    by_code = {post.code: post for post in every}
    asked = _asked(plan, visit)
    left, right = st.columns(2)
    with left:
        site = board.site_chooser(here, plan, every, board.site_of(by_code[asked]) if asked in by_code else "")
    here_are = [post.code for post in every if site in (board.ALL, board.site_of(post))]
    if asked in by_code and asked not in here_are:
        st.query_params.pop("post", None)
    if not here_are:
        return None
    with right:
        code = chosen(
            here,
            here("Post"),
            here_are,
            query="post",
            default=here_are[0],
            shown=lambda one: post_forms.title(by_code[one], here),
        )
    return by_code[code]


def _asked(plan: Plan, visit: Visit) -> str:
    """The post that the address names, by itself or through one of its duties."""
    duty_code = st.query_params.get("assignment", "")
    given = plan.entities.get(f"assignment/{visit.key}/{duty_code}") if duty_code else None
    code = getattr(given, "post", "")
    if code:
        st.query_params["post"] = code
    return code or st.query_params.get("post", "")


def _head(here: Speaker, plan: Plan, visit: Visit, post: Post) -> None:
    with st.container(key="post_head"):
        line(post_forms.title(post, here), "visit-title")
        st.markdown(post_forms.facts(plan, post, here))
        if post.details.instructions:
            with st.expander(here("Instructions (post order)"), key="post_order"):
                st.text(post.details.instructions)
        sheet = downloads.address("post.pdf", visit=visit.key, post=post.code, language=here.language)
        st.link_button(here("Duty sheet (PDF)"), sheet, icon=":material/print:")


def _about(checked: Checked, post: Post) -> list[findings.Finding]:
    ids = {post.id}
    return [one for one in checked.findings if ids & set(one.subjects)]


def _forms(now: Session, plan: Plan, visit: Visit, post: Post) -> None:
    """One form at a time: those that this reader may use."""
    here = now.speaker
    labels = {"assign_officer": here("Assign"), "": here("Duties")}
    labels |= {
        "amend_post": here("Change"),
        "reschedule_post": here("Time"),
        "plan_shifts": here("Shifts"),
        "issue_post_order": here("Order and commander"),
        "cancel_post": here("Cancel post"),
    }
    ways = [name for name in labels if not name or may(now.actor, name)]
    lacks = "assignment" not in st.query_params and "assign_officer" in ways
    way = st.segmented_control(
        here("What to do"),
        ways,
        default="assign_officer" if lacks else "",
        format_func=labels.__getitem__,
        key=f"way_{visit.key}",
        required=True,
    )
    match way:
        case "assign_officer":
            assigning.show(now, plan, visit, post)
        case "amend_post":
            post_forms.amend(now, plan, visit, post)
        case "reschedule_post":
            post_forms.reschedule(now, plan, visit, post)
        case "plan_shifts":
            shift_forms.show(now, plan, visit, post)
        case "issue_post_order":
            post_forms.order(now, plan, visit, post)
        case "cancel_post":
            given = sum(one.counts for one in plan.assignments_of_post(visit.key, post.code))
            post_forms.cancel(now, visit, post, given)
        case _:
            duty_forms.show(now, plan, visit, post)
