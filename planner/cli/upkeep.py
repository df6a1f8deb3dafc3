"""``planner generate``, ``doctor``, ``backup``, ``restore`` and ``key``: the data as a whole."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from domain.messages import message
from domain.refusals import PlanningError
from planner.cli.console import Console
from planner.cli.opening import opened, signed
from planner.demo.load import generate as load
from planner.exports.fonts import FontsMissing, font_folder
from planner.routing.map_pack import MapPack
from planner.store.backup import backup as back_up
from planner.store.backup import restore as put_back
from planner.store.doctor import check
from planner.store.new_key import exchange_key
from planner.store.opening import open_store
from planner.store.startup import Check
from planner.text import both, now

#: A clock before the program was written is wrong.
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
ASSETS = Path(__file__).parents[2] / "ui" / "static" / "assets"


def generate(asked: argparse.Namespace, console: Console) -> int:
    """Fill a data directory with load."""
    with opened(asked, create=True) as planner:
        before = planner.plan.position
        load(planner, asked.size, asked.seed, asked.events, console.tell_message)
        console.line(
            console.speaker(
                "{n} events were recorded, up to event {position}.",
                n=planner.plan.position - before,
                position=str(planner.plan.position),
            )
        )
    return 0


def doctor(asked: argparse.Namespace, console: Console) -> int:
    """All checks; 1 where one does not hold."""
    found = [*check(asked.data, asked.key), *_around(asked)]
    if asked.format == "json":
        console.json([{"name": both(one.name), "ok": one.ok, "why": both(one.why)} for one in found])
    else:
        for one in found:
            mark = "✓" if one.ok else "✗"
            console.line(f"{mark} {console.speaker.say(one.name)}: {console.speaker.say(one.why)}")
    return 0 if all(one.ok for one in found) else 1


def _around(asked: argparse.Namespace) -> Iterator[Check]:
    """What the program needs besides the data."""
    moment = now()
    yield Check(
        message("the clock of this machine can be right"), moment > EARLIEST, message("it says {moment}", moment=moment)
    )
    try:
        yield Check(message("the fonts for PDFs are there"), True, message("{path}", path=font_folder()))
    except FontsMissing:
        yield Check(message("the fonts for PDFs are there"), False, message("run «make setup» once more"))
    there = ASSETS.is_dir() and any(ASSETS.iterdir())
    said = message("{path}", path=ASSETS) if there else message("run «make setup» once more")
    yield Check(message("the parts of maps and pages are there"), there, said)
    if asked.map is not None:
        yield _map(asked.map)


def _map(folder: Path) -> Check:
    name = message("the map pack is whole")
    try:
        pack = MapPack.open(folder)
    except PlanningError as refusal:
        return Check(name, False, refusal.message)
    return Check(name, True, message("{name}, data of {day}", name=pack.name, day=pack.manifest.osm_date))


def backup(asked: argparse.Namespace, console: Console) -> int:
    """Write a backup."""
    with contextlib.closing(open_store(asked.data, asked.key, create=False)) as store:
        signed(store, console)
    made = back_up(asked.data, asked.out, asked.key)
    console.line(
        console.speaker(
            "Backup {file}: up to event {position}, {size} MB, verified.",
            file=made.path,
            position=str(made.position),
            size=made.bytes / 1_000_000,
        )
    )
    console.tell("It opens only with the key of these data: keep a copy of the key apart from the backup.")
    console.tell(
        "The keys of visits and persons are in {file} beside it, always the newest of all backups there: "
        "keep it with them, and destroy older copies of it after somebody was erased.",
        file=made.keys,
    )
    return 0


def rotate(asked: argparse.Namespace, console: Console) -> int:
    """Exchange the key."""
    keys = exchange_key(asked.data, asked.key, keep_old=asked.keep_old)
    console.tell(
        "{data} has a new key, in {key}. Keep a copy of it apart from the data, and destroy the copies of the old one: "
        "they open no data that are copied from now on.",
        data=asked.data,
        key=keys.path,
    )
    if asked.keep_old is None:
        console.tell(
            "Earlier backups, and other directories under the old key, open with a copy of the old one alone. Make a "
            "new backup now, then destroy the earlier ones: who is erased from now on stays in them."
        )
    else:
        console.tell(
            "The old key is kept in {old}: it opens earlier backups. Make a new backup now, then destroy the earlier "
            "ones and this key with them: who is erased from now on stays in them.",
            old=asked.keep_old,
        )
    return 0


def restore(asked: argparse.Namespace, console: Console) -> int:
    """Put a backup back."""
    made = put_back(asked.file, asked.data, asked.key, keys_from=asked.keys, replace=asked.replace)
    console.line(
        console.speaker("{data} holds the backup up to event {position}.", data=asked.data, position=str(made.position))
    )
    if made.locked:
        console.tell(
            "{n} of these events cannot be read: the keys that were found are older than the backup. Restore it again "
            "with the newest backup of the keys: --keys FILE --replace",
            n=made.locked,
        )
        return 1
    return 0
