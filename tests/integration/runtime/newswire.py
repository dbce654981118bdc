"""Putting records on topics, reading them back, and running a service as a process."""

import asyncio
import base64
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID, uuid5

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupCoordinatorNotAvailableError, KafkaError

from onrecord.contracts import Hop, Item, ItemReason, Lane, Outgoing, Page, decode, encode
from onrecord.contracts.topics import MAX_MESSAGE_BYTES, plans
from onrecord.runtime.admin import apply_topics
from onrecord.runtime.settings import Settings
from onrecord.runtime.testing import START

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = ROOT / "libs/contracts/examples"
PARTITIONS = 3
LIMIT_S = 45
GROUP = "scraper"
NAMES = UUID("4bff7067-7715-5636-830e-faccbb587930")

Records = Sequence["ConsumerRecord[bytes, bytes]"]


class WireSettings(Settings):
    service: ClassVar[str] = "feed"


def example_page() -> Page:
    document = json.loads((EXAMPLES / "good/page.json").read_text("utf-8"))
    page = decode(example_record(document))
    assert isinstance(page, Page)
    return page


def example_record(document: dict[str, Any]) -> Outgoing:
    value = document.get("value")
    raw = (
        base64.b64decode(document["value_b64"])
        if "value_b64" in document
        else str(document["value_text"]).encode()
        if "value_text" in document
        else json.dumps(value).encode()
    )
    headers = tuple((name, str(found).encode()) for name, found in document["headers"].items())
    return Outgoing(document["topic"], str(document["key"]).encode(), raw, headers)


def item_of(number: int, hosts: int = 20, lane: Lane = Lane.live, title: str | None = None) -> Item:
    host = f"host{number % hosts}.example:443"
    return Item(
        schema_version="1.0",
        item_id=uuid5(NAMES, str(number)),
        item_revision=1,
        feed_id=NAMES,
        feed_url="https://gazette.example/rss.xml",
        link=f"https://{host}/{number}",
        link_host=host,
        title=title,
        discovered_at=START,
        reason=ItemReason.new,
        lane=lane,
    )


def found(items: Iterable[Item]) -> list[Outgoing]:
    return [encode(item, Hop("/test/feed", START)) for item in items]


async def clear(bootstrap: str) -> None:
    """Every topic of the catalogue, made anew and empty; no group has an offset."""
    settings = WireSettings(kafka_bootstrap=bootstrap, partitions=PARTITIONS)
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        ours = {plan.name for plan in plans(PARTITIONS)}
        if old := ours & set(await admin.list_topics()):
            await admin.delete_topics(sorted(old))
        async with asyncio.timeout(LIMIT_S):
            while old and await committed(bootstrap):  # a topic's offsets go a moment after the topic
                continue
            while ours - set(await admin.list_topics()):
                with suppress(KafkaError):  # a name is free again a moment after its deletion
                    await apply_topics(settings)
    finally:
        await admin.close()


async def publish(bootstrap: str, records: Iterable[Outgoing]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", linger_ms=5, max_request_size=MAX_MESSAGE_BYTES)
    await producer.start()
    try:
        sent = [await producer.send(r.topic, r.value, r.key, headers=list(r.headers)) for r in records]
        await asyncio.gather(*sent)
    finally:
        await producer.stop()


async def read_until(bootstrap: str, topics: Sequence[str], enough: Callable[[Records], bool]) -> Records:
    """All records of the topics from their beginning, until `enough` says so; fails after LIMIT_S."""
    consumer = AIOKafkaConsumer(
        *topics, bootstrap_servers=bootstrap, auto_offset_reset="earliest", max_partition_fetch_bytes=MAX_MESSAGE_BYTES
    )
    await consumer.start()
    seen: list[ConsumerRecord[bytes, bytes]] = []
    try:
        async with asyncio.timeout(LIMIT_S):
            while not enough(seen):
                for records in (await consumer.getmany(timeout_ms=100)).values():
                    seen += records
    finally:
        await consumer.stop()
    return seen


async def read_all(bootstrap: str, topic: str, partitions: int = PARTITIONS) -> Records:
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap)
    await consumer.start()
    try:
        ends = await consumer.end_offsets([TopicPartition(topic, number) for number in range(partitions)])
    finally:
        await consumer.stop()
    return await read_until(bootstrap, [topic], lambda seen: len(seen) >= sum(ends.values()))


async def committed(bootstrap: str) -> dict[TopicPartition, int]:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        offsets = await admin.list_consumer_group_offsets(GROUP)
    except GroupCoordinatorNotAvailableError:  # on this broker there has been no group yet
        return {}
    finally:
        await admin.close()
    return {partition: meta.offset for partition, meta in offsets.items() if meta.offset >= 0}


def ce_ids(records: Records) -> list[str]:
    return [dict(record.headers)["ce_id"].decode() for record in records]


def item_ids(records: Records) -> list[str]:
    return [dict(record.headers)["item_id"].decode() for record in records]


class Running:
    """A service's process; `said` waits for a line of its log."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[str] = []
        self._reader = asyncio.create_task(self._read())
        self._came = asyncio.Condition()

    async def _read(self) -> None:
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            async with self._came:
                self.lines.append(line.decode())
                self._came.notify_all()

    async def said(self, text: str) -> None:
        async with asyncio.timeout(LIMIT_S), self._came:
            await self._came.wait_for(lambda: any(text in line for line in self.lines))

    async def signalled(self, number: int, limit_s: float) -> int:
        self.process.send_signal(number)
        return await asyncio.wait_for(self.process.wait(), limit_s)


@asynccontextmanager
async def running(bootstrap: str, takes_s: float = 0.0, **settings: object) -> AsyncIterator[Running]:
    given = {"KAFKA_BOOTSTRAP": bootstrap, "PARTITIONS": PARTITIONS, "LOG_LEVEL": "INFO", **settings}
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ONRECORD_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(__file__).with_name("desk_service.py")),
        str(takes_s),
        env={**environ, **{f"ONRECORD_{name}": str(value) for name, value in given.items()}},
        stderr=subprocess.PIPE,
        limit=2**20,
    )
    service = Running(process)
    try:
        yield service
    finally:
        if process.returncode is None:
            process.terminate()  # leaves the group; a killed member holds it up until its session ends
        try:
            await asyncio.wait_for(process.wait(), LIMIT_S)
        except TimeoutError:
            process.kill()
            raise
