"""With which keys people sign what binds them, and who vouches that they are theirs."""

from __future__ import annotations

import streamlit as st

from domain.signer import SigningKey, SigningKeys
from domain.signing import signers
from planner.deciding import Outcome
from planner.text import Speaker
from ui import session
from ui.components import plain_table
from ui.components.inputs import password_input, reason_input
from ui.components.plain_table import Row
from ui.session import Session

_FACE = 24


def show(now: Session) -> None:
    """All keys that the log tells of; vouching for one account and revoking, for who may."""
    speaker, listed = now.speaker, signers(session.plan())
    plain_table.show(
        (speaker("Account"), speaker("Public key"), speaker("Made"), speaker("Vouched for by"), speaker("Ended")),
        [_row(speaker, one, key) for one in listed for key in one.keys],
        caption=speaker("Keys to sign with"),
        key="signing_keys",
    )
    if session.may("vouch_for_keys") and (others := [one.key for one in listed if one.key != now.account.user]):
        _deciding(now, others)


def _row(speaker: Speaker, one: SigningKeys, key: SigningKey) -> Row:
    ended = "" if key.ended_at is None else speaker.second(key.ended_at)
    face = key.public_key.removeprefix(f"{one.key}+")[:_FACE]
    return Row((one.key, face, speaker.second(key.made_at), key.vouched_by or "–", ended))


def _deciding(now: Session, others: list[str]) -> None:
    speaker = now.speaker
    user = st.selectbox(speaker("Account"), others, key="signing_keys_user", width=560)
    st.caption(
        speaker(
            "Vouch where the person showed you this key on their own screen or paper. It is signed with your password, "
            "so that nobody who only holds this machine can put in a key of their own making unnoticed."
        )
    )
    password = password_input(speaker, "signing_keys_password")
    reason = reason_input(speaker, "signing_keys_reason")
    with st.container(horizontal=True):
        vouch = st.button(speaker("Vouch for the keys"), key="vouch_for_keys", icon=":material/verified:")
        revoke = st.button(speaker("Revoke the keys"), key="revoke_keys", icon=":material/key_off:")
    if vouch:
        done = speaker("You vouched for the keys of {user}.", user=user)
        session.act(done, lambda: _vouched(user, password, reason), final=True)
    if revoke:
        done = speaker("The keys of {user} sign no longer.", user=user)
        session.act(done, lambda: session.planner().revoke_keys(user, by=now.actor, reason=reason), final=True)


def _vouched(user: str, password: str, reason: str) -> Outcome:
    return session.planner().vouch_for_keys(user, by=session.signing(password, ""), reason=reason)
