"""The registry of rules as it stands in the program: who may do and see what."""

from __future__ import annotations

import streamlit as st

from planner.access.registry import COMMAND_RULES, QUERY_RULES, Rule
from planner.text import Speaker
from ui.components import plain_table


def show(speaker: Speaker) -> None:
    """Two tables: what changes the plan, and what shows it or takes it out."""
    st.caption(
        speaker(
            "Nothing is allowed that no rule names. «Of visit»: the role must be held in the visit that is meant, by a "
            "membership or a duty, and by the account too. To everybody else the visit is not there."
        )
    )
    _table(speaker, speaker("Commands"), COMMAND_RULES, "command_rules")
    _table(speaker, speaker("Queries"), QUERY_RULES, "query_rules")


def _table(speaker: Speaker, title: str, rules: tuple[Rule, ...], key: str) -> None:
    plain_table.show(
        (speaker("Who may"), speaker("Where"), speaker("What"), speaker("In the program")),
        (
            plain_table.Row(
                (
                    ", ".join(speaker.label(role) for role in sorted(rule.roles)),
                    speaker.label(rule.reach),
                    speaker.say(rule.says),
                    ", ".join(rule.actions),
                )
            )
            for rule in rules
        ),
        caption=title,
        key=key,
    )
