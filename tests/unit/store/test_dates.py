from datetime import UTC, datetime, timedelta

import pytest

from integration.store.newsroom import START
from onrecord.contracts import Precision, When
from onrecord.store.domain.dates import freshness_s, moment


def when(value: str, precision: Precision = Precision.minute) -> When:
    return When(value=value, precision=precision, basis="meta")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-04-30T23:00:00-02:00", datetime(2026, 5, 1, 1, tzinfo=UTC)),
        ("2026-04-30T10:00:00Z", datetime(2026, 4, 30, 10, tzinfo=UTC)),
        ("2026-04-30", datetime(2026, 4, 30, tzinfo=UTC)),
        ("2026-04", datetime(2026, 4, 1, tzinfo=UTC)),
        ("2025", datetime(2025, 1, 1, tzinfo=UTC)),
        ("2031-01-01", START),
        ("1970-01-01", START),
        ("2026-13", START),
        ("last week", START),
    ],
)
def test_moment(value: str, expected: datetime) -> None:
    assert moment(when(value), not_after=START) == expected


def test_unknown_is_the_fetch() -> None:
    assert moment(None, not_after=START) == START


def test_freshness_is_measured_only_where_the_minute_is_known() -> None:
    now = START + timedelta(seconds=90)
    assert freshness_s(when(START.isoformat()), now) == 90
    assert freshness_s(when(START.isoformat()), START - timedelta(seconds=1)) is None
    assert freshness_s(when("2026-05-01", Precision.day), now) is None
    assert freshness_s(None, now) is None
