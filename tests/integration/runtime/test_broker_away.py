import asyncio
import signal

import pytest

from integration.runtime.newswire import clear, found, item_of, publish, read_until, running
from onrecord.cli.embedded import EmbeddedKafka

pytestmark = [pytest.mark.kafka, pytest.mark.broker]

PAGES = ["onrecord.page.v1"]
STOP_LIMIT_S = 20
COUNT = 100


async def test_a_service_outlives_its_broker_and_can_be_stopped_without_it(new_kafka: EmbeddedKafka) -> None:
    wire = await asyncio.to_thread(new_kafka.start)
    await clear(wire)
    async with running(wire, 0.05) as service:
        await publish(wire, found(item_of(number) for number in range(COUNT)))
        await read_until(wire, PAGES, lambda seen: len(seen) >= 20)
        new_kafka.kill()
        assert await asyncio.to_thread(new_kafka.start) == wire
        pages = await read_until(wire, PAGES, lambda seen: len({record.key for record in seen}) == COUNT)
        assert len(pages) >= COUNT
        assert service.process.returncode is None
        await publish(wire, found(item_of(number) for number in range(COUNT, 2 * COUNT)))
        await read_until(wire, PAGES, lambda seen: len({record.key for record in seen}) >= COUNT + 20)
        new_kafka.kill()
        assert await service.signalled(signal.SIGTERM, STOP_LIMIT_S) == 0
