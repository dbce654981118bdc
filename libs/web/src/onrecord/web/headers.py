"""Response headers, read as what they are: outside text that may be absurd."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MAX_RETRY_AFTER_S = 86_400.0  # a day; a site that says "in a year" is asked again tomorrow
MAX_AGE_S = 31_536_000  # a year, the most that caches honour
MAX_VALIDATOR_CHARS = 1_024  # they are stored with every item
MAX_LINK_HEADER_CHARS = 8_192
MAX_LINKS = 32
MAX_WORD_CHARS = 100  # media types and charset names

_VISIBLE = re.compile(r"[\x20-\x7e]+")
_WORD = re.compile(r"[A-Za-z0-9!#$&^_.+/-]+")
_DIGITS = re.compile(r"[0-9]+")
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?([0-9]{1,20})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    url: str
    rel: str


def retry_after_s(value: str | None, now: datetime) -> float | None:
    """Seconds from `now`, between 0 and a day; None where the header is absent or means nothing."""
    if value is None:
        return None
    value = value.strip()
    if _DIGITS.fullmatch(value):
        return MAX_RETRY_AFTER_S if len(value) > 9 else min(float(value), MAX_RETRY_AFTER_S)
    moment = http_date(value)
    if moment is None:
        return None
    return min(max((moment - now).total_seconds(), 0.0), MAX_RETRY_AFTER_S)


def http_date(value: str | None) -> datetime | None:
    if value is None or len(value) > MAX_WORD_CHARS:
        return None
    try:
        moment = parsedate_to_datetime(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def max_age_s(cache_control: str | None) -> int | None:
    found = _MAX_AGE.search((cache_control or "")[:MAX_LINK_HEADER_CHARS])
    return min(int(found[1]), MAX_AGE_S) if found else None


def validator(value: str | None) -> str | None:
    """An ETag or Last-Modified as it may be stored and sent back; one too long or unprintable is none at all."""
    if value is None or len(value) > MAX_VALIDATOR_CHARS or not _VISIBLE.fullmatch(value):
        return None
    return value


def media_type(value: str | None) -> tuple[str | None, str | None]:
    """Lower-case media type and charset of a Content-Type header."""
    kind, *parameters = (value or "")[:MAX_LINK_HEADER_CHARS].split(";")
    charset = None
    for parameter in parameters:
        name, _, given = parameter.partition("=")
        if name.strip().lower() == "charset" and charset is None:
            charset = _word(given.strip().strip("\"'"))
    return _word(kind.strip()), charset


def _word(text: str) -> str | None:
    return text.lower() if len(text) <= MAX_WORD_CHARS and _WORD.fullmatch(text) else None


def links(values: Iterable[str]) -> tuple[Link, ...]:
    """The targets of Link headers (RFC 8288), one entry for each relation, such as WebSub's hub and self."""
    found: list[Link] = []
    for value in values:
        for entry in value[:MAX_LINK_HEADER_CHARS].split("<")[1:]:
            target, closed, parameters = entry.partition(">")
            if closed:
                found.extend(Link(target.strip(), rel) for rel in _relations(parameters))
    return tuple(found[:MAX_LINKS])


def _relations(parameters: str) -> list[str]:
    for parameter in parameters.split(";")[1:]:
        name, _, given = parameter.partition("=")
        if name.strip().lower() == "rel":
            return given.strip().rstrip(",").strip().strip('"').lower().split()
    return []
