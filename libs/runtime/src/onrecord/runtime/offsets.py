"""What may be committed of one partition: the lowest unfinished offset, whatever finished out of order."""

import heapq


class PartitionTracker:
    """Offsets of one assignment. A new assignment gets a new tracker, so late finishes of an old one commit nothing."""

    def __init__(self) -> None:
        self._unfinished: set[int] = set()
        self._order: list[int] = []
        self._next = 0
        self._committed = -1

    def start(self, offset: int) -> None:
        self._unfinished.add(offset)
        heapq.heappush(self._order, offset)
        self._next = max(self._next, offset + 1)

    def finish(self, offset: int) -> None:
        self._unfinished.discard(offset)

    @property
    def in_flight(self) -> int:
        return len(self._unfinished)

    @property
    def received_to(self) -> int:
        """The offset after the last record received."""
        return self._next

    def to_commit(self) -> int | None:
        """The lowest unfinished offset, when it has moved since the last commit."""
        while self._order and self._order[0] not in self._unfinished:
            heapq.heappop(self._order)
        position = self._order[0] if self._order else self._next
        return position if position > self._committed and self._next else None

    def committed(self, offset: int) -> None:
        self._committed = max(self._committed, offset)
