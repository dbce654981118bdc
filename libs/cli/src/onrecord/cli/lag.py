"""The lag as `status` shows it."""

import asyncio
from collections import defaultdict

from aiokafka.errors import KafkaError

from onrecord.cli.errors import NotRunning
from onrecord.cli.kafka import CONNECT_LIMIT_S, quiet
from onrecord.runtime.lag import Lag, lags, read_topics
from onrecord.runtime.settings import Settings


def unknown_lags() -> list[Lag]:
    return [Lag(group, topic, None) for group, topic in read_topics()]


async def ask_lags(settings: Settings) -> list[Lag]:
    """Raises NotRunning."""
    quiet()
    try:
        async with asyncio.timeout(CONNECT_LIMIT_S):
            return await lags(settings)
    except (KafkaError, OSError, TimeoutError) as error:
        raise NotRunning(f"no Kafka broker answers at {settings.kafka_bootstrap} ({type(error).__name__})") from error


def by_group(found: list[Lag]) -> dict[str, dict[str, int | None]]:
    groups: dict[str, dict[str, int | None]] = defaultdict(dict)
    for lag in found:
        groups[lag.group][lag.topic] = lag.records
    return dict(groups)
