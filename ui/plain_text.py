"""Text that people typed, in places where Streamlit reads Markdown: it comes out as typed and does nothing."""

from __future__ import annotations

import re
from typing import Final

#: What Markdown, its formulas (``$``), directives and symbols (``:``) and entities (``&``) are made of. The colon of a
#: clock (``06:00``) begins nothing, and stays as it is for who has labels read aloud: they are read with their escapes.
_MARKS: Final = re.compile(r"[\\`*_\[\]{}<>$~&#|^=@]|:(?!(?<=\d:)\d\d(?![\d:]))")
#: What makes a list of a line only at its beginning.
_LIST: Final = re.compile(r"^(\s*)(?:([-+])|(\d+)([.)]))(?=\s|$)", re.MULTILINE)
#: What Streamlit draws as arrows and dashes, escaped or not, where it stands alone.
_ARROW: Final = re.compile(r"(?:(?<=\s)|^)(?=(?:<->|->|<-|--|>=|<=|~=)(?:\s|$))", re.MULTILINE)
#: What Streamlit draws as a sign, escaped or not.
_SIGN: Final = re.compile(r"(?<=:)(?=(?:material/[^:\s]*|streamlit):)")
_JOINER: Final = "\u2060"


def plain(text: str) -> str:
    """The text for ``st.success``, ``st.markdown``, labels of widgets and the like.

    Looks exactly as typed; before an arrow or dash of ASCII that stands alone, and in the name of a sign, comes
    an invisible word joiner.
    """
    escaped = _MARKS.sub(lambda mark: "\\" + mark[0], _SIGN.sub(_JOINER, _ARROW.sub(_JOINER, text)))
    return _LIST.sub(lambda m: f"{m[1]}\\{m[2]}" if m[2] else f"{m[1]}{m[3]}\\{m[4]}", escaped)
