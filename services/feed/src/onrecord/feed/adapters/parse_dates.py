"""The dates that feeds write: right, or absent.

RFC 822 with its usual liberties, RFC 3339 and its ISO 8601 relatives, Unix seconds and milliseconds. What could be read in two
ways (02/11/2026), names an unknown zone or no real day is absent, never guessed.
"""

import re
from datetime import UTC, datetime, timedelta, timezone

RAW_MAX_CHARS = 100  # the longest real form, with a spelled weekday and zone, has about 45
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  # before feeds were; older values are epochs and typing errors
FUTURE_TOLERANCE = timedelta(days=1)  # clocks and zones of publishers; embargoed items come early by hours

_ISO = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})"
    r"(?:[T\s]\s*(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d{1,20})?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?",
    re.IGNORECASE | re.ASCII,
)
_RFC822 = re.compile(
    r"(?:[^\W\d]{2,12}\.?,?\s+)?(\d{1,2})(?:st|nd|rd|th|\.)?[\s-]+(?:de\s+)?([^\W\d_]{3,10})\.?,?[\s-]+(?:de\s+)?(\d{4}|\d{2})"
    r"(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?\s*(?:([+-]\d{2}:?\d{2}|[A-Z]{1,5})(?:\s*\([^()]{1,20}\))?)?)?",
    re.IGNORECASE,
)
_US = re.compile(
    r"(?:[^\W\d]{2,12}\.?,?\s+)?([^\W\d_]{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})"
    r"(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([+-]\d{2}:?\d{2}|[A-Z]{1,5})?)?",
    re.IGNORECASE,
)
_CTIME = re.compile(
    r"[A-Z]{3}\s+([A-Z]{3})\s+(\d{1,2})\s+(\d{1,2}):(\d{2}):(\d{2})\s+(?:([A-Z]{2,5})\s+)?(\d{4})", re.IGNORECASE | re.ASCII
)
_UNIX = re.compile(r"(\d{10})(\d{3})?(?:\.\d{1,6})?", re.ASCII)

# By prefix, longest first: English, French, German, Italian, Spanish, Portuguese, Dutch.
_MONTH_PREFIXES = {
    "jan": 1, "ene": 1, "gen": 1, "feb": 2, "fév": 2, "fev": 2, "mar": 3, "mär": 3, "mrt": 3, "maa": 3, "apr": 4, "avr": 4,
    "abr": 4, "may": 5, "mai": 5, "mag": 5, "mei": 5, "juin": 6, "jun": 6, "giu": 6, "juil": 7, "jul": 7, "lug": 7, "aug": 8,
    "aoû": 8, "aou": 8, "ago": 8, "sep": 9, "set": 9, "oct": 10, "okt": 10, "ott": 10, "out": 10, "nov": 11, "dec": 12,
    "déc": 12, "dez": 12, "dic": 12,
}  # fmt: skip

# Hours east of UTC. Only names that mean one zone in news feeds: IST, CST in China and the like mean several.
_ZONE_HOURS = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "EET": 2,
    "EEST": 3, "MSK": 3, "EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8,
    "HST": -10, "JST": 9, "KST": 9, "HKT": 8, "SGT": 8, "AEST": 10, "AEDT": 11, "AWST": 8, "NZST": 12, "NZDT": 13,
    "SAST": 2, "PKT": 5, "WIB": 7, "CST": -6,
}  # fmt: skip
_ZONE_MAX_MINUTES = 14 * 60  # Kiribati; more is an error


def parse_date(raw: str, *, now: datetime) -> datetime | None:
    """UTC, whole seconds, between 2000 and a day from `now`; a form without a zone is taken as UTC."""
    text = raw.strip()
    if len(text) > RAW_MAX_CHARS or not text:
        return None
    try:
        moment = _unix(text) or _iso(text) or _rfc822(text) or _american(text) or _ctime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment and EARLIEST <= moment <= now + FUTURE_TOLERANCE else None


def _unix(text: str) -> datetime | None:
    match = _UNIX.fullmatch(text)
    return datetime.fromtimestamp(int(match[1]), UTC) if match else None


def _iso(text: str) -> datetime | None:
    match = _ISO.fullmatch(text)
    if not match:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    return _moment(int(year), int(month), int(day), (hour, minute, second), zone)


def _rfc822(text: str) -> datetime | None:
    match = _RFC822.fullmatch(text)
    if not match:
        return None
    day, month, year, hour, minute, second, zone = match.groups()
    return _moment(_full_year(year), _month(month), int(day), (hour, minute, second), zone)


def _american(text: str) -> datetime | None:
    match = _US.fullmatch(text)
    if not match:
        return None
    month, day, year, hour, minute, second, zone = match.groups()
    return _moment(int(year), _month(month), int(day), (hour, minute, second), zone)


def _ctime(text: str) -> datetime | None:
    match = _CTIME.fullmatch(text)
    if not match:
        return None
    month, day, hour, minute, second, zone, year = match.groups()
    return _moment(int(year), _month(month), int(day), (hour, minute, second), zone)


def _full_year(year: str) -> int:
    return int(year) if len(year) == 4 else 2000 + int(year)


def _month(name: str) -> int:
    lowered = name.casefold()
    number = _MONTH_PREFIXES.get(lowered[:4]) or _MONTH_PREFIXES.get(lowered[:3])
    if number is None:
        raise ValueError(f"no month: {name}")
    return number


def _moment(year: int, month: int, day: int, clock: tuple[str | None, str | None, str | None], zone: str | None) -> datetime:
    hour, minute, second = (int(part or 0) for part in clock)
    # A leap second is counted as the one before it: datetime has no 60.
    return datetime(year, month, day, hour, minute, min(second, 59) if second == 60 else second, tzinfo=_zone(zone)).astimezone(
        UTC
    )


def _zone(text: str | None) -> timezone:
    if not text:
        return UTC
    if text[0] in "+-":
        digits = text[1:].replace(":", "").ljust(4, "0")
        minutes = int(digits[:2]) * 60 + int(digits[2:])
        if minutes > _ZONE_MAX_MINUTES or int(digits[2:]) > 59:
            raise ValueError(f"no zone: {text}")
        return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))
    hours = _ZONE_HOURS.get(text.upper())
    if hours is None:
        raise ValueError(f"no zone: {text}")
    return timezone(timedelta(hours=hours))
