"""What every page stands on: who looks, the plan, commands with an undo beside them, refusals in words."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator
from typing import Final, NoReturn

import streamlit as st
from pydantic import ValidationError
from streamlit.runtime.scriptrunner import get_script_run_ctx

from domain.base import Actor
from domain.plan import Plan
from domain.refusals import PlanningError
from planner.access.reader import Reader
from planner.account import Account
from planner.application import Planner
from planner.checks import Checked
from planner.deciding import Outcome
from planner.personal_keys import PersonalKeys
from planner.text import Speaker
from planner.timeline import Timeline
from planner.validation import problems
from planner.zones import speaker_of
from ui.gate import SESSION_HEADER
from ui.plain_text import plain
from ui.shell import shell
from ui.told import told

_SESSION: Final = "planner.session"
_PAGE: Final = "planner.page"
_TOLD: Final = "planner.told"
_TOLD_AT: Final = "planner.told.at"


@dataclasses.dataclass(frozen=True, slots=True)
class Session:
    """The person who looks at a page, found anew at every rerun."""

    id: str
    account: Account
    actor: Actor
    speaker: Speaker


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """What the last command did, to be said on the next run; ``command`` can be taken back.

    ``what`` is said of the command that this one took back, where ``back`` is true, or brought into force again.
    """

    sentence: str
    command: str = ""
    what: str = ""
    back: bool = False
    refused: bool = False
    findings: tuple[str, ...] = ()


def current() -> Session:
    """Who looks at this page now. Without a session that holds, nothing after this line is run."""
    asked = st.context.headers.get(SESSION_HEADER) or shell().presumed
    found = shell().door.by_id(asked) if asked else None
    if found is None or found.must_enrol:
        _ended()
    if st.session_state.setdefault(_SESSION, found.id) != found.id:
        # The page of somebody else, taken over after a break of the line: nothing of theirs may stay.
        st.session_state.clear()
        st.session_state[_SESSION] = found.id
    look = found.account.look
    actor = found.account.actor(str(st.session_state.get(_PAGE, "page")))
    return Session(found.id, found.account, actor, Speaker(look.language, look.zone))


def signing(password: str, visit: str) -> Actor:
    """Who looks at this page, as one who signs what binds, in that visit: the password is asked for each time.

    Raises ``NotAllowed``, which is recorded where the password is wrong.
    """
    now = current()
    held = shell().door.by_id(now.id)
    if held is None:
        _ended()
    with shell().door.asked_again(held), planner().refusals.signing(now.actor, visit):
        one = PersonalKeys(shell().accounts).actor(now.account, password, now.actor.via)
    planner().make_signing_key(by=one)
    return one


def planner() -> Planner:
    """The one planner of this process."""
    return shell().planner


def reader() -> Reader:
    """Who looks, as somebody who asks: whatever a page shows comes from here."""
    return Reader(planner(), current().actor)


def may(action: str, visit: str = "") -> bool:
    """True where who looks may do it in that visit, or on the site: nothing is offered that would be refused."""
    return reader().may(action, visit)


def plan() -> Plan:
    """The current plan, as who looks may see it."""
    return reader().plan


def timeline() -> Timeline:
    """Past plans and events, as who looks may see them."""
    return reader().timeline


def checked(visit: str) -> Checked:
    """What is wrong with a visit, as who looks may be told it."""
    return reader().findings(visit)


def begin(page: str) -> None:
    """Called once in each full run before the page: commands are recorded as coming from that page, and the page
    is drawn again when the plan, a map that is being made, or the time of an emergency access moves on from here."""
    st.session_state[_PAGE] = f"page {page}" if page else "page"
    context = get_script_run_ctx()
    if context is not None:
        shell().drawn[context.session_id] = shell().state(planner().plan)


def page() -> str:
    """The name of the page that is drawn."""
    return str(st.session_state.get(_PAGE, "")).removeprefix("page").strip()


@contextlib.contextmanager
def refusals() -> Iterator[None]:
    """Shows a refusal in the reader's language where it happened; anything else is an error and goes on."""
    try:
        yield
    except ValidationError as error:
        st.error(current().speaker.say(problems(error)), icon=":material/block:")
    except PlanningError as refusal:
        st.error(plain(_there().say(told(refusal))), icon=":material/block:")


def act(done: str, command: Callable[[], Outcome], *, rerun: bool = True, final: bool = False) -> Outcome | None:
    """Gives a command; says ``done`` with an Undo beside it, or why it was refused. None where it was refused.

    ``final`` where it cannot be taken back. In a callback of a widget give ``rerun=False``: Streamlit reruns by
    itself, and a refusal is said there.
    """
    speaker = _there()
    try:
        outcome = command()
    except (PlanningError, ValidationError) as refusal:
        why = speaker.say(problems(refusal) if isinstance(refusal, ValidationError) else told(refusal))
        if rerun and not _fragment_alone():
            _told_no_more()
            st.error(plain(why), icon=":material/block:")
            return None
        st.session_state[_TOLD] = Told(why, refused=True)
        if rerun:
            st.rerun()
        return None
    plan = planner().plan
    findings = tuple(speaker_of(speaker, plan, *one.subjects).say(one.message) for one in outcome.findings)
    unchanged = speaker("Nothing had to change.")
    command_id = "" if final else outcome.command_id
    st.session_state[_TOLD] = Told(done, command_id, findings=findings) if outcome.events else Told(unchanged)
    if rerun:
        st.rerun()
    return outcome


def tell() -> None:
    """Says what the last command did, once, with an Undo beside it: a toast could not hold the button.

    The place is there in every run, also with nothing in it: what is below keeps its own, and with it the tab and the
    parts that are open.
    """
    place = st.container(key="told").empty()
    st.session_state[_TOLD_AT] = place
    told = st.session_state.get(_TOLD)
    if not isinstance(told, Told):
        return
    speaker = current().speaker
    with place.container():
        if told.refused:
            st.error(plain(told.sentence), icon=":material/block:")
        elif not told.command:
            st.info(plain(told.sentence))
        else:
            said, undo, close = st.columns([8, 2, 1], vertical_alignment="center")
            said.success(plain(told.sentence), icon=":material/check_circle:")
            if may("undo"):
                undo.button(speaker("Undo"), key="undo", icon=":material/undo:", on_click=_undo, args=(told,))
            close.button("", key="told_close", icon=":material/close:", help=speaker("Close"), on_click=_forget)
        for finding in told.findings:
            st.warning(plain(finding), icon=":material/warning:")
    if told.refused or not told.command:
        _forget()


def _undo(told: Told) -> None:
    """Takes the last command back; what was taken back already comes into force again."""
    session = current()
    what = told.what or told.sentence
    sentence = session.speaker("In force again: {what}", what=what)
    if not told.back:
        sentence = session.speaker("Taken back: {what}", what=what)
    reason = session.speaker("taken back at once")
    if act(sentence, lambda: planner().undo(told.command, by=session.actor, reason=reason), rerun=False):
        st.session_state[_TOLD] = dataclasses.replace(st.session_state[_TOLD], what=what, back=not told.back)


def _there() -> Speaker:
    """Who speaks of times as the page does: by the clock of the visit that the address names."""
    return speaker_of(current().speaker, planner().plan, f"visit/{st.query_params.get('visit', '')}")


def _fragment_alone() -> bool:
    """True where only a part of the page is run: it cannot reach what stands above it."""
    context = get_script_run_ctx()
    return context is not None and bool(context.fragment_ids_this_run)


def _forget() -> None:
    st.session_state.pop(_TOLD, None)


def _told_no_more() -> None:
    """Takes away what was said of an earlier command: the newer word counts."""
    _forget()
    if st.session_state.get(_TOLD_AT) is not None:
        st.session_state[_TOLD_AT].empty()


def _ended() -> NoReturn:
    speaker = Speaker(shell().language)
    st.warning(speaker("Your session has ended. Sign in again."))
    st.link_button(speaker("Sign in"), "/login")
    st.stop()
