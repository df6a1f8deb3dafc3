"""Downloads for the auditor: the last checkpoint, and the bundle of a visit with its proofs."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing

from planner.access.reader import Reader
from planner.audit.bundle import bundled, make_bundle
from planner.audit.kept import Checkpoints, sign_head
from planner.exports.evidence import evidence
from planner.exports.watermark import Watermark
from ui.downloads import File, Guard, download


@download("checkpoint.txt", "read_integrity", Guard.EMPTY)
def checkpoint(reader: Reader, _asked: Mapping[str, str], _watermark: Watermark) -> File:
    """The head of the log as it is now, signed."""
    kept = sign_head(reader.planner.store)
    return File(f"checkpoint-{kept.size}.txt", "text/plain; charset=utf-8", bytes(kept.note))


@download("bundle.zip", "export_bundle")
def bundle(reader: Reader, asked: Mapping[str, str], watermark: Watermark) -> File:
    """The events of a ``visit`` as stored (only their hashes where it is redacted) with their proofs, and its plan."""
    visit, redact = reader.plan.visit(asked.get("visit", "")).key, watermark.redacted
    with closing(Checkpoints(reader.planner.store, reader.clock)) as checkpoints:
        positions = bundled(reader.unredacted.timeline, visit)
        content = make_bundle(
            reader.planner.recorder,
            checkpoints,
            positions,
            redact=redact,
            watermark=watermark,
            readable=lambda size: evidence(reader.timeline, visit, size, watermark),
        )
    return File(f"{visit}{'-redacted' if redact else ''}.zip", "application/zip", content)
