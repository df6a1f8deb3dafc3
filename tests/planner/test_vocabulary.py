"""Every word of the vocabulary has its label in both languages."""

from __future__ import annotations

import importlib
import pkgutil
from enum import StrEnum

import pytest

import domain
import planner.access.reads
import planner.access.refused
import planner.access.registry
import planner.access.sign_in_log
import planner.history.questions
import planner.rostering
from domain.events import EVENTS
from planner.text import Speaker
from planner.vocabulary import ENGLISH, EVENT_NAMES

for _package in (domain, planner.rostering):
    for _module in pkgutil.walk_packages(_package.__path__, f"{_package.__name__}."):
        importlib.import_module(_module.name)

SPEAKING = (
    "domain.",
    "planner.rostering.",
    "planner.history.questions",
    "planner.access.reads",
    "planner.access.refused",
    "planner.access.registry",
    "planner.access.sign_in_log",
)
VOCABULARY = sorted(
    (kind for kind in StrEnum.__subclasses__() if kind.__module__.startswith(SPEAKING)), key=lambda k: k.__name__
)
EN = Speaker("en")
VI = Speaker("vi")


@pytest.mark.parametrize("kind", VOCABULARY, ids=lambda kind: kind.__name__)
def test_every_member_has_two_labels_that_no_other_member_has(kind: type[StrEnum]) -> None:
    members = list(kind)

    labels = [(EN.label(member), VI.label(member)) for member in members]

    assert [en for en, vi in labels if en == vi] == []
    assert len({en for en, _ in labels}) == len({vi for _, vi in labels}) == len(members)
    assert not any("_" in en + vi for en, vi in labels)


def test_english_labels_belong_to_members_that_exist() -> None:
    classes = {kind.__name__: {member.value for member in kind} for kind in VOCABULARY}

    unknown = [(name, value) for name, labels in ENGLISH.items() for value in labels.keys() - classes.get(name, set())]

    assert unknown == []


def test_every_event_has_a_name_in_both_languages() -> None:
    assert list(EVENT_NAMES) == list(EVENTS)
    assert [name.text for name in EVENT_NAMES.values() if EN.say(name) == VI.say(name)] == []
