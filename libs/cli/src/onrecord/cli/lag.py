"""How far each consumer group is behind, per topic."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from onrecord.cli.kafka import admin, consumer
from onrecord.contracts.topics import CATALOGUE, retry_topics
from onrecord.runtime.settings import Settings

Offsets = Mapping[TopicPartition, int]


@dataclass(frozen=True, slots=True)
class Lag:
    """Records that wait; None where it can not be known."""

    group: str
    topic: str
    records: int | None


def read_topics() -> Iterator[tuple[str, str]]:
    """(group, topic) for every topic that a service reads."""
    for topic in CATALOGUE:
        for group in topic.consumers:
            retries = retry_topics(topic, group) if group in topic.retried_by else ()
            for name in (*topic.lane_names, *retries):
                yield group, name


def unknown_lags() -> list[Lag]:
    return [Lag(group, topic, None) for group, topic in read_topics()]


async def lags(settings: Settings) -> list[Lag]:
    """Asks the broker; raises NotRunning."""
    pairs = list(read_topics())
    async with admin(settings) as client:
        wanted = {topic for _, topic in pairs}
        partitions: dict[str, list[TopicPartition]] = {
            found["topic"]: [TopicPartition(found["topic"], part["partition"]) for part in found["partitions"]]
            for found in await client.describe_topics()
            if found["topic"] in wanted
        }
        committed: dict[str, Offsets | None] = {}
        for group in {group for group, _ in pairs}:
            try:
                places = await client.list_consumer_group_offsets(group)
                committed[group] = {partition: place.offset for partition, place in places.items()}
            except KafkaError:
                committed[group] = None
    every = [partition for found in partitions.values() for partition in found]
    async with consumer(settings) as client:
        ends, starts = await client.end_offsets(every), await client.beginning_offsets(every)
    return [Lag(group, topic, behind(partitions.get(topic), committed[group], starts, ends)) for group, topic in pairs]


def behind(partitions: list[TopicPartition] | None, committed: Offsets | None, starts: Offsets, ends: Offsets) -> int | None:
    """What lies before the end and was not passed. What retention removed waits no more."""
    if partitions is None or committed is None:
        return None
    return sum(max(0, ends[part] - max(committed.get(part, 0), starts[part])) for part in partitions)


def by_group(found: list[Lag]) -> dict[str, dict[str, int | None]]:
    groups: dict[str, dict[str, int | None]] = defaultdict(dict)
    for lag in found:
        groups[lag.group][lag.topic] = lag.records
    return dict(groups)
