"""The pages a person may open, by role; nothing else. Runs at every rerun, before the page."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

from ui import frame, reading, session
from ui.components import alarm
from ui.menu import FIRST, pages_for

_PAGES: Final = Path(__file__).parent / "pages"

who = session.current()
speaker = who.speaker
shown = {
    "home": (speaker("Home"), "home"),
    "visits": (speaker("Visits"), "flag"),
    "programme": (speaker("Programme"), "calendar_month"),
    "map": (speaker("Map"), "map"),
    "duty_board": (speaker("Duty board"), "view_timeline"),
    "officers": (speaker("Officers"), "groups"),
    "my_assignments": (speaker("My assignments"), "assignment_ind"),
    "history": (speaker("History"), "history"),
    "questions": (speaker("Audit questions"), "fact_check"),
    "integrity": (speaker("Integrity"), "verified_user"),
    "glossary": (speaker("Glossary"), "dictionary"),
    "settings": (speaker("Settings"), "settings"),
}
pages = [
    st.Page(_PAGES / f"{name}.py", title=title, icon=f":material/{icon}:", url_path=name, default=name == FIRST)
    for name, (title, icon) in ((name, shown[name]) for name in pages_for(who.account.roles))
]
page = st.navigation(pages)
st.set_page_config(page_title=f"{page.title} – {speaker('Security planner')}", layout="wide")
session.begin(page.url_path or FIRST)
reading.opened(page.url_path or FIRST)
frame.show()
alarm.strip(who, session.reader(), page.url_path or FIRST)
session.tell()
page.run()
