"""``planner user keys``, ``vouch`` and ``revoke-keys``: who signs with which key, and who says that it is theirs."""

from __future__ import annotations

import argparse

from domain.signer import SigningKey, SigningKeys
from domain.signing import signers
from planner.cli.answers import moment
from planner.cli.console import Console
from planner.cli.opening import actor, opened, reader, record, signing


def list_(asked: argparse.Namespace, console: Console) -> int:
    """All keys that the log tells of."""
    with opened(asked) as planner:
        who = reader(planner, asked.user, "read_site_members")
        record(who, console, "read_site_members", "", "signing keys")
        found = [(one, key) for one in signers(who.plan) for key in one.keys]
        if asked.format == "json":
            console.json([_told(one, key) for one, key in found])
            return 0
        for one, key in found:
            console.line("\t".join(_row(one, key, console)))
    return 0


def vouch(asked: argparse.Namespace, console: Console) -> int:
    """Say with a signature that the keys of an account are that person's."""
    with opened(asked) as planner:
        planner.vouch_for_keys(asked.name, by=signing(planner, actor(planner, asked.user), asked.password_file))
    return 0


def revoke(asked: argparse.Namespace, console: Console) -> int:
    """End all keys of an account."""
    with opened(asked) as planner:
        planner.revoke_keys(asked.name, by=actor(planner, asked.user), reason=asked.reason)
    return 0


def _told(one: SigningKeys, key: SigningKey) -> dict[str, object]:
    return {
        "user": one.key,
        "key": key.public_key,
        "machine": key.machine,
        "made_at": moment(key.made_at),
        "ended_at": None if key.ended_at is None else moment(key.ended_at),
        "vouched_by": key.vouched_by or None,
    }


def _row(one: SigningKeys, key: SigningKey, console: Console) -> list[str]:
    speaker = console.speaker
    ended = "" if key.ended_at is None else speaker("ended {moment}", moment=speaker.moment(key.ended_at))
    vouched = (
        speaker("vouched for by {user}", user=key.vouched_by) if key.vouched_by else speaker("nobody vouched for it")
    )
    return [one.key, key.public_key, speaker.moment(key.made_at), vouched, ended]
