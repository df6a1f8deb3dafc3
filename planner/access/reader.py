"""One account that asks: everything that pages, files, phones and the command line show comes from here.

A reader is made anew for every page run, request and command, so that a membership that ended has ended.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from domain.base import Actor, Role
from domain.emergency import ROLES as EMERGENCY_ROLES
from domain.emergency import EmergencyAccess
from domain.finding import Finding
from domain.plan import Plan
from domain.refusals import NotAllowed
from domain.rules import for_reader
from domain.signer import SigningKeys
from domain.signing import signing_keys
from planner.access.clearance import KEY_HOLDER, Clearance, clearance
from planner.access.members import everywhere, opened_by, roles_in, standing_in
from planner.access.outside import outside_duty
from planner.access.permits import may_in, permit, permitted
from planner.access.reads import EVERY, Ended, Read, Recorded, Standing, TakenFile, of_visits
from planner.access.redaction import RedactedTimeline, Redaction, without_accounts, without_reader, without_refused
from planner.access.refused import Refused, cases
from planner.access.seen import seen
from planner.access.seen_timeline import SeenTimeline
from planner.application import Planner
from planner.checks import Checked
from planner.history.questions import LATE, Answers, Question, answered
from planner.history.walks import Asked, Doings, walks
from planner.timeline import Timeline

#: What findings about the force name.
_FORCE = ("post/", "assignment/", "officer/", "shift/", "qualification/", "language/", "licence/", "absence/")


class Reader:
    """What ``actor`` may see of a planner's plan, now and in the past.

    ``key_holder`` for the command line of whoever holds the data and their key, which needs no account; ``leaving``
    for what is taken out: of a visit opened by break-glass nothing is.
    """

    def __init__(self, planner: Planner, actor: Actor, *, key_holder: bool = False, leaving: bool = False) -> None:
        self.planner = planner
        self.actor = actor
        self._all = planner.plan
        self._key_holder = key_holder
        self._leaving = leaving
        self._redaction: Redaction | None = None
        #: The same reader before anything was left out: for what is named by its hash alone.
        self.unredacted: Reader = self

    def taking_out(self) -> Reader:
        """The same reader of the same plan, for what leaves: nothing of what only an emergency opened."""
        copy = Reader(self.planner, self.actor, key_holder=self._key_holder, leaving=True)
        copy._all = self._all
        return copy

    def redacting(self) -> Reader:
        """The same reader of the same plan, for files that are redacted."""
        copy = Reader(self.planner, self.actor, key_holder=self._key_holder, leaving=self._leaving)
        copy._all = self._all
        copy._redaction = Redaction.of(self.plan)
        copy.unredacted = self
        return copy

    @functools.cached_property
    def clearance(self) -> Clearance:
        clear = KEY_HOLDER
        if not self._key_holder:
            clear = clearance(self._all, self.actor, self.planner.clock(), emergencies=not self._leaving)
        return clear if self._redaction is None else without_accounts(clear, self._all)

    @functools.cached_property
    def plan(self) -> Plan:
        """The current plan, as the reader may see it."""
        plan = seen(self._all, self.clearance)
        return plan if self._redaction is None else self._redaction.plan(plan)

    @functools.cached_property
    def timeline(self) -> Timeline:
        """Past plans and events, as the reader may see them today."""
        whole = self.planner.timeline
        if self._redaction is not None:
            return RedactedTimeline(whole, self.clearance, self._redaction)
        return whole if self.clearance.whole else SeenTimeline(whole, self.clearance)

    @property
    def unseen_gaps(self) -> tuple[int, ...]:
        """Positions of events that cannot be read, of things that the reader may not see: numbers tell nothing else."""
        seen_here = self.plan.parked
        return tuple(sorted(gap.position for key, gap in self._all.parked.items() if key not in seen_here))

    def clock(self) -> datetime:
        """The present moment in UTC."""
        return self.planner.clock()

    @property
    def sees_force(self) -> bool:
        """True where the reader sees the personnel register, and posts and duties of some visit."""
        return self.clearance.whole or "officer" in self.clearance.shared

    def may(self, action: str, visit: str = "") -> bool:
        """True where the reader may do it in that visit, or on the site."""
        return self._key_holder or may_in(self._all, self.actor, action, visit, self.planner.clock())

    def roles_in(self, visit: str) -> frozenset[Role]:
        """The reader's roles in a visit now; none in one that is hidden or not there."""
        return roles_in(self._all, self.actor, visit, self.planner.clock())

    def permit(self, query: str, visit: str = "") -> None:
        """Refuse what the reader may not ask; a hidden visit as one that is not there."""
        if not self._key_holder:
            permitted(self._all, self.actor, query, visit, self.planner.clock())

    @property
    def key_holder(self) -> bool:
        """True for whoever holds the data and their key, without an account."""
        return self._key_holder

    @property
    def visits_seen(self) -> tuple[str, ...]:
        """The codes of all visits of which the reader sees something; ``EVERY`` where nothing is hidden."""
        if self.clearance.whole:
            return (EVERY,)
        return tuple(visit.key for visit in self.plan.visits)

    def record(
        self,
        query: str,
        visits: tuple[str, ...] = (),
        about: str = "",
        outcome: Ended = Ended.SHOWN,
        *,
        purpose: str = "",
        recipient: str = "",
        file: TakenFile | None = None,
    ) -> None:
        """Record that this is read, before it is shown. Refused with ``StoreUnavailable`` where that cannot be."""
        self.planner.reads.append(
            Read(
                user=self.actor.user,
                via=self.actor.via,
                query=query,
                visits=visits,
                about=about,
                position=self._all.position,
                standing=self._standing(visits),
                purpose=purpose,
                recipient=recipient,
                outcome=outcome,
                file=file,
            )
        )

    def _standing(self, visits: tuple[str, ...]) -> Standing:
        """In which capacity this is read; by break-glass where that shows any of it."""
        if self._key_holder:
            return Standing.KEY
        if not visits:
            return Standing.SITE
        now = self.planner.clock()
        opened = {} if self._leaving else opened_by(self._all, self.actor, now)
        if opened and (visits == (EVERY,) or not opened.keys().isdisjoint(visits)):
            return Standing.EMERGENCY
        if visits == (EVERY,):
            return Standing.EVERYWHERE
        found = {standing_in(self._all, self.actor, visit, now) for visit in visits}
        return found.pop() if len(found) == 1 else Standing.MEMBER

    def emergencies(self) -> tuple[EmergencyAccess, ...]:
        """What the reader ever opened by break-glass."""
        return self._all.emergencies(user=self.actor.user)

    def own_keys(self) -> SigningKeys:
        """With which keys the reader signs: to be shown to who vouches for them."""
        return signing_keys(self._all, self.actor.user)

    @property
    def may_open_more(self) -> bool:
        """True where there can be a visit that break-glass would open further."""
        held = everywhere(self._all, self.actor, self.planner.clock())
        return self.may("open_emergency_access") and not self.actor.roles & EMERGENCY_ROLES <= held

    def findings(self, visit: str) -> Checked:
        """What is wrong with a visit, without what lies in others that the reader may not see."""
        self.plan.visit(visit)
        checked = self.planner.checks.of(self._all, visit)
        return dataclasses.replace(checked, findings=self.told(checked.findings))

    def told(self, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """Findings as the reader may be told them."""
        if self.clearance.whole:
            return tuple(findings)
        told = for_reader(findings, self.clearance.told)
        return told if self.sees_force else tuple(one for one in told if not _of_force(one))

    def answers(self, visit: str, late: timedelta = LATE) -> Answers:
        """What auditors ask of a visit; worked out anew when the plan changes, and every minute."""
        self.permit("read_questions", visit)
        plan, now = self.plan, self.clock().replace(second=0, microsecond=0)

        # Of each visit one: the next minute, or another number of hours, takes its place.
        kept = plan.remembered(("answers", visit), dict[tuple[timedelta, datetime], Answers])
        answers = kept.get((late, now))
        if answers is None:
            events = self.timeline.events_at(self.timeline.positions_of_visit(visit))
            answers = answered(events, plan, visit, now, late)
            kept.clear()
            kept[late, now] = answers
        if self._redaction is not None:
            answers = {question: told for question, told in answers.items() if question is not Question.BREAK_GLASS}
        if not self.may("read_reads", visit):
            return answers
        refused = self.planner.refusals.listed(visit=visit)
        reads = self.planner.reads.listed(visit=visit, outside_duty=True)
        if self._redaction is not None:
            refused, reads = [without_refused(one) for one in refused], [without_reader(one) for one in reads]
        return {**answers, Question.REFUSED: tuple(cases(refused)), Question.OUTSIDE_DUTY: outside_duty(reads, visit)}

    @property
    def audits_every_visit(self) -> bool:
        """True for an auditor of every visit, and for whoever holds the data and their key."""
        return self._key_holder or Role.AUDITOR in everywhere(self._all, self.actor, self.planner.clock())

    def reads(
        self,
        *,
        visit: str = "",
        user: str = "",
        outside_duty: bool = False,
        sha256: str = "",
        record: str = "",
        last: int = 1_000,
    ) -> tuple[Recorded, ...]:
        """The last reads, newest first, as the reader may be told them: those of the site, and of visits it audits.

        What was of several visits names those alone. A file is found by the hash of its bytes, or by its record.
        """
        if visit:
            self.permit("read_reads", visit)
        elif not self._key_holder:
            permit(self.actor, "read_reads")
        among = None
        if not self.audits_every_visit:
            among = {one.key for one in self.plan.visits if self.may("read_reads", one.key)}
        found = self.planner.reads.listed(
            visit=visit, user=user, outside_duty=outside_duty, sha256=sha256, record=record, among=among, last=last
        )
        return tuple(found if among is None else (of_visits(one, among) for one in found))

    def refused(self, *, visit: str = "", user: str = "", last: int = 1_000) -> tuple[Refused, ...]:
        """The last refusals of commands, newest first: about a visit for its auditor, or on the whole site."""
        if visit:
            self.permit("read_reads", visit)
        else:
            self._audit_every_visit()
        return tuple(self.planner.refusals.listed(visit=visit, user=user, last=last))

    def guessed(self, since: datetime) -> Mapping[str, int]:
        """How often each account asked in an emergency for a visit that is not there, since then."""
        self._audit_every_visit()
        return self.planner.refusals.guessed(since)

    def _audit_every_visit(self) -> None:
        """Refuse all but who audits every visit: to anybody else it would tell which codes are hidden."""
        if not self.audits_every_visit:
            raise NotAllowed.because("Only who audits every visit may see what was refused on the whole site.")

    def sees(self, kind: str, visit: str) -> bool:
        """True where the reader sees things of that kind of a visit."""
        return self.clearance.whole or kind in self.clearance.kinds(visit)

    def along(self, asked: Asked) -> Sequence[int]:
        """The positions of the events that are asked for and may be seen."""
        if asked.visit:
            self.plan.visit(asked.visit)
        return walks(self.planner.timeline).along(self._among(asked), self._all)

    def doings(self) -> Doings:
        """Who did something and what happened, of what may be seen."""
        found = walks(self.planner.timeline)
        if self.clearance.whole:
            return found.doings(self._all)
        return found.doings_along(self.along(Asked()), self._all)

    def _among(self, asked: Asked) -> Asked:
        if self.clearance.whole:
            return asked
        return dataclasses.replace(asked, among=tuple(self.clearance.subjects()))


def _of_force(finding: Finding) -> bool:
    return any(subject.startswith(_FORCE) for subject in finding.subjects)
