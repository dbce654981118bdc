"""Talking to the broker for a moment: settings with TLS and SASL, and one line when nothing answers."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any, ClassVar

from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from onrecord.cli.errors import CommandFailed, NotRunning
from onrecord.cli.settings import given
from onrecord.cli.where import Where
from onrecord.runtime.settings import Settings, SettingsError

CONNECT_LIMIT_S = 10.0  # a person waits; a broker that lives answers within one
STOP_LIMIT_S = 3.0  # aiokafka's own stop may wait for a broker that is gone


class CliSettings(Settings):
    service: ClassVar[str] = "cli"


def kafka_settings(where: Where, environ: Mapping[str, str] = os.environ) -> CliSettings:
    """Raises NotRunning, and CommandFailed for a wrong setting."""
    try:
        settings = CliSettings.load(environ)
    except SettingsError as error:
        raise CommandFailed(str(error)) from error
    update: dict[str, object] = {"kafka_bootstrap": where.broker()}
    if where.partitions and not given("PARTITIONS", environ):
        update["partitions"] = where.partitions
    return settings.model_copy(update=update)


@asynccontextmanager
async def consumer(settings: Settings, *topics: str, **options: Any) -> AsyncIterator[AIOKafkaConsumer]:
    """Without a group: nothing is ever committed, so nobody's place moves."""
    client = AIOKafkaConsumer(*topics, **settings.kafka_connection(), enable_auto_commit=False, **options)
    await _start(client, settings)
    try:
        yield client
    finally:
        await _stop(client.stop())


@asynccontextmanager
async def admin(settings: Settings) -> AsyncIterator[AIOKafkaAdminClient]:
    client = AIOKafkaAdminClient(**settings.kafka_connection())
    await _start(client, settings)
    try:
        yield client
    finally:
        await _stop(client.close())


def quiet() -> None:
    """What aiokafka's loggers say of a broker that is away is said once, in one line, by the command."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)


async def _start(client: Any, settings: Settings) -> None:
    quiet()
    try:
        async with asyncio.timeout(CONNECT_LIMIT_S):
            await client.start()
    except (KafkaError, OSError, TimeoutError) as error:
        await _stop(client.close() if isinstance(client, AIOKafkaAdminClient) else client.stop())
        raise NotRunning(f"no Kafka broker answers at {settings.kafka_bootstrap} ({type(error).__name__})") from error


async def _stop(stopping: Any) -> None:
    with suppress(TimeoutError, KafkaError):
        async with asyncio.timeout(STOP_LIMIT_S):
            await stopping
