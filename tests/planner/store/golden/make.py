"""Makes the golden data of the present schema: ``python tests/planner/store/golden/make.py DIR`` before a release.

``DIR`` gets ``data`` (the log and its keys), ``key`` and ``plan.json``, what the log folds to; the place to keep it is
``tests/planner/store/golden/format-N``. Golden data are never made again: every later version must open them.
"""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import Any

import orjson
from pydantic_core import to_jsonable_python

from domain.base import changed
from domain.plan import Plan
from planner.application import Planner
from tests.examples import (
    VIETNAMESE_OFFICERS,
    VISIT,
    activity,
    delegation_details,
    key_point,
    member,
    officer_details,
    post_details,
    qualification,
    room,
    route_details,
    venue_details,
    visit_details,
    window,
)
from tests.planner.acting import BINH, HOA, THAO, Clock

WHY = "Đoàn bạn đề nghị"


def tell(planner: Planner) -> None:
    """A small story with every kind of thing in it."""
    planner.register_visit(VISIT, visit_details(), by=HOA)
    planner.register_venue("HOTEL-1", venue_details(), by=HOA)
    planner.register_venue("AIRPORT", venue_details(name="Sân bay"), by=HOA)
    planner.add_room("HOTEL-1", room("R-1"), by=HOA)
    planner.mark_key_point("HOTEL-1", key_point("K-1"), by=HOA)
    planner.register_delegation(VISIT, "LA", delegation_details(), by=HOA)
    planner.add_member(VISIT, "LA", member("M-01"), by=HOA)
    planner.designate_head(VISIT, "LA", "M-01", by=HOA)
    planner.schedule_activity(VISIT, activity("A-01", venue="HOTEL-1"), by=HOA)
    planner.move_activity(VISIT, "A-01", window("13:00", "14:00"), by=HOA, reason=WHY)
    details = officer_details(VIETNAMESE_OFFICERS[0])
    planner.register_officer("CA-0113", details, by=HOA)
    planner.amend_officer("CA-0113", changed(details, rank="Trung tá"), by=HOA, reason="Thăng cấp")
    planner.grant_qualification("CA-0113", qualification("K9"), by=HOA)
    planner.create_post(VISIT, "P-01", post_details(venue="HOTEL-1", commander="CA-0113"), by=HOA)
    planner.assign_officer(VISIT, "P-01", "CA-0113", by=HOA)
    planner.acknowledge_assignment(VISIT, "A-0001", by=THAO)
    planner.reschedule_post(VISIT, "P-01", window("13:00", "17:00"), by=HOA, reason=WHY)
    planner.plan_routes(VISIT, (route_details("AIRPORT", "HOTEL-1"),), by=HOA)
    planner.close_route(VISIT, planner.plan.routes(VISIT)[0].code, window("13:00", "17:00"), by=HOA, reason=WHY)
    planner.cancel_activity(VISIT, "A-01", by=HOA, reason=WHY)
    planner.adopt_policy(planner.plan.numbers(planner.clock()), planner.clock(), by=BINH, reason=WHY)


def told(plan: Plan) -> Any:
    """Everything the plan says, as JSON."""
    entities = {
        key: to_jsonable_python(dataclasses.asdict(one), fallback=list) for key, one in sorted(plan.entities.items())
    }
    return {"position": plan.position, "recorded_at": to_jsonable_python(plan.recorded_at), "entities": entities}


def main(place: Path) -> None:
    """Makes them."""
    place.mkdir()
    planner = Planner(place / "data", place / "key", clock=Clock())
    tell(planner)
    (place / "plan.json").write_bytes(orjson.dumps(told(planner.plan), option=orjson.OPT_INDENT_2))
    planner.close()
    for name in ("gate.lock", "gate.next", "setup.lock", "snapshots.db"):
        (place / "data" / name).unlink(missing_ok=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
