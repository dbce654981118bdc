"""What is in hand: records that wait their turn behind others of their key, and the consumer they came from."""

import asyncio
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from aiokafka import OffsetAndMetadata, TopicPartition

from onrecord.runtime.offsets import PartitionTracker
from onrecord.runtime.retry import Original


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
