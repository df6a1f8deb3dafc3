"""Data of every released schema open with this version and fold to what they folded to then."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from domain.base import Actor, Role
from domain.personal import ERASED
from domain.refusals import NotPossible
from planner.application import Planner
from planner.audit.verify import verify_store
from planner.exports.plan_json import plan_json
from planner.imports.visit_json import read_visit
from planner.store.backup import backup, restore
from planner.store.doctor import check
from planner.store.mapper import FORMAT
from planner.store.postgresql.opening import use_postgresql
from tests.examples import VIETNAMESE_OFFICERS, officer_details
from tests.planner.acting import BINH, HOA, Clock
from tests.planner.store.golden.make import main, told

GOLDEN = Path(__file__).parent / "golden"
RELEASED = sorted(path.name for path in GOLDEN.glob("format-*"))


def differing(now: Any, then: Any, where: str = "") -> list[str]:
    """Where what is folded now says something else than then; a field that came since is no difference."""
    if isinstance(then, dict) and isinstance(now, dict):
        return [found for name in then for found in differing(now.get(name, "missing"), then[name], f"{where}/{name}")]
    if isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        pairs = enumerate(zip(now, then, strict=True))
        return [found for place, (one, other) in pairs for found in differing(one, other, f"{where}/{place}")]
    return [] if now == then else [f"{where}: {then!r} is {now!r} now"]


def opened(place: Path) -> Planner:
    return Planner(place / "data", place / "key", clock=Clock())


def copied(name: str, place: Path) -> Path:
    """A copy of released data and their key, for their owner alone: a checkout is for everybody."""
    shutil.copytree(GOLDEN / name, place / "golden")
    for path in (place / "golden").rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return place / "golden"


@pytest.fixture(params=RELEASED)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return copied(request.param, tmp_path)


def test_a_value_that_changed_or_went_is_a_difference_and_a_new_field_is_none() -> None:
    then = {"posts": [{"code": "P-01", "headcount": 1}], "position": 5}

    assert differing({"posts": [{"code": "P-01", "headcount": 1, "backups": []}], "position": 5}, then) == []
    assert differing({"posts": [{"code": "P-01", "headcount": 2}], "position": 5}, then) == [
        "/posts/0/headcount: 1 is 2 now"
    ]
    assert len(differing({"posts": [], "position": 5}, then)) == 1
    assert differing({"posts": then["posts"]}, then) == ["/position: 5 is 'missing' now"]


def test_the_present_form_has_its_golden_data() -> None:
    kept = [f"format-{number}" for number in range(1, FORMAT + 1)]

    assert kept == RELEASED


def test_released_data_open_and_fold_to_what_they_did(place: Path) -> None:
    expected = orjson.loads((place / "plan.json").read_bytes())

    with closing(opened(place)) as planner:
        assert differing(told(planner.plan), expected) == []
        assert len(planner.plan.parked) == 0


def test_work_goes_on_with_released_data(place: Path) -> None:
    with closing(opened(place)) as planner:
        planner.register_officer("CA-0900", officer_details(VIETNAMESE_OFFICERS[1]), by=HOA)
        planner.reschedule_post(
            planner.plan.visits[0].key, "P-01", planner.plan.posts("LA-2026-01")[0].window, by=HOA, reason="Như cũ"
        )
        planner.erase_person("CA-0900", by=BINH, reason="Theo yêu cầu")

    with closing(opened(place)) as planner:
        assert planner.plan.officer("CA-0900").name.romanised == ERASED
    assert [found for found in check(place / "data", place / "key") if not found.ok] == []


def test_released_data_move_into_a_team_s_database_and_back(place: Path, new_database: Callable[[], str]) -> None:
    expected = orjson.loads((place / "plan.json").read_bytes())
    backup(place / "data", place / "first.backup", place / "key")
    use_postgresql(place / "team", place / "key", new_database())

    restore(place / "first.backup", place / "team", place / "key")
    backup(place / "team", place / "second.backup", place / "key")
    restore(place / "second.backup", place / "again", place / "key")

    for name in ("team", "again"):
        with closing(Planner(place / name, place / "key", clock=Clock())) as planner:
            assert differing(told(planner.plan), expected) == []
            assert len(planner.plan.parked) == 0
        assert [found for found in check(place / name, place / "key") if not found.ok] == []


def test_who_was_recorded_before_persons_had_keys_is_not_said_to_be_erased(tmp_path: Path) -> None:
    with closing(opened(copied("format-1", tmp_path))) as planner:
        with pytest.raises(NotPossible):
            planner.erase_person("CA-0113", by=BINH, reason="Theo yêu cầu")

        assert planner.plan.officer("CA-0113").name == officer_details(VIETNAMESE_OFFICERS[0]).name


def test_who_was_recorded_before_persons_had_keys_is_erased_after_moving_into_new_data(tmp_path: Path) -> None:
    """The way that the refusal names."""
    with closing(opened(copied("format-1", tmp_path))) as planner:
        documents = [plan_json(planner.plan, visit.key) for visit in planner.plan.visits]
    name = officer_details(VIETNAMESE_OFFICERS[0]).name.romanised
    by = Actor("founder", frozenset({Role.PLANNER, Role.COMMANDER}))

    with closing(Planner(tmp_path / "new", tmp_path / "new.key", clock=Clock())) as moved:
        for document in documents:
            moved.import_visit(read_visit(document), by=by)
        assert moved.plan.officer("CA-0113").name.romanised == name  # the control
        moved.erase_person("CA-0113", by=by, reason="Theo yêu cầu")

        assert moved.timeline.at(moved.plan.position - 1).officer("CA-0113").name.romanised == ERASED
        assert [found for found in verify_store(moved.store) if not found.ok] == []


def test_who_was_recorded_since_can_be_erased(tmp_path: Path) -> None:
    with closing(opened(copied("format-2", tmp_path))) as planner:
        planner.erase_person("CA-0113", by=BINH, reason="Theo yêu cầu")

        assert planner.plan.officer("CA-0113").name.romanised == ERASED


def test_a_review_from_before_reviews_were_signed_is_read_and_is_no_trouble(tmp_path: Path) -> None:
    """Data in which an emergency access was opened, signed, and reviewed without a signature."""
    place = copied("unsigned-review", tmp_path)
    expected = orjson.loads((place / "plan.json").read_bytes())

    with closing(opened(place)) as planner:
        (opening,) = planner.plan.emergency("LA-2026-01", "lan").openings
        told_of = {str(found.name): str(found.why) for found in verify_store(planner.store) if found.level == 4}

        assert differing(told(planner.plan), expected) == []
        assert (opening.verdict, opening.signed) == ("Cần thiết", True)
        assert [str(found.why) for found in verify_store(planner.store) if not found.ok] == []
    share = "1 of 2 overrides, emergency accesses and reviews of these"
    assert told_of["every signature of a person holds"] == share


def test_ways_that_were_recorded_in_minutes_say_what_they_said(tmp_path: Path) -> None:
    """Data in which ways were recorded as numbers of minutes, and walks one by one."""
    place = copied("ways-in-minutes", tmp_path)

    with closing(opened(place)) as planner:
        roads = planner.plan.ways("LA-2026-01").roads
        driven = [[roads.drive(one, other) for other in range(3)] for one in range(3)]
        (inside,) = roads.inside
        walked = [inside.walk(0, 1), inside.walk(1, 0), inside.walk(0, 2)]
        wrong = [str(found.why) for found in verify_store(planner.store) if not found.ok]

    minutes: list[list[float | None]] = [[0, 1.4, 17.6], [1.3, 0, None], [18.1, 17.9, 0]]
    assert driven == [[None if one is None else timedelta(minutes=one) for one in row] for row in minutes]
    assert walked == [timedelta(minutes=12.3), timedelta(minutes=12.9), None]
    assert ([place.lat for place in roads.places], roads.pack, wrong) == ([19.88, 19.8805, 19.95], "ab12", [])


def test_making_golden_data_makes_what_is_kept(tmp_path: Path) -> None:
    main(tmp_path / "made")

    kept = orjson.loads((GOLDEN / f"format-{FORMAT}" / "plan.json").read_bytes())
    made = orjson.loads((tmp_path / "made" / "plan.json").read_bytes())
    assert differing(made, kept) == []
