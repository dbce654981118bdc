"""Host names: one spelling, or refusal."""

import re
from ipaddress import AddressValueError, IPv4Address

import idna

from onrecord.web.errors import UrlRefused

MAX_HOST_CHARS = 253  # RFC 1035
MAX_LABEL_CHARS = 63  # RFC 1035

# Underscores are no host name by RFC 952, yet live sites have them.
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")  # what a resolver may read as part of an IPv4 address
_OTHER_DOTS = re.compile("[\u3002\uff0e\uff61]")  # IDNA reads these as dots

# Names that only a private network answers: RFC 6761, 6762, 7686, 8375, and what routers, clouds and clusters use.
PRIVATE_NAMES = (
    "localhost",
    "localdomain",
    "local",
    "internal",
    "intranet",
    "lan",
    "home.arpa",
    "svc",
    "cluster.local",
    "onion",
)


def host_of(name: str) -> str:
    """Lower-case ASCII name or dotted IPv4 address; raises `UrlRefused`."""
    if _OTHER_DOTS.search(name):
        raise UrlRefused("host", "a dot that is not U+002E")
    labels = name.lower().split(".")
    absolute = len(labels) > 1 and labels[-1] == ""
    if absolute:
        labels.pop()
    host = ".".join(_label(label) for label in labels)
    if len(host) > MAX_HOST_CHARS:
        raise UrlRefused("host", "name too long")
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        if absolute:
            raise UrlRefused("host", "a number with a dot at its end")
        return _ipv4(host)
    return host


def is_private_name(host: str) -> bool:
    """Single labels and special-use names: never a public site."""
    if ":" in host:
        return False
    return "." not in host or any(host.endswith("." + name) for name in PRIVATE_NAMES)


def _label(label: str) -> str:
    if not label.isascii():
        label = _punycode(label)
    if len(label) > MAX_LABEL_CHARS or not _LABEL.fullmatch(label):
        raise UrlRefused("host", f"label {label[:20]!r}")
    return label


def _punycode(label: str) -> str:
    if len(label) > MAX_LABEL_CHARS:
        raise UrlRefused("host", f"label {label[:20]!r}")
    try:
        encoded = idna.encode(label, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise UrlRefused("host", "not an internationalised name") from error
    # Full-width and circled letters and digits come out as ASCII: a name or number in disguise.
    if not encoded.startswith("xn--"):
        raise UrlRefused("host", "characters that normalise to ASCII")
    return encoded


def _ipv4(host: str) -> str:
    try:
        address = str(IPv4Address(host))
    except AddressValueError as error:
        raise UrlRefused("host", "a number that is no dotted IPv4 address") from error
    if address != host:
        raise UrlRefused("host", "a number that is no dotted IPv4 address")
    return address
