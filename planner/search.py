"""Finding and sorting people and things by name, as Vietnamese readers expect it.

Search ignores the diacritics of Latin letters («dang» finds Đặng) but ranks exact ones first. Vowel and tone
signs of Lao, Khmer and Thai are letters of their own and stay. People are sorted by given name, the last word.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Callable, Iterable

#: The order of the Vietnamese letters; F, J, W and Z stand where Latin readers look for them.
ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
#: The marks that make another letter; all other marks of Latin letters are tones or foreign.
LETTER_MARKS = "\u0302\u0306\u031b"
#: Tones in dictionary order: level (none), falling, asking, broken, rising, heavy.
TONES = "\u0300\u0309\u0303\u0301\u0323"
#: All marks that search ignores.
MARKS = range(0x0300, 0x0370)

type NameKey = tuple[tuple[object, ...], ...]


def found[T](query: str, items: Iterable[T], text: Callable[[T], str] = str) -> list[T]:
    """The items whose text holds every word of the query: the best matches first, then in the given order.

    Equal texts come before texts with the words at the start of words, and those before words inside words;
    within each, texts that match with diacritics come before those that match without.
    """
    words = tuple(_cased(query).split())
    if not words:
        return list(items)
    bare = tuple(folded(word) for word in words)
    ranked = [(rank, item) for item in items if (rank := _rank(words, bare, text(item))) is not None]
    return [item for _, item in sorted(ranked, key=lambda pair: pair[0])]


def _rank(words: tuple[str, ...], bare: tuple[str, ...], text: str) -> int | None:
    plain = folded(text)
    if not all(word in plain for word in bare):
        return None
    marked = _cased(text)
    exact = all(word in marked for word in words)
    if plain == " ".join(bare):
        return 0 if marked == " ".join(words) else 1
    if all(_begins(word, plain) for word in bare):
        return 2 if exact and all(_begins(word, marked) for word in words) else 3
    return 4 if exact else 5


def _begins(word: str, text: str) -> bool:
    """True where a word of the text begins with ``word``."""
    start = text.find(word)
    while start >= 0:
        if start == 0 or not _letter(text[start - 1]):
            return True
        start = text.find(word, start + 1)
    return False


def _letter(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN"


@functools.lru_cache(maxsize=100_000)
def folded(text: str) -> str:
    """A text without case, spaces at its ends and the diacritics of Latin letters: «Đặng» is «dang»."""
    apart = unicodedata.normalize("NFD", _cased(text))
    return unicodedata.normalize("NFC", "".join(c for c in apart if ord(c) not in MARKS)).replace("đ", "d")


@functools.lru_cache(maxsize=100_000)
def _cased(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


@functools.lru_cache(maxsize=100_000)
def by_given_name(name: str) -> NameKey:
    """A key that sorts people by given name, then by the words before it, in Vietnamese order."""
    words = name.split()
    return tuple(_word_key(word) for word in (*words[-1:], *words[:-1]))


def forget() -> None:
    """Drops what is kept of names that were looked up: somebody was erased, and it may still name this person."""
    for kept in (folded, _cased, by_given_name, _word_key):
        kept.cache_clear()


def vietnamese(text: str) -> NameKey:
    """A key that sorts any text in Vietnamese order."""
    return tuple(_word_key(word) for word in text.split())


@functools.lru_cache(maxsize=4096)
def _word_key(word: str) -> tuple[object, ...]:
    """Letters first, then tones, then the text itself, so that different names never compare equal."""
    letters: list[tuple[int, str]] = []
    tones: list[int] = []
    for character in unicodedata.normalize("NFC", word).casefold():
        apart = unicodedata.normalize("NFD", character)
        marks = apart[1:]
        letter = unicodedata.normalize("NFC", apart[0] + "".join(m for m in marks if m in LETTER_MARKS))
        place = ALPHABET.find(letter)
        letters.append((place, "") if place >= 0 else (len(ALPHABET), character))
        tones.append(max((TONES.find(mark) + 1 for mark in marks), default=0))
    return (tuple(letters), tuple(tones), word)
