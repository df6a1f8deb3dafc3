"""Downloads for the auditor: the last checkpoint, and the bundle of a visit with its proofs."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing

from domain.base import Actor, Role
from domain.refusals import NotAllowed
from planner.application import Planner
from planner.audit.bundle import make_bundle
from planner.audit.kept import Checkpoints, sign_head
from ui.downloads import File, download


def permit_audit(actor: Actor) -> None:
    """Refuse proofs to who is no auditor."""
    if Role.AUDITOR not in actor.roles:
        raise NotAllowed.because(
            "Account {user} may not do this; it needs one of these roles: {roles}.",
            user=actor.user,
            roles=(Role.AUDITOR,),
        )


@download("checkpoint.txt")
def checkpoint(planner: Planner, actor: Actor, _asked: Mapping[str, str]) -> File:
    """The head of the log as it is now, signed."""
    permit_audit(actor)
    kept = sign_head(planner.store)
    return File(f"checkpoint-{kept.size}.txt", "text/plain; charset=utf-8", bytes(kept.note))


@download("bundle.zip")
def bundle(planner: Planner, actor: Actor, asked: Mapping[str, str]) -> File:
    """The events of a ``visit`` as stored, with their proofs; only their hashes where ``redact`` is asked."""
    permit_audit(actor)
    visit, redact = planner.plan.visit(asked.get("visit", "")).key, bool(asked.get("redact"))
    with closing(Checkpoints(planner.store, planner.clock)) as checkpoints:
        content = make_bundle(planner.recorder, checkpoints, planner.timeline.positions_of_visit(visit), redact=redact)
    return File(f"{visit}{'-redacted' if redact else ''}.zip", "application/zip", content)
