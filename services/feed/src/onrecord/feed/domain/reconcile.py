"""When an item without an outcome is surely lost: a wave that follows the pipeline.

A wave starts when something is overdue and nothing waits in the outbox. It notes where the item lanes end; once the scraper's
group has passed that, where `page` ends; and so on through `outcome` and feed's own group. Whatever was overdue at the
wave's start and has no outcome at its end is in no topic any more. One wave serves all items, so an outage of hours costs
one wave and never multiplies what is sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

Ends = Mapping[tuple[str, int], int]
MAX_EMISSIONS = 4  # the first and three more; then the item is reported as unaccounted


@dataclass(frozen=True, slots=True)
class Stage:
    """The group whose passing of `topics` means that what it makes of them is in the next stage's topics."""

    group: str
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wave:
    """`marks` are the ends noted for the present stage, None before they were noted."""

    started_at: datetime
    stage: int = 0
    marks: Ends | None = None

    def note(self, ends: Ends) -> "Wave":
        return replace(self, marks=dict(ends))

    def passed(self, committed: Ends) -> bool:
        return self.marks is not None and all(committed.get(p, 0) >= end for p, end in self.marks.items() if end > 0)

    def lost_memory(self, ends: Ends) -> bool:
        """An end lower than one noted before: the broker forgot, and so did every group; nothing is on its way."""
        return self.marks is not None and any(ends.get(p, 0) < end for p, end in self.marks.items())

    def next_stage(self) -> "Wave":
        return Wave(self.started_at, self.stage + 1)
