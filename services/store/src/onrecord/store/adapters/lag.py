"""How far every consumer group is behind, asked of the broker."""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from onrecord.contracts.topics import CATALOGUE, retry_topics
from onrecord.runtime.settings import Settings
from onrecord.store.domain.operations import ConsumerLag, TopicLag

CACHED_S = 5.0  # many may look at once; the broker is asked by one, and seldom
ANSWER_LIMIT_S = 5.0  # a broker that lives answers within one; the page waits no longer than for the database

Offsets = Mapping[TopicPartition, int]
Partitions = Mapping[str, Sequence[TopicPartition]]


class BrokerAway(Exception):
    """The broker did not answer, so the lag is unknown."""


class LagReader:
    """Call it for the lag of every group on every topic it reads; raises BrokerAway. Nothing is held open between calls."""

    def __init__(
        self,
        settings: Settings,
        *,
        cached_s: float = CACHED_S,
        clock_s: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._settings = settings
        self._cached_s = cached_s
        self._clock_s = clock_s
        self._now = now
        self._asking = asyncio.Lock()
        self._kept: ConsumerLag | BrokerAway | None = None
        self._kept_at_s = 0.0

    async def __call__(self) -> ConsumerLag:
        async with self._asking:
            if self._kept is None or self._clock_s() - self._kept_at_s >= self._cached_s:
                self._kept, self._kept_at_s = await self._ask(), self._clock_s()
            if isinstance(self._kept, BrokerAway):
                raise BrokerAway(str(self._kept))
            return self._kept

    async def _ask(self) -> ConsumerLag | BrokerAway:
        """That the broker is away is kept too, or everyone who looks would wait for it anew."""
        try:
            async with asyncio.timeout(ANSWER_LIMIT_S):
                partitions, committed = await self._places()
                starts, ends = await self._bounds([part for parts in partitions.values() for part in parts])
        except (KafkaError, OSError, TimeoutError) as error:
            return BrokerAway(f"the broker does not answer ({type(error).__name__})")
        lags = [
            TopicLag(group=group, topic=topic, records=behind(partitions.get(topic), committed[group], starts, ends))
            for group, topic in read_topics()
        ]
        return ConsumerLag(asked_at=self._now(), lags=lags)

    async def _places(self) -> tuple[Partitions, Mapping[str, Offsets | None]]:
        admin = AIOKafkaAdminClient(**self._settings.kafka_connection())
        try:
            await admin.start()
            wanted = {topic for _, topic in read_topics()}
            partitions = {
                found["topic"]: [TopicPartition(found["topic"], part["partition"]) for part in found["partitions"]]
                for found in await admin.describe_topics()
                if found["topic"] in wanted
            }
            committed: dict[str, Offsets | None] = {}
            for group in dict.fromkeys(group for group, _ in read_topics()):
                try:
                    places = await admin.list_consumer_group_offsets(group)
                    committed[group] = {part: place.offset for part, place in places.items()}
                except KafkaError:
                    committed[group] = None
            return partitions, committed
        finally:
            await admin.close()

    async def _bounds(self, partitions: Sequence[TopicPartition]) -> tuple[Offsets, Offsets]:
        """First offsets kept, and ends. Without a group: nothing is ever committed, so nobody's place moves."""
        consumer = AIOKafkaConsumer(**self._settings.kafka_connection(), enable_auto_commit=False)
        try:
            await consumer.start()
            return await consumer.beginning_offsets(partitions), await consumer.end_offsets(partitions)
        finally:
            await consumer.stop()


def read_topics() -> Iterator[tuple[str, str]]:
    """(group, topic) for every topic that a service reads."""
    for topic in CATALOGUE:
        for group in topic.consumers:
            retries = retry_topics(topic, group) if group in topic.retried_by else ()
            for name in (*topic.lane_names, *retries):
                yield group, name


def behind(partitions: Sequence[TopicPartition] | None, committed: Offsets | None, starts: Offsets, ends: Offsets) -> int | None:
    """What lies before the end and was not passed. What retention removed waits no more."""
    if partitions is None or committed is None:
        return None
    return sum(max(0, ends[part] - max(committed.get(part, 0), starts[part])) for part in partitions)
