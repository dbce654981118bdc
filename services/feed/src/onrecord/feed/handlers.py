"""Outcomes end an item's flight; deferrals move its deadline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from onrecord.contracts import Deferred, Outcome, OutcomeKind
from onrecord.runtime.catalogue import ITEM_DURATION, ITEMS
from onrecord.runtime.delivery import Delivery
from onrecord.runtime.metrics import Metrics
from onrecord.runtime.verdict import Done, Verdict


class EndsFlights(Protocol):
    async def defer(self, notices: Sequence[Deferred], grace: timedelta) -> None: ...
    async def end(self, outcomes: Sequence[Outcome]) -> list[Outcome]: ...


@dataclass(frozen=True, slots=True)
class Ledger:
    in_flight: EndsFlights
    grace: timedelta
    metrics: Metrics

    async def __call__(self, deliveries: Sequence[Delivery[Any]]) -> Sequence[Verdict]:
        events = [delivery.event for delivery in deliveries]
        await self.in_flight.defer([event for event in events if isinstance(event, Deferred)], self.grace)
        for ended in await self.in_flight.end([event for event in events if isinstance(event, Outcome)]):
            self._count(ended)
        return [Done()] * len(deliveries)

    def _count(self, ended: Outcome) -> None:
        self.metrics.count(ITEMS, ended.outcome.value)
        if ended.outcome is OutcomeKind.stored and ended.discovered_at:
            took_s = (ended.ended_at - ended.discovered_at).total_seconds()
            self.metrics.measure(ITEM_DURATION, max(0.0, took_s), ended.lane.value)  # two hosts' clocks
