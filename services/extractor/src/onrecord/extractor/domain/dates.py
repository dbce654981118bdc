"""Dates as pages write them, kept as exact as they were given and no exacter."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from onrecord.contracts import Precision, When
from onrecord.extractor.domain.facts import Head, Structured

EARLIEST = date(1990, 1, 1)  # older dates on news pages are errors or archives; R16 of the design
LATEST_AHEAD = timedelta(days=1)  # clocks and zones
PUBLISHED_META = (
    "article:published_time",
    "og:article:published_time",
    "article:published",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publication_date",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date",
    "dcterms.date",
    "date",
)
MODIFIED_META = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "article:modified",
    "last-modified",
    "dcterms.modified",
)

_ISO = re.compile(
    r"^\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?\s*$",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(Z)?)?$")
_WEEKDAY = re.compile(r"^\s*[A-Za-z]{3,9},?\s")


def parse_when(raw: str, *, basis: str, now: datetime) -> When | None:
    """A page's date: to the minute with the zone the page wrote, to the day where it has no time or midnight sharp.

    None outside 1990 and one day after `now`, and for what cannot be read.
    """
    found = _ISO.match(raw) or _COMPACT.match(raw.strip())
    moment = _moment(found.groups()) if found else _rfc_moment(raw)
    if moment is None:
        return None
    stamp, has_time = moment
    if not stamp.date() >= EARLIEST or (stamp.replace(tzinfo=stamp.tzinfo or UTC) - now) > LATEST_AHEAD:
        return None
    if not has_time:
        return When(value=stamp.date().isoformat(), precision=Precision.day, basis=basis)
    return When(value=stamp.isoformat(timespec="minutes"), precision=Precision.minute, basis=basis)


def _moment(parts: tuple[str | None, ...]) -> tuple[datetime, bool] | None:
    year, month, day, hour, minute, second, zone = parts
    try:
        stamp = datetime(
            int(year or 0), int(month or 0), int(day or 0), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=_zone(zone)
        )
    except ValueError:
        return None
    return stamp, any((stamp.hour, stamp.minute, stamp.second))


def _zone(raw: str | None) -> timezone | None:
    if not raw:
        return None
    if raw.upper() in ("Z", "UTC", "GMT"):
        return UTC
    digits = raw[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4]))
    return timezone(-offset if raw[0] == "-" else offset)


def _rfc_moment(raw: str) -> tuple[datetime, bool] | None:
    if len(raw) > 60 or not _WEEKDAY.match(raw):
        return None
    try:
        stamp = parsedate_to_datetime(raw)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return stamp, any((stamp.hour, stamp.minute, stamp.second))


def published_of(head: Head, structured: Structured, feed: datetime | None, now: datetime) -> When | None:
    """The feed's date, else JSON-LD's, meta's, the one below the headline; the caller may guess where this is None."""
    if feed is not None and (when := parse_when(feed.isoformat(), basis="feed", now=now)):
        return when
    return (
        _first((structured.published,), "json-ld", now)
        or _first(head.all(*PUBLISHED_META), "meta", now)
        or _first(head.times, "headline", now)
    )


def modified_of(head: Head, structured: Structured, now: datetime) -> When | None:
    return _first((structured.modified,), "json-ld", now) or _first(head.all(*MODIFIED_META), "meta", now)


def _first(raws: tuple[str, ...], basis: str, now: datetime) -> When | None:
    return next((when for raw in raws if raw and (when := parse_when(raw, basis=basis, now=now))), None)
