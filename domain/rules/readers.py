"""What a reader is told of findings that concern visits the reader may not see."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from domain.finding import Finding
from domain.messages import Message, message
from domain.rules.scope import visit_of


def as_seen(finding: Finding, visible: Collection[str] | None) -> Finding:
    """The finding without what lies in visits outside ``visible``; None means that all visits may be seen.

    Whom it concerns and when stays, the hidden place and duty do not: «on other duty 08:00-12:00».
    """
    if visible is None or not _hidden(finding, visible):
        return finding
    kept = tuple(subject for subject in finding.subjects if (visit_of(subject) or "") in ("", *visible))
    return finding._replace(subjects=kept, message=_masked(finding))


def for_reader(findings: Iterable[Finding], visible: Collection[str] | None) -> tuple[Finding, ...]:
    """The findings that a reader may see, each as the reader may see it; none that lies in hidden visits alone."""
    return tuple(
        as_seen(finding, visible)
        for finding in findings
        if visible is None or not (hidden := _hidden(finding, visible)) or hidden != _visits(finding)
    )


def _visits(finding: Finding) -> set[str]:
    return {visit for visit in map(visit_of, finding.subjects) if visit is not None}


def _hidden(finding: Finding, visible: Collection[str]) -> set[str]:
    return {visit for visit in _visits(finding) if visit not in visible}


def _masked(finding: Finding) -> Message:
    officer = next((subject.partition("/")[2] for subject in finding.subjects if subject.startswith("officer/")), "")
    window = finding.window
    if finding.rule == "R01":
        return message("Officer {officer} is on other duty {window}.", officer=officer, window=window)
    if finding.rule == "R02":
        return message("Officer {officer} has other duty too far away {window}.", officer=officer, window=window)
    if finding.rule == "R03":
        return message(
            "Officer {officer} has other duty too close or too much duty {window}.", officer=officer, window=window
        )
    room = next((subject.partition("/")[2] for subject in finding.subjects if subject.startswith("room/")), "")
    if finding.rule in ("R07", "R08"):
        return message("Room {room} is needed by others too {window}.", room=room, window=window)
    return message("Something that you may not see stands against this {window}.", window=window)
