"""Data of every released schema open with this version and fold to what they folded to then."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import orjson
import pytest

from domain.personal import ERASED
from domain.refusals import NotPossible
from planner.application import Planner
from planner.store.backup import backup, restore
from planner.store.doctor import check
from planner.store.mapper import FORMAT
from planner.store.postgresql.opening import use_postgresql
from tests.examples import VIETNAMESE_OFFICERS, officer_details
from tests.planner.acting import BINH, HOA, Clock
from tests.planner.store.golden.make import main, told

GOLDEN = Path(__file__).parent / "golden"
RELEASED = sorted(path.name for path in GOLDEN.glob("format-*"))


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


def test_the_present_form_has_its_golden_data() -> None:
    kept = [f"format-{number}" for number in range(1, FORMAT + 1)]

    assert kept == RELEASED


def test_released_data_open_and_fold_to_what_they_did(place: Path) -> None:
    expected = orjson.loads((place / "plan.json").read_bytes())

    with closing(opened(place)) as planner:
        assert told(planner.plan) == expected
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
            assert told(planner.plan) == expected
            assert len(planner.plan.parked) == 0
        assert [found for found in check(place / name, place / "key") if not found.ok] == []


def test_who_was_recorded_before_persons_had_keys_is_not_said_to_be_erased(tmp_path: Path) -> None:
    with closing(opened(copied("format-1", tmp_path))) as planner:
        with pytest.raises(NotPossible):
            planner.erase_person("CA-0113", by=BINH, reason="Theo yêu cầu")

        assert planner.plan.officer("CA-0113").name == officer_details(VIETNAMESE_OFFICERS[0]).name


def test_who_was_recorded_since_can_be_erased(tmp_path: Path) -> None:
    with closing(opened(copied("format-2", tmp_path))) as planner:
        planner.erase_person("CA-0113", by=BINH, reason="Theo yêu cầu")

        assert planner.plan.officer("CA-0113").name.romanised == ERASED


def test_making_golden_data_makes_what_is_kept(tmp_path: Path) -> None:
    main(tmp_path / "made")

    kept = GOLDEN / f"format-{FORMAT}" / "plan.json"
    assert (tmp_path / "made" / "plan.json").read_bytes() == kept.read_bytes()
