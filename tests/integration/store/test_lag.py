"""Lag, asked of a real broker, and of one that is away."""

import asyncio

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from integration.store.api_server import Clock
from integration.store.newsroom import START
from onrecord.cli.embedded import EmbeddedKafka
from onrecord.contracts.topics import ITEM, OUTCOME
from onrecord.runtime.admin import apply_topics
from onrecord.store.adapters.lag import CACHED_S, BrokerAway, LagReader
from onrecord.store.settings import StoreSettings


def settings(bootstrap: str) -> StoreSettings:
    return StoreSettings(database="postgresql://nobody", kafka_bootstrap=bootstrap, partitions=2)


async def send(bootstrap: str, records: int) -> None:
    """As many to each of the two partitions."""
    async with AIOKafkaProducer(bootstrap_servers=bootstrap) as producer:
        for number in range(records * 2):
            await producer.send_and_wait(OUTCOME.name, b"{}", partition=number % 2)


async def pass_over(bootstrap: str, group: str, upto: int) -> None:
    """In the first partition only."""
    async with AIOKafkaConsumer(bootstrap_servers=bootstrap, group_id=group, enable_auto_commit=False) as consumer:
        consumer.assign([TopicPartition(OUTCOME.name, 0)])
        await consumer.commit({TopicPartition(OUTCOME.name, 0): upto})


@pytest.mark.broker
async def test_lag_is_what_a_group_has_yet_to_pass(new_kafka: EmbeddedKafka) -> None:
    new_kafka.start()
    await apply_topics(settings(new_kafka.bootstrap))
    await send(new_kafka.bootstrap, 5)
    await pass_over(new_kafka.bootstrap, "store", 3)
    clock = Clock()
    ask = LagReader(settings(new_kafka.bootstrap), clock_s=clock, now=lambda: START)

    async def lags() -> dict[tuple[str, str], int | None]:
        return {(found.group, found.topic): found.records for found in (await ask()).lags}

    first = await lags()
    assert (first["store", OUTCOME.name], first["feed", OUTCOME.name], first["store", ITEM.name]) == (7, 10, 0)
    await send(new_kafka.bootstrap, 1)
    assert await lags() == first
    clock.now_s += CACHED_S
    later = await lags()
    assert (later["store", OUTCOME.name], later["feed", OUTCOME.name]) == (9, 12)


async def test_a_broker_that_is_away_is_asked_again_only_later() -> None:
    asked = 0

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        clock = Clock()
        ask = LagReader(settings(f"127.0.0.1:{server.sockets[0].getsockname()[1]}"), clock_s=clock)
        with pytest.raises(BrokerAway, match="does not answer"):
            await ask()
        first = asked
        assert first > 0
        with pytest.raises(BrokerAway):
            await ask()
        assert asked == first
        clock.now_s += CACHED_S
        with pytest.raises(BrokerAway):
            await ask()
        assert asked > first
