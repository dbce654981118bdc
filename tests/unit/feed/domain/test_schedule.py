from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.feed.domain.parsed import ParsedFeed, ParsedItem
from onrecord.feed.domain.schedule import (
    CAP_S,
    Bounds,
    Cadence,
    Hints,
    after_items,
    after_nothing_new,
    is_flood,
    next_poll_at,
    pace_s,
)

NOW = datetime(2026, 11, 10, 10, 30, tzinfo=UTC)  # a Tuesday
EVEN = UUID(int=1_000)  # no jitter
EARLY = UUID(int=0)  # a tenth early
LATE = UUID(int=2_000)  # a tenth late
HOUR_S = 3_600.0


def feed(gap_s: float, items: int = 10, *, newest: datetime = NOW, **fields: object) -> ParsedFeed:
    dated = tuple(ParsedItem(f"https://a.example/{n}", published_at=newest - timedelta(seconds=n * gap_s)) for n in range(items))
    return ParsedFeed("rss20", items=dated, **fields)  # type: ignore[arg-type]


def wait_s(cadence: Cadence, hints: Hints | None = None, *, feed_id: UUID = EVEN, bounds: Bounds | None = None) -> float:
    return (next_poll_at(cadence, hints or Hints(), feed=feed_id, now=NOW, bounds=bounds) - NOW).total_seconds()


@pytest.mark.parametrize(
    ("cadence", "hints", "bounds", "expected_s"),
    [
        (Cadence(), Hints(), None, HOUR_S),
        (Cadence(interval_s=60), Hints(), None, HOUR_S),
        (Cadence(interval_s=7_200), Hints(), None, 7_200),
        (Cadence(interval_s=10 * CAP_S), Hints(), None, CAP_S),
        (Cadence(interval_s=60), Hints(), Bounds(floor_s=5), 60),
        (Cadence(), Hints(), Bounds(floor_s=5), 5),
        (Cadence(interval_s=600), Hints(), Bounds(floor_s=5, cap_s=10), 10),
        (Cadence(ttl_s=300), Hints(), Bounds(floor_s=5, cap_s=10), 300),
        (Cadence(), Hints(max_age_s=7_200), None, 7_200),
        (Cadence(), Hints(max_age_s=60, expires_in_s=9_000), None, HOUR_S),
        (Cadence(), Hints(expires_in_s=9_000), None, 9_000),
        (Cadence(), Hints(expires_in_s=-9_000), None, HOUR_S),
        (Cadence(), Hints(max_age_s=30 * CAP_S), None, CAP_S),
        (Cadence(), Hints(retry_after_s=10_000), Bounds(floor_s=5), 10_000),
        (Cadence(), Hints(retry_after_s=1e12), None, CAP_S),
        (Cadence(ttl_s=7_200), Hints(), None, 7_200),
        (Cadence(ttl_s=10_000_000), Hints(), None, CAP_S),
        (Cadence(update_period_s=9_999), Hints(), None, 9_999),
        (Cadence(interval_s=60, same_answers=5), Hints(), None, CAP_S),
        (Cadence(interval_s=60, same_answers=5, revalidates=True), Hints(), None, HOUR_S),
    ],
)
def test_the_longest_of_all_that_was_asked(cadence: Cadence, hints: Hints, bounds: Bounds | None, expected_s: float) -> None:
    assert wait_s(cadence, hints, bounds=bounds) == expected_s


def test_jitter_is_a_tenth_either_way_and_never_under_what_is_required() -> None:
    assert wait_s(Cadence(interval_s=7_200), feed_id=EARLY) == pytest.approx(6_480)
    assert wait_s(Cadence(interval_s=7_200), feed_id=LATE) == pytest.approx(7_920)
    assert wait_s(Cadence(), feed_id=EARLY) == pytest.approx(1.1 * HOUR_S)
    assert wait_s(Cadence(), Hints(retry_after_s=7_200), feed_id=EARLY) == pytest.approx(7_920)


@given(
    st.uuids(),
    st.none() | st.floats(0, 1e7),
    st.floats(0, 1e6),
    st.floats(0, 1e6),
    st.frozensets(st.integers(0, 23)),
    st.frozensets(st.integers(0, 6)),
)
def test_never_early_never_skipped(
    feed_id: UUID, interval_s: float | None, max_age_s: float, retry_after_s: float, hours: frozenset[int], days: frozenset[int]
) -> None:
    cadence = Cadence(interval_s=interval_s, skip_hours=hours, skip_days=days)
    due = next_poll_at(cadence, Hints(max_age_s=max_age_s, retry_after_s=retry_after_s), feed=feed_id, now=NOW)
    required_s = max(HOUR_S, min(CAP_S, max(max_age_s, retry_after_s)))
    assert (due - NOW).total_seconds() >= required_s - 1e-3
    assert due <= NOW + timedelta(days=9)
    if len(hours) < 24 and len(days) < 7:
        assert due.hour not in hours
        assert due.weekday() not in days


def test_skipped_hours_and_days() -> None:
    assert next_poll_at(Cadence(skip_hours=frozenset({11, 12})), Hints(), feed=EVEN, now=NOW) == NOW.replace(hour=13, minute=0)
    wednesday = NOW.replace(hour=0, minute=0) + timedelta(days=1)
    assert next_poll_at(Cadence(skip_days=frozenset({1})), Hints(), feed=EVEN, now=NOW) == wednesday
    late = next_poll_at(Cadence(skip_days=frozenset({1})), Hints(), feed=LATE, now=NOW)
    assert late == wednesday + timedelta(minutes=10)
    assert wait_s(Cadence(skip_hours=frozenset(range(24)))) == HOUR_S


def test_pace_is_the_median_gap_of_the_newest_twenty() -> None:
    hourly = [NOW - timedelta(hours=n) for n in range(20)]
    assert pace_s([*hourly, *(NOW - timedelta(days=100 * n) for n in range(1, 50))]) == HOUR_S
    assert pace_s([NOW]) is None
    assert pace_s([]) is None


def test_interval_is_half_the_pace() -> None:
    assert after_items(Cadence(), feed(14_400), known_share=None, now=NOW).interval_s == 7_200


def test_interval_shortens_at_once_and_lengthens_slowly() -> None:
    slow = Cadence(interval_s=40_000)
    assert after_items(slow, feed(14_400), known_share=0.9, now=NOW).interval_s == 7_200
    assert after_items(slow, feed(14_400), known_share=0.2, now=NOW).interval_s == 3_600
    quick = Cadence(interval_s=1_000)
    assert after_items(quick, feed(14_400), known_share=0.9, now=NOW).interval_s == 1_250
    assert after_items(quick, feed(14_400), known_share=0.2, now=NOW).interval_s == 500


def test_long_silence_lengthens_without_a_body() -> None:
    cadence = after_items(Cadence(), feed(600), known_share=None, now=NOW)
    assert cadence.interval_s == 300
    later = NOW + timedelta(days=20)
    for _ in range(40):
        cadence = after_nothing_new(cadence, not_modified=True, now=later)
    assert cadence.interval_s == pytest.approx(CAP_S)
    assert cadence.revalidates
    assert after_items(cadence, feed(600, newest=later), known_share=0.9, now=later).interval_s == 300


def test_same_answers_are_counted_until_a_new_one() -> None:
    cadence = Cadence()
    for _ in range(5):
        cadence = after_nothing_new(cadence, not_modified=False, now=NOW)
    assert wait_s(cadence) == CAP_S
    assert wait_s(after_items(cadence, feed(600), known_share=0.5, now=NOW)) == HOUR_S


def test_hints_of_the_document_are_kept_for_polls_without_one() -> None:
    told = feed(600, ttl_s=7_200, update_period_s=60, skip_hours=frozenset({3}), skip_days=frozenset({6}))
    cadence = after_nothing_new(after_items(Cadence(), told, known_share=None, now=NOW), not_modified=True, now=NOW)
    assert (cadence.ttl_s, cadence.update_period_s, cadence.skip_hours, cadence.skip_days) == (
        7_200,
        60,
        frozenset({3}),
        frozenset({6}),
    )


def test_state_survives_json() -> None:
    cadence = after_items(Cadence(), feed(600, skip_hours=frozenset({3})), known_share=0.5, now=NOW)
    assert Cadence.model_validate_json(cadence.model_dump_json()) == cadence
    assert Cadence.model_validate({}) == Cadence()


@pytest.mark.parametrize(
    ("pace_s", "brought", "hours", "flood"),
    [
        (HOUR_S, 100, 1, True),  # one an hour was its way
        (HOUR_S, 99, 1, False),
        (HOUR_S, 100, 10, False),  # ten were due
        (HOUR_S, 101, 10, True),
        (60.0, 500, 1, False),  # a wire brings sixty an hour
        (60.0, 601, 1, True),
        (None, 5_000, 1, False),
        (HOUR_S, 100, 0, True),
    ],
)
def test_a_flood_is_many_and_ten_times_what_was_due(pace_s: float | None, brought: int, hours: int, flood: bool) -> None:
    since = NOW - timedelta(hours=hours)
    assert is_flood(Cadence(pace_s=pace_s), brought=brought, since=since, now=NOW) is flood


def test_a_first_poll_is_no_flood() -> None:
    assert not is_flood(Cadence(pace_s=HOUR_S), brought=5_000, since=None, now=NOW)


def test_a_flood_is_over_with_the_next_poll() -> None:
    flooded = after_items(Cadence(), feed(HOUR_S), known_share=0.0, now=NOW, flooding=True)
    assert flooded.flooding
    assert not after_items(flooded, feed(HOUR_S), known_share=1.0, now=NOW).flooding
    assert not after_nothing_new(flooded, not_modified=True, now=NOW).flooding
    assert not after_nothing_new(flooded, not_modified=False, now=NOW).flooding
