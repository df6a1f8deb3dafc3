"""The numbers that rules need: changed by commands, versioned, each version with its effective date.

All defaults are estimates or civil references (the Labour Code's twelve hours of rest): the force that uses
the product sets its own.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar, NamedTuple, Self

from pydantic import AwareDatetime, Field

from domain.base import Act, Decision, Entity, Event, entity, value
from domain.estimate import RoutingNumbers

Hours = Annotated[float, Field(gt=0, le=24 * 31)]
Whole = Annotated[int, Field(ge=0, le=10_000)]
Factor = Annotated[float, Field(ge=1, le=10)]


@value
class PolicyNumbers:
    """What the rules count by: rest and load (R03), notice of lapsing (R04), capacity (R07), movement between
    activities (R09), time to spare between posts (R02), response of the reserve (R06),
    days of preparing and of what comes after (R17)."""

    min_rest_hours: Hours = 12
    max_span_hours: Hours = 12
    max_hours_24h: Hours = 12
    max_hours_7d: Hours = 60
    max_consecutive_nights: Whole = 4
    night_starts_hour: Annotated[int, Field(ge=0, le=23)] = 22
    night_ends_hour: Annotated[int, Field(ge=0, le=23)] = 6
    night_counts_from_hours: Hours = 3
    lapse_notice_days: Whole = 14
    capacity_warn_share: Annotated[float, Field(gt=0, le=1)] = 0.9
    embark_minutes: Whole = 3
    embark_seconds_per_person: Whole = 10
    disembark_minutes: Whole = 3
    leg_margin_minutes: Whole = 5
    route_time_factor: Factor = 1.3
    walk_minutes_inside_venue: Whole = 5
    travel_slack_minutes: Whole = 10
    reserve_response_minutes: Whole = 10
    far_from_visit_days: Whole = 14
    routing: RoutingNumbers = RoutingNumbers()

    def __hash__(self) -> int:
        # What is remembered of each officer is found by these numbers; there are few, and to hash all of one is slow.
        return hash((self.min_rest_hours, self.max_span_hours))


class PolicyVersion(NamedTuple):
    """Numbers and the moment from which they count."""

    effective_from: datetime
    numbers: PolicyNumbers


@value
class PolicyAdopted(Event):
    """Other numbers count from a moment on."""

    numbers: PolicyNumbers
    effective_from: AwareDatetime


@entity
class Policy(Entity):
    """All versions of the numbers; there is one policy for the site."""

    kind: ClassVar[str] = "policy"
    KEY: ClassVar[str] = "site"

    versions: tuple[PolicyVersion, ...] = ()

    @property
    def visit(self) -> str:
        return ""

    def at(self, moment: datetime) -> PolicyNumbers:
        """The numbers that count at a moment: of the latest version in force, later adopted ones first."""
        in_force = [version for version in self.versions if version.effective_from <= moment]
        if not in_force:
            return PolicyNumbers()
        return max(enumerate(in_force), key=lambda pair: (pair[1].effective_from, pair[0]))[1].numbers

    def adopt(self, numbers: PolicyNumbers, effective_from: datetime, act: Act) -> Decision:
        act.needs_reason()
        if self.at(effective_from) == numbers:
            return ()
        return (PolicyAdopted(**act.on(self), numbers=numbers, effective_from=effective_from),)

    @staticmethod
    def founded(event: PolicyAdopted) -> Policy:
        return Policy(key=Policy.KEY, version=0).evolve(event)

    def evolve(self, event: Event) -> Self:
        match event:
            case PolicyAdopted(numbers=numbers, effective_from=moment):
                return self.with_(event, versions=(*self.versions, PolicyVersion(moment, numbers)))
        return self.with_(event)


#: The policy of a site that has adopted none yet.
DEFAULT_POLICY = Policy(key=Policy.KEY, version=0)
