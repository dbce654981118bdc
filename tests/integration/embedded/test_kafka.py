import asyncio
import socket
import uuid
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import UnknownTopicOrPartitionError

from onrecord.cli.embedded import EmbeddedKafka, FolderInUse, StartFailed
from onrecord.cli.embedded.server import command_line

pytestmark = [pytest.mark.kafka, pytest.mark.broker]

RECORDS = [f"record {number}".encode() for number in range(50)]
STEP_LIMIT_S = 30


async def create_topic(bootstrap: str, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, num_partitions=3, replication_factor=1)])
    finally:
        await admin.close()


async def produce(bootstrap: str, topic: str, values: list[bytes], request_bytes: int = 1_048_576) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True, max_request_size=request_bytes)
    await producer.start()
    try:
        for value in values:
            await producer.send_and_wait(topic, value)
    finally:
        await producer.stop()


async def consume(bootstrap: str, topic: str, group: str, count: int) -> list[bytes]:
    """The group's next records, committed."""
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=bootstrap, group_id=group, auto_offset_reset="earliest", enable_auto_commit=False
    )
    await consumer.start()
    got: list[bytes] = []
    try:
        async with asyncio.timeout(STEP_LIMIT_S):
            while len(got) < count:
                for records in (await consumer.getmany(timeout_ms=500)).values():
                    got.extend(record.value for record in records)
        await consumer.commit()
    finally:
        await consumer.stop()
    return got


@pytest.mark.parametrize("end", ["stop", "kill"])
async def test_records_and_offsets_outlive(new_kafka: EmbeddedKafka, end: str) -> None:
    before = await asyncio.to_thread(new_kafka.start)
    await create_topic(before, "news")
    await produce(before, "news", RECORDS)
    assert sorted(await consume(before, "news", "readers", len(RECORDS))) == sorted(RECORDS)
    await asyncio.to_thread(new_kafka.stop if end == "stop" else new_kafka.kill)
    after = await asyncio.to_thread(new_kafka.start)
    assert after == before
    await produce(after, "news", [b"later"])
    assert await consume(after, "news", "readers", 1) == [b"later"]
    assert sorted(await consume(after, "news", "others", len(RECORDS) + 1)) == sorted([*RECORDS, b"later"])


def test_a_stop_leaves_no_process_and_no_listener(new_kafka: EmbeddedKafka) -> None:
    host, port = new_kafka.start().split(":")
    pid = new_kafka.pid
    assert pid is not None
    assert "kafka.Kafka" in command_line(pid)
    new_kafka.stop()
    assert command_line(pid) == ""
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)), 1)


def test_a_second_runner_cannot_take_the_folder(kafka: EmbeddedKafka, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onrecord.cli.embedded.server.TAKEOVER_LIMIT_S", 0)
    second = EmbeddedKafka(kafka.folder, kafka.java, kafka.jars)
    with pytest.raises(FolderInUse):
        second.start()
    assert kafka.running


def test_a_jvm_that_cannot_start_is_reported_with_its_log(kafka: EmbeddedKafka, tmp_path: Path) -> None:
    broken = EmbeddedKafka(tmp_path / "k", kafka.java, [tmp_path / "absent.jar"])
    with pytest.raises(StartFailed, match="Could not find or load main class"):
        broken.start()


async def test_topics_are_not_made_by_mistake(kafka: EmbeddedKafka) -> None:
    topic = f"absent-{uuid.uuid4()}"
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    try:
        [described] = await admin.describe_topics([topic])
    finally:
        await admin.close()
    assert described["error_code"] == UnknownTopicOrPartitionError.errno


async def test_a_page_of_four_mib_passes(kafka: EmbeddedKafka) -> None:
    topic, page = f"pages-{uuid.uuid4()}", b"\x00\xff" * (2 * 1024 * 1024)
    await create_topic(kafka.bootstrap, topic)
    await produce(kafka.bootstrap, topic, [page], request_bytes=5 * 1024 * 1024)
    assert await consume(kafka.bootstrap, topic, f"group-{uuid.uuid4()}", 1) == [page]


def test_only_loopback_is_listened_on(kafka: EmbeddedKafka) -> None:
    settings = (kafka.folder / "server.properties").read_text()
    listeners = next(line for line in settings.splitlines() if line.startswith("listeners="))
    assert listeners.count("://127.0.0.1:") == listeners.count("://") == 2
