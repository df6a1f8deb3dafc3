"""One account: who it is, what it may be, and how its person sees everything."""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime
from typing import Final, Literal, get_args

from domain.base import Actor, Role
from planner.store.side_file import Row
from planner.text import DEFAULT_ZONE, Tongue

#: What stands for the password of an account whose person comes in another way.
NO_PASSWORD: Final = ""

type TextSize = Literal["small", "normal", "large"]
TEXT_SIZES: tuple[TextSize, ...] = get_args(TextSize.__value__)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How one reader sees everything: language, zone of the times, text size, contrast."""

    language: Tongue = "vi"
    zone: str = DEFAULT_ZONE
    text_size: TextSize = "normal"
    high_contrast: bool = False


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One person who may sign in. ``officer`` is the code of the officer this person is, if any."""

    user: str
    display_name: str
    roles: frozenset[Role]
    officer: str | None
    look: Look
    disabled: bool
    must_change_password: bool
    #: Without one, its person comes in by a provider alone.
    has_password: bool
    has_feed: bool

    def actor(self, via: str) -> Actor:
        """Who acts in the plan when this person does something, and the way it came."""
        return Actor(user=self.user, roles=self.roles, officer=self.officer, via=via)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class AccountAct:
    """One act of administration, as it was recorded."""

    at: datetime
    by: str
    act: str
    user: str
    detail: str


def account_of(row: Row) -> Account:
    """The account that a row of the file holds."""
    return Account(
        user=row["user"],
        display_name=row["display_name"],
        roles=frozenset(Role(role) for role in json.loads(row["roles"])),
        officer=row["officer"],
        look=Look(
            language=row["language"],
            zone=row["zone"],
            text_size=row["text_size"],
            high_contrast=bool(row["contrast"]),
        ),
        disabled=bool(row["disabled"]),
        must_change_password=bool(row["must_change_password"]),
        has_password=row["password_hash"] != NO_PASSWORD,
        has_feed=row["feed_hash"] is not None,
    )


def roles_text(roles: frozenset[Role]) -> str:
    """Roles as one column holds them."""
    return json.dumps(sorted(roles))
