"""What people read in a bundle: plan and history as JSON, and both in one page that any browser opens by itself."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from domain.plan import Plan
from planner.exports.plan_json import plan_json
from planner.exports.plan_text import plan_lines
from planner.exports.watermark import Watermark
from planner.history.records import as_json
from planner.history.steps import Step, steps
from planner.text import LANGUAGES, Speaker
from planner.timeline import Timeline

PLAN, HISTORY, PAGE = "plan.json", "history.json", "read.html"

_HEAD = """<!doctype html>
<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title><style>body {{ font: 16px/1.5 sans-serif; margin: 1rem auto; max-width: 60rem; padding: 0 1rem }}
pre, li {{ white-space: pre-wrap; overflow-wrap: anywhere }}</style></head><body>
"""


def evidence(timeline: Timeline, visit: str, position: int, watermark: Watermark) -> dict[str, bytes]:
    """The files by name: the visit at a position of the log, and the events until then, as ``timeline`` shows them."""
    plan = timeline.at(position)
    told = list(steps(timeline, (at for at in timeline.positions_of_visit(visit) if at <= position)))
    return {
        PLAN: plan_json(plan, visit, watermark=watermark),
        HISTORY: as_json(told, watermark) + b"\n",
        PAGE: "".join(_page(plan, visit, told, watermark)).encode("utf-8", "replace"),
    }


def _page(plan: Plan, visit: str, told: list[Step], watermark: Watermark) -> Iterator[str]:
    yield _HEAD.format(title=escape(visit))
    for language in LANGUAGES[::-1]:
        speaker = Speaker(language, plan.visit(visit).details.zone)
        yield f"<section lang='{language}'>"
        yield "".join(f"<p><strong>{escape(line)}</strong></p>" for line in watermark.head(speaker))
        lines = "\n".join(plan_lines(plan, visit, speaker))
        yield f"<h1>{escape(speaker('Plan'))}</h1>\n<pre>{escape(lines)}</pre>\n"
        yield f"<h1>{escape(speaker('History'))}</h1>\n<ul>\n"
        yield "".join(f"<li>{escape(in_words(step, speaker))}</li>\n" for step in told)
        yield "</ul></section>\n"
    yield "</body></html>\n"


def in_words(step: Step, speaker: Speaker) -> str:
    """An event in one line: its position, when, by whom, what, and why."""
    event = step.event
    why = f" – {' '.join(event.reason.split())}" if event.reason.strip() else ""
    return f"{step.position:>6}  {speaker.second(event.recorded_at)}  {event.by}  {speaker.say(step.sentence)}{why}"
