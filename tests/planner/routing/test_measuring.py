"""Ways between the posts of a visit, measured on a real map."""

import random
from datetime import timedelta
from pathlib import Path

import pytest

from domain.refusals import NotPossible
from domain.rules.travel import way
from domain.values import Coordinates
from domain.ways import MOST_PLACES, Roads
from planner.routing.engine import Router
from planner.routing.map_pack import MapPack
from planner.routing.measuring import Spread, left_out, measured, places, spread, unmeasured
from planner.routing.pack_building import build
from planner.routing.road_graph import RoadGraph
from tests.examples import PLANNING, VISIT, Story, key_point, venue_details
from tests.planner.routing.conftest import Draw

SQUARE = Coordinates(lat=-29.9027, lon=-71.2519)
HARBOUR = Coordinates(lat=-29.9495, lon=-71.3363)
GARDEN = Coordinates(lat=-29.9060, lon=-71.2519)
AT_SEA = Coordinates(lat=-29.95, lon=-71.60)


@pytest.fixture
def story() -> Story:
    """A hall with a post at its door and one in its garden, and a post at the harbour."""
    story = Story()
    story.visit()
    story.venue("HALL", coordinates=SQUARE)
    story.venue("PIER", coordinates=HARBOUR)
    story.tell(story.plan.venue("HALL").mark_key_point(key_point("GARDEN", coordinates=GARDEN), story.act()))
    story.post("P-01", venue="HALL")
    story.post("P-02", venue="HALL", key_point="GARDEN")
    story.post("P-03", venue="PIER")
    return story


def record(story: Story, router: Router) -> None:
    story.tell(story.plan.ways(VISIT).measure(measured(story.plan, VISIT, router), story.act()))


def test_every_way_between_posts_is_measured_and_the_rules_use_it(story: Story, router: Router) -> None:
    record(story, router)

    door, pier = story.plan.post(VISIT, "P-01"), story.plan.post(VISIT, "P-03")
    found = way(story.plan, story.plan.numbers(PLANNING), door, pier, PLANNING)

    driven = router.way_to(SQUARE, HARBOUR).minutes * 1.3
    assert found.said.text == "{minutes} by car, as measured on the map"
    assert found.needed.total_seconds() / 60 == pytest.approx(driven, rel=0.15)


def test_inside_a_venue_the_walk_is_measured(story: Story, router: Router) -> None:
    roads = measured(story.plan, VISIT, router)

    (inside,) = roads.inside
    square, garden = map(roads.places.index, (SQUARE, GARDEN))
    walked = inside.walk(square, garden)
    assert sorted(inside.places) == sorted((square, garden))
    assert walked is not None
    assert timedelta(minutes=3) < walked < timedelta(minutes=20)


def test_a_place_off_the_network_has_no_way_and_stays_an_estimate(story: Story, router: Router) -> None:
    story.post("P-04", coordinates=AT_SEA)
    record(story, router)

    out, door = story.plan.post(VISIT, "P-04"), story.plan.post(VISIT, "P-01")
    found = way(story.plan, story.plan.numbers(PLANNING), door, out, PLANNING)

    assert found.said.text == "{minutes} by estimate, as no way is planned or measured"


def test_measuring_twice_gives_the_same(story: Story, router: Router) -> None:
    assert measured(story.plan, VISIT, router) == measured(story.plan, VISIT, router)


def test_a_venue_that_moves_must_be_measured_anew(story: Story, router: Router) -> None:
    record(story, router)
    before = unmeasured(story.plan, VISIT, places(story.plan, VISIT))
    moved = venue_details("Bến cảng", coordinates=Coordinates(lat=-29.96, lon=-71.33))
    story.tell(story.plan.venue("PIER").amend(moved, story.act()))

    after = unmeasured(story.plan, VISIT, places(story.plan, VISIT))
    assert (before, after) == ((), (Coordinates(lat=-29.96, lon=-71.33),))


def test_one_place_alone_is_refused(router: Router) -> None:
    story = Story()
    story.visit()
    story.post("P-01", coordinates=SQUARE)

    with pytest.raises(NotPossible):
        measured(story.plan, VISIT, router)


def scattered(count: int, besides: range = range(0)) -> Story:
    """A visit with a post at each of many places, and a second one at some of them; the southernmost is number 0."""
    story = Story()
    story.visit()
    for code, numbers in (("P", range(count)), ("Q", besides)):
        for number in numbers:
            story.post(f"{code}-{number:04d}", coordinates=at_place(number))
    return story


def at_place(number: int) -> Coordinates:
    return Coordinates(lat=-29.9 + number / 1000, lon=-71.25)


def a_minute_each(among: tuple[Coordinates, ...]) -> Roads:
    return Roads.of(among, [[0 if one == other else 60 for other in among] for one in among])


def test_of_very_many_places_those_with_most_posts_are_measured() -> None:
    story = scattered(MOST_PLACES + 10, besides=range(MOST_PLACES + 5, MOST_PLACES + 10))

    found = places(story.plan, VISIT)

    assert len(found) == MOST_PLACES
    assert {at_place(number) for number in range(MOST_PLACES + 5, MOST_PLACES + 10)} <= set(found)


@pytest.mark.parametrize("more", [-1, 0, 1, 300])
def test_places_beyond_those_that_are_measured_are_named(more: int) -> None:
    count = MOST_PLACES + more
    story = scattered(count)

    beyond = left_out(story.plan, VISIT)

    assert beyond == tuple(at_place(number) for number in range(MOST_PLACES, count))
    assert {*beyond, *places(story.plan, VISIT)} == {at_place(number) for number in range(count)}


def test_the_way_to_a_place_that_is_not_measured_is_an_estimate_that_says_so() -> None:
    story = scattered(MOST_PLACES + 1)
    story.tell(story.plan.ways(VISIT).measure(a_minute_each(places(story.plan, VISIT)), story.act()))

    first, last, beyond = (story.plan.post(VISIT, f"P-{n:04d}") for n in (0, MOST_PLACES - 1, MOST_PLACES))
    said = [way(story.plan, story.plan.numbers(PLANNING), first, one, PLANNING).said.text for one in (last, beyond)]

    assert unmeasured(story.plan, VISIT, places(story.plan, VISIT)) == ()
    assert said == [
        "{minutes} by car, as measured on the map",
        "{minutes} by estimate, as no way is planned or measured",
    ]


def test_it_is_counted_how_many_ways_are_measured_and_how_many_are_estimates() -> None:
    story = scattered(5)
    four = places(story.plan, VISIT)[:4]
    driving = [[None if (one, other) in {(0, 1), (2, 2)} else 60 for other in range(4)] for one in range(4)]

    before = spread(story.plan, VISIT, Roads())
    after = spread(story.plan, VISIT, Roads.of(four, driving))

    assert (before, before.estimates) == (Spread(places=5, pairs=20, measured=0), 20)
    assert (after, after.estimates) == (Spread(places=5, pairs=20, measured=11), 9)


def test_places_that_are_no_longer_of_the_visit_are_not_counted() -> None:
    story = scattered(3)
    roads = a_minute_each(places(story.plan, VISIT))
    story.tell(story.plan.post(VISIT, "P-0001").cancel(story.act()))

    assert spread(story.plan, VISIT, roads) == Spread(places=2, pairs=2, measured=2)


# On streets


def streets(demo: MapPack, count: int) -> list[Coordinates]:
    """Places near junctions of the map, drawn at random."""
    graph, chance = RoadGraph.load(demo.graph), random.Random(4)
    return [
        Coordinates(lat=float(graph.lat[at]) + chance.uniform(-3e-4, 3e-4), lon=float(graph.lon[at]))
        for at in chance.sample(range(len(graph.lat)), count)
    ]


def test_in_one_matrix_each_pair_is_what_it_is_alone(demo: MapPack, router: Router) -> None:
    among, chance = streets(demo, 90), random.Random(5)

    together = router.matrix(among, among)
    pairs = [(chance.randrange(90), chance.randrange(90)) for _ in range(150)]
    alone = [router.matrix([among[one]], [among[other]])[0][0] for one, other in pairs]

    assert [together[one][other] for one, other in pairs] == alone


def test_measured_times_are_those_of_single_ways(demo: MapPack, router: Router) -> None:
    """Not all to the second: a single way is searched from both ends, and may end on the other side of its street."""
    among, chance = streets(demo, 90), random.Random(6)

    together = router.matrix(among, among)
    pairs = [(chance.randrange(90), chance.randrange(90)) for _ in range(300)]
    apart = []
    for one, other in pairs:
        seconds = together[one][other]
        assert seconds is not None
        apart.append(abs(seconds - 60 * router.way_to(among[one], among[other]).minutes))

    assert sum(seconds <= 1 for seconds in apart) >= 285
    assert max(apart) <= 180


def test_where_the_nearest_street_leads_nowhere_the_next_one_counts(tmp_path: Path, draw: Draw) -> None:
    """A grid, and beside its corner a short street that nothing joins."""
    nodes = {9 * row + column + 1: (21 + row * 0.002, 105 + column * 0.002) for row in range(9) for column in range(9)}
    nodes |= {100: (20.9995, 105.0), 101: (20.9995, 105.001)}
    rows = [[9 * row + column + 1 for column in range(9)] for row in range(9)]
    ways = [*rows, *map(list, zip(*rows, strict=True)), [100, 101]]
    tags = {"highway": "residential", "name": "Phố"}
    extract = draw(tmp_path / "grid.osm.pbf", nodes, [(number + 1, refs, tags) for number, refs in enumerate(ways)])
    stub, across = Coordinates(lat=20.9995, lon=105.0005), Coordinates(lat=21.016, lon=105.016)

    with Router(build(extract, tmp_path / "grid")) as router:
        (there,), (back,) = router.matrix([stub], [across]), router.matrix([across], [stub])

        assert there[0] is not None
        assert back[0] is not None
        assert there[0] == pytest.approx(60 * router.way_to(stub, across).minutes, rel=0.1)


def test_it_is_told_how_far_the_measuring_is(story: Story, router: Router) -> None:
    told: list[tuple[int, int]] = []

    measured(story.plan, VISIT, router, lambda done, total: told.append((done, total)))

    assert told == [(9, 13), (13, 13)]


def test_measuring_ends_when_it_is_told_to_and_the_router_goes_on(demo: MapPack, router: Router) -> None:
    class Stopped(Exception):
        pass

    asked: list[int] = []

    def stop(done: int, total: int) -> None:
        asked.append(done)
        if len(asked) == 2:
            raise Stopped

    among = streets(demo, 90)
    with pytest.raises(Stopped):
        router.matrix(among, among, progress=stop)

    assert asked == [1800, 3600]
    assert (router.matrix(among[:2], among[:2])[0][0], router.restarts) == (0, 0)


def test_cancelled_posts_are_not_measured(story: Story) -> None:
    story.tell(story.plan.post(VISIT, "P-03").cancel(story.act()))

    assert places(story.plan, VISIT) == (GARDEN, SQUARE)
