"""What feed emits again is a life of its own that knows the first; what it gives up ends the first. On a real PostgreSQL."""

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar

import asyncpg
import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from onrecord.contracts import Hop, Item, ItemReason, Lane, encode, ids
from onrecord.feed.adapters.db import FeedRows, PollRecord
from onrecord.feed.adapters.in_flight import InFlight
from onrecord.feed.domain.reconcile import MAX_EMISSIONS
from onrecord.feed.reconciler import Reconciler
from onrecord.runtime.backoff import Backoff
from onrecord.runtime.database import make_pool, migrate
from onrecord.runtime.metrics import Metrics
from onrecord.runtime.registry import Services
from onrecord.runtime.settings import Settings
from onrecord.runtime.testing import START, FakeClock, FakeSender
from onrecord.runtime.tracing import OtelTracing

FIRST = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
FIRST_TRACE, FIRST_SPAN = FIRST.split("-")[1:3]
URL = "https://gazette.example/rss.xml"
DEADLINE = timedelta(minutes=5)


class FeedLike(Settings):
    service: ClassVar[str] = "feed"


@dataclass
class Desk:
    """A reconciler without stages: whatever is overdue is lost."""

    pool: asyncpg.Pool
    clock: FakeClock = field(default_factory=FakeClock)
    exporter: InMemorySpanExporter = field(default_factory=InMemorySpanExporter)

    def __post_init__(self) -> None:
        self.tracing = OtelTracing("feed", "test", self.exporter)
        services = Services(FeedLike(), FakeSender(), self.tracing, Metrics(), Backoff(), self.clock)
        self.reconciler = Reconciler(InFlight(self.pool), NoTopics(), (), services, deadline=DEADLINE, every_s=1)

    async def published(self, traceparent: str | None) -> None:
        """One item as a poll leaves it; its first record has been sent."""
        rows = FeedRows(self.pool)
        await rows.add(URL, min_interval_s=60, now=START)
        feed = await rows.claim(START, timedelta(minutes=1))
        assert feed is not None
        item = Item(
            item_id=uuid.uuid4(), item_revision=1, feed_id=ids.feed_id(URL), feed_url=URL, link="https://gazette.example/1",
            link_host="gazette.example:443", discovered_at=START, reason=ItemReason.new, lane=Lane.live,
        )  # fmt: skip
        record = encode(item, Hop("/test/feed", START, traceparent=traceparent, start_traceparent=traceparent))
        await rows.save(feed, poll_record(), emitted=[(item, record)], deadline=START + DEADLINE)
        await self.sent()

    async def sent(self) -> list[dict[str, str]]:
        """Headers of what waited in the outbox, which is empty then."""
        rows = await self.pool.fetch("DELETE FROM outbox RETURNING header_names, header_values")
        return [
            {name: value.decode() for name, value in zip(row["header_names"], row["header_values"], strict=True)} for row in rows
        ]

    async def lost(self) -> list[dict[str, str]]:
        """The deadline passes once more."""
        self.clock.advance(DEADLINE.total_seconds() * (MAX_EMISSIONS + 1))
        await self.reconciler.step(self.clock())
        return await self.sent()

    def spans(self) -> tuple[ReadableSpan, ...]:
        self.tracing.shutdown()
        return self.exporter.get_finished_spans()


class NoTopics:
    async def ends(self, topics: tuple[str, ...]) -> dict[tuple[str, int], int]:
        return {}

    async def committed(self, group: str) -> dict[tuple[str, int], int]:
        return {}


def poll_record(**changes: Any) -> PollRecord:
    fields: dict[str, Any] = dict.fromkeys(("title", "language", "etag", "last_modified", "body_sha256", "detail"))
    fields |= {"poll_url": URL, "schedule": {}, "health": {}, "polled_at": START, "result": "items", "stopped": False}
    return PollRecord(next_poll_at=START + timedelta(hours=1), **fields, **changes)


@pytest.fixture
async def desk(fresh_dsn: str) -> AsyncIterator[Desk]:
    await migrate(fresh_dsn, "feed", "onrecord.feed")
    async with make_pool(fresh_dsn, "feed", size=2) as pool:
        yield Desk(pool)


def links_of(span: ReadableSpan) -> list[tuple[str, str]]:
    return [(f"{link.context.trace_id:032x}", f"{link.context.span_id:016x}") for link in span.links]


@pytest.mark.database
async def test_what_is_emitted_again_begins_a_trace_linked_to_the_first(desk: Desk) -> None:
    await desk.published(FIRST)
    [again] = await desk.lost()
    [create] = desk.spans()
    assert create.name == "create onrecord.item.v1"
    assert create.parent is None
    assert links_of(create) == [(FIRST_TRACE, FIRST_SPAN)]
    assert create.context is not None
    assert again["traceparent"] == again["ce_traceparent"]
    assert again["traceparent"].split("-")[1:3] == [f"{create.context.trace_id:032x}", f"{create.context.span_id:016x}"]
    assert FIRST_TRACE not in again["traceparent"]


@pytest.mark.database
async def test_every_later_emission_is_linked_to_the_first_too(desk: Desk) -> None:
    await desk.published(FIRST)
    for _ in range(MAX_EMISSIONS - 1):
        assert len(await desk.lost()) == 1
    assert [links_of(span) for span in desk.spans()] == [[(FIRST_TRACE, FIRST_SPAN)]] * (MAX_EMISSIONS - 1)


@pytest.mark.database
async def test_what_is_given_up_ends_its_first_trace(desk: Desk) -> None:
    await desk.published(FIRST)
    for _ in range(MAX_EMISSIONS - 1):
        await desk.lost()
    [outcome] = await desk.lost()
    assert outcome["ce_type"] == "org.onrecord.outcome.recorded.v1"
    assert outcome["traceparent"] == outcome["ce_traceparent"] == FIRST
    assert len(desk.spans()) == MAX_EMISSIONS - 1, "an outcome is no new item"


@pytest.mark.database
async def test_a_row_of_an_older_release_is_emitted_without_a_link(desk: Desk) -> None:
    await desk.published(None)
    assert len(await desk.lost()) == 1
    assert [links_of(span) for span in desk.spans()] == [[]]
