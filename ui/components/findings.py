"""What is wrong, in words, each with the way to the place where it can be mended."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from contextlib import AbstractContextManager
from html import escape
from typing import Final

import streamlit as st
from streamlit.errors import StreamlitPageNotFoundError

from domain.finding import Finding, Severity
from domain.rules import RULES
from planner.checks import Checked
from planner.history.names import Names
from planner.text import Speaker
from ui import session
from ui.components.inputs import opened
from ui.components.plain_table import html_of
from ui.plain_text import plain

#: A sign beside each colour.
SIGNS: Final = {Severity.BLOCK: "✖", Severity.WARN: "▲", Severity.INFO: "ℹ"}
_LABELS: Final = {rule.number: rule.label for rule in RULES}
#: Which page shows a kind of subject, and under which name the query says it.
_PLACES: Final = {
    "activity": ("programme", "activity"),
    "post": ("duty_board", "post"),
    "shift": ("duty_board", "post"),
    "officer": ("officers", "officer"),
    "qualification": ("officers", "officer"),
    "language": ("officers", "officer"),
    "licence": ("officers", "officer"),
    "absence": ("officers", "officer"),
    "assignment": ("duty_board", "assignment"),
    "room": ("map", "venue"),
    "venue": ("map", "venue"),
    "route": ("map", "route"),
}
#: Where a finding is best mended: the kind of subject that comes first here.
_BEST: Final = tuple(_PLACES)


def linked(page: str, label: str, icon: str = "", **query: str) -> bool:
    """A link to another page with its query; False and nothing drawn where this reader has no such page."""
    try:
        st.page_link(f"pages/{page}.py", label=label, icon=icon or None, query_params=query)
    except StreamlitPageNotFoundError:
        return False
    return True


def place_of(finding: Finding) -> tuple[str, str, dict[str, str]] | None:
    """Page, code and query of the place where a finding can be mended; None where no page shows it."""
    subjects = [subject.partition("/")[::2] for subject in finding.subjects]
    known = sorted((_BEST.index(kind), kind, key) for kind, key in subjects if kind in _PLACES)
    if not known:
        return None
    _, kind, key = known[0]
    page, name = _PLACES[kind]
    parts = key.split("/")
    if kind in ("activity", "post", "shift", "assignment", "route"):
        return page, parts[1], {"visit": parts[0], name: parts[1]}
    return page, parts[0], {name: parts[0]}


def show(
    speaker: Speaker, found: Sequence[Finding], key: str, *, most: int = 6, links: bool = True, beside: bool = True
) -> None:
    """The findings, worst first, a few at a time, the way beside or below each; the rest behind a line that opens."""
    for number, finding in enumerate(found[:most]):
        _one(speaker, finding, f"{key}_{number}", links, beside)
    if len(found) > most:
        rest = found[most : most + 100]
        label = speaker.counted("{n} more finding", "{n} more findings", len(found) - most)
        part = opened(label, f"{key}_rest", ":material/unfold_more:")
        if part is None:
            return
        with part:
            for number, finding in enumerate(rest):
                _one(speaker, finding, f"{key}_rest_{number}", links, beside)
            if len(found) > most + len(rest):
                st.text(speaker("The first {n} are shown.", n=most + len(rest)))


def counts(speaker: Speaker, checked: Checked) -> None:
    """How many there are of each severity; says where a large visit is still being checked."""
    said = []
    for severity in Severity:
        number = checked.count(severity)
        if number:
            words = escape(_counted(speaker, severity, number))
            said.append(f'<span class="{severity}"><span aria-hidden="true">{SIGNS[severity]}</span> {words}</span>')
    if not said and checked.fresh:
        fine = escape(speaker("Nothing is wrong"))
        said.append(f'<span class="fine"><span aria-hidden="true">✔</span> {fine}</span>')
    if not checked.fresh:
        said.append(f"<span>{escape(speaker('is being checked…'))}</span>")
    st.html(f'<p class="counts">{"".join(said)}</p>')


def _counted(speaker: Speaker, severity: Severity, number: int) -> str:
    match severity:
        case Severity.BLOCK:
            return speaker.counted("{n} blocking conflict", "{n} blocking conflicts", number)
        case Severity.WARN:
            return speaker.counted("{n} warning", "{n} warnings", number)
        case Severity.INFO:
            return speaker.counted("{n} hint", "{n} hints", number)


def sentence(speaker: Speaker, finding: Finding) -> None:
    """Sign, rule and sentence of one finding."""
    label = _LABELS.get(finding.rule)
    rule = finding.rule if label is None else f"{finding.rule} {speaker.say(label)}"
    st.html(
        f'<p class="finding {finding.severity}"><strong><span aria-hidden="true">{SIGNS[finding.severity]}</span> '
        f"{escape(speaker.label(finding.severity))}</strong> · {escape(rule)}: "
        f"{html_of(speaker.say(finding.message))}</p>"
    )


def _one(speaker: Speaker, finding: Finding, key: str, links: bool, beside: bool) -> None:
    place = place_of(finding) if links else None
    if place is None:
        sentence(speaker, finding)
        return
    page, code, query = place
    with st.container(key=key):
        said, way = _side_by_side() if beside else (contextlib.nullcontext(), contextlib.nullcontext())
        with said:
            sentence(speaker, finding)
        with way:
            # Beside the sentence there is room for the code alone.
            called = code if beside else _called(finding, code)
            linked(page, speaker("Open {code}", code=plain(called)), ":material/arrow_forward:", **query)


def _called(finding: Finding, code: str) -> str:
    """What is opened by code and name: ``P-11 «Sở chỉ huy»``."""
    subject = next(one for one in finding.subjects if one.split("/", 1)[0] in _PLACES and code in one.split("/"))
    kind, whose, *_ = subject.split("/")
    names = Names(session.plan(), f"visit/{whose}" if kind == "activity" else subject)
    match kind:
        case "activity":
            return names.activity(code)
        case "post" | "shift":
            return names.post(code)
        case "officer" | "qualification" | "language" | "licence" | "absence":
            return names.officer(code)
        case "venue" | "room":
            return names.venue(code)
    return code


def _side_by_side() -> tuple[AbstractContextManager[object], AbstractContextManager[object]]:
    said, way = st.columns([5, 1], vertical_alignment="center", gap="small")
    return said, way
