"""Whether each party gets from one activity to the next in time: R09."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain, groupby, pairwise
from typing import NamedTuple

from domain.estimate import estimate
from domain.finding import Finding, Scope, Severity
from domain.messages import Message, message
from domain.plan import Plan
from domain.policy import PolicyNumbers
from domain.references import party_members
from domain.route import RouteKind, RouteSource
from domain.rules.naming import titled, venue_named
from domain.rules.scope import keys_of, within
from domain.values import TimeWindow
from domain.visit import Activity, ActivityType, Visit

#: Activities that are named as late because of one before them: of a programme typed in on one day, all would be.
MOST_NAMED = 12

#: Codes of the activities that are asked about; None for all.
type Asked = frozenset[str] | None


def leg_infeasible(plan: Plan, numbers: PolicyNumbers, as_of: datetime, scope: Scope) -> tuple[Finding, ...]:
    """R09: a party cannot be at its next activity in time: blocks where that is fixed, else warns with when it can.

    Needed are embarking, the way times the policy's factor, disembarking and a margin; inside one venue a walk,
    in one room nothing. The way is the primary route, the alternate where that is closed or missing, else an
    estimate, which warns too where it fits by less than another margin. An unknown place is told as information.
    Each party of each delegation is checked by itself; a party joins another by an activity of its own, declared
    joint. Left out, because the product has no such things yet: measured runs, and walks from the car to the room.
    """
    found = (f for visit, asked in _visits_in(plan, scope) for f in _of_visit(plan, numbers, visit, asked))
    return within(found, scope)


class Way(NamedTuple):
    """How a party gets from one activity to the next: how long from end to start, and in words by what."""

    needed: timedelta
    said: Message
    estimated: bool = False
    known: bool = True


def _of_visit(plan: Plan, numbers: PolicyNumbers, visit: Visit, asked: Asked) -> Iterator[Finding]:
    legs = Legs(plan, numbers, visit)
    seen: set[tuple[str, str]] = set()
    for together in _chains(plan, visit, asked):
        for index, (earlier, later) in enumerate(pairwise(together)):
            leg = (earlier.code, later.code)
            if leg not in seen and (asked is None or not asked.isdisjoint(leg)) and not earlier.held_with(later):
                seen.add(leg)
                yield from legs.judged(earlier, later, _after(together, index + 1))


def _chains(plan: Plan, visit: Visit, asked: Asked) -> Iterator[tuple[Activity, ...]]:
    """The activities of each party of each delegation in order of time; those for no one delegation are for all.

    Only chains with one of the ``asked`` activities: all legs to it or from it are in these.
    """
    delegations = plan.delegations(visit.key)
    withdrawn = {delegation.code for delegation in delegations if delegation.withdrawn}
    programme = [activity for activity in visit.programme if activity.delegation not in withdrawn]
    coming: list[str | None] = [delegation.code for delegation in delegations if not delegation.withdrawn]
    wanted = {(a.party, a.delegation) for a in programme if asked is None or a.code in asked}
    together: dict[str, list[Activity]] = {party: [] for party in sorted({party for party, _ in wanted})}
    for activity in programme:
        if activity.party in together:
            together[activity.party].append(activity)
    for party, activities in together.items():
        for code in coming or [None]:
            if not wanted.isdisjoint({(party, None), (party, code)}):
                yield tuple(activity for activity in activities if activity.delegation in (None, code))


def _after(together: tuple[Activity, ...], index: int) -> Iterator[Activity]:
    """The activities after that one in order, without a copy of what may be thousands long."""
    return (together[place] for place in range(index + 1, len(together)))


class Legs(NamedTuple):
    """The legs of a visit's programme."""

    plan: Plan
    numbers: PolicyNumbers
    visit: Visit

    def judged(self, earlier: Activity, later: Activity, following: Iterator[Activity]) -> Iterator[Finding]:
        """What is found about the leg; ``following`` are the activities after the later one."""
        way = self.way(earlier, later)
        over, start = _over(earlier), later.window.start
        earliest = _whole_minute(over + way.needed)
        if over + way.needed > start:
            severity = Severity.BLOCK if later.fixed else Severity.WARN
            said = self._late(way, earlier, later, earliest, following)
            window = TimeWindow(start=min(over, start), end=max(earliest, over))
        elif not way.known:
            severity, said = Severity.INFO, way.said
            window = later.window
        elif way.estimated and start - (over + way.needed) < timedelta(minutes=self.numbers.leg_margin_minutes):
            severity = Severity.WARN
            said = message(
                "Visit {visit}: the way from {earlier} to {later} just suffices, but is only an estimate: {way}.",
                **self._values(way, earlier, later),
            )
            window = TimeWindow(start=over, end=start)
        else:
            return
        subjects = tuple(sorted(f"activity/{self.visit.key}/{activity.code}" for activity in (earlier, later)))
        yield Finding(rule="R09", severity=severity, subjects=subjects, window=window, message=said)

    def way(self, earlier: Activity, later: Activity) -> Way:
        """How the party of the later activity gets there from the earlier one."""
        if earlier.venue is None or later.venue is None:
            unknown = earlier if earlier.venue is None else later
            said = message(
                "Visit {visit}: nobody knows whether there is time from {earlier} to {later}: {unknown} has no venue.",
                unknown=unknown.code,
                **self._names(earlier, later),
            )
            return Way(timedelta(0), said, known=False)
        if earlier.venue == later.venue:
            if earlier.room is not None and earlier.room == later.room:
                return Way(timedelta(0), message("no way at all, in the same room"))
            walk = timedelta(minutes=self.numbers.walk_minutes_inside_venue)
            venue = venue_named(self.plan, later.venue)
            return Way(walk, message("{walk} on foot inside {venue}", walk=walk, venue=venue))
        return self._drive(earlier, later, earlier.venue, later.venue)

    def _drive(self, earlier: Activity, later: Activity, origin: str, destination: str) -> Way:
        embark = self._embark(earlier, later)
        departure = _over(earlier) + embark
        minutes, driven, estimated = self._driven(departure, origin, destination)
        numbers = self.numbers
        disembark, margin = timedelta(minutes=numbers.disembark_minutes), timedelta(minutes=numbers.leg_margin_minutes)
        said = message(
            "{embark} to embark, {driven}, {disembark} to disembark, {margin} margin",
            embark=embark,
            driven=driven,
            disembark=disembark,
            margin=margin,
        )
        return Way(embark + timedelta(minutes=minutes) + disembark + margin, said, estimated)

    def _driven(self, departure: datetime, origin: str, destination: str) -> tuple[float, Message, bool]:
        """Minutes with the policy's factor, in words, and whether they are only an estimate."""
        routes = [r for r in self.plan.routes(self.visit.key) if not r.withdrawn and r.leg == (origin, destination)]
        factor = self.numbers.route_time_factor
        for kind in (RouteKind.PRIMARY, RouteKind.ALTERNATE):
            usable = [r for r in routes if r.details.kind is kind and not r.closed_on_the_way(departure, factor)]
            if usable:
                route = min(usable, key=lambda r: (r.details.minutes, r.key))
                minutes = route.details.minutes * factor
                values = {"minutes": timedelta(minutes=minutes), "route": route.code}
                if route.details.source is RouteSource.ESTIMATE:
                    return minutes, message("{minutes} by route {route}, which is an estimate", **values), True
                return minutes, message("{minutes} by route {route}", **values), False
        here, there = self.plan.venue(origin).details.coordinates, self.plan.venue(destination).details.coordinates
        minutes = estimate(here, there, self.numbers.routing).minutes * factor
        lasting = timedelta(minutes=minutes)
        if any(route.details.kind in (RouteKind.PRIMARY, RouteKind.ALTERNATE) for route in routes):
            return minutes, message("{minutes} by estimate, as the planned routes are closed", minutes=lasting), True
        return minutes, message("{minutes} by estimate, as no route is planned", minutes=lasting), True

    def _embark(self, earlier: Activity, later: Activity) -> timedelta:
        if earlier.embark_minutes is not None:
            return timedelta(minutes=earlier.embark_minutes)
        persons = party_members(self.plan, self.visit.key, earlier)
        if not persons:
            persons = min((size for size in (earlier.headcount, later.headcount) if size), default=0)
        numbers = self.numbers
        return timedelta(minutes=numbers.embark_minutes, seconds=numbers.embark_seconds_per_person * persons)

    def _late(
        self, way: Way, earlier: Activity, later: Activity, earliest: datetime, following: Iterator[Activity]
    ) -> Message:
        values = self._values(way, earlier, later) | {
            "missing": earliest - later.window.start,
            "earliest": earliest,
            "start": later.window.start,
        }
        if not way.known:
            values["way"] = message("without any way")
        if later.fixed:
            return message(
                "Visit {visit}: from {earlier} to {later}, fixed at {start}, {missing} are missing: {way}.", **values
            )
        moving = self._moving(earliest, later, following)
        if not moving:
            return message(
                "Visit {visit}: from {earlier} to {later} {missing} are missing; it can start at {earliest}: {way}.",
                **values,
            )
        if len(moving) > MOST_NAMED:
            return message(
                "Visit {visit}: from {earlier} to {later} {missing} are missing; it can start at {earliest}: {way}. "
                "These move too, and more after them: {moving}.",
                moving=moving[:MOST_NAMED],
                **values,
            )
        return message(
            "Visit {visit}: from {earlier} to {later} {missing} are missing; it can start at {earliest}: {way}. "
            "These move too: {moving}.",
            moving=moving,
            **values,
        )

    def _moving(self, start: datetime, first: Activity, following: Iterator[Activity]) -> list[str]:
        """What else is late where the first starts then; of very much only one more than is named."""
        late: list[str] = []
        by = start - first.window.start
        for earlier, later in pairwise(chain((first,), following)):
            if len(late) > MOST_NAMED:
                break
            if earlier.held_with(later):
                continue
            by = _over(earlier) + by + self.way(earlier, later).needed - later.window.start
            if by <= timedelta(0):
                break
            late.append(titled(later.code, later.title))
        return late

    def _names(self, earlier: Activity, later: Activity) -> dict[str, object]:
        return {
            "visit": self.visit.key,
            "earlier": f"{earlier.code} ({earlier.title})",
            "later": f"{later.code} ({later.title})",
        }

    def _values(self, way: Way, earlier: Activity, later: Activity) -> dict[str, object]:
        return {"way": way.said, **self._names(earlier, later)}


def _over(activity: Activity) -> datetime:
    """When an activity ends: an arrival that came late ends as much later."""
    end, journey = activity.window.end, activity.journey
    if activity.type is not ActivityType.ARRIVAL or journey is None or journey.actual is None:
        return end
    return end + max(journey.actual - activity.window.start, timedelta(0))


def _whole_minute(moment: datetime) -> datetime:
    """The moment, or the next whole minute."""
    past = timedelta(seconds=moment.second, microseconds=moment.microsecond)
    return moment if not past else moment - past + timedelta(minutes=1)


def _visits_in(plan: Plan, scope: Scope) -> Iterator[tuple[Visit, Asked]]:
    """The visits that take place and of which a scope asks for legs, and for those of which activities."""
    asked: dict[str, Asked] = {}
    if scope is not None:
        for visit, activities in groupby(keys_of(scope, "activity"), lambda key: key.partition("/")[0]):
            asked[visit] = frozenset(key.partition("/")[2] for key in activities)
    for visit in [visit.key for visit in plan.visits] if scope is None else keys_of(scope, "visit"):
        asked[visit] = None
    for key in sorted(asked):
        found = plan.entities.get(f"visit/{key}")
        if isinstance(found, Visit) and not found.cancelled:
            yield found, asked[key]
