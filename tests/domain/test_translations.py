"""Every sentence of the domain is said in Vietnamese too, with the same values."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import domain
from planner.text import LOCALES

SPEAKING = frozenset({"message", "because", "counted", "_one", "_one_of"})
DOMAIN = Path(domain.__file__).parent


def literals(source: str) -> Iterator[str]:
    """The sentences of a module: the text literals given to what makes messages and refusals."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            function = node.func
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", None)
            if name in SPEAKING:
                yield from (a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str))


def translated() -> dict[str, str]:
    """All Vietnamese translations by their English sentence; of a counted one the singular names both."""
    found: dict[str, str] = {}
    for path in sorted((LOCALES / "vi").glob("*.po")):
        with path.open("rb") as stream:
            for entry in read_po(stream, locale="vi"):
                texts = (entry.id,) if isinstance(entry.id, str) else entry.id
                said = entry.string if isinstance(entry.string, str) else (entry.string or ("",))[0]
                if said and not entry.fuzzy and not entry.context:
                    found |= dict.fromkeys(texts, said)
    return found


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


SENTENCES = sorted({text for path in DOMAIN.rglob("*.py") for text in literals(path.read_text("utf-8"))})
VIETNAMESE = translated()


def test_the_search_finds_sentences_and_misses_nothing_that_is_said() -> None:
    source = 'message("One {x}.", x=1)\nNotFound.because("Two.")\nlen("three")\nf(counted("Four", "Fours", n))'

    assert sorted(literals(source)) == ["Four", "Fours", "One {x}.", "Two."]
    assert "Say why: this needs a reason." in SENTENCES
    assert "There is no visit {code}." in SENTENCES


@pytest.mark.parametrize("sentence", SENTENCES)
def test_every_sentence_of_the_domain_is_said_in_vietnamese(sentence: str) -> None:
    assert sentence in VIETNAMESE


@pytest.mark.parametrize("sentence", sorted(set(SENTENCES) & set(VIETNAMESE)))
def test_the_translation_names_the_same_values(sentence: str) -> None:
    assert places(VIETNAMESE[sentence]) == places(sentence)


def test_an_unknown_sentence_is_not_taken_for_translated() -> None:
    assert "A sentence that nobody translated." not in VIETNAMESE
