"""What each verdict publishes, exactly."""

from onrecord.contracts import Deferred, Lane, Outcome, OutcomeKind
from onrecord.contracts.item import Validators
from onrecord.runtime.catalogue import CONSUMED, DEAD_LETTERS, ITEMS, RETRIES
from onrecord.runtime.retry import Original
from onrecord.runtime.testing import START
from onrecord.runtime.verdict import DeadLetter, Done, Drop, Emit, Retry
from unit.runtime.wire import (
    Answers,
    ScraperSettings,
    desk_with,
    event_of,
    headers_of,
    item_of,
    outgoing_of,
    record_of,
    topics_of,
)

ITEM = item_of()
DLQ = "onrecord.item.v1.scraper.dlq"


async def test_done_publishes_nothing() -> None:
    answers = Answers(Done())
    desk = desk_with(answers)
    assert await desk.process(record_of(ITEM)) == []
    assert [delivery.event for delivery in answers.seen] == [ITEM]
    assert desk.metrics.totals[CONSUMED.name, ("onrecord.item.v1",)] == 1


async def test_an_event_without_a_handler_is_passed_over() -> None:
    assert await desk_with(None).process(record_of(ITEM)) == []


async def test_emit_publishes_the_events_caused_by_the_record() -> None:
    moved = item_of(1, host="wire.example:443")
    desk = desk_with(Answers(Emit((moved,))))
    record = record_of(ITEM)
    [sent] = await desk.process(record)
    assert (sent.topic, sent.key) == ("onrecord.item.v1", b"wire.example:443")
    assert event_of(sent) == moved
    headers = headers_of(sent)
    assert headers["ce_causationid"] == headers_of(record)["ce_id"]
    assert headers["traceparent"] == headers_of(record)["traceparent"]
    assert headers["ce_traceparent"] == headers_of(record)["ce_traceparent"]
    assert headers["ce_source"] == "/local/scraper"


async def test_drop_publishes_the_outcome_with_validators() -> None:
    desk = desk_with(Answers(Drop(OutcomeKind.unchanged, "not_modified", Validators(etag='"a"'))))
    [sent] = await desk.process(record_of(ITEM))
    outcome = event_of(sent)
    assert outcome == Outcome(
        schema_version="1.0", item_id=ITEM.item_id, item_revision=1, outcome=OutcomeKind.unchanged, service="scraper",
        reason="not_modified", validators=Validators(etag='"a"'), discovered_at=START, ended_at=START, lane=Lane.live,
    )  # fmt: skip
    assert not any(name == ITEMS.name for name, _ in desk.metrics.totals)  # feed counts it, once, when it ends the flight


async def test_retry_publishes_the_record_into_its_tier_and_a_deferred_notice() -> None:
    desk = desk_with(Answers(Retry(61, "status_503")))
    record = record_of(ITEM)
    again, notice = await desk.process(record)
    assert again.topic == "onrecord.item.v1.scraper.retry.10m"
    assert (again.key, again.value) == (record.key, record.value)
    assert headers_of(again)["ce_id"] == headers_of(record)["ce_id"]
    assert headers_of(again)["retry_attempt"] == "2"
    deferred = event_of(notice)
    assert isinstance(deferred, Deferred)
    assert (deferred.item_id, deferred.attempt, deferred.reason) == (ITEM.item_id, 1, "status_503")
    assert deferred.until.isoformat() == headers_of(again)["retry_due_at"].replace("Z", "+00:00").replace(".000000", "")
    assert desk.metrics.totals[RETRIES.name, ("status_503", "10m")] == 1


async def test_the_handler_is_told_which_try_this_is() -> None:
    answers = Answers(Done())
    await desk_with(answers).process(record_of(ITEM, retry_attempt="4"))
    assert answers.seen[0].attempt == 4


async def test_tries_used_up_end_with_the_outcome_that_the_handler_named() -> None:
    desk = desk_with(Answers(Retry(1, "status_503", then=OutcomeKind.gone)))
    [sent] = await desk.process(record_of(ITEM, retry_attempt="6"))
    assert (event_of(sent).outcome, event_of(sent).reason) == (OutcomeKind.gone, "status_503")


async def test_the_last_try_but_one_is_deferred_still() -> None:
    desk = desk_with(Answers(Retry(1, "status_503")))
    again, _ = await desk.process(record_of(ITEM, retry_attempt="5"))
    assert headers_of(again)["retry_attempt"] == "6"


async def test_a_deferral_that_is_nobodys_fault_never_uses_up_the_tries() -> None:
    desk = desk_with(Answers(Retry(1, "host_busy", counted=False)))
    again, _ = await desk.process(record_of(ITEM, retry_attempt="6"))
    assert headers_of(again)["retry_attempt"] == "6"


async def test_a_dead_letter_keeps_the_bytes_and_ends_the_item() -> None:
    desk = desk_with(Answers(DeadLetter("no_such_feed", "why")))
    record = record_of(ITEM, offset=9, partition=2)
    letter, end = await desk.process(record)
    assert (letter.topic, letter.key, letter.value) == (DLQ, record.key, record.value)
    assert tuple(letter.headers[: len(record.headers)]) == record.headers
    assert headers_of(letter)["dlq_reason"] == "no_such_feed"
    assert (headers_of(letter)["dlq_offset"], headers_of(letter)["dlq_partition"]) == ("9", "2")
    assert (event_of(end).outcome, event_of(end).reason) == (OutcomeKind.dead_letter, "no_such_feed")
    assert desk.metrics.totals[DEAD_LETTERS.name, ("no_such_feed",)] == 1


async def test_bad_bytes_end_the_item_from_the_headers_alone() -> None:
    out = outgoing_of(item_of(lane=Lane.backfill))
    record = Original(out.topic, 0, 0, out.key, b"\xff not json", tuple(out.headers))
    letter, end = await desk_with(Answers(Done())).process(record)
    assert (letter.topic, letter.value) == (DLQ, b"\xff not json")
    assert headers_of(letter)["dlq_reason"] == "malformed_event"
    outcome = event_of(end)
    assert (outcome.item_id, outcome.outcome, outcome.lane) == (ITEM.item_id, OutcomeKind.dead_letter, Lane.backfill)
    assert outcome.discovered_at is None


async def test_bad_bytes_without_ids_are_a_letter_alone() -> None:
    sent = await desk_with(Answers(Done())).process(Original("onrecord.item.v1", 0, 0, None, b"{", ()))
    assert topics_of(sent) == [DLQ]
    assert headers_of(sent[0])["dlq_reason"] == "not_an_event"


async def test_a_newer_version_waits_in_the_dead_letter_under_its_own_reason() -> None:
    out = outgoing_of(ITEM)
    headers = tuple((n, b"https://onrecord.org/schemas/item/2.0.json" if n == "ce_dataschema" else v) for n, v in out.headers)
    letter, _ = await desk_with(Answers(Done())).process(Original(out.topic, 0, 0, out.key, out.value, headers))
    assert headers_of(letter)["dlq_reason"] == "message_version"


async def test_a_tombstone_is_nothing_to_do() -> None:
    answers = Answers(Done())
    assert await desk_with(answers).process(Original("onrecord.item.v1", 0, 0, b"k", None, ())) == []
    assert answers.seen == []


class DatabaseAway(Exception):
    pass


async def test_a_dependency_that_is_down_is_waited_for_in_place() -> None:
    answers = Answers(DatabaseAway(), DatabaseAway(), Drop(OutcomeKind.gone))
    desk = desk_with(answers, outages=(DatabaseAway,))
    [sent] = await desk.process(record_of(ITEM))
    assert event_of(sent).outcome is OutcomeKind.gone
    assert desk.sleeper.slept == [0.5, 1.0]


async def test_the_breaker_sees_dead_letters_and_trips_over_many_hosts() -> None:
    desk = desk_with(Answers(DeadLetter("odd")))
    for number in range(200):
        await desk.process(record_of(item_of(number, host=f"host{number % 7}:443"), offset=number))
    assert desk.processor.breaker.tripped == "odd"


async def test_ordinary_outcomes_never_trip_it() -> None:
    desk = desk_with(Answers(Drop(OutcomeKind.fetch_failed)))
    for number in range(400):
        await desk.process(record_of(item_of(number, host=f"host{number % 7}:443"), offset=number))
    assert desk.processor.breaker.tripped is None


async def test_a_key_with_too_many_waiting_gets_the_registrys_verdict() -> None:
    desk = desk_with(Answers(Done()), settings=ScraperSettings())
    record = record_of(ITEM)
    await desk.processor.overflow(record, Retry(30, "host_busy", counted=False))
    again, notice = desk.sender.sent
    assert again.topic == "onrecord.item.v1.scraper.retry.1m"
    assert headers_of(again)["retry_attempt"] == "1"
    assert event_of(notice).reason == "host_busy"
    assert headers_of(notice)["ce_traceparent"] == headers_of(record)["ce_traceparent"]


async def test_bad_bytes_that_overflow_are_a_dead_letter() -> None:
    desk = desk_with(Answers(Done()))
    await desk.processor.overflow(Original("onrecord.item.v1", 0, 0, b"k", b"{", ()), Retry(30, "host_busy"))
    assert topics_of(desk.sender.sent) == [DLQ]
