"""One post: what it is, who stands there when, and the forms that change it."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from domain.finding import Finding
from domain.plan import Plan
from domain.post import Post
from domain.visit import Visit
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
    speaker = now.speaker
    post = _chosen(speaker, plan, visit)
    if post is None:
        return
    _head(speaker, plan, visit, post)
    window = duty.hours_of([post], post.window)
    shown = duty.duties(plan, post, window, plan.numbers(moment), speaker)
    st.vega_lite_chart(
        duty.drawn(shown, moment, speaker),
        width="stretch",
        key=f"post_chart_{post.key}",
        alt=speaker("Chart of the duties at this post; the table below says the same."),
    )
    checked = session.checked(visit.key)
    findings.show(speaker, _about(checked, post), "post_finding", most=3, links=False)
    if post.cancelled or visit.cancelled:
        duty_forms.table(plan, duty_forms.listed(plan, post, withdrawn=False), speaker)
        if post.cancelled and session.may("reinstate_post", visit.key):
            post_forms.reinstate(now, visit, post)
        return
    lacks = any(bar.look in (duty.Cover.SHORT, duty.Cover.CRITICAL) for bar in shown.bars)
    _forms(now, plan, visit, post, lacks=lacks)


def _chosen(speaker: Speaker, plan: Plan, visit: Visit) -> Post | None:
    """The post that the address names, else the first of the site."""
    every: tuple[Post, ...] = plan.posts(visit.key)
    by_code = {post.code: post for post in every}
    asked = _asked(plan, visit)
    left, right = st.columns(2)
    with left:
        sites = board.by_site(plan, visit)
        site = board.site_chooser(speaker, plan, sites, board.site_of(by_code[asked]) if asked in by_code else "")
    at_site = sorted(post.code for post in board.at_site(sites, site))
    if asked in by_code and asked not in at_site:
        st.query_params.pop("post", None)
    if not at_site:
        return None
    with right:
        code = chosen(
            speaker,
            speaker("Post"),
            at_site,
            query="post",
            default=at_site[0],
            shown=lambda one: post_forms.title(by_code[one], speaker),
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


def _head(speaker: Speaker, plan: Plan, visit: Visit, post: Post) -> None:
    with st.container(key="post_head"):
        line(post_forms.title(post, speaker), "visit-title")
        st.markdown(post_forms.facts(plan, post, speaker))
        if post.details.instructions:
            with st.expander(speaker("Instructions (post order)"), key="post_order"):
                st.text(post.details.instructions)
        sheet = downloads.address("post.pdf", visit=visit.key, post=post.code, language=speaker.language)
        st.link_button(speaker("Duty sheet (PDF)"), sheet, icon=":material/print:")


def _about(checked: Checked, post: Post) -> list[Finding]:
    ids = {post.id}
    return [one for one in checked.findings if ids & set(one.subjects)]


def _forms(now: Session, plan: Plan, visit: Visit, post: Post, *, lacks: bool) -> None:
    """One form at a time: those that this reader may use; first the one that is likely wanted."""
    speaker = now.speaker
    labels = {"assign_officer": speaker("Assign"), "": speaker("Duties")}
    labels |= {
        "amend_post": speaker("Change"),
        "reschedule_post": speaker("Time"),
        "plan_shifts": speaker("Shifts"),
        "issue_post_order": speaker("Order and commander"),
        "cancel_post": speaker("Cancel post"),
    }
    ways = [name for name in labels if not name or session.may(name, visit.key)]
    assigns = lacks and "assignment" not in st.query_params and "assign_officer" in ways
    way = st.segmented_control(
        speaker("What to do"),
        ways,
        default="assign_officer" if assigns else "",
        format_func=labels.__getitem__,
        key=f"way_{post.key}",
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
