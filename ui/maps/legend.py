"""What lines, letters and shapes on a map mean, in words beside it."""

from __future__ import annotations

from html import escape

import streamlit as st

from domain.route import RouteKind
from domain.venue import KeyPointKind
from planner.text import Speaker
from ui.maps.signs import COLOURS, ESTIMATE_DASH, PENS, SIGNS


def legend(speaker: Speaker, *, posts_too: bool) -> None:
    """What lines, letters and shapes on the map mean."""
    lines = "".join(_line(pen.colour, pen.dash, speaker.label(kind)) for kind, pen in PENS.items())
    lines += _line(PENS[RouteKind.PRIMARY].colour, ESTIMATE_DASH, speaker("estimate without streets"))
    points = "".join(_letter(kind, speaker) for kind in KeyPointKind)
    posts = "".join(
        f"<li><span class='key key-{look}' aria-hidden='true'>{sign}</span>{escape(said)}</li>"
        for look, sign, said in (
            ("covered", "✓", speaker("covered")),
            ("short", "1", speaker("lacks officers")),
            ("critical", "!1", speaker("critical post lacks officers")),
            ("idle", "–", speaker("not manned at this time")),
        )
    )
    closed = f"<li><span class='key key-closed' aria-hidden='true'>✕</span>{escape(speaker('closed'))}</li>"
    shown = [(speaker("Routes"), lines + closed), (speaker("Key points, from close by"), points)]
    if posts_too:
        shown.append((speaker("Posts"), posts))
    st.html(
        f"<style>{_STYLE}</style><div class='map-legend'>"
        + "".join(f"<section><p>{escape(title)}</p><ul>{items}</ul></section>" for title, items in shown)
        + "</div>"
    )


def _line(colour: str, dash: str, said: str) -> str:
    """A short line with its dashes, as stripes: Streamlit lets no drawing through."""
    ink, gap = (int(part) for part in (dash or "8 0").split())
    stripes = f"repeating-linear-gradient(90deg,{colour} 0 {ink}px,transparent {ink}px {ink + gap}px)"
    return f"<li><span class='stripe' style='background:{stripes}' aria-hidden='true'></span>{escape(said)}</li>"


def _letter(kind: KeyPointKind, speaker: Speaker) -> str:
    sign, said = escape(speaker.label(SIGNS[kind])), escape(speaker.label(kind))
    return f"<li><span class='key' style='background:{COLOURS[kind]}' aria-hidden='true'>{sign}</span>{said}</li>"


_STYLE = """
.map-legend { display: flex; flex-wrap: wrap; gap: .25rem 2rem; font-size: .85rem; }
.map-legend p { margin: .25rem 0; font-weight: 700; }
.map-legend ul { display: flex; flex-wrap: wrap; gap: .35rem 1rem; margin: 0; padding: 0; list-style: none; }
.map-legend li { display: inline-flex; align-items: center; gap: .4rem; margin: 0; }
.map-legend .stripe { width: 2.75rem; height: 4px; }
.map-legend .key { display: inline-flex; align-items: center; justify-content: center; min-width: 1.5rem;
  height: 1.5rem; font-weight: 700; font-size: .75rem; color: #fff; border-radius: .25rem; }
.map-legend .key-covered { background: #0b6b3a; border-radius: 50%; }
.map-legend .key-short { color: #14212e; background: #f5b301; padding-top: .5rem;
  clip-path: polygon(50% 0, 100% 100%, 0 100%); }
.map-legend .key-critical { background: #b3131b;
  clip-path: polygon(30% 0, 70% 0, 100% 30%, 100% 70%, 70% 100%, 30% 100%, 0 70%, 0 30%); }
.map-legend .key-idle { color: #14212e; background: #e3e8ee; border: 2px solid #4a5866; border-radius: 50%; }
.map-legend .key-closed { color: #b3131b; background: #fff; border: 2px solid #b3131b; border-radius: 50%; }
"""
