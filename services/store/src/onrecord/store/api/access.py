"""Who may ask: bearer tokens kept as hashes, and no open door to the network without one."""

import hashlib
import hmac
import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
ENTRY = re.compile(r"([A-Za-z0-9_.-]{1,64}):([0-9a-f]{64})")


class ExposedWithoutToken(Exception):
    """The API would answer anyone on the network."""


class BadToken(ValueError):
    """An entry that is not `name:sha256-hex`."""


@dataclass(frozen=True, slots=True)
class Token:
    """`sha256` of the secret. Secrets are random, so a plain hash is enough; the name is for logs and rate limits."""

    name: str
    sha256: str


def hash_token(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def parse_tokens(text: str) -> tuple[Token, ...]:
    """`name:sha256-hex` entries apart by commas or white space; raises BadToken without echoing the entry."""
    found = []
    for number, entry in enumerate(re.split(r"[\s,]+", text.strip()) if text.strip() else (), start=1):
        match = ENTRY.fullmatch(entry)
        if not match:
            raise BadToken(f"token {number} is not of the form name:sha256-hex")
        found.append(Token(match[1], match[2]))
    return tuple(found)


def check_exposure(host: str, tokens: Sequence[Token]) -> None:
    """Raises ExposedWithoutToken where `host` can be reached from elsewhere and no token is set."""
    if not tokens and not is_loopback(host):
        raise ExposedWithoutToken(f"listening on {host or 'all addresses'} needs a token: anyone could read the API")


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def holder(authorization: str | None, tokens: Sequence[Token]) -> Token | None:
    """The token of an `Authorization` header. Every hash is compared, in constant time, so that time tells nothing."""
    scheme, _, secret = (authorization or "").partition(" ")
    offered = hash_token(secret.strip())
    matches = [token for token in tokens if hmac.compare_digest(token.sha256, offered)]
    return matches[0] if matches and scheme.casefold() == "bearer" else None


def host_name(header: str | None) -> str:
    """The host of a `Host` header, without its port."""
    value = (header or "").casefold()
    return value[1 : value.find("]")] if value.startswith("[") else value.partition(":")[0]
