"""Whoever can write to the log and has its key cannot change what was witnessed unseen."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from planner.audit.kept import FILE
from tests.planner.audit.ledger import burgled, copied, grown, opened, story, witnessed, wrong

EVENTS = 30
#: Far away from all positions, for moving rows there and back.
ASIDE = 1_000_000

type Mutation = tuple[str, Callable[[Any], None]]


def edits() -> Iterator[Mutation]:
    """Every column of every row, changed in several ways."""
    changes = {
        "another thing": "originator_id = originator_id || 'x'",
        "another thing in the same letters": "originator_id = upper(originator_id) || ' '",
        "a later version": "originator_version = originator_version + 1000",
        "no version": "originator_version = -originator_version",
        "another topic": "topic = CASE topic WHEN 'PostAmended' THEN 'PostCreated' ELSE 'PostAmended' END",
        "another first byte": "state = x'02' || substr(state, 2)",
        "another last byte": "state = substr(state, 1, length(state) - 1) || x'00'",
        "a shorter state": "state = substr(state, 1, length(state) - 1)",
        "a longer state": "state = state || x'00'",
        "no state": "state = x''",
        "a state of letters": "state = 'state'",
    }
    for (name, change), position in itertools.product(changes.items(), range(1, EVENTS + 1)):
        yield f"{name} at {position}", _statement(f"UPDATE stored_events SET {change} WHERE position = {position}")


def moves() -> Iterator[Mutation]:
    """Rows that lie elsewhere, are gone, or are there twice."""
    for position in range(1, EVENTS + 1):
        for elsewhere in (0, -position, EVENTS + 1):
            change = f"UPDATE stored_events SET position = {elsewhere} WHERE position = {position}"
            yield f"{position} moved to {elsewhere}", _statement(change)
        yield f"{position} gone", _statement(f"DELETE FROM stored_events WHERE position = {position}")
        yield f"{position} gone, the gap closed", _gone(position)
        yield f"one put in at {position}", _put_in(position)
    for first, second in [*itertools.pairwise(range(1, EVENTS + 1)), (1, EVENTS), (7, 19)]:
        yield f"{first} and {second} swapped", _swapped(first, second)
        yield f"states of {first} and {second} swapped", _states_swapped(first, second)
    yield "put in before the first", _copy_to(0)
    yield (
        "reversed",
        _statement(
            f"UPDATE stored_events SET position = {ASIDE} - position",
            f"UPDATE stored_events SET position = {EVENTS + 1} - ({ASIDE} - position)",
        ),
    )


def truncations() -> Iterator[Mutation]:
    """The end cut off, and filled again with something else."""
    for left in range(EVENTS):
        cut = f"DELETE FROM stored_events WHERE position > {left}"
        yield f"cut after {left}", _statement(cut)
        yield (
            f"cut after {left} and told otherwise",
            _statement(cut, _others(left, EVENTS), _others(EVENTS, EVENTS + 4)),
        )


def _others(after: int, upto: int) -> str:
    return (
        f"WITH RECURSIVE n(position) AS (SELECT {after + 1} UNION ALL"
        f" SELECT position + 1 FROM n WHERE position < {upto})"
        " INSERT INTO stored_events SELECT position, 'venue/NEW-' || position, 1, 'VenueRetired', randomblob(90) FROM n"
    )


def _statement(*statements: str) -> Callable[[Any], None]:
    def change(connection: Any) -> None:
        for statement in statements:
            connection.execute(statement)

    return change


def _shifted(after: int, by: int) -> tuple[str, str]:
    return (
        f"UPDATE stored_events SET position = position + {ASIDE} WHERE position > {after}",
        f"UPDATE stored_events SET position = position - {ASIDE} + {by} WHERE position > {ASIDE}",
    )


def _gone(position: int) -> Callable[[Any], None]:
    return _statement(f"DELETE FROM stored_events WHERE position = {position}", *_shifted(position, -1))


def _put_in(position: int) -> Callable[[Any], None]:
    def change(connection: Any) -> None:
        _statement(*_shifted(position - 1, 1))(connection)
        _copy_to(position)(connection)

    return change


def _copy_to(position: int) -> Callable[[Any], None]:
    return _statement(
        f"INSERT INTO stored_events SELECT {position}, originator_id || '-copy', 1, topic, state"
        " FROM stored_events ORDER BY position DESC LIMIT 1"
    )


def _swapped(first: int, second: int) -> Callable[[Any], None]:
    return _statement(
        *(
            f"UPDATE stored_events SET position = {new} WHERE position = {old}"
            for old, new in ((first, ASIDE), (second, first), (ASIDE, second))
        )
    )


def _states_swapped(first: int, second: int) -> Callable[[Any], None]:
    return _statement(
        "UPDATE stored_events SET state = (SELECT other.state FROM stored_events AS other WHERE other.position ="
        f" {first} + {second} - stored_events.position) WHERE position IN ({first}, {second})"
    )


@pytest.mark.slow
def test_every_change_of_the_history_is_seen_from_the_last_witnessed_checkpoint(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    with closing(opened(whole)) as store:
        grown(store, story(EVENTS))
        note = bytes(witnessed(store).note)
    (whole / "data" / FILE).unlink()
    unseen, tried = [], 0

    for name, change in [*edits(), *moves(), *truncations()]:
        place = copied(whole, tmp_path / "copy")
        with burgled(place) as connection:
            change(connection)
        tried += 1
        if not wrong(place, brought=[note]):
            unseen.append(name)

    assert unseen == []
    assert tried >= 500


def test_every_older_copy_put_back_is_seen_from_the_last_witnessed_checkpoint_and_from_it_alone(tmp_path: Path) -> None:
    place, told, copies, note = tmp_path / "whole", story(EVENTS), [], b""
    for size in range(0, EVENTS, 5):
        with closing(opened(place)) as store:
            grown(store, told[size : size + 5])
            note = bytes(witnessed(store).note)
        copies.append(copied(place, tmp_path / f"copy-{size}"))
    *older, last = copies

    seen = [wrong(copy, level=5, brought=[note]) != [] for copy in older]
    without = [wrong(copy, level=5) for copy in older]

    assert (seen, len(older)) == ([True] * 5, 5)
    # The control: nothing inside the data tells that they are old.
    assert without == [[]] * len(older)
    assert wrong(last, level=5, brought=[note]) == []


def test_an_older_log_under_newer_checkpoints_is_seen_without_any_help(tmp_path: Path) -> None:
    place, told = tmp_path / "whole", story(20)
    with closing(opened(place)) as store:
        grown(store, told[:12])
    old = copied(place, tmp_path / "old")
    with closing(opened(place)) as store:
        grown(store, told[12:])
        witnessed(store)
    for file in (place / "data").glob("events.db*"):
        file.unlink()
    for file in (old / "data").glob("events.db*"):
        file.rename(place / "data" / file.name)

    assert [found.level for found in wrong(place)] == [2]


@pytest.mark.slow
def test_no_honest_log_of_any_size_raises_an_alarm(tmp_path: Path) -> None:
    place, told, alarms, notes = tmp_path / "whole", story(70), [], []
    for size in range(70):
        with closing(opened(place)) as store:
            grown(store, told[size : size + 1])
            if size % 3 == 0:
                notes.append(bytes(witnessed(store).note))
        alarms += wrong(place, level=5, brought=notes)

    assert alarms == []
    assert len(notes) == 24


def test_what_came_after_the_last_checkpoint_is_not_proved(tmp_path: Path) -> None:
    place = tmp_path / "whole"
    with closing(opened(place)) as store:
        grown(store, story(20)[:15])
        note = bytes(witnessed(store).note)
        grown(store, story(20)[15:])
    with burgled(place) as connection:
        connection.execute("DELETE FROM stored_events WHERE position > 17")

    assert wrong(place, brought=[note]) == []
