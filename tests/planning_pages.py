"""What tests of the planning pages share: the demo as somebody sees it, and the widgets of a page by what stands on
them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from planner.application import Planner
from planner.demo.story import make_accounts
from tests.demo_pages import copied, looked_at, page
from ui.shell import Shell


@contextmanager
def demo_seen_by(user: str, told: Path, to: Path) -> Iterator[Shell]:
    """A copy of the demo that a test may change, looked at in English by one of its accounts."""
    with looked_at(copied(told, to), user) as shell:
        yield shell


@contextmanager
def new_site_seen_by(user: str, to: Path) -> Iterator[Shell]:
    """A site with accounts and nothing else."""
    planner = Planner(to / "data", to / "key")
    make_accounts(planner)
    planner.close()
    with looked_at(to, user) as shell:
        yield shell


def opened(name: str, *parts: str, **query: str) -> AppTest:
    """A page with a query, its ``parts`` (keys) open."""
    run = page(name)
    for key, value in query.items():
        run.query_params[key] = value
    for part in parts:
        run.session_state[part] = True
    return run.run()


def widget(run: AppTest, kind: str, label: str) -> Any:
    """The one widget of a kind with that label."""
    every: list[Any] = list(run.get(kind))
    found = [one for one in every if one.label == label]
    assert len(found) == 1, f"{len(found)} widgets {label}: {[one.label for one in every]}"
    return found[0]


def pressed(run: AppTest, key: str) -> AppTest:
    """The page after a button was pressed."""
    return run.button(key=key).click().run()


def told_to(run: AppTest) -> str:
    """What the last command is said to have done; empty where there was none."""
    told = run.session_state.get("planner.told", None)
    return "" if told is None else str(told.sentence)


def errors(run: AppTest) -> list[str]:
    """The refusals that a page shows, as a reader reads them."""
    return [error.value.replace("\\", "") for error in run.error]
