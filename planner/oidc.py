"""Sign-in by a team's own OpenID provider: authorization code with PKCE, and what is believed of the answer.

Off unless a file of settings says which provider; nothing of this module is loaded, and no other host asked, without
it. Who comes back from the provider is a subject; which account that is, an administrator has said beforehand
(``planner.identities``): no account is ever made by signing in. The session is ours (``planner.sign_in``).
"""

from __future__ import annotations

import dataclasses
import json
import os
import stat
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Final, cast
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.refusals import InvalidInput, NotAllowed, PlanningError
from planner.validation import invalid_input

#: Signatures that are believed: by a key that only the provider has.
ALGORITHMS: Final = ("RS256", "PS256", "ES256", "EdDSA", "Ed25519")
#: Seconds that clocks may differ.
LEEWAY: Final = 60
#: Seconds that the provider may take.
TIMEOUT: Final = 10
#: How long what the provider says of itself is believed before it is asked again.
BELIEVED: Final = timedelta(hours=1)
#: How long one that could not be asked is not asked again: everybody is told so at once meanwhile.
LEFT_ALONE: Final = timedelta(seconds=10)
_MOST_BYTES: Final = 1_000_000


class Settings(BaseModel):
    """Which provider, and as whom we come to it. ``name`` is what people call it.

    ``hosts`` are those that its endpoints may lie at, besides the issuer's own: what it says of itself names no others.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: str = Field(max_length=500)
    client_id: str = Field(min_length=1, max_length=500)
    client_secret: str = Field(min_length=1, max_length=500, repr=False)
    name: str = Field(default="OpenID", min_length=1, max_length=100)
    hosts: tuple[Annotated[str, Field(min_length=1, max_length=253)], ...] = Field(default=(), max_length=10)


@dataclasses.dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that has begun: where the browser is sent, and what must come back."""

    address: str
    state: str
    nonce: str
    verifier: str


class ProviderRefused(NotAllowed):
    """The provider cannot be asked, or what it answered is not believed."""


def settings_in(file: Path) -> Settings:
    """The settings of a file. Refused where others than its owner may read it, and where it says something else."""
    try:
        mode = file.stat().st_mode
        text = file.read_text("utf-8")
    except (OSError, UnicodeError):
        raise InvalidInput.because("The settings of the provider cannot be read: {file}.", file=file) from None
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise InvalidInput.because("{file} holds a secret and may be read by others: chmod 600 {file}", file=file)
    try:
        found = Settings.model_validate_json(text)
    except ValidationError as error:
        raise invalid_input(error) from None
    _trustworthy(found.issuer)
    return found


def _trustworthy(address: str) -> None:
    """Refuse a provider that could be anybody: without TLS only this machine is believed."""
    parts = urlsplit(address)
    local = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
    if not (local or (parts.scheme == "https" and parts.hostname)):
        raise InvalidInput.because("A provider has an address that begins with https://: {address}", address=address)


class Provider:
    """The provider, as we ask it. Safe to share between threads."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        self.settings = settings
        self._clock = clock
        self._lock = threading.Lock()
        self._known: tuple[datetime, dict[str, Any], KeySet] | None = None
        self._failed: tuple[datetime, PlanningError] | None = None

    def begin(self, back: str) -> Begun:
        """A new sign-in, which ends at the address ``back``.

        The provider asks who it is each time, whatever session it holds: who has signed out here is out.
        """
        says, _ = self._metadata()
        state, nonce, verifier = generate_token(43), generate_token(43), generate_token(64)
        address, _ = self._client(back).create_authorization_url(
            says["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier, prompt="login"
        )
        return Begun(address, state, nonce, verifier)

    def subject(self, code: str, begun: Begun, back: str, issuer: str | None = None) -> str:
        """Who came back with a code: the provider's own name for that person. Raises ``ProviderRefused``.

        ``issuer`` is what the answer says of who gave it, where it says that (RFC 9207).
        """
        if issuer is not None and issuer != self.settings.issuer:
            raise _not_believed()
        says, keys = self._metadata()
        client = self._client(back)
        try:
            answer = client.fetch_token(
                says["token_endpoint"], code=code, code_verifier=begun.verifier, timeout=TIMEOUT, allow_redirects=False
            )
        except (AuthlibBaseError, requests.RequestException, ValueError):
            raise ProviderRefused.because(
                "The provider did not accept this sign-in. Begin again; if it stays so, tell your administrator."
            ) from None
        finally:
            client.close()
        token = answer.get("id_token") if isinstance(answer, dict) else None
        if not isinstance(token, str):
            raise _not_believed()
        return self._believed(token, begun.nonce, keys)

    def _believed(self, token: str, nonce: str, keys: KeySet) -> str:
        """The subject of a token that is signed by the provider, for us, for this sign-in, and not over."""
        try:
            claims = jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims
        except (JoseError, ValueError, KeyError):
            # Keys change: those of now are asked for once more by the next sign-in.
            self._known = None
            raise _not_believed() from None
        audience = claims.get("aud")
        audiences = [audience] if isinstance(audience, str) else audience
        now = self._clock().timestamp()
        holds = (
            claims.get("iss") == self.settings.issuer
            and isinstance(audiences, list)
            and self.settings.client_id in audiences
            and claims.get("azp", self.settings.client_id if len(audiences) == 1 else None) == self.settings.client_id
            and claims.get("nonce") == nonce
            and _number(claims.get("exp")) > now - LEEWAY
            and 0 < _number(claims.get("iat")) < now + LEEWAY
        )
        subject = claims.get("sub")
        if not holds or not isinstance(subject, str) or not 0 < len(subject) <= 255:
            raise _not_believed()
        return subject

    def _metadata(self) -> tuple[dict[str, Any], KeySet]:
        """What the provider says of itself, and its keys: asked for when somebody signs in, believed for an hour."""
        with self._lock:
            now = self._clock()
            if self._known is not None and now - self._known[0] < BELIEVED:
                return self._known[1], self._known[2]
            if self._failed is not None and now - self._failed[0] < LEFT_ALONE:
                raise type(self._failed[1])(self._failed[1].message)
            try:
                says, keys = self._learned()
            except PlanningError as refusal:
                self._failed = self._clock(), refusal
                raise
            self._known = now, says, keys
            return says, keys

    def _learned(self) -> tuple[dict[str, Any], KeySet]:
        says = self._asked(f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration")
        if says.get("issuer") != self.settings.issuer:
            raise ProviderRefused.because(
                "The provider calls itself {said}, and the settings say {issuer}. Tell your administrator.",
                said=str(says.get("issuer"))[:200],
                issuer=self.settings.issuer,
            )
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            self._at_home(str(says.get(name)))
        try:
            return says, KeySet.import_key_set(cast(KeySetSerialization, self._asked(says["jwks_uri"])))
        except (JoseError, ValueError, KeyError):
            raise _not_believed() from None

    def _at_home(self, address: str) -> None:
        """Refuse an endpoint that lies neither at the issuer's host nor at one that the settings name."""
        _trustworthy(address)
        host = urlsplit(address).netloc
        if host not in {urlsplit(self.settings.issuer).netloc, *self.settings.hosts}:
            raise ProviderRefused.because(
                "The provider sends to {host}, which the settings do not name. Your administrator can add it there, "
                'as "hosts".',
                host=host[:200],
            )

    def _asked(self, address: str) -> dict[str, Any]:
        try:
            answer = requests.get(address, timeout=TIMEOUT, allow_redirects=False, stream=True)
            with answer:
                content = answer.raw.read(_MOST_BYTES, decode_content=True)
            found = json.loads(content) if answer.status_code == 200 else None
        except (requests.RequestException, OSError, ValueError):
            found = None
        if not isinstance(found, dict):
            raise ProviderRefused.because(
                "The provider {name} does not answer. Sign in with your password, or try again later.",
                name=self.settings.name,
            )
        return found

    def _client(self, back: str) -> OAuth2Session:
        return OAuth2Session(
            self.settings.client_id,
            self.settings.client_secret,
            scope="openid",
            redirect_uri=back,
            code_challenge_method="S256",
        )


def _number(value: object) -> float:
    """A moment of a claim; one that is none is long over."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0


def _not_believed() -> PlanningError:
    return ProviderRefused.because(
        "What the provider answered does not hold. Begin again; if it stays so, tell your administrator."
    )
