"""``planner assign``: a roster for a visit, proposed, explained, and accepted if asked for."""

from __future__ import annotations

import argparse
import dataclasses
import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from domain.finding import Severity
from domain.messages import Message, message
from domain.refusals import InvalidInput, NotFound
from domain.rules.naming import titled
from planner.access.reader import Reader
from planner.cli.breaking_off import stopped_by_ctrl_c
from planner.cli.console import Console
from planner.cli.opening import actor, opened, reader, visit_code
from planner.rostering.accepting import accept, needed
from planner.rostering.compared import Compared, compared, kept_said, left_said, nothing_said, without_said
from planner.rostering.made import Made, make, replaced
from planner.rostering.moved_visit import moved_said
from planner.rostering.proposing import Effort, Progress
from planner.rostering.reasons import PROVEN, RANKED, Open, choices, missing_said, open_shifts, term
from planner.rostering.seating import Asked
from planner.rostering.told import as_json
from planner.text import Speaker
from planner.zones import zone_of

LONGEST = 3600
#: The furthest that a visit is moved, and the units in which that is said.
FURTHEST = timedelta(days=366)
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def assign(asked: argparse.Namespace, console: Console) -> int:
    """Propose a roster, and accept it where that is asked for."""
    if not 1 <= asked.seconds <= LONGEST:
        raise InvalidInput.because("--seconds needs a number from 1 to {most}.", most=LONGEST)
    if asked.seed < 0:
        raise InvalidInput.because("--seed needs a whole number, nought or more.")
    if asked.prove is not None and asked.prove < 0:
        raise InvalidInput.because("--prove needs a number of open shifts, 0 for none.")
    if asked.only and not asked.accept:
        raise InvalidInput.because("--only says what to accept: it needs --accept.")
    if asked.anew and not asked.replace and asked.shift is None:
        raise InvalidInput.because("--anew goes with --replace or --shift; without them everything is proposed anew.")
    shift = timedelta(0) if asked.shift is None else _shift(asked.shift)
    with opened(asked) as planner, stopped_by_ctrl_c(console, unless=asked.accept) as stop:
        by = actor(planner, asked.user) if asked.accept else None
        who = reader(planner, asked.user, "propose_roster")
        asked.visit = visit_code(who.plan, asked.visit)
        who.permit("propose_roster", asked.visit)
        # All that is said from here on, refusals too, tells times by the clock of the visit.
        console.speaker = console.in_zone(zone_of(who.plan, f"visit/{asked.visit}"))
        made = _made(who, asked, shift, console, stop)
        answer: dict[str, Any] | None = None
        if by is not None and (made.changes or made.laid.asked.shift):
            only = asked.only or None
            outcome = accept(planner, made, by, asked.reason or "planner assign", only)
            carried_out = [change.code for change in needed(made.changes, only)]
            answer = {"command_id": outcome.command_id, "position": outcome.position, "changes": carried_out}
        _tell(made, answer, asked, console, stop)
    return 0


def _shift(text: str) -> timedelta:
    """A time such as ``90m``, ``1h`` or ``-1d``."""
    found = re.fullmatch("(-?[0-9]{1,6})([mhd])", text)
    by = timedelta(0) if found is None else int(found[1]) * UNITS[found[2]]
    if timedelta(0) < abs(by) <= FURTHEST:
        return by
    raise InvalidInput.because(
        "--shift needs a time such as 90m, 1h or -1d, not nought and at most {most} days.", most=FURTHEST.days
    )


def _made(
    who: Reader, asked: argparse.Namespace, shift: timedelta, console: Console, stop: Callable[[], bool] | None
) -> Made:
    plan = who.plan
    for code in asked.pin:
        plan.assignment(asked.visit, code)
    for code in asked.replace:
        if not any(duty.officer == code and duty.counts for duty in plan.assignments(asked.visit)):
            raise NotFound.because("Officer {officer} has no duty in visit {visit}.", officer=code, visit=asked.visit)
    lost, told = frozenset(asked.replace), who.clearance.told
    wanted = Asked(asked.visit, who.clock(), frozenset(asked.pin), lost, told, shift, asked.anew)
    if wanted.repairs:
        return replaced(plan, wanted, asked.seed)
    effort = Effort(seconds=asked.seconds)
    return make(plan, wanted, seed=asked.seed, effort=effort, progress=_searched(console), stop=stop)


def _searched(console: Console) -> Callable[[Progress], None]:
    """Tells how far the search is, each second from the second one on."""
    told = 0

    def progress(now: Progress) -> None:
        nonlocal told
        if now.seconds >= told + 1:
            told = int(now.seconds)
            console.tell(
                "{seconds} s: cost {cost}, no plan below {bound}, {open} places open",
                seconds=round(now.seconds, 1),
                cost=round(now.cost),
                bound=round(now.bound),
                open=now.open,
            )

    return progress


def _proofs(done: int, of: int) -> Message:
    return message("Proofs: {done} of {all} open shifts", done=done, all=of)


def _tell(
    made: Made,
    accepted: dict[str, Any] | None,
    asked: argparse.Namespace,
    console: Console,
    stop: Callable[[], bool] | None,
) -> None:
    told = compared(made)
    prove = PROVEN if asked.prove is None else asked.prove
    uncovered = open_shifts(made, prove=prove, progress=console.counting(_proofs), stop=stop)
    if asked.format == "json":
        console.json(as_json(made, uncovered) | {"compared": dataclasses.asdict(told), "accepted": accepted})
        return
    _tell_roster(made, told, uncovered, console)
    _tell_summary(made, told, console)
    if accepted is not None:
        console.tell("Accepted; take it back with: planner undo {command_id}", command_id=accepted["command_id"])


def _tell_roster(made: Made, told: Compared, uncovered: Sequence[Open], console: Console) -> None:
    """The answer, line by line: changes, what stays open and why, what it costs by cause, what the rules find."""
    speaker = console.speaker
    for asked in (without_said(made), moved_said(made), kept_said(made)):
        if asked is not None:
            console.line(speaker.say(asked))
    _tell_changes(made, console, speaker)
    _tell_open(uncovered, console, speaker)
    for name, cost in made.terms.items():
        if cost or told.terms_before[name]:
            before = speaker.number(told.terms_before[name])
            console.line(f"{speaker.say(term(name))}\t{before}\t→\t{speaker.number(cost)}")
    for finding in made.findings:
        if finding.severity is not Severity.INFO:
            console.line(f"{finding.rule} ({speaker.label(finding.severity)}): {speaker.say(finding.message)}")


def _tell_changes(made: Made, console: Console, speaker: Speaker) -> None:
    """Who goes and who comes, shift by shift; of a roster that is only mended who else could, the best first."""
    roster = made.roster
    for change in made.changes:
        post = made.plan.post(made.visit, change.post)
        place = f"{titled(change.code, post.details.task)}, {speaker.window(post.shift(change.shift).window)}"
        gone = ", ".join(made.names.officer(duty.officer) for duty in change.withdrawn) or "–"
        come = ", ".join(made.names.officer(given.officer) for given in change.given) or "–"
        console.line(f"{place}\t{gone}\t→\t{come}")
        for given in change.given if made.laid.asked.repairs else ():
            for one in choices(made, roster, given.seat, RANKED):
                console.line(f"  {made.names.officer(one.officer)}: {speaker.say(one.said)}")


def _tell_summary(made: Made, told: Compared, console: Console) -> None:
    """What there is beside the lines: how much changes, what it costs, and what would help where it leaves places."""
    hints = sum(finding.severity is Severity.INFO for finding in made.findings)
    if hints:
        console.note(
            console.speaker.counted(
                "{n} hint of the rules is left out here; --format json tells it.",
                "{n} hints of the rules are left out here; --format json tells them.",
                hints,
            )
        )
    if not told.places:
        console.tell_message(nothing_said(made))
        return
    console.tell(
        "New duties: {new}. Changed hands: {moved}. Withdrawn without another: {withdrawn}. Places open: {open}.",
        new=told.new,
        moved=told.moved,
        withdrawn=told.withdrawn,
        open=told.open + told.open_before,
    )
    _tell_cost(made, console)
    if told.leaves:
        console.tell_message(left_said(told))
        console.tell("Give --anew for that.")


def _tell_open(uncovered: Sequence[Open], console: Console, speaker: Speaker) -> None:
    for one in uncovered:
        console.line(speaker.say(missing_said(one)))
        for reason in one.reasons:
            console.line(f"  {speaker.say(reason)}")
    sure = sum(one.verdict is not None for one in uncovered)
    if sure < len(uncovered):
        console.tell(
            "Of {sure} of {all} open shifts it was proven why: --prove {all} does it for all.",
            sure=str(sure),
            all=str(len(uncovered)),
        )


def _tell_cost(made: Made, console: Console) -> None:
    cost, before = round(made.cost, 1), round(made.cost_before, 1)
    if made.bound is None:
        console.tell("Cost {cost} (now {before}).", cost=cost, before=before)
        return
    console.tell(
        "Cost {cost} (now {before}), no plan costs less than {bound}; {seconds} s, seed {seed}.",
        cost=cost,
        before=before,
        bound=round(made.bound, 1),
        seconds=round(made.seconds, 1),
        seed=made.seed,
    )
