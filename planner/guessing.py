"""How soon a password would be guessed: by common ones, names, dates, keys, and the words of this house.

Judged by zxcvbn, with the lists of common passwords, names and words that come with it: no other host is asked.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable
from typing import Final

#: Guesses that a password must outlast, as a power of ten: at the door that takes for ever, and whoever holds the
#: encrypted file and its key, and tries ten a second on each core as Argon2id lets them, takes four months of a core.
ENOUGH: Final = 8.0
#: Characters that are judged: what makes a password hard to guess stands in them, and longer texts take seconds.
_JUDGED: Final = 40
#: Letters and digits that a password has besides such words.
_BESIDES: Final = 6
#: What people who plan visits of delegations, in Vietnam or elsewhere, would take first, without marks and blanks.
_OF_THE_HOUSE: Final = (
    *("securityplanner", "security", "planner", "delegation", "visit", "guest", "protocol", "commander", "auditor"),
    *("administrator", "officer", "police", "matkhau", "dangnhap", "taikhoan", "quantri", "kehoach", "anninh"),
    *("congan", "canhsat", "baove", "doankhach", "letan", "chihuy", "vietnam", "hanoi", "saigon", "hochiminh"),
)
#: The judge keeps the words of who is being judged in one place for all threads.
_JUDGING: Final = threading.Lock()


def guessed_soon(password: str, names: Iterable[str]) -> bool:
    """Whether a password falls to fewer guesses than ``ENOUGH``, with ``names`` (of its owner) tried among the first.

    It is judged without marks and blanks too, as Vietnamese is often typed; names and words of the house in a row are
    few to whoever knows them, however many they are.
    """
    from zxcvbn import zxcvbn  # noqa: PLC0415 - only who sets a password

    words = {part for name in names for part in (bare(name), *map(bare, re.split(r"[\W_]+", name))) if len(part) > 2}
    known = sorted({*words, *_OF_THE_HOUSE}, key=len, reverse=True)
    plain = bare(password)
    besides = re.sub("|".join(map(re.escape, known)), "", plain)
    if besides != plain and len(besides) < _BESIDES:
        return True
    forms = {password[:_JUDGED], "".join(_unmarked(password).split())[:_JUDGED] or password[:1]}
    with _JUDGING:
        return any(zxcvbn(form, user_inputs=known)["guesses_log10"] < ENOUGH for form in forms)


def bare(text: str) -> str:
    """Letters and digits of a text, small, without the marks on them and all between: «Mật-khẩu 1» is «matkhau1».

    Not ``planner.search.folded``, which remembers what it was given.
    """
    return "".join(character for character in _unmarked(text) if character.isalnum())


def _unmarked(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(character for character in apart if not unicodedata.combining(character)).replace("đ", "d")
