"""How good and how quick the roster is, as JSON lines: ``python -m tests.benchmarks.rostering COMMAND …``.

``generated`` makes problems from seeds and compares with greedy, ``cp-sat`` with one plain clique model of CP-SAT,
``replan`` measures repairs, ``explain`` reasons and proofs, ``conflicts`` the check of one change, ``smptsp`` reads a
folder of benchmark instances and looks for the fewest officers.
"""

from __future__ import annotations

import argparse
import dataclasses
import gc
import json
import resource
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from domain.plan import Plan
from domain.rules import check
from domain.shifting import as_shifted
from planner.rostering.checked import OF_DUTIES
from planner.rostering.explain import counters
from planner.rostering.made import replaced
from planner.rostering.problem import Problem
from planner.rostering.proposing import Effort, Progress, propose
from planner.rostering.replan import replan
from planner.rostering.roster import Roster, sound
from planner.rostering.seating import Asked
from planner.rostering.verdict import Filling, Impossible, Verdict, verdict
from planner.rostering.waves import greedy
from tests.benchmarks.rostering_plans import manned
from tests.benchmarks.rostering_problems import generated
from tests.benchmarks.rostering_smptsp import solved
from tests.examples import PLANNING, VISIT

#: Costs are compared after this many seconds too.
EARLY = 6.0


def of_seeds(asked: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Proposals for generated problems, beside greedy."""
    for seed in asked.seeds:
        problem = generated(asked.posts, asked.officers, asked.days, seed)
        early: list[float] = []

        def keep(progress: Progress, early: list[float] = early) -> None:
            if progress.seconds <= EARLY or not early:
                early.append(progress.cost)

        found = propose(problem, seed=1, effort=Effort(seconds=asked.seconds), progress=keep)
        plain, in_time = greedy(problem), greedy(problem, in_time=True)
        assert sound(found.roster())
        yield {
            "posts": problem.n,
            "officers": problem.m,
            "seed": seed,
            "cost": round(found.cost, 2),
            "cost_after_6_s": round(early[-1], 2),
            "greedy_cost": round(plain.cost, 2),
            "greedy_in_time_cost": round(in_time.cost, 2),
            "bound": round(found.bound, 2),
            "gap": round(found.gap, 5),
            "uncovered": len(found.open),
            "greedy_uncovered": len(plain.open),
            "greedy_in_time_uncovered": len(in_time.open),
            "first_plan_seconds": round(found.first_seconds, 3),
            "first_plan_uncovered": found.first_open,
            "seconds": round(found.seconds, 1),
            "ended": found.ended.value,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }


def repairs(asked: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Repairs of a manned visit as the product makes them, rules and all: somebody ill, two with a rare qualification
    lost, the visit an hour or a day later.

    Beside each stands what the engine has of it, once the problem is laid out, before the rules are asked, as
    ``engine_ms``; and what does not depend on how it is repaired: all rules asked about the whole visit, nothing known
    yet, as ``whole_check_ms``; the plan in which the visit is moved, nothing mended yet, as ``move_ms``. Of machines
    that change their speed the shares of these say more than the milliseconds. A plan keeps some of what is worked out
    for the next question; ``after_a_change_ms`` is the median where each question is the first after a change: a duty
    was pinned and let go again.
    """
    for seed in asked.seeds:
        problem = generated(asked.posts, asked.officers, asked.days, seed)
        plan = manned(problem, seed, asked.seconds)
        # As the server does once it has folded its log.
        gc.collect()
        gc.freeze()
        draw = np.random.default_rng(seed)
        whole_check = quickest(partial(_whole_check, plan))
        for name, lost in CASES.items():
            seconds, changed, others, opened, asked_of_engine = [], [], [], [], problem
            after = _after_a_change(plan, lost, np.random.default_rng(seed))
            for _ in range(asked.times if name in OF_OFFICERS else min(asked.times, 5)):
                wanted = lost(plan, draw)
                began = time.perf_counter()
                made = replaced(plan, wanted)
                seconds.append(time.perf_counter() - began)
                given_up = [duty.officer for change in made.changes for duty in change.withdrawn]
                changed.append(len(given_up))
                asked_of_engine = made.laid.problem
                if wanted.without:
                    others.append(sum(officer not in wanted.without for officer in given_up))
                opened.append(len(made.open))
                assert made.bound is None
                assert not any(found.rule in OF_DUTIES and found.severity == "block" for found in made.findings)
            yield {
                "posts": problem.n,
                "officers": problem.m,
                "seed": seed,
                "case": name,
                "times": len(seconds),
                "after_a_change_ms": round(after * 1e3, 1),
                "median_ms": round(float(np.median(seconds)) * 1e3, 1),
                "slowest_ms": round(max(seconds) * 1e3, 1),
                "quickest_ms": round(min(seconds) * 1e3, 1),
                "engine_ms": _engine_ms(asked_of_engine),
                "whole_check_ms": round(whole_check * 1e3, 1),
                "share_of_whole_check": round(min(seconds) / whole_check, 3),
                "move_ms": None if name in OF_OFFICERS else _move_ms(plan, lost(plan, draw)),
                "changed": sum(changed),
                "others_moved": sum(others) if others else None,
                "left_open": sum(opened),
            }


def _after_a_change(
    plan: Plan, lost: Callable[[Plan, np.random.Generator], Asked], draw: np.random.Generator, times: int = 5
) -> float:
    """Median of the seconds that a repair takes just after a duty was pinned and let go again."""
    seconds = []
    for duty in plan.assignments(VISIT)[:times]:
        wanted = lost(plan, draw)
        pinned = plan.after(duty.pin(wanted.act))
        plan = pinned.after(pinned.assignment(VISIT, duty.code).unpin(wanted.act))
        began = time.perf_counter()
        replaced(plan, wanted)
        seconds.append(time.perf_counter() - began)
    return float(np.median(seconds))


def quickest(work: Callable[[], object], times: int = 5) -> float:
    """Seconds that the quickest of some tries takes."""
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def _whole_check(plan: Plan) -> None:
    check(plan.replacing({}), PLANNING)


def _move_ms(plan: Plan, asked: Asked) -> float:
    return round(quickest(lambda: as_shifted(plan, asked.visit, asked.shift, asked.act)) * 1e3, 1)


def _engine_ms(problem: Problem) -> float:
    # A copy knows none of the tables that a problem works out once.
    return round(quickest(lambda: replan(dataclasses.replace(problem), problem.published)) * 1e3, 1)


def _ill(plan: Plan, draw: np.random.Generator) -> Asked:
    busy = sorted({duty.officer for duty in plan.assignments(VISIT)})
    return Asked(VISIT, PLANNING, without=frozenset({str(draw.choice(busy))}))


def _two_rare(plan: Plan, draw: np.random.Generator) -> Asked:
    held: dict[str, list[str]] = {}
    for officer in plan.officers:
        for one in officer.qualifications:
            held.setdefault(one.code, []).append(officer.key)
    rarest = min((code for code in held if code.startswith("Q-")), key=lambda code: (len(held[code]), code))
    gone = draw.choice(held[rarest], 2, replace=False).tolist()
    return Asked(VISIT, PLANNING, without=frozenset(gone))


def _later(by: timedelta) -> Callable[[Plan, np.random.Generator], Asked]:
    return lambda plan, draw: Asked(VISIT, PLANNING, shift=by)


OF_OFFICERS = {"one_ill": _ill, "two_rare_lost": _two_rare}
CASES: dict[str, Callable[[Plan, np.random.Generator], Asked]] = {
    **OF_OFFICERS,
    "visit_hour_later": _later(timedelta(hours=1)),
    "visit_day_later": _later(timedelta(days=1)),
}


def reasons(asked: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Counters and what is known for sure of every open seat of a proposal: Hall set, core, a filling, or nothing."""
    for seed in asked.seeds:
        problem = generated(asked.posts, asked.officers, asked.days, seed)
        roster: Roster = propose(problem, effort=Effort(seconds=asked.seconds)).roster()
        for seat in roster.open.tolist():
            times = [time.perf_counter()]
            counted = counters(roster, seat)
            times.append(time.perf_counter())
            found = verdict(roster, seat)
            times.append(time.perf_counter())
            yield {
                "seed": seed,
                "seat": seat,
                "counts": {reason.value: n for reason, n in counted.counts.items() if n},
                "counters_ms": round((times[1] - times[0]) * 1e3, 2),
                **_known(found),
                "proof_ms": round((times[2] - times[1]) * 1e3, 1),
            }


def _known(found: Verdict) -> dict[str, Any]:
    if isinstance(found, Impossible):
        return {
            "known": "core" if found.officers is None else "hall",
            "seats": list(found.seats),
            "relax": [rule.value for rule in found.remedy.rules],
            "all_rules_tried": found.remedy.all_tried,
        }
    if isinstance(found, Filling):
        return {"known": "filling", "moves": [list(move) for move in found.moves], "added": round(found.added, 2)}
    return {"known": None}


def beside_cp_sat(asked: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """One plain clique model of CP-SAT with as many seconds, on the same problems."""
    from tests.benchmarks.rostering_cp_sat import clique_model

    for seed in asked.seeds:
        problem = generated(asked.posts, asked.officers, asked.days, seed)
        cost, bound = clique_model(problem, asked.seconds)
        ours = propose(problem, effort=Effort(seconds=asked.seconds))
        plain = greedy(problem)
        yield {
            "posts": problem.n,
            "officers": problem.m,
            "seed": seed,
            "cp_sat_cost": cost,
            "cp_sat_bound": bound,
            "cost": round(ours.cost, 2),
            "bound": round(ours.bound, 2),
            "greedy_cost": round(plain.cost, 2),
            "seconds": asked.seconds,
        }


def conflicts(asked: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """R01 for one more duty among a hundred thousand bookings, by index and by scan."""
    from tests.benchmarks.rules import conflict_check

    yield {"benchmark": "conflicts", **conflict_check()}


def fewest(asked: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """The fewest officers for the fixed tasks of each instance in a folder."""
    for file in sorted(asked.folder.rglob("*.dat"), key=lambda file: file.name):
        yield solved(file, asked.seconds)


def seeds(text: str) -> list[int]:
    """``1-3`` or ``5``."""
    first, _, last = text.partition("-")
    return list(range(int(first), int(last or first) + 1))


def main() -> None:
    """Parse, run, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.rostering", description=__doc__)
    commands = parser.add_subparsers(required=True)
    for name, work in {"generated": of_seeds, "replan": repairs, "explain": reasons, "cp-sat": beside_cp_sat}.items():
        command = commands.add_parser(name, help=work.__doc__)
        command.set_defaults(work=work)
        command.add_argument("--posts", type=int, default=1000)
        command.add_argument("--officers", type=int, default=600)
        command.add_argument("--days", type=int, default=3)
        command.add_argument("--seeds", type=seeds, default=[1])
        command.add_argument("--seconds", type=float, default=30.0)
        command.add_argument("--times", type=int, default=20)
    commands.add_parser("conflicts", help=conflicts.__doc__).set_defaults(work=conflicts)
    command = commands.add_parser("smptsp", help=fewest.__doc__)
    command.set_defaults(work=fewest)
    command.add_argument("folder", type=Path)
    command.add_argument("--seconds", type=float, default=10.0)
    asked = parser.parse_args()
    for line in asked.work(asked):
        print(json.dumps(line, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
