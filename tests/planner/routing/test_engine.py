"""Ways on the real streets of La Serena, and what happens when the engine dies."""

from __future__ import annotations

import itertools
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from domain.estimate import RoutingNumbers, estimate
from domain.polyline import decode
from domain.route import RouteKind, RouteSource
from domain.values import Coordinates
from planner.routing.engine import Router, routes_or_estimate
from planner.routing.map_pack import MapPack
from planner.routing.overlap import Ground, overlap, overlap_beyond_doorsteps
from planner.routing.pack_building import build
from planner.routing.refusals import NoWay, OffTheNetwork, RoutingStopped
from planner.routing.way import as_json
from tests.planner.routing.conftest import Draw

SQUARE = Coordinates(lat=-29.9027, lon=-71.2519)  # Plaza de Armas, La Serena
HARBOUR = Coordinates(lat=-29.9533, lon=-71.3395)  # Coquimbo
HILLS = Coordinates(lat=-29.9100, lon=-71.2200)
AT_SEA = Coordinates(lat=-29.9000, lon=-71.4200)
VIENTIANE = Coordinates(lat=17.9757, lon=102.6331)
NUMBERS = RoutingNumbers()


def test_three_ways_are_primary_alternate_and_emergency(router: Router) -> None:
    ways = router.routes(SQUARE, HARBOUR)

    assert [way.kind for way in ways] == [RouteKind.PRIMARY, RouteKind.ALTERNATE, RouteKind.EMERGENCY]
    assert {way.source for way in ways} == {RouteSource.NETWORK}
    assert {way.pack for way in ways} == {router.pack.hash}
    assert ways[0].streets == ("Ruta 5 Norte", "Juan Antonio Ríos", "Avenida Francisco Varela")


def test_the_engine_leaves_no_file_behind(demo: MapPack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    router = Router(demo)

    router.routes(SQUARE, HARBOUR)
    router.close()

    assert list(tmp_path.iterdir()) == []


def test_the_ways_keep_the_numbers_of_the_policy(router: Router) -> None:
    ways = router.routes(SQUARE, HARBOUR)
    ground = Ground(SQUARE.lat, SQUARE.lon)
    lines = [ground.on(way.line) for way in ways]

    assert [way.overlap for way in ways] == pytest.approx(
        [overlap(line, lines[:rank], NUMBERS.overlap_buffer_m) for rank, line in enumerate(lines)], abs=1e-3
    )
    assert all(
        overlap_beyond_doorsteps(b, [a], NUMBERS) <= NUMBERS.max_overlap for a, b in itertools.combinations(lines, 2)
    )
    assert all(ways[0].minutes <= way.minutes <= NUMBERS.max_stretch * ways[0].minutes for way in ways)


def test_a_way_goes_from_door_to_door(router: Router) -> None:
    way = router.way_to(SQUARE, HARBOUR)

    (first, *_, last) = [Coordinates(lat=lat, lon=lon) for lat, lon in way.line]
    assert first.distance_to(SQUARE) < 100
    assert last.distance_to(HARBOUR) < 100
    assert way.km == pytest.approx(13.5, abs=0.3)


def test_a_way_to_the_same_place_has_no_length(router: Router) -> None:
    ways = router.routes(SQUARE, SQUARE)

    assert [(way.km, way.minutes) for way in ways] == [(0, 0)]


def test_the_answer_of_the_command_line_is_geojson_with_the_longitude_first(router: Router) -> None:
    answer = as_json(router.routes(SQUARE, HARBOUR))

    assert [set(route) for route in answer["routes"]] == [
        {"kind", "km", "minutes", "overlap", "source", "geometry"}
    ] * 3
    assert [route["kind"] for route in answer["routes"]] == ["primary", "alternate", "emergency"]
    assert answer["routes"][0]["geometry"]["type"] == "LineString"
    assert answer["routes"][0]["geometry"]["coordinates"][0] == pytest.approx([SQUARE.lon, SQUARE.lat], abs=1e-3)


def test_a_place_at_sea_is_off_the_network(router: Router) -> None:
    with pytest.raises(OffTheNetwork, match=r"-29\.90000, -71\.42000 is more than 1000 m from every street of the map"):
        router.routes(SQUARE, AT_SEA)


def test_the_place_that_is_off_is_the_one_named(router: Router) -> None:
    with pytest.raises(OffTheNetwork, match=r"^-29\.90000, -71\.42000 is"):
        router.way_to(AT_SEA, SQUARE)


def test_a_place_on_another_continent_is_off_the_network(router: Router) -> None:
    with pytest.raises(OffTheNetwork, match=r"^17\.97570, 102\.63310 is"):
        router.routes(SQUARE, VIENTIANE)


def test_streets_that_are_not_connected_have_no_way(tmp_path: Path, draw: Draw) -> None:
    # Two grids on two banks, without a bridge.
    nodes, ways = {}, []
    for bank, south in enumerate((21.0, 21.1)):
        for row, column in itertools.product(range(9), range(9)):
            nodes[bank * 81 + row * 9 + column + 1] = (south + row * 0.002, 105.0 + column * 0.002)
        for row in range(9):
            first = bank * 81 + row * 9 + 1
            ways.append([first + column for column in range(9)])
            ways.append([bank * 81 + row + 1 + 9 * step for step in range(9)])
    tags = {"highway": "residential", "name": "Phố"}
    extract = draw(tmp_path / "banks.osm.pbf", nodes, [(number + 1, refs, tags) for number, refs in enumerate(ways)])
    here, over_there = Coordinates(lat=21.004, lon=105.004), Coordinates(lat=21.104, lon=105.004)

    with Router(build(extract, tmp_path / "banks")) as router:
        with pytest.raises(NoWay, match=r"No street leads from 21\.00400, 105\.00400"):
            router.routes(here, over_there)

        assert router.matrix([here], [here, over_there]) == ((0, None),)


def test_a_matrix_gives_seconds_and_leaves_out_what_is_off_the_network(router: Router) -> None:
    seconds = router.matrix([SQUARE, AT_SEA], [SQUARE, HARBOUR, AT_SEA])

    assert seconds[0][0] == 0
    assert seconds[0][1] == pytest.approx(60 * router.way_to(SQUARE, HARBOUR).minutes, rel=0.15)
    assert (seconds[0][2], seconds[1]) == (None, (None, None, None))


def test_a_matrix_larger_than_one_request_keeps_its_places(router: Router) -> None:
    places = [Coordinates(lat=-29.90 - 0.0008 * step, lon=-71.25) for step in range(60)]

    seconds = router.matrix(places, places)

    assert [seconds[at][at] for at in range(60)] == [0] * 60
    assert seconds[0][59] == router.matrix([places[0]], [places[59]])[0][0]


def test_an_empty_matrix_is_empty(router: Router) -> None:
    assert router.matrix([], [SQUARE]) == ()


def test_without_a_pack_the_way_is_an_estimate_and_says_so() -> None:
    answer = routes_or_estimate(None, SQUARE, HARBOUR, NUMBERS)

    (way,) = answer.ways
    guessed = estimate(SQUARE, HARBOUR, NUMBERS)
    assert (way.source, way.km, way.minutes, way.pack) == (RouteSource.ESTIMATE, guessed.km, guessed.minutes, "")
    assert decode(way.geometry) == ((SQUARE.lat, SQUARE.lon), (HARBOUR.lat, HARBOUR.lon))
    assert answer.note is not None


def test_off_the_network_the_way_is_an_estimate_with_the_reason(router: Router) -> None:
    answer = routes_or_estimate(router, SQUARE, AT_SEA, NUMBERS)

    assert [way.source for way in answer.ways] == [RouteSource.ESTIMATE]
    assert answer.note is not None
    assert str(answer.note).startswith("-29.90000, -71.42000 is more than 1000 m from every street")


def test_on_the_network_nothing_is_estimated(router: Router) -> None:
    answer = routes_or_estimate(router, SQUARE, HARBOUR, NUMBERS)

    assert [way.source for way in answer.ways] == [RouteSource.NETWORK] * 3
    assert answer.note is None


def test_the_street_names_of_hanoi_keep_their_marks(pack_of: Callable[[str], MapPack]) -> None:
    with Router(pack_of("hanoi_o_cho_dua")) as router:
        way = router.way_to(Coordinates(lat=21.0149, lon=105.8258), Coordinates(lat=21.0276, lon=105.8243))

    assert "Phố Giảng Võ" in way.streets


def test_threads_that_ask_at_once_get_what_one_gets(router: Router) -> None:
    pairs = [(SQUARE, HARBOUR), (HARBOUR, SQUARE), (SQUARE, HILLS), (HILLS, HARBOUR)] * 6
    alone = [router.way_to(*pair) for pair in pairs]

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda pair: router.way_to(*pair), pairs))

    assert together == alone
    assert router.restarts == 0


def test_a_worker_that_was_killed_is_started_again_and_the_log_says_so(
    router: Router, caplog: pytest.LogCaptureFixture
) -> None:
    before = router.way_to(SQUARE, HARBOUR)
    assert router.worker_pid is not None
    os.kill(router.worker_pid, signal.SIGKILL)

    with caplog.at_level(logging.WARNING):
        after = router.way_to(SQUARE, HARBOUR)

    assert after == before
    assert router.restarts == 1
    assert [record.message for record in caplog.records] == [
        "the routing engine stopped (signal 9) and is started again; it said: nothing"
    ]


def test_a_worker_killed_again_and_again_under_load_loses_no_answer(router: Router) -> None:
    expected = router.way_to(SQUARE, HARBOUR)

    with ThreadPoolExecutor(4) as threads:
        answers = [threads.submit(router.way_to, SQUARE, HARBOUR) for _ in range(60)]
        for _ in range(3):
            time.sleep(0.1)
            if router.worker_pid is not None:
                os.kill(router.worker_pid, signal.SIGKILL)
                time.sleep(0.5)

    assert {answer.result() for answer in answers} == {expected}


def test_an_engine_that_cannot_live_is_refused_not_awaited(tmp_path: Path, demo: MapPack) -> None:
    nowhere = MapPack(tmp_path, demo.manifest)  # the tiles were taken away under the running program

    with Router(nowhere) as router, pytest.raises(RoutingStopped, match="stopped twice on this request"):
        router.way_to(SQUARE, HARBOUR)


def test_an_answer_that_takes_too_long_is_refused_and_the_next_one_comes(demo: MapPack) -> None:
    with Router(demo, timeout_s=1.0) as router:
        router.way_to(SQUARE, HARBOUR)
        assert router.worker_pid is not None
        os.kill(router.worker_pid, signal.SIGSTOP)

        with pytest.raises(RoutingStopped, match="did not answer within 1 seconds"):
            router.way_to(SQUARE, HARBOUR)

        assert router.way_to(SQUARE, HARBOUR).km > 0


def test_a_closed_router_has_no_process_and_refuses(demo: MapPack) -> None:
    with Router(demo) as router:
        router.way_to(SQUARE, HARBOUR)
        pid = router.worker_pid

    assert pid is not None
    assert not psutil.pid_exists(pid)
    with pytest.raises(RoutingStopped, match="shut down"):
        router.way_to(SQUARE, HARBOUR)


@pytest.mark.slow
def test_the_worker_ends_with_a_parent_that_was_killed(demo: MapPack) -> None:
    code = """if True:
        import sys, time
        from pathlib import Path
        from domain.values import Coordinates
        from planner.routing.engine import Router
        from planner.routing.map_pack import MapPack
        router = Router(MapPack.open(Path(sys.argv[1])))
        router.way_to(Coordinates(lat=-29.9027, lon=-71.2519), Coordinates(lat=-29.91, lon=-71.26))
        print(router.worker_pid, flush=True)
        time.sleep(60)
    """
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", code, str(demo.folder)]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        worker = psutil.Process(int(parent.stdout.readline()))
        assert worker.is_running()

        parent.kill()

    assert worker not in psutil.wait_procs([worker], timeout=10)[1]


def test_the_application_itself_never_loads_valhalla() -> None:
    code = "import sys, planner.routing.engine; print('valhalla' in sys.modules, 'scipy' in sys.modules)"

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parents[3], capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == ["False", "False"]
