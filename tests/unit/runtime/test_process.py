"""What each verdict publishes, exactly."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from onrecord.contracts import Deferred, Hop, Item, Lane, Outcome, OutcomeKind, Takedown, encode, topics
from onrecord.contracts.item import Validators
from onrecord.runtime.catalogue import CONSUMED, DEAD_LETTERS, ITEMS, RETRIES
from onrecord.runtime.delivery import Delivery
from onrecord.runtime.produce import RecordTooLarge
from onrecord.runtime.registry import RUN_LENGTH
from onrecord.runtime.retry import Original
from onrecord.runtime.testing import START
from onrecord.runtime.verdict import DeadLetter, Done, Drop, Emit, Retry, Verdict
from unit.runtime.wire import ScraperSettings, desk_with, event_of, headers_of, item_of, outgoing_of, record_of, topics_of

ITEM = item_of()
DLQ = "onrecord.item.v1.scraper.dlq"


class Answers:
    """A handler that gives one verdict and keeps what it was called with."""

    def __init__(self, *verdicts: Verdict | Exception) -> None:
        self._verdicts = list(verdicts)
        self.seen: list[Delivery[Item]] = []

    async def __call__(self, delivery: Delivery[Item]) -> Verdict:
        self.seen.append(delivery)
        verdict = self._verdicts.pop(0) if len(self._verdicts) > 1 else self._verdicts[0]
        if isinstance(verdict, Exception):
            raise verdict
        return verdict


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
    assert desk.metrics.totals[ITEMS.name, ("unchanged",)] == 1


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


async def failing_letter(error: Exception) -> dict[str, str]:
    letter, end = await desk_with(Answers(error)).process(record_of(ITEM))
    assert event_of(end).outcome is OutcomeKind.dead_letter
    return headers_of(letter)


async def test_a_handlers_exception_is_a_dead_letter_with_the_place_of_the_bug() -> None:
    first, second = await failing_letter(KeyError("a")), await failing_letter(KeyError("b"))
    assert (first["dlq_reason"], first["dlq_error_type"]) == ("handler_error", "handler_error")
    place = first["dlq_detail"].rpartition("[")[2]
    assert len(place) == 13
    assert second["dlq_detail"].endswith(place)
    assert first["dlq_detail"].startswith("'a'")


class TightSender:
    """Like a broker with a limit on records' bytes."""

    def __init__(self, limit_bytes: int) -> None:
        self.sent: list[Any] = []
        self._limit_bytes = limit_bytes

    async def send(self, records: Sequence[Any]) -> None:
        for record in records:
            size = len(record.key) + len(record.value or b"") + sum(len(n) + len(v or b"") for n, v in record.headers)
            if size > self._limit_bytes:
                raise RecordTooLarge(f"{size} bytes")
        self.sent += records


def tight(desk: Any, limit_bytes: int) -> TightSender:
    sender = TightSender(limit_bytes)
    desk.services = replace(desk.services, sender=sender)
    desk.processor._services = desk.services
    return sender


async def test_an_event_too_large_to_send_makes_its_cause_a_dead_letter() -> None:
    desk = desk_with(Answers(Emit((item_of(1, summary="x" * 5000),))))
    sender = tight(desk, 4000)
    await desk.process(record_of(ITEM))
    assert topics_of(sender.sent) == [DLQ, "onrecord.outcome.v1"]
    assert headers_of(sender.sent[0])["dlq_reason"] == "message_too_large"
    assert sender.sent[0].value == outgoing_of(ITEM).value


@pytest.mark.parametrize("verdict", [DeadLetter("odd"), Retry(1, "status_503")])
async def test_a_record_too_large_for_its_own_dead_letter_leaves_the_facts(verdict: Verdict) -> None:
    desk = desk_with(Answers(verdict))
    sender = tight(desk, 4000)
    record = record_of(item_of(summary="x" * 5000), offset=77)
    await desk.process(record)
    letter, end = sender.sent
    facts = headers_of(letter)
    assert (letter.topic, letter.key, letter.value) == (DLQ, record.key, b"")
    assert (facts["dlq_topic"], facts["dlq_offset"], facts["item_id"]) == ("onrecord.item.v1", "77", str(ITEM.item_id))
    assert int(facts["dlq_omitted_bytes"]) == len(record.value or b"")
    assert event_of(end).outcome is OutcomeKind.dead_letter


async def test_headers_too_large_for_their_own_dead_letter_are_left_out() -> None:
    desk = desk_with(Answers(DeadLetter("odd")))
    sender = tight(desk, 4000)
    await desk.process(record_of(ITEM, feed="y" * 5000))
    facts = headers_of(sender.sent[0])
    assert "feed" not in facts
    assert facts["item_id"] == str(ITEM.item_id)
    assert int(facts["dlq_omitted_bytes"]) > 5000


async def test_a_header_without_a_value_is_kept_so() -> None:
    record = Original("onrecord.item.v1", 0, 0, b"k", b"{", (("odd", None),))  # type: ignore[arg-type]
    [letter] = await desk_with(Answers(Done())).process(record)
    assert letter.headers[0] == ("odd", None)
    out = outgoing_of(ITEM)
    again, _ = await desk_with(Answers(Retry(1, "busy"))).process(
        Original(out.topic, 0, 0, out.key, out.value, (("odd", None), *out.headers))  # type: ignore[arg-type]
    )
    assert again.headers[0] == ("odd", None)


async def test_a_bug_in_carrying_out_a_verdict_is_a_dead_letter_too() -> None:
    takedown = Takedown(
        schema_version="1.0", subject_type="url", subject="https://a.example/", requested_at=START, reason="court"
    )
    desk = desk_with(topics=(topics.TAKEDOWN,))
    desk.registry.on(Takedown, Answers(Drop(OutcomeKind.gone)))  # a takedown is no item, and has no life to end
    out = encode(takedown, Hop("/test/cli", START))
    [letter] = await desk.process(Original(out.topic, 0, 0, out.key, out.value, tuple(out.headers)))
    assert headers_of(letter)["dlq_reason"] == "handler_error"


class Batch:
    def __init__(self, *verdicts: Verdict) -> None:
        self._verdicts = verdicts
        self.runs: list[int] = []

    async def __call__(self, deliveries: Sequence[Delivery[Any]]) -> Sequence[Verdict]:
        self.runs.append(len(deliveries))
        return self._verdicts


async def test_a_batch_handlers_verdicts_go_to_their_records() -> None:
    desk = desk_with()
    batch = Batch(Done(), Drop(OutcomeKind.gone), DeadLetter("odd"))
    desk.registry.on_batch([Item], batch)
    assert desk.registry.run_length == RUN_LENGTH
    sent = await desk.process(*(record_of(item_of(number), offset=number) for number in range(3)))
    assert batch.runs == [3]
    assert topics_of(sent) == ["onrecord.outcome.v1", DLQ, "onrecord.outcome.v1"]
    assert event_of(sent[0]).item_id == item_of(1).item_id
    assert headers_of(sent[1])["dlq_offset"] == "2"


async def test_a_batch_handler_that_forgets_a_verdict_loses_no_record() -> None:
    desk = desk_with()
    desk.registry.on_batch([Item], Batch(Done()))
    sent = await desk.process(record_of(item_of(0)), record_of(item_of(1), offset=1))
    assert topics_of(sent) == [DLQ, "onrecord.outcome.v1"] * 2
    assert headers_of(sent[0])["dlq_reason"] == "handler_error"


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
