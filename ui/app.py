"""The pages a person may open, by role; nothing else. Runs at every rerun, before the page."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

from domain.base import Role
from ui import frame, session

_PAGES: Final = Path(__file__).parent / "pages"
_PLAN: Final = frozenset({Role.PLANNER, Role.COMMANDER, Role.PROTOCOL, Role.AUDITOR})
_FORCE: Final = frozenset({Role.PLANNER, Role.COMMANDER, Role.AUDITOR})
_EVERYBODY: Final = frozenset[Role]()

who = session.current()
speaker = who.speaker
#: File and address, title, symbol, and the roles that see it in the menu (none: all). Queries decide what may be read.
listed = (
    ("home", speaker("Home"), "home", _EVERYBODY),
    ("visits", speaker("Visits"), "flag", _PLAN),
    ("programme", speaker("Programme"), "calendar_month", _PLAN),
    ("map", speaker("Map"), "map", _PLAN),
    ("duty_board", speaker("Duty board"), "view_timeline", _FORCE),
    ("officers", speaker("Officers"), "groups", _FORCE),
    ("my_assignments", speaker("My assignments"), "assignment_ind", frozenset({Role.OFFICER})),
    ("history", speaker("History"), "history", _PLAN),
    ("integrity", speaker("Integrity"), "verified_user", frozenset({Role.AUDITOR})),
    ("glossary", speaker("Glossary"), "dictionary", _EVERYBODY),
    ("settings", speaker("Settings"), "settings", _EVERYBODY),
)
pages = [
    st.Page(_PAGES / f"{name}.py", title=title, icon=f":material/{icon}:", url_path=name, default=name == "home")
    for name, title, icon, roles in listed
    if (not roles or roles & who.account.roles) and (_PAGES / f"{name}.py").is_file()
]
page = st.navigation(pages)
st.set_page_config(page_title=f"{page.title} – {speaker('Security planner')}", layout="wide")
session.begin(page.url_path or "home")
frame.show()
session.tell()
page.run()
