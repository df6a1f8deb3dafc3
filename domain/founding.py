"""The events that found an entity, each with what it founds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from domain.assignment import Assignment, OfficerAssigned
from domain.base import Entity, Event
from domain.delegation import Delegation, DelegationRegistered
from domain.emergency import EmergencyAccess, EmergencyAccessOpened
from domain.erasure import Erasure, PersonErased, VisitErased
from domain.membership import FOUNDINGS, Membership
from domain.officer import Officer, OfficerRegistered
from domain.policy import Policy, PolicyAdopted
from domain.post import Post, PostCreated
from domain.route import Route, RoutePlanned
from domain.signer import SigningKeyMade, SigningKeys
from domain.venue import Venue, VenueRegistered
from domain.visit import Visit, VisitRegistered
from domain.ways import Ways, WaysMeasured

FOUNDERS: dict[type[Event], Callable[[Any], Entity]] = {
    VisitRegistered: Visit.founded,
    DelegationRegistered: Delegation.founded,
    VenueRegistered: Venue.founded,
    RoutePlanned: Route.founded,
    OfficerRegistered: Officer.founded,
    PostCreated: Post.founded,
    OfficerAssigned: Assignment.founded,
    PolicyAdopted: Policy.founded,
    WaysMeasured: Ways.founded,
    **dict.fromkeys(FOUNDINGS, Membership.founded),
    EmergencyAccessOpened: EmergencyAccess.founded,
    SigningKeyMade: SigningKeys.founded,
    PersonErased: Erasure.founded,
    VisitErased: Erasure.founded,
}
