"""What really lies in an encrypted database file: all pages, free ones too, and those of its write-ahead log."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

#: SQLCipher 4: a page, and at its end the initialisation vector and the seal.
_PAGE, _RESERVED, _VECTOR = 4096, 80, 16
_SALT, _HEAD_OF_LOG, _HEAD_OF_FRAME = 16, 32, 24


def raw_pages(file: Path, key: bytes) -> bytes:
    """Every page of a database file and of its write-ahead log, decrypted, in the order in which they lie."""
    content = file.read_bytes()
    first = bytes(_SALT) + content[_SALT:_PAGE]
    pages = [_opened(first, key, _SALT)]
    pages += [_opened(content[at : at + _PAGE], key) for at in range(_PAGE, len(content), _PAGE)]
    log = file.with_name(f"{file.name}-wal")
    frames = log.read_bytes()[_HEAD_OF_LOG:] if log.exists() else b""
    length = _HEAD_OF_FRAME + _PAGE
    for at in range(0, len(frames) - length + 1, length):
        page = frames[at + _HEAD_OF_FRAME : at + length]
        pages += [_opened(page, key), _opened(page, key, _SALT)]
    return b"".join(pages)


def _opened(page: bytes, key: bytes, start: int = 0) -> bytes:
    end = _PAGE - _RESERVED
    decryptor = Cipher(algorithms.AES(key), modes.CBC(page[end : end + _VECTOR])).decryptor()
    return decryptor.update(page[start:end])
