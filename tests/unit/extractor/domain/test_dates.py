from datetime import UTC, datetime

import pytest

from onrecord.contracts import Precision, When
from onrecord.extractor.domain.dates import modified_of, parse_when, published_of
from onrecord.extractor.domain.facts import Head, Structured

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "value", "precision"),
    [
        ("2026-01-05T10:30:00Z", "2026-01-05T10:30+00:00", Precision.minute),
        ("2026-01-05T23:30:15.123-05:00", "2026-01-05T23:30-05:00", Precision.minute),
        ("2026-01-05T10:30:00+0100", "2026-01-05T10:30+01:00", Precision.minute),
        ("2026-01-05 10:30", "2026-01-05T10:30", Precision.minute),
        ("2026-01-05", "2026-01-05", Precision.day),
        ("2026-01-05T00:00:00+00:00", "2026-01-05", Precision.day),
        ("20260105", "2026-01-05", Precision.day),
        ("Mon, 05 Jan 2026 10:30:00 GMT", "2026-01-05T10:30+00:00", Precision.minute),
    ],
)
def test_dates_keep_their_exactness_and_zone(raw: str, value: str, precision: Precision) -> None:
    assert parse_when(raw, basis="meta", now=NOW) == When(value=value, precision=precision, basis="meta")


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "soon",
        "1762-01-01",
        "1989-12-31",
        "2026-03-03",
        "2026-13-01",
        "2026-02-30",
        "99999-99-99T99:99+99:99",
        "2026-01-05T10:30+99:99",
        "x" * 9_999,
    ],
)
def test_what_cannot_be_or_be_read_is_absent(raw: str) -> None:
    assert parse_when(raw, basis="meta", now=NOW) is None


def test_a_clock_that_is_ahead_by_less_than_a_day_is_taken() -> None:
    assert parse_when("2026-03-02T11:00:00Z", basis="meta", now=NOW) is not None


def test_feed_then_json_ld_then_meta_then_headline() -> None:
    head = Head(meta={"article:published_time": ("2026-01-03",)}, times=("2026-01-04",))
    structured = Structured(published="2026-01-02")
    feed = datetime(2026, 1, 1, 9, 0, tzinfo=UTC)
    found = [
        published_of(head, structured, feed, NOW),
        published_of(head, structured, None, NOW),
        published_of(head, Structured(published="no date"), None, NOW),
        published_of(Head(times=head.times), Structured(), None, NOW),
    ]
    assert [(when.value[:10], when.basis) for when in found if when] == [
        ("2026-01-01", "feed"),
        ("2026-01-02", "json-ld"),
        ("2026-01-03", "meta"),
        ("2026-01-04", "headline"),
    ]
    assert published_of(Head(), Structured(), None, NOW) is None


def test_modified_dates() -> None:
    assert modified_of(Head(meta={"og:updated_time": ("2026-01-06",)}), Structured(), NOW) == When(
        value="2026-01-06", precision=Precision.day, basis="meta"
    )
