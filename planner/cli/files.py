"""Files that the command line writes: whole or not at all, and never over another one unasked."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from domain.refusals import InvalidInput, NotPossible, PlanningError


def refuse_taken(out: Path, *, force: bool = False) -> None:
    """Refuse a name that cannot be written to, before what is to be written is made. Raises ``InvalidInput``."""
    if out.is_dir():
        raise InvalidInput.because("{file} is a folder; name a file.", file=out)
    if not out.parent.is_dir():
        raise InvalidInput.because("There is no folder {folder}.", folder=out.parent)
    if out.exists() and not force:
        raise _taken(out)


def write_file(out: Path, content: bytes, *, force: bool = False) -> None:
    """Write a file for its owner only; it appears complete. Raises ``InvalidInput``, ``NotPossible``."""
    refuse_taken(out, force=force)
    draft = out.with_name(f".{out.name[:200]}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if force:
            draft.replace(out)
        else:
            os.link(draft, out)
    except FileExistsError:
        raise _taken(out) from None
    except OSError as error:
        raise NotPossible.because(
            "{file} cannot be written: {why}.", file=out, why=error.strerror or str(error)
        ) from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()


def _taken(out: Path) -> PlanningError:
    return InvalidInput.because("{file} exists already. Name another file, or add --force to replace it.", file=out)
