"""How far each consumer group is behind, asked of the broker. Nothing is held open between calls, and no group is joined."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from onrecord.contracts.topics import CATALOGUE, Topic, retry_topics
from onrecord.runtime.settings import Settings

Offsets = Mapping[TopicPartition, int]
Partitions = Mapping[str, Sequence[TopicPartition]]


@dataclass(frozen=True, slots=True)
class Lag:
    """Records that wait; None where it can not be known. Retries that wait for their time count."""

    group: str
    topic: str
    records: int | None


def topics_of(group: str, topic: Topic) -> tuple[str, ...]:
    """The lanes of a topic, and the retry tiers where the group has them."""
    return (*topic.lane_names, *(retry_topics(topic, group) if group in topic.retried_by else ()))


def read_topics() -> Iterator[tuple[str, str]]:
    """(group, topic) for every topic that a service reads."""
    for topic in CATALOGUE:
        for group in topic.consumers:
            for name in topics_of(group, topic):
                yield group, name


async def lags(settings: Settings) -> list[Lag]:
    """Of every group on every topic it reads; raises KafkaError or OSError when the broker does not answer."""
    pairs = list(read_topics())
    partitions = await partitions_of(settings, {topic for _, topic in pairs})
    committed = {group: await committed_offsets(settings, group) for group in dict.fromkeys(group for group, _ in pairs)}
    starts, ends = await bounds(settings, [part for parts in partitions.values() for part in parts])
    return [Lag(group, topic, behind(partitions.get(topic), committed[group], starts, ends)) for group, topic in pairs]


def behind(partitions: Sequence[TopicPartition] | None, committed: Offsets | None, starts: Offsets, ends: Offsets) -> int | None:
    """What lies before the end and was not passed. What retention removed waits no more."""
    if partitions is None or committed is None:
        return None
    return sum(max(0, ends[part] - max(committed.get(part, 0), starts[part])) for part in partitions)


async def partitions_of(settings: Settings, topics: Iterable[str]) -> Partitions:
    """Of those that exist."""
    wanted = set(topics)
    admin = AIOKafkaAdminClient(**settings.kafka_connection())
    try:
        await admin.start()
        return {
            found["topic"]: [TopicPartition(found["topic"], part["partition"]) for part in found["partitions"]]
            for found in await admin.describe_topics()
            if found["topic"] in wanted
        }
    finally:
        await admin.close()


async def committed_offsets(settings: Settings, group: str) -> Offsets | None:
    """None while the broker has no coordinator for the group."""
    admin = AIOKafkaAdminClient(**settings.kafka_connection())
    try:
        await admin.start()
        try:
            places = await admin.list_consumer_group_offsets(group)
        except KafkaError:
            return None
        return {partition: place.offset for partition, place in places.items()}
    finally:
        await admin.close()


async def bounds(settings: Settings, partitions: Sequence[TopicPartition]) -> tuple[Offsets, Offsets]:
    """First offsets kept, and ends."""
    consumer = AIOKafkaConsumer(**settings.kafka_connection(), enable_auto_commit=False)
    try:
        await consumer.start()
        return await consumer.beginning_offsets(partitions), await consumer.end_offsets(partitions)
    finally:
        await consumer.stop()
