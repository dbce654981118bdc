"""Outcomes end an item's flight; deferrals move its deadline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from onrecord.contracts import Deferred, Outcome
from onrecord.feed.adapters.in_flight import InFlight
from onrecord.runtime.delivery import Delivery
from onrecord.runtime.verdict import Done, Verdict


@dataclass(frozen=True, slots=True)
class Ledger:
    in_flight: InFlight
    grace: timedelta

    async def __call__(self, deliveries: Sequence[Delivery[Any]]) -> Sequence[Verdict]:
        events = [delivery.event for delivery in deliveries]
        await self.in_flight.defer([event for event in events if isinstance(event, Deferred)], self.grace)
        await self.in_flight.end([event for event in events if isinstance(event, Outcome)])
        return [Done()] * len(deliveries)
