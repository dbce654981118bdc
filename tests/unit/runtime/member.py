"""One member of a consumer group: the consuming loop around a consumer that keeps what it is told."""

import asyncio
from collections.abc import Iterable

from aiokafka import ConsumerRecord, OffsetAndMetadata, TopicPartition

from onrecord.contracts import Item
from onrecord.runtime.consume import Consumption
from onrecord.runtime.delivery import Delivery
from onrecord.runtime.retry import Original
from onrecord.runtime.verdict import Done, Verdict
from unit.runtime.wire import Desk, ScraperSettings, desk_with

LANE = TopicPartition("onrecord.item.v1", 0)
TIER = TopicPartition("onrecord.item.v1.scraper.retry.10m", 0)
ODD_HOSTS = 7


class Reader:
    """A consumer's outside."""

    def __init__(self) -> None:
        self.held: set[TopicPartition] = set()
        self.ends: dict[TopicPartition, int] = {}
        self.stopped: set[TopicPartition] = set()
        self.commits: list[dict[TopicPartition, int]] = []
        self.refuse: Exception | None = None

    def pause(self, *partitions: TopicPartition) -> None:
        self.stopped |= set(partitions)

    def resume(self, *partitions: TopicPartition) -> None:
        self.stopped -= set(partitions)

    def assignment(self) -> Iterable[TopicPartition]:
        return set(self.held)

    def highwater(self, partition: TopicPartition) -> int | None:
        assert partition in self.held  # as aiokafka's own
        return self.ends.get(partition)

    async def commit(self, offsets: dict[TopicPartition, OffsetAndMetadata]) -> None:
        if not offsets:
            raise ValueError(offsets)  # as aiokafka's own
        if self.refuse:
            raise self.refuse
        self.commits.append({partition: found.offset for partition, found in offsets.items()})

    @property
    def committed(self) -> dict[TopicPartition, int]:
        return {partition: offset for commit in self.commits for partition, offset in commit.items()}


class Gate:
    """A handler whose calls wait until told; `order` is that of the starts."""

    def __init__(self) -> None:
        self.order: list[str] = []
        self.running = 0
        self.most = 0
        self._open: dict[str, asyncio.Event] = {}

    def event(self, link: str) -> asyncio.Event:
        return self._open.setdefault(link, asyncio.Event())

    def open(self, *items: Item) -> None:
        for item in items:
            self.event(item.link).set()

    async def __call__(self, delivery: Delivery[Item]) -> Verdict:
        self.order.append(delivery.event.link)
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            await self.event(delivery.event.link).wait()
        finally:
            self.running -= 1
        return Done()


async def at_once(_: Delivery[Item]) -> Verdict:
    return Done()


async def settle() -> None:
    """Lets every task run as far as it can without a timer."""
    for _ in range(50):
        await asyncio.sleep(0)


class Member:
    """One member of the group: a desk, its reader and the consumption between them."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.reader = Reader()
        self.consumption = Consumption(desk.registry, desk.services, desk.processor, lambda: self.reader, desk.sleeper)

    async def assign(self, *partitions: TopicPartition) -> None:
        self.reader.held = set(partitions)
        self.reader.stopped.clear()
        await self.consumption.on_partitions_assigned(set(partitions))

    def receive(self, *records: Original) -> None:
        self.consumption.receive([consumer_record(record) for record in records])

    async def committed(self) -> dict[TopicPartition, int]:
        await self.consumption.commit()
        return self.reader.committed


def consumer_record(record: Original) -> "ConsumerRecord[bytes, bytes]":
    return ConsumerRecord(
        record.topic, record.partition, record.offset, 0, 0, record.key, record.value, None, 0, 0, record.headers
    )


async def member_with(
    handler: object, *partitions: TopicPartition, settings: dict[str, int] | None = None, **registry: object
) -> Member:
    desk = desk_with(handler, settings=ScraperSettings(**(settings or {})), **registry)  # type: ignore[arg-type]
    member = Member(desk)
    await member.assign(*(partitions or (LANE,)))
    return member


def host(number: int) -> str:
    return f"host{number}.example:443"
