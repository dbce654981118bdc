"""Spans as an in-memory exporter sees them."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from onrecord.contracts import Item, Outgoing, topics
from onrecord.runtime.backoff import Backoff
from onrecord.runtime.catalogue import Attribute, Span
from onrecord.runtime.delivery import Delivery
from onrecord.runtime.metrics import Metrics
from onrecord.runtime.produce import KafkaSender
from onrecord.runtime.registry import Registry
from onrecord.runtime.retry import Original
from onrecord.runtime.tracing import OtelTracing, PassTracing, make_tracing, parse_traceparent
from onrecord.runtime.verdict import Done, Emit, Verdict
from unit.runtime.wire import TRACEPARENT, Desk, ScraperSettings, headers_of, item_of, outgoing_of, record_of

TRACE_ID, PARENT_ID = TRACEPARENT.split("-")[1:3]


class Spans:
    def __init__(self, **options: bool | float) -> None:
        self._exporter = InMemorySpanExporter()
        self.tracing = OtelTracing("scraper", "test", self._exporter, **options)  # type: ignore[arg-type]

    def finished(self) -> Sequence[ReadableSpan]:
        self.tracing.shutdown()
        return self._exporter.get_finished_spans()


def trace_of(span: ReadableSpan) -> str:
    assert span.context is not None
    return f"{span.context.trace_id:032x}"


def id_of(span: ReadableSpan) -> str:
    assert span.context is not None
    return f"{span.context.span_id:016x}"


def parent_of(span: ReadableSpan) -> str | None:
    return f"{span.parent.span_id:016x}" if span.parent else None


async def done(_: Delivery[object]) -> Verdict:
    return Done()


async def processed(spans: Spans) -> ReadableSpan:
    desk = Desk(Registry((topics.ITEM,)), tracing=spans.tracing)
    desk.registry.on(Item, done)
    await desk.process(record_of(item_of(), offset=7, partition=3))
    [span] = spans.finished()
    return span


async def test_a_record_has_its_own_process_span_as_child_of_its_context() -> None:
    span = await processed(Spans())
    assert (span.name, span.kind) == ("process onrecord.item.v1", SpanKind.CONSUMER)
    assert (trace_of(span), parent_of(span)) == (TRACE_ID, PARENT_ID)
    assert [f"{link.context.span_id:016x}" for link in span.links] == [PARENT_ID]


async def test_parents_off_gives_a_trace_of_its_own_and_the_link() -> None:
    span = await processed(Spans(parent=False))
    assert trace_of(span) != TRACE_ID
    assert parent_of(span) is None
    assert [f"{link.context.trace_id:032x}" for link in span.links] == [TRACE_ID]


async def test_the_span_tells_where_the_record_stood() -> None:
    span = await processed(Spans())
    headers = headers_of(record_of(item_of()))
    expected = {
        Attribute.system: "kafka",
        Attribute.operation_name: "process",
        Attribute.destination: "onrecord.item.v1",
        Attribute.partition_id: "3",
        Attribute.offset: 7,
        Attribute.group: "scraper",
        Attribute.message_key: "gazette.example:443",
        Attribute.message_id: headers["ce_id"],
        Attribute.conversation_id: headers["item_id"],
        Attribute.tombstone: False,
    }
    assert {name: (span.attributes or {})[name] for name in expected} == expected


async def test_records_of_a_batch_have_a_span_each_in_their_own_trace() -> None:
    async def many(deliveries: Sequence[Delivery[Item]]) -> list[Verdict]:
        return [Done() for _ in deliveries]

    spans = Spans()
    desk = Desk(Registry((topics.ITEM,)), tracing=spans.tracing)
    desk.registry.on_batch([Item], many)
    records = [record_of(item_of(number), number) for number in range(2)]
    other = f"00-{'a' * 32}-{'b' * 16}-01"
    headers = tuple((n, other.encode() if n == "traceparent" else v) for n, v in records[1].headers)
    await desk.process(records[0], replace(records[1], headers=headers))
    assert sorted(trace_of(span) for span in spans.finished()) == [TRACE_ID, "a" * 32]


async def test_what_is_emitted_carries_the_process_spans_context() -> None:
    async def emit(_: Delivery[Item]) -> Verdict:
        return Emit((item_of(1),))

    spans = Spans()
    desk = Desk(Registry((topics.ITEM,)), tracing=spans.tracing)
    desk.registry.on(Item, emit)
    [sent] = await desk.process(record_of(item_of()))
    [span] = spans.finished()
    assert headers_of(sent)["traceparent"] == f"00-{TRACE_ID}-{id_of(span)}-01"
    assert headers_of(sent)["ce_traceparent"] == TRACEPARENT


async def test_a_dead_letter_marks_its_span() -> None:
    spans = Spans()
    desk = Desk(Registry((topics.ITEM,)), tracing=spans.tracing)
    await desk.process(Original("onrecord.item.v1", 0, 0, b"k", b"{", (("traceparent", TRACEPARENT.encode()),)))
    [span] = spans.finished()
    assert span.status.status_code is StatusCode.ERROR
    assert (span.attributes or {})[Attribute.error_type] == "NotAnEvent"


class OneBroker:
    """A producer's outside: acknowledges at once."""

    def __init__(self) -> None:
        self.records: list[tuple[str, dict[str, str]]] = []

    async def send(self, topic: str, value: bytes, key: bytes, headers: list[tuple[str, bytes]]) -> object:
        self.records.append((topic, {name: found.decode() for name, found in headers}))
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        future.set_result(None)
        return future


async def sent_with(tracing: OtelTracing | PassTracing, record: Outgoing) -> dict[str, str]:
    sender = KafkaSender(ScraperSettings(), Metrics(), Backoff(), tracing)
    broker = OneBroker()
    sender._producer = broker
    await sender.send([record])
    [(_, headers)] = broker.records
    return headers


async def test_a_send_has_a_span_whose_context_travels_on() -> None:
    spans = Spans()
    headers = await sent_with(spans.tracing, outgoing_of(item_of()))
    [span] = spans.finished()
    assert (span.name, span.kind, parent_of(span)) == ("send onrecord.item.v1", SpanKind.PRODUCER, PARENT_ID)
    assert headers["traceparent"] == f"00-{TRACE_ID}-{id_of(span)}-01"
    assert headers["ce_traceparent"] == TRACEPARENT


async def test_an_item_found_starts_a_trace_that_is_linked_to_its_poll() -> None:
    spans = Spans()
    with (
        spans.tracing.span(Span.poll) as poll,
        spans.tracing.span(Span.create, target="onrecord.item.v1", link=poll.traceparent) as item,
    ):
        assert item.traceparent != poll.traceparent
    found = {span.name: span for span in spans.finished()}
    assert set(found) == {"poll feed", "create onrecord.item.v1"}
    created = found["create onrecord.item.v1"]
    assert created.parent is None
    assert trace_of(created) != trace_of(found["poll feed"])
    assert [f"{link.context.span_id:016x}" for link in created.links] == [id_of(found["poll feed"])]
    assert created.kind is SpanKind.PRODUCER


def test_an_exception_marks_its_span_and_goes_on() -> None:
    spans = Spans()
    with pytest.raises(KeyError), spans.tracing.span(Span.extract):
        raise KeyError("x")
    [span] = spans.finished()
    assert span.status.status_code is StatusCode.ERROR
    assert (span.attributes or {})[Attribute.error_type] == "KeyError"


def test_a_trace_that_its_producer_did_not_sample_is_not_recorded() -> None:
    spans = Spans(sample=1.0)
    with spans.tracing.span(Span.process, parent=TRACEPARENT[:-1] + "0") as trace:
        assert trace.traceparent.split("-")[1] == TRACE_ID
    assert list(spans.finished()) == []


async def test_off_passes_the_inbound_context_on() -> None:
    tracing = PassTracing()
    assert tracing.span(Span.process, parent=TRACEPARENT).traceparent == TRACEPARENT
    assert (await sent_with(tracing, outgoing_of(item_of())))["traceparent"] == TRACEPARENT


@pytest.mark.parametrize("damaged", [None, "", "00-xyz", "x" * 5000, "00-" + "0" * 32 + "-" + "1" * 16 + "-01"])
def test_off_starts_a_trace_where_none_or_a_damaged_one_came_in(damaged: str | None) -> None:
    first, second = (PassTracing().span(Span.process, parent=damaged).traceparent for _ in range(2))
    assert first != second
    assert parse_traceparent(first) is not None


@pytest.mark.parametrize("damaged", ["", "00-1-2-3", f"00-{'g' * 32}-{'1' * 16}-01", f"00-{'0' * 32}-{'1' * 16}-01"])
def test_a_damaged_context_is_no_parent(damaged: str) -> None:
    assert parse_traceparent(damaged) is None


def test_without_an_endpoint_nothing_is_recorded() -> None:
    assert not make_tracing("scraper", "test", None, sample=1.0, parent=True).records


def test_every_span_name_can_be_found_in_the_design() -> None:
    assert {str(name) for name in Span} == {"poll feed", "create", "send", "process", "GET", "extract", "statements", "INSERT"}
