from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.contracts import Lane
from onrecord.contracts.topics import RETRY_TIERS
from onrecord.runtime.retry import ATTEMPT, DUE, Original, attempt_of, base_topic, defer, due_of, tier_for
from onrecord.runtime.testing import START
from unit.runtime.wire import headers_of, item_of, outgoing_of, record_of


@pytest.mark.parametrize(
    ("after_s", "tier"),
    [(0, "1m"), (59.9, "1m"), (60, "1m"), (60.1, "10m"), (600, "10m"), (601, "2h"), (7200, "2h"), (10**6, "2h")],
)
def test_the_shortest_tier_that_waits_long_enough(after_s: float, tier: str) -> None:
    assert tier_for(after_s).name == tier


@pytest.mark.parametrize(
    "topic",
    ["onrecord.item.v1", "onrecord.item.v1.backfill", *(f"onrecord.item.v1.scraper.retry.{tier.name}" for tier in RETRY_TIERS)],
)
def test_lanes_and_tiers_belong_to_one_topic(topic: str) -> None:
    assert base_topic(topic, "scraper") == "onrecord.item.v1"


def test_a_counted_retry_is_one_more_try_and_the_other_is_not() -> None:
    record = record_of(item_of())
    counted = defer(record, group="scraper", after_s=1, counted=True, now=START, scale=1.0).record
    assert attempt_of(headers_of(counted)) == 2
    busy = defer(record, group="scraper", after_s=1, counted=False, now=START, scale=1.0).record
    assert attempt_of(headers_of(busy)) == 1


def test_key_value_and_headers_stay_byte_for_byte() -> None:
    odd = (("ce_id", b"\xff\x00"), ("twice", b"1"), ("twice", b"2"))
    record = Original("onrecord.item.v1", 3, 7, b"host:443", b"\x00body", odd)
    deferral = defer(record, group="scraper", after_s=61, counted=True, now=START, scale=0.1)
    assert deferral.record.topic == "onrecord.item.v1.scraper.retry.10m"
    assert (deferral.record.key, deferral.record.value) == (b"host:443", b"\x00body")
    assert tuple(deferral.record.headers[:3]) == odd
    assert [name for name, _ in deferral.record.headers[3:]] == [ATTEMPT, DUE]


def test_the_next_try_is_due_after_the_tiers_scaled_delay() -> None:
    deferral = defer(record_of(item_of()), group="scraper", after_s=61, counted=True, now=START, scale=0.1)
    assert deferral.until == START + timedelta(seconds=60)
    assert due_of(headers_of(deferral.record)) == deferral.until


def test_a_second_deferral_replaces_the_first_ones_headers() -> None:
    first = defer(record_of(item_of()), group="scraper", after_s=1, counted=True, now=START, scale=1.0).record
    again = Original(first.topic, 0, 0, first.key, first.value, tuple(first.headers))
    second = defer(again, group="scraper", after_s=1, counted=True, now=START + timedelta(hours=1), scale=1.0).record
    assert [name for name, _ in second.headers].count(ATTEMPT) == 1
    assert [name for name, _ in second.headers].count(DUE) == 1
    assert attempt_of(headers_of(second)) == 3
    assert headers_of(second)["ce_id"] == headers_of(first)["ce_id"]


def test_a_backfill_item_keeps_its_lane_in_the_shared_tier() -> None:
    item = item_of(lane=Lane.backfill)
    assert outgoing_of(item).topic.endswith(".backfill")
    deferral = defer(record_of(item), group="scraper", after_s=1, counted=True, now=START, scale=1.0)
    assert deferral.record.topic == "onrecord.item.v1.scraper.retry.1m"
    assert headers_of(deferral.record)["lane"] == "backfill"


@pytest.mark.parametrize("raw", ["", "x", "-3", "²", "1.5", "9" * 5000, "٣" * 5000])
def test_a_damaged_attempt_counts_as_the_first(raw: str) -> None:
    assert attempt_of({ATTEMPT: raw}) == 1


@pytest.mark.parametrize("raw", ["", "soon", "2026-01-01T12:00:00", "+inf", "9" * 5000])
def test_a_damaged_due_time_is_no_time(raw: str) -> None:
    assert due_of({DUE: raw}) is None


@given(st.text(max_size=40))
def test_headers_that_anyone_may_write_never_raise(raw: str) -> None:
    assert attempt_of({ATTEMPT: raw}) >= 0
    found = due_of({DUE: raw})
    assert found is None or found - datetime(2026, 1, 1, tzinfo=UTC) is not None
