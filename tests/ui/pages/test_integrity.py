"""The page «Integrity»: what is signed and witnessed, verifying level by level, and bundles for the auditor alone."""

from __future__ import annotations

import dataclasses
import json
import zipfile
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest

from domain.base import Actor, Role
from domain.refusals import NotAllowed, NotFound
from planner.access.exporting import Release
from planner.access.reader import Reader
from planner.access.reads import Read
from planner.audit.bundle import verify_bundle
from planner.audit.checkpoint import cosign
from planner.store.connection import connect
from tests.demo_pages import said
from tests.examples import VISIT
from tests.planner.acting import let_in
from tests.planner.audit.ledger import SECONDS, WITNESS
from tests.planning_pages import new_site_seen_by, opened, pressed
from tests.releases import REDACTED, WHOLE
from tests.small_force import empty_site, small_force
from ui.downloads import fetched
from ui.shell import Shell

KIEM = Actor("kiem", frozenset({Role.AUDITOR}))


def witnessed(shell: Shell) -> None:
    """The head of the log, signed and cosigned."""
    kept = shell.proof.checkpoints
    kept.know_witness(WITNESS.verifier)
    last = kept.sign()
    kept.take_cosignatures(last.size, [cosign(bytes(last.note), WITNESS.signer, SECONDS)])


def test_without_a_checkpoint_nothing_is_witnessed_and_the_page_says_what_to_do(tmp_path: Path) -> None:
    with small_force(tmp_path, Role.AUDITOR) as shell, closing(shell.proof):
        run = opened("integrity")

    assert not run.exception
    assert [one.value for one in run.warning] == ["8 events are not witnessed yet."]
    assert "planner witness" in run.info[0].value


def test_the_window_that_nobody_witnessed_grows_and_closes(tmp_path: Path) -> None:
    with small_force(tmp_path, Role.AUDITOR) as shell, closing(shell.proof):
        witnessed(shell)
        closed = opened("integrity")
        by = Actor("hoa", frozenset({Role.PLANNER}))
        shell.planner.retire_officer("CA-0115", by=by, reason="Chuyển đơn vị")
        open_ = opened("integrity")
        root = shell.proof.checkpoints.last

    assert root is not None
    assert [one.value for one in closed.success] == ["Every event is witnessed."]
    assert [one.value for one in open_.warning] == ["1 event is not witnessed yet."]
    assert root.checkpoint.root.hex()[:12] in said(closed)
    assert WITNESS.name in said(closed)


@pytest.mark.parametrize("level", [1, 2, 3, 4, 5])
def test_a_sound_history_is_verified_up_to_every_level(tmp_path: Path, level: int) -> None:
    with small_force(tmp_path, Role.AUDITOR) as shell, closing(shell.proof):
        witnessed(shell)
        run = opened("integrity")
        run.session_state["integrity_level"] = level
        run = pressed(run.run(), "integrity_verify")

    assert not run.exception
    assert "Everything holds." in [one.value for one in run.success]
    assert run.error == []


def test_a_changed_history_is_told_first(tmp_path: Path) -> None:
    with small_force(tmp_path, Role.AUDITOR) as shell, closing(shell.proof):
        witnessed(shell)
        keys = shell.planner.store.keys
        with closing(connect(shell.data_dir, "events.db", keys.database)) as raw:
            raw.execute("DROP TRIGGER events_are_never_changed")
            raw.execute("UPDATE stored_events SET topic = 'VenueRetired' WHERE position = 3")
        run = pressed(opened("integrity"), "integrity_verify")

    assert [one.value.startswith("The history is not what was signed") for one in run.error] == [True]
    assert "the first 8 events are not those that were signed" in said(run)


def test_a_site_without_anything_has_an_integrity_too(tmp_path: Path) -> None:
    with empty_site(tmp_path, Role.AUDITOR) as shell, closing(shell.proof):
        run = pressed(opened("integrity"), "integrity_verify")

    assert not run.exception
    assert run.error == []


def test_where_nothing_happened_nothing_is_said_to_be_witnessed(tmp_path: Path) -> None:
    with new_site_seen_by("auditor", tmp_path) as shell, closing(shell.proof):
        first = said(opened("integrity"))

    assert "Nothing has happened yet, so there is nothing to witness." in first
    assert "Every event is witnessed." not in first


@pytest.mark.parametrize("release", [WHOLE, REDACTED])
def test_the_auditor_fetches_a_bundle_that_verifies(tmp_path: Path, release: Release) -> None:
    with small_force(tmp_path, Role.AUDITOR) as shell, closing(shell.proof):
        let_in(shell.planner, KIEM)
        kiem = Reader(shell.planner, KIEM)
        file = fetched("bundle.zip", kiem, {"visit": VISIT}, release)
        note = fetched("checkpoint.txt", kiem, {})
    (tmp_path / "b.zip").write_bytes(file.content)

    assert file.name == (f"{VISIT}.zip" if release.whole else f"{VISIT}-redacted.zip")
    assert [check.why.text for check in verify_bundle(tmp_path / "b.zip") if not check.ok] == []
    with zipfile.ZipFile(BytesIO(file.content)) as archive:
        assert archive.read("checkpoint.txt") == note.content
        plan, page = json.loads(archive.read("plan.json")), archive.read("read.html").decode()
        told = json.loads(archive.read("history.json"))["events"]
    assert (plan["visit"]["code"], plan["export"]["redacted"]) == (VISIT, not release.whole)
    assert "VisitRegistered" in [one["event"] for one in told if one["subject"] == f"visit/{VISIT}"]
    assert ("<script" in page, page.count("<li>")) == (False, 2 * len(told))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
def test_nobody_else_does(tmp_path: Path, role: Role) -> None:
    actor = Actor("lan", frozenset({role}))
    with small_force(tmp_path, role) as shell, closing(shell.proof):
        for name in ("bundle.zip", "checkpoint.txt"):
            with pytest.raises(NotAllowed):
                fetched(name, Reader(shell.planner, actor), {"visit": VISIT})


def test_an_auditor_of_no_visit_is_given_no_bundle(tmp_path: Path) -> None:
    with small_force(tmp_path, Role.AUDITOR) as shell, closing(shell.proof), pytest.raises(NotFound):
        fetched("bundle.zip", Reader(shell.planner, KIEM), {"visit": VISIT})


def test_there_is_no_bundle_of_a_visit_that_is_not_there(tmp_path: Path) -> None:
    with small_force(tmp_path, Role.AUDITOR) as shell, closing(shell.proof):
        let_in(shell.planner, KIEM)
        with pytest.raises(NotFound):
            fetched("bundle.zip", Reader(shell.planner, KIEM), {"visit": "NONE"}, WHOLE)


def test_a_read_names_the_single_things_and_the_page_only_once(tmp_path: Path) -> None:
    with small_force(tmp_path, Role.AUDITOR) as shell, closing(shell.proof):
        read = Read(user="hoa", via="page duty_board", query="read_posts", visits=(VISIT,), about="duty_board")
        shell.planner.reads.append(read)
        shell.planner.reads.append(dataclasses.replace(read, about="P-01"))
        run = opened("integrity", visit=VISIT)

    told = [part for part in said(run).split("<tr>") if "page «Duty board»" in part]
    assert [("duty_board" in part, "P-01" in part) for part in told] == [(False, True), (False, False)]
