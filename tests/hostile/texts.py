"""Texts that break careless pages, files and formulas, each with a token of its own to be found again by.

A text is looked for by its token: wherever the token stands in something that people read, the whole text must stand
there, with nothing before, in or after it changed. Blanks and characters that nobody sees do not count.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

#: What each text is made from: ``@@`` stands for its token. Anything that runs sets ``pwned`` in its window.
_SHAPES: Final = (
    # HTML that runs, in every place that a careless page puts a text
    "<script>window.pwned='@@'</script>",
    "<img src=x onerror=\"window.pwned='@@'\">",
    '"><svg onload=window.pwned=1 data-t=@@>',
    "' onmouseover='window.pwned=1' t='@@",
    "</textarea><script>pwned=1</script>@@",
    "</script><script>pwned=1//@@</script>",
    "</title></style><iframe src=javascript:parent.pwned=1>@@</iframe>",
    "<details open ontoggle=pwned=1>@@</details>",
    "<a href='javascript:pwned=1'>@@</a>",
    "<!-- @@ --><b>x</b>",
    "<b>@@</b>",
    "<style>*{display:none}</style>@@",
    "<base href=https://pwned.example/>@@",
    "<meta http-equiv=refresh content=0;url=https://pwned.example/@@>",
    "<link rel=stylesheet href=//pwned.example/@@.css>",
    "<form action=//pwned.example><button>@@</form>",
    "&lt;img src=x onerror=pwned=1&gt; &amp; @@ &#60;b&#62;",
    "<math><mi xlink:href='data:x,<script>pwned=1</script>'>@@",
    # JavaScript, templates and formats
    "`;window.pwned=1;//@@",
    "${window.pwned=1} @@ ${1}",
    "\\';window.pwned=1;//@@",
    "\\u003cimg src=x onerror=pwned=1\\u003e@@",
    "{{7*7}} @@ {{config}}",
    "{% raw %}@@{% endraw %}{# x #}",
    "{0} {name} {zone} @@ {",
    "%s %(reason)s %n @@ 100%",
    "$(touch /tmp/pwned) `id` @@",
    "#{7*7} <%= 7*7 %> @@",
    '"; DROP TABLE events; -- @@',
    "' OR '1'='1' /* @@",
    '{"@@": {"$ref": "#/x"}, "__proto__": 1}',
    "!!python/object/apply:os.system ['@@']",
    "datum.@@ || (window.pwned=1)",
    # Markdown and what Streamlit adds to it
    "**@@** _x_ ~~y~~ `z`",
    "[@@](javascript:window.pwned=1)",
    "![@@](https://pwned.example/x.png)",
    "https://pwned.example/@@ www.pwned.example",
    ":red[@@] :material/lock: :smile:",
    ":streamlit: @@ :blue-badge[x] :small[y]",
    "$\\href{javascript:pwned=1}{@@}$ $$x^2$$",
    "# @@",
    "1. @@",
    "- @@ -- x -> y",
    "| a | @@ |",
    "> @@ --- ***",
    "[^1]: @@ [x]: https://pwned.example",
    # Formulas of spreadsheets
    '=HYPERLINK("https://pwned.example","@@")',
    "=cmd|' /C calc'!A0 @@",
    "+1+1 @@",
    "-2+3 @@",
    "@SUM(A1:A9) @@",
    "'=1+1 @@",
    '"quoted", @@; "twice""',
    # Calendars, printed sheets, archives, files
    "BEGIN:VEVENT @@ END:VCALENDAR",
    "ATTACH:https://pwned.example;X=@@\\n\\,\\;",
    '#import "@@": * #eval("1") $x$ *y* _z_ <label> @ref',
    "../../etc/passwd/@@",
    "C:\\CON\\@@.xlsx:ads",
    "]]>@@<![CDATA[ &xxe; <?xml version='1.0'?>",
    # Scripts, directions, what is seen and not seen
    "\u202e@@\u202c chiều ngược",
    "ທ່ານ @@ ບຸນທະວີ ສີສະຫວ່າງວົງ",
    "លោកជំទាវ @@ សុខាវត្តី",
    "ngu\u031bo\u031b\u0300i d\u0323e\u0302p @@ O'Brien",
    "Z\u0351\u0346\u0308a\u0310\u0302l\u030d\u0305g\u0300o @@",
    "👮🏽‍♀️ @@ 🇱🇦🇰🇭",
    "مرحبا @@ שלום",
    "_x003C_@@_x000D_",
    "@@" + " rất dài" * 18,
    "None null NaN undefined true @@",
)

#: Two letters and a number, three figures each so that no token begins another.
TOKENS: Final = tuple(f"zq{number:03d}k" for number in range(len(_SHAPES)))
#: Every text by its token.
TEXTS: Final = {token: shape.replace("@@", token) for token, shape in zip(TOKENS, _SHAPES, strict=True)}

_TOKEN: Final = re.compile(r"zq\d{3}k")
#: Blanks, and what pages and printed sheets put between letters without showing it.
_UNSEEN: Final = re.compile(r"[\s\u00ad\u200b\u2060\ufeff]+")


def seen(text: str) -> str:
    """A text without blanks and characters that nobody sees, its accents composed as screens and printers do."""
    return _UNSEEN.sub("", unicodedata.normalize("NFC", text))


def found(shown: str) -> set[str]:
    """The tokens of the texts that stand in what is shown."""
    return set(_TOKEN.findall(seen(shown)))


def mangled(shown: str) -> dict[str, str]:
    """The texts that do not stand as typed somewhere in what is shown, by token, with what stands there instead.

    A long text may be cut where «…» says so.
    """
    bare = seen(shown)
    wrong = {}
    for one in _TOKEN.finditer(bare):
        typed = seen(TEXTS[one[0]])
        start = one.start() - typed.index(one[0])
        here = bare[start : start + len(typed)] if start >= 0 else bare[: one.end()]
        same = next((place for place, (a, b) in enumerate(zip(here, typed, strict=False)) if a != b), len(here))
        if same < len(typed) and not (same > len(one[0]) and here[same : same + 1] == "…"):
            wrong[one[0]] = here
    return wrong
