"""The file of a backup: a tar archive of ``manifest.json`` and database files, and a seal over all of it.

The seal is 32 bytes of HMAC-SHA256, behind everything else.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import os
import shutil
import tarfile
from pathlib import Path
from typing import Any

from planner.store.keys import Keys
from planner.store.refusals import BackupUnusable, DataTooNew

FORMAT = 1

_MANIFEST = "manifest.json"
_SEAL = 32
_CHUNK = 1 << 20


def digest(path: Path) -> str:
    """What the manifest says of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def pack(draft: Path, stage: Path, manifest: dict[str, Any], keys: Keys) -> None:
    """Writes the files that the manifest names, from ``stage``, into a new sealed file, durably."""
    text = json.dumps(manifest, indent=1).encode()
    descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w+b") as stream:
        with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
            entry = tarfile.TarInfo(_MANIFEST)
            entry.size, entry.mode = len(text), 0o600
            archive.addfile(entry, io.BytesIO(text))
            for name in manifest["files"]:
                entry = tarfile.TarInfo(name)
                entry.size, entry.mode = (stage / name).stat().st_size, 0o600
                with (stage / name).open("rb") as content:
                    archive.addfile(entry, content)
        stream.seek(0)
        seal = hmac.new(keys.backups, digestmod=hashlib.sha256)
        while chunk := stream.read(_CHUNK):
            seal.update(chunk)
        stream.write(seal.digest())
        stream.flush()
        os.fsync(stream.fileno())


def unsealed(file: Path, keys: Keys) -> None:
    """Reads the whole file back and refuses it where one bit differs from what was written."""
    seal = hmac.new(keys.backups, digestmod=hashlib.sha256)
    left = file.stat().st_size - _SEAL
    with file.open("rb") as stream:
        while left > 0 and (chunk := stream.read(min(_CHUNK, left))):
            seal.update(chunk)
            left -= len(chunk)
        if left != 0 or not hmac.compare_digest(stream.read(), seal.digest()):
            raise _damaged(file)


def _damaged(file: Path) -> Exception:
    return BackupUnusable.because(
        "The backup {path} is damaged or incomplete. Nothing was restored; take another one.", path=file
    )


def manifest_of(file: Path) -> dict[str, Any]:
    """What a backup says of itself; not verified. Raises ``BackupUnusable``, ``DataTooNew``."""
    try:
        with tarfile.open(file, "r:") as archive:
            stream = archive.extractfile(_MANIFEST)
            manifest: dict[str, Any] = json.loads(stream.read(_CHUNK) if stream else b"")
            version = manifest["format"]
            str(manifest["store"]), str(manifest["key"]), int(manifest["position"]), dict(manifest["files"])
    except FileNotFoundError:
        raise BackupUnusable.because("There is no backup at {path}.", path=file) from None
    except PermissionError:
        raise BackupUnusable.because("This account may not read the backup {path}.", path=file) from None
    except (tarfile.TarError, OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise _damaged(file) from error
    if version != FORMAT:
        raise DataTooNew.because(
            "The backup {path} was written by a newer version of this program. Update the program.", path=file
        )
    return manifest


def unpack(file: Path, whole: Path, manifest: dict[str, Any]) -> None:
    """Puts the files into the directory ``whole``, each as the manifest describes it."""
    with tarfile.open(file, "r:") as archive:
        for name, expected in manifest["files"].items():
            source = archive.extractfile(name)
            if source is None or Path(name).name != name:
                raise _damaged(file)
            descriptor = os.open(whole / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as target:
                shutil.copyfileobj(source, target, _CHUNK)
                target.flush()
                os.fsync(target.fileno())
            if digest(whole / name) != expected:
                raise _damaged(file)
