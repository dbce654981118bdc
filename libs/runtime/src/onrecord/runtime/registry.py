"""Which handler takes which event, and what every handler may rely on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from onrecord.contracts import Event
from onrecord.contracts.topics import Topic
from onrecord.runtime.backoff import Backoff
from onrecord.runtime.delivery import Delivery
from onrecord.runtime.metrics import Metrics
from onrecord.runtime.produce import Sender
from onrecord.runtime.settings import Settings
from onrecord.runtime.tracing import Tracing
from onrecord.runtime.verdict import BatchHandler, Done, Handler, Retry, Verdict

RUN_LENGTH = 64  # records of one key handed to a batch handler at once


@dataclass(frozen=True, slots=True)
class Services:
    """What the runtime gives to everything in a service."""

    settings: Settings
    sender: Sender
    tracing: Tracing
    metrics: Metrics
    backoff: Backoff
    now: Callable[[], datetime]


@dataclass(slots=True)
class Registry:
    """`outages` are the exceptions that mean a dependency is down; `key_limit` bounds the records of one key that wait."""

    topics: tuple[Topic, ...]
    outages: tuple[type[Exception], ...] = ()
    key_limit: int | None = None
    overflow: Retry | None = None
    _one: dict[type[Event], Handler] = field(default_factory=dict)
    _many: dict[type[Event], BatchHandler] = field(default_factory=dict)

    def on(self, event: type[Event], handler: Handler) -> None:
        self._one[event] = handler

    def on_batch(self, events: Sequence[type[Event]], handler: BatchHandler) -> None:
        for event in events:
            self._many[event] = handler

    @property
    def run_length(self) -> int:
        """A single handler's records finish one by one, so that a kill repeats one of them and not a run."""
        return RUN_LENGTH if self._many else 1

    async def handle(self, deliveries: Sequence[Delivery[Event]], services: Services) -> list[Verdict]:
        """Verdicts in order. A dependency that is down is waited for here, in place."""
        verdicts: list[Verdict] = []
        for handler, run in groupby(deliveries, key=lambda d: self._many.get(type(d.event))):
            group = list(run)
            async for attempt in services.backoff.attempts("dependency", *self.outages):
                with attempt:
                    done = await handler(group) if handler else [await self._single(d) for d in group]
            verdicts += done
        return verdicts

    async def _single(self, delivery: Delivery[Event]) -> Verdict:
        handler = self._one.get(type(delivery.event))
        return await handler(delivery) if handler else Done()
