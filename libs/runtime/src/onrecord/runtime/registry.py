"""Which handler takes which event, and what every handler may rely on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
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
        for event, run in groupby(deliveries, key=lambda d: type(d.event)):
            verdicts += await services.backoff.until_done("dependency", self.outages, partial(self._handle, event, list(run)))
        return verdicts

    async def _handle(self, event: type[Event], run: list[Delivery[Event]]) -> Sequence[Verdict]:
        if many := self._many.get(event):
            return await many(run)
        one = self._one.get(event)
        return [await one(delivery) for delivery in run] if one else [Done()] * len(run)
