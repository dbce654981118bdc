import pytest

from onrecord.runtime.dead_letter import DETAIL_CHARS, MIN_KEYS, WINDOW, Breaker, dead_letter
from onrecord.runtime.retry import ATTEMPT, Original
from onrecord.runtime.testing import START, FakeClock

ODD_HEADERS = (("ce_id", b"\xff\x00"), ("twice", b"1"), ("twice", b"2"), ("empty", b""))


def letter_of(record: Original, reason: str = "malformed_event", detail: str = "why"):  # type: ignore[no-untyped-def]
    return dead_letter(record, service="scraper", reason=reason, detail=detail, error_type="MalformedEvent", now=START)


def test_bytes_and_headers_stay_as_they_were() -> None:
    record = Original("onrecord.item.v1.backfill", 3, 71, b"\xffkey", b"\x00\xff body", ODD_HEADERS)
    letter = letter_of(record)
    assert letter.topic == "onrecord.item.v1.scraper.dlq"
    assert (letter.key, letter.value) == (record.key, record.value)
    assert tuple(letter.headers[: len(ODD_HEADERS)]) == ODD_HEADERS
    assert dict(letter.headers[len(ODD_HEADERS) :]) == {
        "dlq_topic": b"onrecord.item.v1.backfill",
        "dlq_partition": b"3",
        "dlq_offset": b"71",
        "dlq_error_type": b"MalformedEvent",
        "dlq_reason": b"malformed_event",
        "dlq_detail": b"why",
        "dlq_attempts": b"1",
        "dlq_first_at": b"2026-01-01T12:00:00.000000Z",
        "dlq_service": b"scraper",
    }


def test_from_a_retry_tier_with_its_tries() -> None:
    letter = letter_of(Original("onrecord.item.v1.scraper.retry.10m", 0, 1, b"k", b"v", ((ATTEMPT, b"4"),)))
    assert letter.topic == "onrecord.item.v1.scraper.dlq"
    assert dict(letter.headers)["dlq_attempts"] == b"4"


def test_a_letter_that_comes_back_tells_of_its_first_death_and_its_last_place() -> None:
    clock = FakeClock()
    first = letter_of(Original("onrecord.item.v1", 1, 5, b"k", b"v", ODD_HEADERS))
    clock.advance(3600)
    record = Original("onrecord.item.v1", 1, 99, first.key, first.value, tuple(first.headers))
    second = dead_letter(record, service="scraper", reason="again", detail="", error_type="E", now=clock())
    facts = dict(second.headers)
    assert facts["dlq_first_at"] == b"2026-01-01T12:00:00.000000Z"
    assert (facts["dlq_offset"], facts["dlq_reason"]) == (b"99", b"again")
    assert len([name for name, _ in second.headers if name == "dlq_offset"]) == 1


def test_a_record_without_key_or_value() -> None:
    letter = letter_of(Original("onrecord.item.v1", 0, 0, None, None, ()))
    assert (letter.key, letter.value) == (b"", None)


def test_a_long_detail_is_cut() -> None:
    letter = letter_of(Original("onrecord.item.v1", 0, 0, b"k", b"v", ()), detail="x" * 10_000)
    assert len(dict(letter.headers)["dlq_detail"]) == DETAIL_CHARS


def test_a_detail_with_a_lone_surrogate_can_be_written() -> None:
    letter = letter_of(Original("onrecord.item.v1", 0, 0, b"k", b"v", ()), detail="bad \ud800 text")
    assert dict(letter.headers)["dlq_detail"].startswith(b"bad ")


def failures(breaker: Breaker, count: int, keys: int, reason: str = "malformed_event") -> None:
    for number in range(count):
        breaker.saw((reason, str(number % keys).encode()))


@pytest.mark.parametrize(("keys", "tripped"), [(1, None), (MIN_KEYS - 1, None), (MIN_KEYS, "malformed_event")])
def test_one_broken_source_is_not_an_outage(keys: int, tripped: str | None) -> None:
    breaker = Breaker()
    failures(breaker, 3 * WINDOW, keys)
    assert breaker.tripped == tripped


def test_half_of_the_window_is_not_yet_most_of_it() -> None:
    breaker = Breaker()
    for _ in range(WINDOW // 2):
        breaker.saw(None)
    failures(breaker, WINDOW // 2, 50)
    assert breaker.tripped is None
    failures(breaker, 1, 50)
    assert breaker.tripped == "malformed_event"


def test_it_waits_for_a_full_window() -> None:
    breaker = Breaker()
    failures(breaker, WINDOW - 1, 50)
    assert breaker.tripped is None


def test_many_reasons_are_not_one_outage() -> None:
    breaker = Breaker()
    for number in range(3 * WINDOW):
        breaker.saw((f"reason {number % 2}", str(number).encode()))
    assert breaker.tripped is None


def test_ordinary_verdicts_never_trip() -> None:
    breaker = Breaker()
    for _ in range(3 * WINDOW):
        breaker.saw(None)
    assert breaker.tripped is None
