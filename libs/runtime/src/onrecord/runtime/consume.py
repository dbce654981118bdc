"""The consuming loop's bookkeeping: order per key, bounded work in flight, and commits of the lowest unfinished offset."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from time import monotonic
from typing import Any

from aiokafka import ConsumerRecord, OffsetAndMetadata, TopicPartition
from aiokafka.abc import ConsumerRebalanceListener
from aiokafka.errors import ConsumerStoppedError, KafkaError

from onrecord.contracts import header_map
from onrecord.contracts.topics import RETRY_TIERS
from onrecord.runtime.catalogue import OPERATION_DURATION
from onrecord.runtime.offsets import PartitionTracker
from onrecord.runtime.process import Processor
from onrecord.runtime.registry import Registry, Services
from onrecord.runtime.retry import RETRY_MARK, Original, due_of
from onrecord.runtime.work import Consumer, KeyQueue, Waiting

RELIEF_S = 0.05  # a handler that takes longer is slow enough for a pause to cost nothing
REVOKE_GRACE_S = 5.0  # well under the rebalance time-out: what is not finished then is abandoned and delivered again
COMMIT_LIMIT_S = 5.0  # aiokafka's own commit waits for ever while the broker is away, and would hold up a stop

log = logging.getLogger(__name__)


class Consumption(ConsumerRebalanceListener):  # type: ignore[misc]
    """What this process holds of its group's partitions."""

    def __init__(
        self,
        registry: Registry,
        services: Services,
        processor: Processor,
        consumer: Callable[[], Consumer | None],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._registry = registry
        self._services = services
        self._processor = processor
        self._consumer = consumer
        self._trackers: dict[TopicPartition, PartitionTracker] = {}
        self._queues: dict[tuple[TopicPartition, bytes], KeyQueue] = {}
        self._slots = asyncio.Semaphore(services.settings.concurrency)
        self._relief = asyncio.Event()
        self._paused: set[TopicPartition] = set()
        self._sleep = sleep
        self._asleep: Counter[TopicPartition] = Counter()
        self._overflowing: set[asyncio.Task[None]] = set()
        self._accepting = False
        self.broken = False
        self.commit_limit_s = COMMIT_LIMIT_S
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
            tracker = self._trackers.get(partition)
            if tracker is None:  # fetched before a rebalance that gave it to another member
                continue
            tracker.start(raw.offset)
            record = Original(raw.topic, raw.partition, raw.offset, raw.key, raw.value, tuple(raw.headers))
            self._queue(partition, Waiting(record, tracker, monotonic()))
        self.progress_at = monotonic()

    async def relieve(self) -> None:
        """Pauses partitions with enough in hand. Quick handlers get a moment first: a pause throws away what aiokafka fetched
        ahead, and to fetch it again costs more than the wait."""
        if self._full():
            self._relief.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(RELIEF_S):
                    await self._relief.wait()
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
        running += self._overflowing
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

    async def commit(self) -> None:
        consumer = self._consumer()
        found = {partition: tracker.to_commit() for partition, tracker in self._trackers.items()}
        offsets = {partition: offset for partition, offset in found.items() if offset is not None}
        if not offsets or consumer is None:
            return
        held = set(consumer.assignment())
        offsets = {partition: offset for partition, offset in offsets.items() if partition in held}
        if not offsets:
            return
        positions = {partition: OffsetAndMetadata(offset, "") for partition, offset in offsets.items()}
        started = monotonic()
        try:
            async with asyncio.timeout(self.commit_limit_s):
                await consumer.commit(positions)
        except (KafkaError, ConsumerStoppedError, TimeoutError) as error:
            # A member that was put out may not commit: the new owner starts from what was committed before.
            log.warning("commit refused: %s", error or type(error).__name__)
            return
        finally:
            self._services.metrics.measure(OPERATION_DURATION, monotonic() - started, "commit")
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

    @property
    def overdue(self) -> int:
        """Lag of the partitions where no record waits for its time: what ought to move."""
        return sum(count for partition, count in self.lag().items() if not self._asleep[partition])

    # Work -----------------------------------------------------------------------------------------------------------------

    def _queue(self, partition: TopicPartition, waiting: Waiting) -> None:
        key = (partition, waiting.record.key or b"")
        queue = self._queues.get(key)
        if queue is None:
            queue = self._queues[key] = KeyQueue()
        limit, overflow = self._registry.key_limit, self._registry.overflow
        if limit and overflow and len(queue.waiting) >= limit and RETRY_MARK not in partition.topic:
            task = asyncio.ensure_future(self._overflow(waiting))
            self._overflowing.add(task)
            task.add_done_callback(self._overflowing.discard)
            task.add_done_callback(self._report)
            return
        queue.waiting.append(waiting)
        if queue.task is None or queue.task.done():
            queue.task = asyncio.ensure_future(self._work(key, queue))
            queue.task.add_done_callback(self._report)

    async def _work(self, key: tuple[TopicPartition, bytes], queue: KeyQueue) -> None:
        while queue.waiting and self._working:
            due_s = await self._until_due(key[0], queue.waiting[0].record)
            async with self._slots:
                if not self._working:
                    break
                length = self._registry.run_length if due_s is None else 1
                run = [queue.waiting.popleft() for _ in range(min(length, len(queue.waiting)))]
                now = monotonic()
                waited = [min(now - waiting.since, due_s) if due_s is not None else now - waiting.since for waiting in run]
                await self._processor.process([(waiting.record, s) for waiting, s in zip(run, waited, strict=True)])
            for waiting in run:
                self._finish(key[0], waiting)
        if self._queues.get(key) is queue:
            del self._queues[key]

    @property
    def _working(self) -> bool:
        return self._accepting and self._processor.breaker.tripped is None

    async def _overflow(self, waiting: Waiting) -> None:
        assert self._registry.overflow is not None
        await self._processor.overflow(waiting.record, self._registry.overflow)
        self._finish(TopicPartition(waiting.record.topic, waiting.record.partition), waiting)

    async def _until_due(self, partition: TopicPartition, record: Original) -> float | None:
        """Waits for a retry's time; returns the seconds since then, None for a record of a lane."""
        if RETRY_MARK not in record.topic:
            return None
        due = due_of(header_map(record.headers)) or self._services.now()
        early_s = (due - self._services.now()).total_seconds()
        if early_s > 0:
            self._asleep[partition] += 1
            try:
                await self._sleep(min(early_s, RETRY_TIERS[-1].delay_s * self._services.settings.retry_scale))
            finally:
                self._asleep[partition] -= 1
        return max(0.0, -early_s)

    def _finish(self, partition: TopicPartition, waiting: Waiting) -> None:
        waiting.tracker.finish(waiting.record.offset)
        if waiting.tracker.in_flight <= self._services.settings.in_flight // 2:
            self._relief.set()
        self.progress_at = monotonic()
        if partition in self._paused and waiting.tracker.in_flight <= self._services.settings.in_flight // 2:
            consumer = self._consumer()
            if consumer and self._trackers.get(partition) is waiting.tracker and not self._processor.breaker.tripped:
                self._paused.discard(partition)
                consumer.resume(partition)

    def _full(self) -> bool:
        return any(tracker.in_flight >= self._services.settings.in_flight for tracker in self._trackers.values())

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

    def _report(self, task: asyncio.Task[Any]) -> None:
        """A bug of ours holds its partition back: better to be restarted than to stand still unseen."""
        if not task.cancelled() and task.exception():
            self.broken = True
            log.critical("a record's task failed", exc_info=task.exception())
