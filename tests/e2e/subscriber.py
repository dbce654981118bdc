"""A stranger's view: plain records of the topics, from their beginning to their end."""

import json
from collections.abc import Iterator
from typing import Any, TypeAlias

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from onrecord.runtime.settings import Settings

Record: TypeAlias = "ConsumerRecord[bytes, bytes]"


async def read_all(settings: Settings, topic: str) -> list[Record]:
    """Every record there is just now, in order per partition."""
    consumer = AIOKafkaConsumer(**settings.kafka_connection(), enable_auto_commit=False, auto_offset_reset="earliest")
    await consumer.start()
    try:
        await consumer._client.add_topic(topic)
        parts = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic) or ()]
        consumer.assign(parts)
        ends = await consumer.end_offsets(parts)
        await consumer.seek_to_beginning(*parts)
        found: list[Record] = []
        while any([await consumer.position(part) < ends[part] for part in parts]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                found += records
        return found
    finally:
        await consumer.stop()


def headers(record: Record) -> dict[str, str]:
    return {name: value.decode() for name, value in record.headers}


def body(record: Record) -> dict[str, Any]:
    assert record.value is not None
    found: dict[str, Any] = json.loads(record.value)
    return found


def selectors(node: object) -> Iterator[dict[str, Any]]:
    """Every object with the fields of a selector, anywhere in an event's JSON."""
    if isinstance(node, dict):
        if {"exact", "start", "end"} <= node.keys():
            yield node
        for value in node.values():
            yield from selectors(value)
    elif isinstance(node, list):
        for value in node:
            yield from selectors(value)
