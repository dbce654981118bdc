"""Items, records and services for the runtime's tests: real classes around a fake sender and a clock that stands still."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID, uuid5

from onrecord.contracts import Hop, Item, ItemReason, Lane, Outgoing, decode, encode, topics
from onrecord.contracts.topics import Topic
from onrecord.runtime.backoff import Backoff
from onrecord.runtime.delivery import Delivery
from onrecord.runtime.metrics import Metrics
from onrecord.runtime.process import Processor
from onrecord.runtime.registry import Registry, Services
from onrecord.runtime.retry import Original
from onrecord.runtime.settings import Settings
from onrecord.runtime.testing import START, FakeClock, FakeSender
from onrecord.runtime.tracing import PassTracing, Tracing
from onrecord.runtime.verdict import Verdict

ROOT = UUID("4bff7067-7715-5636-830e-faccbb587930")
TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class ScraperSettings(Settings):
    service: ClassVar[str] = "scraper"


def item_of(number: int = 0, host: str = "gazette.example:443", lane: Lane = Lane.live, **fields: Any) -> Item:
    return Item(
        schema_version="1.0",
        item_id=uuid5(ROOT, str(number)),
        item_revision=1,
        feed_id=ROOT,
        feed_url="https://gazette.example/rss.xml",
        link=f"https://{host}/{number}",
        link_host=host,
        discovered_at=START,
        reason=ItemReason.new,
        lane=lane,
        **fields,
    )


def outgoing_of(item: Item) -> Outgoing:
    return encode(item, Hop("/test/feed", START, traceparent=TRACEPARENT, start_traceparent=TRACEPARENT))


def record_of(item: Item, offset: int = 0, partition: int = 0, topic: str | None = None, **headers: str) -> Original:
    out = outgoing_of(item)
    extra = tuple((name, value.encode()) for name, value in headers.items())
    return Original(topic or out.topic, partition, offset, out.key, out.value, (*out.headers, *extra))


def event_of(record: Outgoing) -> Any:
    return decode(record)


class Sleeper:
    """A sleep that takes no time and moves the clock; `slept` keeps the seconds."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.slept: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._clock.advance(seconds)


@dataclass
class Desk:
    """A processor with everything around it that a service would have."""

    registry: Registry
    settings: Settings = field(default_factory=ScraperSettings)
    tracing: Tracing = field(default_factory=PassTracing)
    sender: FakeSender = field(default_factory=FakeSender)
    clock: FakeClock = field(default_factory=FakeClock)
    metrics: Metrics = field(default_factory=Metrics)

    def __post_init__(self) -> None:
        self.sleeper = Sleeper(self.clock)
        backoff = Backoff(self.sleeper, lambda: 1.0)
        self.services = Services(self.settings, self.sender, self.tracing, self.metrics, backoff, self.clock)
        self.processor = Processor(self.registry, self.services)

    async def process(self, *records: Original) -> list[Outgoing]:
        await self.processor.process([(record, 0.0) for record in records])
        return self.sender.sent


def desk_with(handler: Callable[..., Any] | None = None, *, settings: Settings | None = None, **registry: Any) -> Desk:
    found: tuple[Topic, ...] = registry.pop("topics", (topics.ITEM,))
    desk = Desk(Registry(found, **registry), settings=settings or ScraperSettings())
    if handler:
        desk.registry.on(Item, handler)
    return desk


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


def headers_of(record: Outgoing | Original) -> dict[str, str]:
    return {name: value.decode() for name, value in record.headers}


def topics_of(records: Sequence[Outgoing]) -> list[str]:
    return [record.topic for record in records]
