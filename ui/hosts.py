"""Names and addresses of the application and of its cookies; beyond this machine it is reached by TLS alone."""

from __future__ import annotations

import contextlib
import ipaddress
import ssl
from pathlib import Path

from cryptography import x509

from domain.refusals import InvalidInput, NotPossible


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def checked_tls(host: str, cert: Path | None, key: Path | None) -> bool:
    """True where it is served by TLS. ``InvalidInput`` and ``NotPossible`` for what cannot be served."""
    if (cert is None) != (key is None):
        raise InvalidInput.because("Give both --tls-cert and --tls-key, or neither.")
    if cert is None or key is None:
        if not _is_this_machine(host):
            raise NotPossible.because(
                "Beyond this machine the planner is served only with encryption. Give --tls-cert and --tls-key, "
                "or leave --host away to serve this machine alone."
            )
        return False
    for file in (cert, key):
        if not file.is_file():
            raise InvalidInput.because("There is no file {file}.", file=str(file))
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(cert, key)
    except (OSError, ssl.SSLError) as error:
        raise InvalidInput.because(
            "Certificate {cert} and key {key} cannot be used: {why}.", cert=cert, key=key, why=str(error)
        ) from error
    return True


def hosts_answered(host: str, cert: Path | None, named: tuple[str, ...]) -> frozenset[str]:
    """The host names that are answered: this machine, what was named, and what the certificate vouches for."""
    names = {"127.0.0.1", "localhost", "::1", *named, *_certified(cert)}
    with contextlib.suppress(ValueError):
        if not ipaddress.ip_address(host).is_unspecified:
            names.add(host)
    return frozenset(name.lower().rstrip(".") for name in names)


def _certified(cert: Path | None) -> list[str]:
    if cert is None:
        return []
    certificate = x509.load_pem_x509_certificate(cert.read_bytes())
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [*names.get_values_for_type(x509.DNSName), *map(str, names.get_values_for_type(x509.IPAddress))]


def reached_as(host: str, cert: Path | None, named: tuple[str, ...]) -> str:
    """The name to print: what was asked for, or a name of the certificate where every address is served."""
    if host not in {"0.0.0.0", "::"}:
        return host
    return next(iter([*named, *_certified(cert)]), "localhost")


def address_of(host: str, port: int, *, secure: bool) -> str:
    """The address as browsers say it: IPv6 in brackets, the usual port left out."""
    name = f"[{host}]" if ":" in host else host
    usual = 443 if secure else 80
    return f"{'https' if secure else 'http'}://{name}" + ("" if port == usual else f":{port}")


def cookie_name(name: str, *, secure: bool) -> str:
    """The name of a cookie: behind TLS the browser itself refuses one so called from another host or without TLS.

    Such a cookie is of the whole site: it is set with the path ``/`` and without a domain.
    """
    return f"__Host-{name}" if secure else name
