"""What can be read in a bundle, and that the site vouches for it: the plan and the history, as the log tells them.

The events of a bundle are encrypted; what they say cannot be made from them without the key of the data. So the log's
own key signs the hashes of the files that say it, beside the head of the tree that they were made from.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Final

from domain.messages import counted, message
from planner.audit.checkpoint import Checkpoint, parse, sign, verify
from planner.store.startup import Check

CONTENTS: Final = "contents.txt"
#: The first line. No log has this name, so that no checkpoint is ever taken for it, nor it for one.
TITLE: Final = "delegation-planner/contents/1"
_LINE: Final = re.compile(r"([0-9a-f]{64})  ([a-z]+\.[a-z]+)")


def signed_contents(files: Mapping[str, bytes], of: Checkpoint, signer: bytes) -> bytes:
    """The note that names these files by their hashes, and the head of the log that they were made from."""
    return sign(_text(of, {name: sha256(content).hexdigest() for name, content in files.items()}), signer)


def _text(of: Checkpoint, hashes: Mapping[str, str]) -> bytes:
    lines = [TITLE, of.origin, str(of.size), b64encode(of.root).decode()]
    return "\n".join((*lines, *(f"{hashes[name]}  {name}" for name in sorted(hashes)), "")).encode()


def check_contents(
    there: Mapping[str, Callable[[], bytes]], note: bytes | None, of: Checkpoint, keys: Sequence[bytes]
) -> Check:
    """Whether what can be read is what was signed; ``there`` are the files that are, each read when it is asked for."""
    name = message("what can be read in it is what the log's own key signed")
    if note is None:
        why = message("files stand in it that nobody signed") if there else message("there is nothing to read in it")
        return Check(name, not there, why)
    text = verify(note, *keys).text
    hashes = {found[2]: found[1] for line in text.decode().splitlines() if (found := _LINE.fullmatch(line))}
    if text != _text(of, hashes) or parse(note).text != text:
        return Check(name, False, message("it is of another checkpoint"))
    if there.keys() != hashes.keys():
        return Check(
            name, False, message("{file} is missing, or was put there", file=min(there.keys() ^ hashes.keys()))
        )
    wrong = [one for one, read in there.items() if sha256(read()).hexdigest() != hashes[one]]
    if wrong:
        return Check(name, False, message("{file} was changed", file=min(wrong)))
    return Check(name, True, counted("{n} file", "{n} files", len(hashes)))
