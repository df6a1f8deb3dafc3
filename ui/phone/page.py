"""What the plain pages say, as HTML: the list of an officer's duties, and one duty with all that is told with it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import datetime
from html import escape
from typing import Final
from urllib.parse import quote

from domain.assignment import AssignmentStatus
from domain.messages import Message
from domain.route import RouteSource
from planner.account import TEXT_SIZES, Account, Look
from planner.duty_list import DutyList, Lapse, ListedDuty
from planner.routing.way import Way
from planner.text import LANGUAGES, Speaker
from ui.downloads import address
from ui.login import LANGUAGE_NAMES, SIZE_MARKS
from ui.maps.posts import place_of
from ui.phone.way import drawing

#: Coming and past duties that are listed; the calendar and the sheet hold all.
LISTED: Final = 40
PAST_LISTED: Final = 10
_SIGNS: Final = {
    AssignmentStatus.ACKNOWLEDGED: "✓",
    AssignmentStatus.ON_POST: "●",
    AssignmentStatus.ENDED: "■",
}


@dataclasses.dataclass(frozen=True, slots=True)
class FoundWay:
    """A way to a post: what the place is called where it begins, and the licence of the streets."""

    start: str
    way: Way
    licence: str = ""


def document(account: Account, title: str, body: str, back: str = "/m/") -> str:
    """A whole page around trusted HTML; ``back`` is where a change of language or size returns to."""
    look = account.look
    speaker = Speaker(look.language, look.zone)
    return f"""<!doctype html>
<html lang="{look.language}" data-text="{look.text_size}" data-contrast="{"high" if look.high_contrast else "plain"}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} – {escape(speaker("Security planner"))}</title>
<link rel="icon" href="/static/shell/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/static/shell/plain.css"><link rel="stylesheet" href="/static/shell/phone.css"></head>
<body class="phone"><header><img src="/static/shell/icon.svg" alt="" width="32" height="32">
<p>{escape(account.display_name)}</p></header>
<main>{body}</main>
<footer>{_choices(speaker, look, back)}
<form method="post" action="/logout"><button class="quiet">{escape(speaker("Sign out"))}</button></form></footer>
</body></html>
"""


def _choices(speaker: Speaker, look: Look, back: str) -> str:
    """Language, text size and contrast as buttons: they change the account, so they are posted."""

    def button(field: str, choice: str, mark: str, chosen: bool, name: str = "", lang: str = "") -> str:
        pressed = "true" if chosen else "false"
        spoken = f' aria-label="{escape(name)}"' if name else ""
        tongue = f' lang="{lang}"' if lang else ""
        return (
            f'<button name="{field}" value="{choice}" aria-pressed="{pressed}"{spoken}{tongue}>{escape(mark)}</button>'
        )

    sizes = {"small": speaker("Small text"), "normal": speaker("Normal text"), "large": speaker("Large text")}
    buttons = [
        *(button("language", code, LANGUAGE_NAMES[code], code == look.language, lang=code) for code in LANGUAGES[::-1]),
        *(button("text", size, SIZE_MARKS[size], size == look.text_size, sizes[size]) for size in TEXT_SIZES),
        button("contrast", "plain" if look.high_contrast else "high", speaker("High contrast"), look.high_contrast),
    ]
    label = escape(speaker("Language and display"))
    return (
        f'<form method="post" action="/m/look" class="choices" aria-label="{label}">'
        f'<input type="hidden" name="back" value="{escape(back)}">{"".join(buttons)}</form>'
    )


def where(one: ListedDuty) -> str:
    """The address of the page of one duty."""
    return f"/m/duty/{quote(one.assignment.visit, safe='')}/{quote(one.assignment.code, safe='')}"


# The list


def duties(account: Account, listed: DutyList, moment: datetime) -> str:
    """Today, next and later, with what is to be acknowledged first."""
    look = account.look
    speaker = Speaker(look.language, look.zone)
    waiting = sum(one.must_acknowledge for one in listed.coming)
    said = [f"<h1>{escape(speaker('My duties'))}</h1>"]
    if waiting:
        alert = speaker.counted("{n} duty is to be acknowledged.", "{n} duties are to be acknowledged.", waiting)
        said.append(f'<p class="alert">{escape(alert)}</p>')
    said.append(_section(speaker("Today"), [_card(one, look) for one in listed.today]))
    if not listed.today:
        said.append(f"<p>{escape(speaker('No duty today.'))}</p>")
    if listed.next is not None:
        said.append(_section(speaker("Next"), [_card(listed.next, look)]))
    elif not listed.today and not listed.past:
        said.append(f"<p>{escape(speaker('As soon as a planner gives you a duty, it stands here.'))}</p>")
    said.append(_section(speaker("Later"), [_row(one, look) for one in listed.later[1:LISTED]]))
    said.append(_section(speaker("Called off"), [_row(one, look, off=True) for one in listed.called_off[:LISTED]]))
    said.append(_section(speaker("Past"), [_row(one, look) for one in listed.past[:PAST_LISTED]]))
    zones = {one.zone for one in (*listed.coming, *listed.called_off, *listed.past)}
    # The clock of the duties, where it is one: the page would else name a zone that nothing else on it is in.
    said.append(_files(Speaker(look.language, *zones) if len(zones) == 1 else speaker, moment))
    return "".join(said)


def _section(title: str, items: Iterable[str]) -> str:
    shown = "".join(items)
    return f'<h2>{escape(title)}</h2><ul class="duties">{shown}</ul>' if shown else ""


def _card(one: ListedDuty, look: Look) -> str:
    speaker = Speaker(look.language, one.zone)
    post = one.duty.post
    lines = [place_of(post, one.duty, speaker)]
    if one.commander is not None:
        lines.append(speaker("Commander: {name}", name=one.commander.name.romanised))
    facts = "".join(f"<br>{escape(line)}" for line in lines if line)
    open_it = speaker("Read and acknowledge") if one.must_acknowledge else speaker("Open")
    return (
        f'<li class="card"><strong>{escape(speaker.window(one.assignment.window))}</strong>'
        f"<br>{escape(post.code)} · {escape(post.details.task)}{facts}<br>{_badge(one, speaker)}"
        f'<a class="go" href="{escape(where(one))}">{escape(open_it)}'
        f'<span class="unseen"> {escape(post.code)}</span></a></li>'
    )


def _row(one: ListedDuty, look: Look, off: bool = False) -> str:
    speaker = Speaker(look.language, one.zone)
    post = one.duty.post
    return (
        f'<li><a href="{escape(where(one))}">{escape(speaker.window(one.assignment.window))}<br>'
        f"{escape(post.code)} · {escape(post.details.task)}</a><br>{_badge(one, speaker, off)}</li>"
    )


def _badge(one: ListedDuty, speaker: Speaker, off: bool = False) -> str:
    """Where a duty stands: a sign and words, never colour alone."""
    status = one.assignment.status
    if off:
        return f'<span class="badge off">✕ {escape(speaker("called off"))}</span>'
    if one.must_acknowledge:
        return f'<span class="badge wait">! {escape(speaker("to be acknowledged"))}</span>'
    return f'<span class="badge done">{_SIGNS.get(status, "·")} {escape(speaker.label(status))}</span>'


def _files(speaker: Speaker, moment: datetime) -> str:
    """What can be taken along, and how old the page is."""
    as_of = speaker("As of {moment}.", moment=moment)
    return (
        f'<p class="files"><a href="{address("duties.ics")}">{escape(speaker("Calendar file"))}</a> '
        f'<a href="{address("duties.pdf")}">{escape(speaker("Sheet to print (PDF)"))}</a> '
        f'<a href="/my_assignments">{escape(speaker("Pages with maps"))}</a></p>'
        f'<p class="note">{escape(as_of)} <a href="/m/">{escape(speaker("Load again"))}</a></p>'
    )


# One duty


def one_duty(
    account: Account,
    one: ListedDuty,
    moment: datetime,
    *,
    off: bool,
    way: FoundWay | None = None,
    lapse: tuple[Lapse, tuple[Message, ...]] | None = None,
    wrong: str = "",
) -> str:
    """A duty as its officer reads it; ``lapse`` says why it must be acknowledged anew."""
    speaker = Speaker(account.look.language, one.zone)
    post = one.duty.post
    said = [
        f'<p class="back"><a href="/m/">‹ {escape(speaker("My duties"))}</a></p>',
        f"<h1>{escape(post.code)} · {escape(post.details.task)}</h1>",
        f'<p class="alert" role="alert">{escape(wrong)}</p>' if wrong else "",
        f'<p class="when">{escape(speaker.window(one.assignment.window))}</p>',
        f"<p>{_badge(one, speaker, off)}</p>",
        _changed(lapse, speaker) if lapse is not None else "",
        f"<dl>{_facts(one, speaker)}</dl>",
        "" if off else _acts(one, moment, speaker),
        _place(one, speaker),
        _way(way, post.code, speaker) if way is not None else "",
    ]
    return "".join(said)


def _changed(lapse: tuple[Lapse, tuple[Message, ...]], speaker: Speaker) -> str:
    what, changes = lapse
    said = speaker("This duty changed since you acknowledged it ({moment}).", moment=what.at)
    listed = "".join(f"<li>{escape(speaker.say(change))}</li>" for change in changes)
    reason = f" {escape(what.reason)}" if what.reason else ""
    return f'<div class="alert"><p>{escape(said)}{reason}</p><ul>{listed}</ul></div>'


def _facts(one: ListedDuty, speaker: Speaker) -> str:
    details = one.duty.post.details
    facts = [
        (speaker("Place"), escape(place_of(one.duty.post, one.duty, speaker))),
        (speaker("Instructions"), "<br>".join(escape(line) for line in details.instructions.splitlines())),
    ]
    if one.commander is not None:
        who = one.commander.details
        named = " ".join(part for part in (who.rank, who.name.romanised) if part)
        facts.append((speaker("Commander"), _called(named, who.phone)))
    contacts = [_called(" · ".join(part for part in (c.name, c.role) if part), c.phone) for c in one.contacts]
    point = one.duty.key_point
    if point is not None and point.phone:
        contacts.append(_called(point.name, point.phone))
    facts += [
        (speaker("Contacts"), "<br>".join(contacts)),
        (speaker("Radio"), escape(details.radio)),
        (speaker("Equipment"), escape(", ".join(details.equipment))),
        (speaker("Kind"), escape(speaker.label(details.kind))),
        (speaker("Visit"), escape(f"{one.visit.key} · {one.visit.details.title}")),
    ]
    return "".join(f"<dt>{escape(name)}</dt><dd>{said}</dd>" for name, said in facts if said)


def _called(name: str, number: str) -> str:
    """A name with a telephone that can be called by touching it."""
    if not number:
        return escape(name)
    dialled = "".join(sign for sign in number if sign in "+0123456789")
    return f'{escape(name)} <a class="call" href="tel:{dialled}">{escape(number)}</a>'


def _acts(one: ListedDuty, moment: datetime, speaker: Speaker) -> str:
    acts = []
    if one.must_acknowledge:
        acts.append(("acknowledge", speaker("I have read this duty and take it"), ""))
    if one.may_start(moment):
        acts.append(("start", speaker("I am on post"), "second" if one.must_acknowledge else ""))
    if one.may_end():
        acts.append(("end", speaker("My duty is over"), ""))
    if not acts:
        return ""
    buttons = "".join(
        f'<button name="act" value="{act}" class="{kind}">{escape(label)}</button>' for act, label, kind in acts
    )
    return (
        f'<form method="post" action="{escape(where(one))}">'
        f'<input type="hidden" name="seen" value="{one.duty.fingerprint}">{buttons}</form>'
    )


def _place(one: ListedDuty, speaker: Speaker) -> str:
    """Coordinates that the phone's own map opens."""
    at = one.duty.coordinates
    if at is None:
        return ""
    link = f"geo:{at.lat:.6f},{at.lon:.6f}?q={at.lat:.6f},{at.lon:.6f}"
    return (
        f"<h2>{escape(speaker('Way to the post'))}</h2>"
        f'<p class="files"><a href="{link}">{escape(speaker("Open in the phone’s map"))}</a></p>'
        f"<p>{escape(speaker.show(at))}</p>"
    )


def _way(found: FoundWay, post: str, speaker: Speaker) -> str:
    way = found.way
    length = speaker("{km} km, {minutes} min", km=way.km, minutes=speaker.number(way.minutes, 0))
    if way.source is RouteSource.ESTIMATE:
        length = speaker("{length}, an estimate and not a way on streets", length=length)
    said = speaker("From {start}: {length}", start=found.start, length=length)
    streets = speaker("By {streets}", streets=way.streets) if way.streets else ""
    lines = (f"○ {said} ■ {post}", streets)
    shown = "".join(f"<p>{escape(line)}</p>" for line in lines if line)
    licence = f'<p class="note">{escape(found.licence)}</p>' if found.licence else ""
    return drawing(way.line, said) + shown + licence


# When there is nothing to show


def unlinked(speaker: Speaker) -> str:
    """An account that is no officer has no duties."""
    said = speaker(
        "This account is linked to no officer, so it has no duties. "
        "Ask an administrator to enter your officer code under Settings, Accounts."
    )
    home = escape(speaker("Home"))
    return f'<h1>{escape(speaker("My duties"))}</h1><p>{escape(said)}</p><p class="files"><a href="/">{home}</a></p>'


def unknown(speaker: Speaker) -> str:
    """No duty of that code among the own: the same words whether it is another's or nobody's."""
    return (
        f"<h1>{escape(speaker('There is no such duty among yours.'))}</h1>"
        f"<p>{escape(speaker('It may have been taken back. Your duties as they are now stand in the list.'))}</p>"
        f'<p class="files"><a href="/m/">{escape(speaker("My duties"))}</a></p>'
    )
