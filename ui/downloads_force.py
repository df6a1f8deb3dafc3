"""Downloads of the force: duty sheets of officers and posts for print, and both registers as workbooks."""

from __future__ import annotations

from collections.abc import Mapping

from domain.base import Actor, Role
from domain.refusals import NotAllowed
from planner.application import Planner
from planner.exports.pdf import officer_sheet, post_sheet
from planner.exports.registers_xlsx import officers_workbook, posts_workbook, template
from planner.text import Speaker
from ui.downloads import File, download, speaker_for

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_READERS = frozenset({Role.PLANNER, Role.COMMANDER, Role.AUDITOR})


@download("officer.pdf")
def officer(planner: Planner, actor: Actor, asked: Mapping[str, str]) -> File:
    """The duty sheet of the ``officer``, in one ``visit`` or in all."""
    _permit(actor)
    held = planner.plan.officer(asked.get("officer", ""))
    speaker, visit = speaker_for(asked), asked.get("visit") or None
    if visit is not None:
        speaker = Speaker(speaker.language, planner.plan.visit(visit).details.zone)
    return File(f"{held.key}.pdf", "application/pdf", officer_sheet(planner.plan, held.key, speaker, visit))


@download("post.pdf")
def post(planner: Planner, actor: Actor, asked: Mapping[str, str]) -> File:
    """The duty sheet of a ``post`` of the ``visit``."""
    visit, speaker = _asked(planner, actor, asked)
    code = asked.get("post", "")
    return File(f"{visit}-{code}.pdf", "application/pdf", post_sheet(planner.plan, visit, code, speaker))


@download("posts.xlsx")
def posts(planner: Planner, actor: Actor, asked: Mapping[str, str]) -> File:
    """The posts of the ``visit`` with their shifts, to be edited and imported again."""
    visit, speaker = _asked(planner, actor, asked)
    return File(f"{visit}-{speaker('posts')}.xlsx", _WORKBOOK, posts_workbook(planner.plan, visit, speaker))


@download("posts_template.xlsx")
def posts_template(planner: Planner, actor: Actor, asked: Mapping[str, str]) -> File:
    """An empty workbook of posts with times in the zone of the ``visit``."""
    _, speaker = _asked(planner, actor, asked)
    return File(f"{speaker('posts')}.xlsx", _WORKBOOK, template("posts", speaker.zone.key, speaker))


@download("officers.xlsx")
def officers(planner: Planner, actor: Actor, asked: Mapping[str, str]) -> File:
    """The personnel register, to be edited and imported again."""
    _permit(actor)
    speaker = speaker_for(asked)
    return File(f"{speaker('officers')}.xlsx", _WORKBOOK, officers_workbook(planner.plan, speaker))


@download("officers_template.xlsx")
def officers_template(_planner: Planner, actor: Actor, asked: Mapping[str, str]) -> File:
    """An empty workbook of officers."""
    _permit(actor)
    speaker = speaker_for(asked)
    return File(f"{speaker('officers')}.xlsx", _WORKBOOK, template("officers", speaker.zone.key, speaker))


def _asked(planner: Planner, actor: Actor, asked: Mapping[str, str]) -> tuple[str, Speaker]:
    """The visit's code, and the reader's speaker with times of the visit's zone. Raises ``NotFound``."""
    _permit(actor)
    visit = planner.plan.visit(asked.get("visit", ""))
    return visit.key, Speaker(speaker_for(asked).language, visit.details.zone)


def _permit(actor: Actor) -> None:
    """Refuse to hand out the force's duties to who may not see them."""
    if not _READERS & actor.roles:
        raise NotAllowed.because(
            "Account {user} may not do this; it needs one of these roles: {roles}.",
            user=actor.user,
            roles=tuple(sorted(_READERS)),
        )
