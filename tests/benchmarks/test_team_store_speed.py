"""The targets of the team's store, as ``make bench`` checks them."""

from __future__ import annotations

import pytest

from tests.benchmarks.report import show
from tests.benchmarks.team_store import measured
from tests.planner.store.servers import missing


@pytest.mark.benchmark
@pytest.mark.skipif(bool(missing()), reason=missing() or "there is a server")
def test_a_team_saves_nearly_as_fast_as_its_server_writes() -> None:
    assert show(measured())
