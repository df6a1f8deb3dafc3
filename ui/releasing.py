"""The plain page before every file: for whom, why, and whether the whole. It works without JavaScript."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from html import escape
from typing import Final

from domain.messages import Message, message
from domain.values import SecrecyLevel
from planner.access.exporting import LONGEST_REASON, LONGEST_RECIPIENT, WHOLE, Release, Subject, mark
from planner.access.permits import may
from planner.access.reader import Reader
from planner.exports.watermark import printed_mark
from planner.text import Speaker

#: How far back the recipients are offered again: no longer than a session lasts.
OFFERED: Final = timedelta(hours=8)
#: What a redacted file leaves out, as whoever takes it out is told.
LEFT_OUT: Final[tuple[Message, ...]] = (
    message("telephones, radio and other contacts"),
    message("needs of guests (health, diet)"),
    message("names and ranks of officers who command no post, and absences"),
    message("instructions, equipment and notes"),
    message("who entered, read or was refused what, or opened the visit in an emergency, and why"),
    message("numbers of passports and identity cards, dates of birth and e-mail addresses in any text"),
)
_OF_A_BUNDLE: Final = (message("the events themselves: only their hashes and proofs stay"),)


def release_from(form: Mapping[str, str]) -> Release:
    """What was filled in. Raises ``InvalidInput``."""
    return Release(form.get("recipient", ""), form.get("reason", ""), form.get("whole") == "yes")


def release_form(
    speaker: Speaker, reader: Reader, subject: Subject, form: Mapping[str, str], wrong: str = ""
) -> tuple[str, str]:
    """The title and the body of the page, with what was filled in so far and what is ``wrong`` with it."""
    title = speaker("Take a file out")
    name = subject.about.partition(" ")[0]
    offered = "".join(f'<option value="{escape(one)}">' for one in _recipients(reader))
    body = f"""<h1>{escape(title)}</h1>
<p class="facts">{_facts(speaker, reader, subject, name)}</p>
{f'<p class="alert" role="alert">{escape(wrong)}</p>' if wrong else ""}
<form method="post">
<label for="recipient">{escape(speaker("Recipient: the person or office"))}</label>
<input id="recipient" name="recipient" value="{escape(form.get("recipient", ""))}" list="recipients" autocomplete="off"
 maxlength="{LONGEST_RECIPIENT}" required autofocus><datalist id="recipients">{offered}</datalist>
<label for="reason">{escape(speaker("Reason"))}</label>
<input id="reason" name="reason" value="{escape(form.get("reason", ""))}" autocomplete="off"
 maxlength="{LONGEST_REASON}" required aria-describedby="recorded">
{_extent(speaker, reader, subject, form)}
<p id="recorded" class="note">{
        escape(speaker("Recipient, reason, your account and the hash of the file are recorded before it leaves."))
    }</p>
<button type="submit">{escape(speaker("Take out"))}</button></form>"""
    return title, body


def _facts(speaker: Speaker, reader: Reader, subject: Subject, name: str) -> str:
    level = mark(reader.plan, subject)
    marked = (
        "" if level is SecrecyLevel.NONE else f'<strong class="mark">{escape(printed_mark(level, speaker))}</strong>'
    )
    parts = (f"<code>{escape(name)}</code>", escape(subject.visit), marked)
    return " · ".join(filter(None, parts))


def _extent(speaker: Speaker, reader: Reader, subject: Subject, form: Mapping[str, str]) -> str:
    """What is left out, and the way to have it all, for who may."""
    left_out = _OF_A_BUNDLE if subject.query == "export_bundle" else LEFT_OUT
    listed = "".join(f"<li>{escape(speaker.say(one))}</li>" for one in left_out)
    said = f"<section><h2>{escape(speaker('Left out of the file'))}</h2><ul>{listed}</ul></section>"
    if not (reader.may(WHOLE, subject.visit) if subject.visit else may(reader.actor, WHOLE)):
        return said
    checked = " checked" if form.get("whole") == "yes" else ""
    whole = speaker("The whole file, with all of this: for who must know it. It is recorded that it was whole.")
    return f"""{said}<label class="choice" for="whole">
<input id="whole" name="whole" type="checkbox" value="yes"{checked}><span>{escape(whole)}</span></label>"""


def _recipients(reader: Reader) -> tuple[str, ...]:
    """To whom this account took something out a short while ago: it is in the log, and kept nowhere else."""
    return reader.planner.reads.recipients(reader.actor.user, reader.clock() - OFFERED)[:10]
