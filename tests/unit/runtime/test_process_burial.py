"""What goes wrong behind a verdict, and where it is found afterwards."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from onrecord.contracts import Hop, Item, OutcomeKind, Takedown, encode, topics
from onrecord.runtime.delivery import Delivery
from onrecord.runtime.produce import RecordTooLarge
from onrecord.runtime.registry import RUN_LENGTH
from onrecord.runtime.retry import Original
from onrecord.runtime.testing import START
from onrecord.runtime.verdict import DeadLetter, Done, Drop, Emit, Retry, Verdict
from unit.runtime.wire import (
    Answers,
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
