"""When something was said or published, as a moment to sort by."""

import re
from datetime import UTC, datetime

from onrecord.contracts import Precision, When

YEAR_MONTH_DAY = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
OLDEST_YEAR = 1990  # older dates in feeds are broken clocks


def moment(when: When | None, *, not_after: datetime) -> datetime:
    """The start of `when`; `not_after` (the fetch) where it is unknown, unreadable, before 1990 or in the future."""
    found = _parse(when.value) if when else None
    if found is None or found.year < OLDEST_YEAR:
        return not_after
    return min(found, not_after)


def freshness_s(published: When | None, now: datetime) -> float | None:
    """From publication to `now`; None where the publication is not known to the minute or lies ahead."""
    if published is None or published.precision is not Precision.minute:
        return None
    found = _parse(published.value)
    return (now - found).total_seconds() if found and found <= now else None


def _parse(value: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        match = YEAR_MONTH_DAY.fullmatch(value)
        if not match:
            return None
        try:
            found = datetime(int(match[1]), int(match[2] or 1), int(match[3] or 1), tzinfo=UTC)
        except ValueError:
            return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
