"""What is believed of a real provider's answers, and what is not: each hostile case beside the one that holds."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import json
import socket
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from domain.refusals import InvalidInput
from planner.oidc import Begun, Provider, ProviderRefused, Settings, settings_in
from planner.text import now
from tests.ui.oidc.conftest import SECRET, Browser, Place

BACK = "http://127.0.0.1:1/login/oidc/back"
BELIEVED = "What the provider answered does not hold."
ACCEPTED = "The provider did not accept this sign-in."


@pytest.fixture
def provider(place: Place) -> Provider:
    return Provider(place.settings, now)


def came_back(browser: Browser, address: str, login: str = "lan") -> dict[str, str]:
    """What the provider's answer says."""
    asked = parse_qs(urlsplit(browser.signed_in(address, login)).query)
    return {name: values[0] for name, values in asked.items()}


def changed(address: str, **parameters: str) -> str:
    """The address with other parameters."""
    parts = urlsplit(address)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()} | parameters
    return parts._replace(query=urlencode(asked)).geturl()


def refused(provider: Provider, code: str, begun: Begun, issuer: str | None = None) -> str:
    """The first sentence of the refusal."""
    with pytest.raises(ProviderRefused) as refusal:
        provider.subject(code, begun, BACK, issuer)
    return str(refusal.value).partition(".")[0] + "."


def test_who_signs_in_there_is_known_by_the_providers_own_name(
    provider: Provider, place: Place, browser: Browser
) -> None:
    begun = provider.begin(BACK)
    answer = came_back(browser, begun.address)

    asked = parse_qs(urlsplit(begun.address).query)
    assert (asked["code_challenge_method"], asked["response_type"], asked["scope"]) == (["S256"], ["code"], ["openid"])
    assert asked["prompt"] == ["login"]
    assert (answer["state"], answer["iss"]) == (begun.state, place.issuer)
    assert provider.subject(answer["code"], begun, BACK, answer["iss"]) == "lan"


def test_whoever_has_a_session_there_is_asked_again(provider: Provider, place: Place, browser: Browser) -> None:
    """Leaving here is leaving: on a machine that others use too, nobody comes back in by the provider's session."""
    came_back(browser, provider.begin(BACK).address)

    again = browser.get(provider.begin(BACK).address)
    silent = browser.get(changed(provider.begin(BACK).address, prompt=""))

    assert "/interaction/" in again.headers["location"]
    assert urlsplit(silent.headers["location"]).path == "/login/oidc/back"  # the control: not asked, it lets in


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("https://id.example/token", True),
        ("https://keys.example/jwks", True),
        ("https://id.example.evil.example/token", False),
        ("https://id.example:8443/token", False),
        ("https://id.example@evil.example/token", False),
        ("https://10.0.0.5/admin", False),
        ("http://127.0.0.1:8511/add-checkpoint", False),
    ],
)
def test_an_endpoint_lies_at_the_issuers_host_or_at_one_that_the_settings_name(address: str, named: bool) -> None:
    settings = Settings(issuer="https://id.example", client_id="x", client_secret="x", hosts=("keys.example",))
    provider = Provider(settings, now)

    with contextlib.nullcontext() if named else pytest.raises(ProviderRefused, match="do not name"):
        provider._at_home(address)


def test_a_code_is_good_once(provider: Provider, browser: Browser) -> None:
    begun = provider.begin(BACK)
    answer = came_back(browser, begun.address)
    provider.subject(answer["code"], begun, BACK)

    assert refused(provider, answer["code"], begun) == ACCEPTED


def test_a_token_with_another_nonce_is_not_for_this_sign_in(provider: Provider, browser: Browser) -> None:
    begun = provider.begin(BACK)
    answer = came_back(browser, changed(begun.address, nonce="of-somebody-else"))

    assert refused(provider, answer["code"], begun) == BELIEVED


def test_a_code_without_its_verifier_is_worth_nothing(provider: Provider, browser: Browser) -> None:
    begun = provider.begin(BACK)
    answer = came_back(browser, begun.address)

    assert refused(provider, answer["code"], dataclasses.replace(begun, verifier="x" * 64)) == ACCEPTED


def test_the_code_of_another_client_is_refused(provider: Provider, browser: Browser) -> None:
    begun = provider.begin(BACK)
    answer = came_back(browser, changed(begun.address, client_id="other"))

    assert refused(provider, answer["code"], begun) == ACCEPTED


def test_an_answer_that_names_another_issuer_is_refused(provider: Provider, browser: Browser) -> None:
    begun = provider.begin(BACK)
    answer = came_back(browser, begun.address)

    assert refused(provider, answer["code"], begun, "https://evil.example") == BELIEVED


def test_a_token_that_is_over_is_refused(place: Place, browser: Browser) -> None:
    late = Provider(place.settings, lambda: now() + timedelta(hours=2))
    begun = late.begin(BACK)
    answer = came_back(browser, begun.address)

    assert refused(late, answer["code"], begun) == BELIEVED


def test_a_token_of_the_future_is_refused(place: Place, browser: Browser) -> None:
    early = Provider(place.settings, lambda: now() - timedelta(minutes=5))
    begun = early.begin(BACK)
    answer = came_back(browser, begun.address)

    assert refused(early, answer["code"], begun) == BELIEVED


def test_a_provider_that_calls_itself_otherwise_is_refused(place: Place) -> None:
    swapped = place.settings.model_copy(update={"issuer": place.issuer.replace("127.0.0.1", "localhost")})

    with pytest.raises(ProviderRefused, match="calls itself"):
        Provider(swapped, now).begin(BACK)


def test_a_provider_that_is_not_there_is_named() -> None:
    gone = Settings(issuer="http://127.0.0.1:1", client_id="planner", client_secret=SECRET, name="Ministry")

    with pytest.raises(ProviderRefused, match="The provider Ministry does not answer"):
        Provider(gone, now).begin(BACK)


def test_a_provider_that_does_not_answer_is_left_alone_for_ten_seconds() -> None:
    """However many people ask: none of them waits for it again."""
    moment = now()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(0.2)
        asked = 0

        def answered() -> None:
            nonlocal asked
            with contextlib.suppress(TimeoutError):
                while True:
                    silent.accept()[0].close()
                    asked += 1

        counting = threading.Thread(target=answered)
        told = Settings(issuer=f"http://127.0.0.1:{silent.getsockname()[1]}", client_id="planner", client_secret=SECRET)
        provider = Provider(told, lambda: moment)
        counting.start()
        for seconds in (0, 1, 8.9, 1.1, 1):
            moment += timedelta(seconds=seconds)
            with pytest.raises(ProviderRefused, match="The provider OpenID does not answer"):
                provider.begin(BACK)
        counting.join()

    assert asked == 2


def test_a_wrong_secret_of_ours_lets_nobody_in(place: Place, browser: Browser) -> None:
    wrong = Provider(place.settings.model_copy(update={"client_secret": "another secret"}), now)
    begun = wrong.begin(BACK)

    assert refused(wrong, came_back(browser, begun.address)["code"], begun) == ACCEPTED


# Forged tokens: what no honest provider gives


def claims(place: Place, **other: Any) -> dict[str, Any]:
    moment = int(time.time())
    told = {"iss": place.issuer, "aud": "planner", "sub": "lan", "nonce": "n", "iat": moment, "exp": moment + 300}
    return {name: value for name, value in {**told, **other}.items() if value is not None}


FORGED: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://evil.example"},
    "no issuer": {"iss": None},
    "for another": {"aud": "other"},
    "for nobody": {"aud": None},
    "for several, ours not the party": {"aud": ["planner", "other"], "azp": "other"},
    "for several, no party": {"aud": ["planner", "other"]},
    "another nonce": {"nonce": "m"},
    "no nonce": {"nonce": None},
    "over": {"exp": 1},
    "never over": {"exp": None},
    "over in words": {"exp": "tomorrow"},
    "of nobody": {"sub": None},
    "of an empty name": {"sub": ""},
    "of a long name": {"sub": "x" * 256},
    "of a number": {"sub": 7},
    "of the future": {"iat": int(time.time()) + 3600},
}


@pytest.fixture
def forging(provider: Provider, place: Place) -> RSAKey:
    """A key that the provider's set is made to hold: what is wrong then is what the token says."""
    key = RSAKey.generate_key(2048, {"kid": "forged"})
    provider.begin(BACK)
    known = provider._known
    assert known is not None
    known[2].keys.append(key)
    return key


def signed(key: RSAKey, told: dict[str, Any]) -> str:
    return jwt.encode({"alg": "RS256", "kid": "forged"}, told, key)


def believed(provider: Provider, token: str) -> str:
    """The subject; the first sentence of the refusal where there is none."""
    known = provider._known
    assert known is not None
    try:
        return provider._believed(token, "n", known[2])
    except ProviderRefused as refusal:
        return str(refusal).partition(".")[0] + "."


@pytest.mark.parametrize("name", FORGED)
def test_a_token_that_says_something_else_is_not_believed(
    provider: Provider, place: Place, forging: RSAKey, name: str
) -> None:
    assert believed(provider, signed(forging, claims(place))) == "lan"  # the control

    assert believed(provider, signed(forging, claims(place, **FORGED[name]))) == BELIEVED


def test_a_token_for_several_with_us_as_the_party_is_believed(
    provider: Provider, place: Place, forging: RSAKey
) -> None:
    assert believed(provider, signed(forging, claims(place, aud=["planner", "other"], azp="planner"))) == "lan"


def test_a_token_signed_by_nobody_or_another_key_is_not_believed(
    provider: Provider, place: Place, forging: RSAKey
) -> None:
    def part(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    other = RSAKey.generate_key(2048, {"kid": "forged"})
    whole = signed(forging, claims(place))
    tokens = [
        f"{part({'alg': 'none'})}.{part(claims(place))}.",
        jwt.encode({"alg": "RS256", "kid": "forged"}, claims(place), other),
        jwt.encode({"alg": "RS256", "kid": "unknown"}, claims(place), other),
        whole[:-6] + "AAAAAA",
        "",
        "a.b.c",
    ]

    answers = []
    for token in tokens:
        provider.begin(BACK)
        known = provider._known
        assert known is not None
        if forging not in known[2].keys:
            known[2].keys.append(forging)
        answers.append(believed(provider, token))

    assert answers == [BELIEVED] * len(tokens)


# Settings


def written(tmp_path: Path, mode: int = 0o600, **other: str) -> Path:
    file = tmp_path / "oidc.json"
    told = {"issuer": "https://id.example", "client_id": "planner", "client_secret": SECRET, **other}
    file.write_text(json.dumps(told))
    file.chmod(mode)
    return file


def test_settings_are_read_from_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    assert settings_in(written(tmp_path, name="Bộ")).name == "Bộ"
    assert SECRET not in repr(settings_in(written(tmp_path)))
    for mode in (0o640, 0o604, 0o644):
        with pytest.raises(InvalidInput, match="chmod 600"):
            settings_in(written(tmp_path, mode))


@pytest.mark.parametrize(
    "issuer", ["http://id.example", "ftp://127.0.0.1", "id.example", "https://", "", "file:///etc/passwd"]
)
def test_a_provider_that_could_be_anybody_is_refused(tmp_path: Path, issuer: str) -> None:
    with pytest.raises(InvalidInput):
        settings_in(written(tmp_path, issuer=issuer))


def test_settings_that_say_something_else_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        settings_in(written(tmp_path, verify="no"))
    with pytest.raises(InvalidInput):
        settings_in(tmp_path / "missing.json")
