"""Names and sentences that come out exactly as typed where Streamlit would read Markdown into them.

Labels, messages, tabs and expanders of Streamlit are Markdown with extras: ``:red[x]``, ``$x$``, ``:smile:``,
``->``. What people type goes through ``plain``; options of a select box, tables, ``st.text`` and ``st.html`` with
``html.escape`` need none.
"""

from __future__ import annotations

import re
from typing import Final

#: Every sign that Markdown or an extra of Streamlit gives a meaning to; a backslash takes it away.
_SIGNS: Final = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~$:&\"'=@%^/])")
#: Looked for in the finished text, where a backslash is gone: emoji, icons and drawn signs. A word joiner, which
#: takes no room, keeps them apart.
_SHORTHANDS: Final = re.compile(r":(?=[\w+-]+:|material/)|(?<!\S)[<>~-](?=[=>-](?!\S))|(?<!\S)<(?=->?(?!\S))")
_JOINER: Final = "\u2060"
#: Two spaces or more before a line's end break the line; spaces at its beginning make code.
_EDGES: Final = re.compile(r"(?m)^[ \t]+|[ \t]+$")


def plain(text: str) -> str:
    """The text as Markdown that shows just this text, and does nothing."""
    kept = _SHORTHANDS.sub(lambda found: found.group() + _JOINER, text)
    kept = _EDGES.sub(lambda found: "\N{NO-BREAK SPACE}" * len(found.group()), kept)
    kept = _SIGNS.sub(r"\\\1", kept)
    # A number before a point at the beginning would make a list; the point is escaped, but lines are kept apart too.
    return kept.replace("\n", "  \n")
