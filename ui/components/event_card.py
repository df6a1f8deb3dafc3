"""One event of the history in words: one plain sentence, both clocks, the screen it came through, what it changed."""

from __future__ import annotations

from html import escape
from typing import Final

import streamlit as st

from planner.history.sentences import SAME_TIME, full_sentence
from planner.history.steps import Step
from planner.text import Speaker
from ui.shell import shell

#: Longest list of changes that is shown at once.
_CHANGES: Final = 8


def show(step: Step, sentence: str, speaker: Speaker) -> None:
    """Draws the event under its ``sentence``. Everything that people typed is escaped and comes out as typed."""
    event = step.event
    facts = [
        (speaker("Event"), str(step.position)),
        (speaker("By"), person(event.by)),
        (speaker("Recorded"), speaker.second(event.recorded_at)),
    ]
    if abs(event.recorded_at - event.occurred_at) > SAME_TIME:
        facts.append((speaker("Happened"), speaker.second(event.occurred_at)))
    if event.via:
        facts.append((speaker("Through"), through(event.via, speaker)))
    if event.reason:
        facts.append((speaker("Reason"), event.reason))
    listed = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(said)}</dd></div>" for name, said in facts)
    changes = [speaker.say(difference.message) for difference in step.differences]
    st.html(
        f"<article class='event'><p class='said'>{escape(sentence)}</p><dl>{listed}</dl>"
        f"<h3>{escape(speaker('What changed'))}</h3>{bullets(changes, speaker, _CHANGES)}</article>"
    )


def whole(step: Step, speaker: Speaker) -> str:
    """The event in one sentence: when, who, what and why."""
    return speaker.say(full_sentence(step.event, step.before, step.after))


def bullets(lines: list[str], speaker: Speaker, most: int) -> str:
    """Lines as an HTML list, escaped; how many were left out is said."""
    if not lines:
        return f"<p>{escape(speaker('Nothing that the plan shows.'))}</p>"
    items = "".join(f"<li>{escape(line)}</li>" for line in lines[:most])
    more = len(lines) - most
    rest = f"<p>{escape(speaker.counted('and {n} more', 'and {n} more', more))}</p>" if more > 0 else ""
    return f"<ul class='changes'>{items}</ul>{rest}"


def person(user: str) -> str:
    """An account by the name of its person: ``Nguyễn Thu Hoà (planner)``."""
    account = shell().accounts.find(user)
    return user if account is None or account.display_name == user else f"{account.display_name} ({user})"


def through(via: str, speaker: Speaker) -> str:
    """The screen or program that a command came through, as people call it."""
    screens = {
        "home": speaker("Home"),
        "visits": speaker("Visits"),
        "programme": speaker("Programme"),
        "map": speaker("Map"),
        "duty_board": speaker("Duty board"),
        "officers": speaker("Officers"),
        "my_assignments": speaker("My assignments"),
        "history": speaker("History"),
        "questions": speaker("Audit questions"),
        "integrity": speaker("Integrity"),
        "glossary": speaker("Glossary"),
        "settings": speaker("Settings"),
    }
    kind, _, name = via.replace("/", " ", 1).partition(" ")
    if kind in {"page", "ui"} and name in screens:
        return speaker("page «{name}»", name=screens[name])
    if via.startswith("command line ("):
        return speaker("command line ({login})", login=via.removeprefix("command line (").removesuffix(")"))
    programs = {
        "generate": speaker("test load"),
        "demo": speaker("demo"),
        "phone": speaker("pages for phones"),
    }
    return programs.get(kind, via)
