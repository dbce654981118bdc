"""Sending records: batched, `acks=all`, and never given up while the broker is away."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError, RecordTooLargeError

from onrecord.contracts import Outgoing
from onrecord.contracts.topics import PAGE_MESSAGE_BYTES
from onrecord.runtime.backoff import Backoff
from onrecord.runtime.catalogue import SENT
from onrecord.runtime.metrics import Metrics
from onrecord.runtime.settings import Settings

LINGER_MS = 5  # 32 µs CPU a record in batches against 465 µs one by one
MAX_BATCH_BYTES = 256 * 1024
TOO_LARGE = (MessageSizeTooLargeError, RecordTooLargeError)


class RecordTooLarge(Exception):
    """No retry mends this record."""

    reason = "message_too_large"


class Sender(Protocol):
    async def send(self, records: Sequence[Outgoing]) -> None:
        """Returns when the broker has acknowledged every record; raises RecordTooLarge."""


class KafkaSender:
    """One idempotent producer, shared by all tasks of a service."""

    def __init__(self, settings: Settings, metrics: Metrics, backoff: Backoff) -> None:
        self._settings = settings
        self._metrics = metrics
        self._backoff = backoff
        self._producer: AIOKafkaProducer | None = None

    async def start(self) -> None:
        self._producer = AIOKafkaProducer(
            **self._settings.kafka_connection(),
            client_id=f"onrecord-{self._settings.service}",
            acks="all",
            enable_idempotence=self._settings.kafka_idempotence,
            linger_ms=LINGER_MS,
            max_batch_size=MAX_BATCH_BYTES,
            max_request_size=PAGE_MESSAGE_BYTES,
        )
        await self._producer.start()

    async def stop(self) -> None:
        if self._producer:
            await self._producer.stop()

    async def send(self, records: Sequence[Outgoing]) -> None:
        """A record may be sent twice when an acknowledgement was lost: its `ce_id` is the same both times."""
        waiting = list(records)
        async for attempt in self._backoff.attempts("Kafka", KafkaError):
            with attempt:
                waiting = await self._send_once(waiting)
        for record in records:
            self._metrics.count(SENT, record.topic)

    async def _send_once(self, records: list[Outgoing]) -> list[Outgoing]:
        assert self._producer is not None, "start() first"
        try:
            futures = [
                await self._producer.send(record.topic, record.value, record.key, headers=list(record.headers)) for record in records
            ]
        except TOO_LARGE as error:
            raise RecordTooLarge(str(error)) from error
        results = await asyncio.gather(*futures, return_exceptions=True)
        failed = [(record, result) for record, result in zip(records, results, strict=True) if isinstance(result, BaseException)]
        for _, error in failed:
            if isinstance(error, TOO_LARGE):
                raise RecordTooLarge(str(error)) from error
        if failed:
            records[:] = [record for record, _ in failed]
            raise failed[0][1]
        return []
