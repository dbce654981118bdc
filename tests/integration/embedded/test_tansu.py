import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from onrecord.cli.embedded import EmbeddedTansu, TansuMissing
from onrecord.cli.embedded.tansu import tansu_binary

pytestmark = pytest.mark.broker

STEP_LIMIT_S = 30


@pytest.fixture
def tansu(tmp_path: Path) -> Iterator[EmbeddedTansu]:
    try:
        binary = tansu_binary()
    except TansuMissing as lacking:
        pytest.skip(str(lacking))
    broker = EmbeddedTansu(tmp_path, binary)
    broker.start()
    yield broker
    broker.stop()


async def test_records_pass_through_a_group(tansu: EmbeddedTansu) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=tansu.bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic("news", num_partitions=3, replication_factor=1)])
    await admin.close()
    producer = AIOKafkaProducer(bootstrap_servers=tansu.bootstrap, acks="all")
    await producer.start()
    sent = [f"record {number}".encode() for number in range(30)]
    for value in sent:
        await producer.send_and_wait("news", value)
    await producer.stop()
    consumer = AIOKafkaConsumer(
        "news", bootstrap_servers=tansu.bootstrap, group_id="g", auto_offset_reset="earliest", enable_auto_commit=False
    )
    await consumer.start()
    got: list[bytes] = []
    async with asyncio.timeout(STEP_LIMIT_S):
        while len(got) < len(sent):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                got.extend(record.value for record in records)
    await consumer.commit()
    committed = [await consumer.committed(partition) for partition in consumer.assignment()]
    await consumer.stop()
    assert (sorted(got), sum(committed)) == (sorted(sent), len(sent))


def test_it_comes_back_on_its_port_after_a_kill(tansu: EmbeddedTansu) -> None:
    before = tansu.bootstrap
    tansu.kill()
    assert tansu.start() == before
