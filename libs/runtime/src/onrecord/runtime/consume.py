"""The consuming loop's bookkeeping: order per key, bounded work in flight, and commits of the lowest unfinished offset."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Protocol

from aiokafka import ConsumerRecord, OffsetAndMetadata, TopicPartition
from aiokafka.abc import ConsumerRebalanceListener
from aiokafka.errors import KafkaError

from onrecord.contracts import header_map
from onrecord.runtime.offsets import PartitionTracker
from onrecord.runtime.process import Processor
from onrecord.runtime.registry import Registry, Services
from onrecord.runtime.retry import RETRY_MARK, Original, due_of

REVOKE_GRACE_S = 5.0  # well under the rebalance time-out: what is not finished then is abandoned and delivered again

log = logging.getLogger(__name__)


class Consumer(Protocol):
    """The part of aiokafka's consumer that is used here."""

    def pause(self, *partitions: TopicPartition) -> None: ...
    def resume(self, *partitions: TopicPartition) -> None: ...
    def assignment(self) -> Iterable[TopicPartition]: ...
    def highwater(self, partition: TopicPartition) -> int | None: ...
    async def commit(self, offsets: dict[TopicPartition, OffsetAndMetadata]) -> None: ...


@dataclass(slots=True)
class Waiting:
    record: Original
    tracker: PartitionTracker
    since: float


@dataclass(slots=True)
class KeyQueue:
    waiting: deque[Waiting] = field(default_factory=deque)
    task: asyncio.Task[None] | None = None


class Consumption(ConsumerRebalanceListener):  # type: ignore[misc]
    """What this process holds of its group's partitions."""

    def __init__(
        self, registry: Registry, services: Services, processor: Processor, consumer: Callable[[], Consumer | None]
    ) -> None:
        self._registry = registry
        self._services = services
        self._processor = processor
        self._consumer = consumer
        self._trackers: dict[TopicPartition, PartitionTracker] = {}
        self._queues: dict[tuple[TopicPartition, bytes], KeyQueue] = {}
        self._slots = asyncio.Semaphore(services.settings.concurrency)
        self._paused: set[TopicPartition] = set()
        self._accepting = False
        self.assigned_callbacks: list[Callable[[], None]] = []
        self.progress_at = monotonic()

    # From the subscriber ------------------------------------------------------------------------------------------------

    def receive(self, records: Iterable[ConsumerRecord[bytes, bytes]]) -> None:
        """Takes records in hand and returns at once; never raises.

        Records of an assignment that was let go are passed over: the next owner starts from what was committed.
        """
        if not self._accepting:
            return
        for raw in records:
            partition = TopicPartition(raw.topic, raw.partition)
            tracker = self._trackers.setdefault(partition, PartitionTracker())
            tracker.start(raw.offset)
            record = Original(raw.topic, raw.partition, raw.offset, raw.key, raw.value, tuple(raw.headers))
            self._queue(partition, Waiting(record, tracker, monotonic()))
        self.progress_at = monotonic()
        self._hold_back()

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        self._trackers = {partition: PartitionTracker() for partition in assigned}
        self._accepting = True
        self.progress_at = monotonic()
        for callback in self.assigned_callbacks:
            callback()
        log.info("assigned %d partitions", len(assigned))

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:  # noqa: ARG002
        await self.let_go(REVOKE_GRACE_S)

    # Ends ---------------------------------------------------------------------------------------------------------------

    async def let_go(self, grace_s: float) -> None:
        """Finishes what can be finished within the grace, commits it, and abandons the rest."""
        self._accepting = False
        running = [queue.task for queue in self._queues.values() if queue.task and not queue.task.done()]
        for (partition, _), queue in self._queues.items():
            if RETRY_MARK in partition.topic and queue.task:
                queue.task.cancel()
        if running:
            await asyncio.wait(running, timeout=grace_s)
        await self.commit()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        self._queues.clear()
        self._paused.clear()
        self._trackers = {}

    async def stop(self, grace_s: float) -> None:
        await self.let_go(grace_s)

    async def commit(self) -> None:
        consumer = self._consumer()
        found = {partition: tracker.to_commit() for partition, tracker in self._trackers.items()}
        offsets = {partition: offset for partition, offset in found.items() if offset is not None}
        if not offsets or consumer is None:
            return
        held = set(consumer.assignment())
        offsets = {partition: offset for partition, offset in offsets.items() if partition in held}
        try:
            await consumer.commit({partition: OffsetAndMetadata(offset, "") for partition, offset in offsets.items()})
        except KafkaError as error:
            # A member that was put out may not commit: the new owner starts from what was committed before.
            log.warning("commit refused: %s", error)
            return
        for partition, offset in offsets.items():
            if partition in self._trackers:
                self._trackers[partition].committed(offset)

    # State for health and metrics ------------------------------------------------------------------------------------------

    @property
    def in_flight(self) -> int:
        return sum(tracker.in_flight for tracker in self._trackers.values())

    @property
    def assigned(self) -> int:
        return len(self._trackers)

    def lag(self) -> dict[TopicPartition, int]:
        """Unfinished records per partition, as far as the last fetch knew the end."""
        consumer = self._consumer()
        if consumer is None:
            return {}
        found = {}
        for partition, tracker in self._trackers.items():
            end = consumer.highwater(partition)
            if end is not None and tracker.received_to:
                found[partition] = max(0, end - tracker.received_to) + tracker.in_flight
        return found

    # Work -----------------------------------------------------------------------------------------------------------------

    def _queue(self, partition: TopicPartition, waiting: Waiting) -> None:
        key = (partition, waiting.record.key or b"")
        queue = self._queues.get(key)
        if queue is None:
            queue = self._queues[key] = KeyQueue()
        limit, overflow = self._registry.key_limit, self._registry.overflow
        if limit and overflow and len(queue.waiting) >= limit and RETRY_MARK not in partition.topic:
            task = asyncio.ensure_future(self._overflow(waiting))
            task.add_done_callback(_report)
            return
        queue.waiting.append(waiting)
        if queue.task is None or queue.task.done():
            queue.task = asyncio.ensure_future(self._work(key, queue))
            queue.task.add_done_callback(_report)

    async def _work(self, key: tuple[TopicPartition, bytes], queue: KeyQueue) -> None:
        while queue.waiting and self._accepting:
            due_s = await self._until_due(queue.waiting[0].record)
            async with self._slots:
                length = self._registry.run_length if due_s is None else 1
                run = [queue.waiting.popleft() for _ in range(min(length, len(queue.waiting)))]
                now = monotonic()
                waited = [min(now - waiting.since, due_s) if due_s is not None else now - waiting.since for waiting in run]
                await self._processor.process([(waiting.record, s) for waiting, s in zip(run, waited, strict=True)])
            for waiting in run:
                self._finish(key[0], waiting)
        if self._queues.get(key) is queue:
            del self._queues[key]

    async def _overflow(self, waiting: Waiting) -> None:
        assert self._registry.overflow is not None
        await self._processor.overflow(waiting.record, self._registry.overflow)
        self._finish(TopicPartition(waiting.record.topic, waiting.record.partition), waiting)

    async def _until_due(self, record: Original) -> float | None:
        """Waits for a retry's time; returns the seconds since then, None for a record of a lane."""
        if RETRY_MARK not in record.topic:
            return None
        due = due_of(header_map(record.headers)) or self._services.now()
        early_s = (due - self._services.now()).total_seconds()
        if early_s > 0:
            await asyncio.sleep(early_s)
        return max(0.0, -early_s)

    def _finish(self, partition: TopicPartition, waiting: Waiting) -> None:
        waiting.tracker.finish(waiting.record.offset)
        self.progress_at = monotonic()
        if partition in self._paused and waiting.tracker.in_flight <= self._services.settings.in_flight // 2:
            consumer = self._consumer()
            if consumer and self._trackers.get(partition) is waiting.tracker and not self._processor.breaker.tripped:
                self._paused.discard(partition)
                consumer.resume(partition)

    def _hold_back(self) -> None:
        consumer = self._consumer()
        if consumer is None:
            return
        tripped = self._processor.breaker.tripped is not None
        held = set(consumer.assignment())
        for partition, tracker in self._trackers.items():
            if partition in held and (tripped or tracker.in_flight >= self._services.settings.in_flight):
                self._paused.add(partition)
                consumer.pause(partition)


def _report(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and task.exception():
        log.error("a record's task failed", exc_info=task.exception())
