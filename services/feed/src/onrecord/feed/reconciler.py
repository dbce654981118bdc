"""Emits again what is surely lost, a bounded number of times; then says so."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from onrecord.contracts import Hop, Item, ItemReason, Outcome, OutcomeKind, encode
from onrecord.feed.adapters.in_flight import InFlight, Overdue
from onrecord.feed.domain.reconcile import MAX_EMISSIONS, Ends, Stage, Wave
from onrecord.runtime.catalogue import ITEMS, Span
from onrecord.runtime.registry import Services

log = logging.getLogger(__name__)


class Offsets(Protocol):
    async def ends(self, topics: tuple[str, ...]) -> Ends: ...
    async def committed(self, group: str) -> Ends: ...


class Reconciler:
    def __init__(
        self,
        in_flight: InFlight,
        offsets: Offsets,
        stages: Sequence[Stage],
        services: Services,
        *,
        deadline: timedelta,
        every_s: float,
    ) -> None:
        self._in_flight = in_flight
        self._offsets = offsets
        self._stages = stages
        self._services = services
        self._deadline = deadline
        self._every_s = every_s
        self._wave: Wave | None = None

    async def run(self, outages: tuple[type[Exception], ...]) -> None:
        while True:
            await asyncio.sleep(self._every_s)
            await self._services.backoff.until_done("reconciler's dependency", outages, lambda: self.step(self._services.now()))

    async def step(self, now: datetime) -> None:
        """Moves the wave as far as the groups have come."""
        if self._wave is None:
            if not await self._in_flight.anything_overdue(now) or not await self._in_flight.nothing_unsent():
                return
            self._wave = Wave(now)
        while self._wave.stage < len(self._stages):
            moved = await self._advance(self._wave, self._stages[self._wave.stage])
            if moved is None:
                return
            self._wave = moved
        wave, self._wave = self._wave, None
        await self._emit_lost(wave, now)

    async def _advance(self, wave: Wave, stage: Stage) -> Wave | None:
        """The next stage's wave, or None while the group is still behind."""
        ends = await self._offsets.ends(stage.topics)
        if wave.lost_memory(ends):
            log.warning("the broker lost its memory: nothing is on its way any more")
            return Wave(wave.started_at, len(self._stages))
        if wave.marks is None:
            wave = self._wave = wave.note(ends)
        return wave.next_stage() if wave.passed(await self._offsets.committed(stage.group)) else None

    async def _emit_lost(self, wave: Wave, now: datetime) -> None:
        for lost in await self._in_flight.overdue(wave.started_at):
            if lost.emissions >= MAX_EMISSIONS:
                await self._give_up(lost, now)
            else:
                await self._emit_again(lost, wave, now)

    async def _emit_again(self, lost: Overdue, wave: Wave, now: datetime) -> None:
        """A new trace, linked to the item's first."""
        item, tracing = lost.item, self._services.tracing
        with tracing.span(Span.create, target=item.topic, link=lost.traceparent) as trace:
            hop = Hop(self._services.settings.source, now, traceparent=trace.traceparent, start_traceparent=trace.traceparent)
            record = encode(item.model_copy(update={"reason": ItemReason.reconcile}), hop)
            deadline = now + self._deadline * (lost.emissions + 1)
            if await self._in_flight.emit_again(item, record, before=wave.started_at, deadline=deadline):
                log.warning("emitted again: %s", item.link, extra={"item_id": str(item.item_id)})

    async def _give_up(self, lost: Overdue, now: datetime) -> None:
        """The outcome ends the item's first trace."""
        hop = Hop(self._services.settings.source, now, traceparent=lost.traceparent, start_traceparent=lost.traceparent)
        if await self._in_flight.give_up(lost.item, encode(unaccounted(lost.item, now), hop)):
            self._services.metrics.count(ITEMS, OutcomeKind.unaccounted.value)
            log.error("unaccounted: %s", lost.item.link, extra={"item_id": str(lost.item.item_id)})


def unaccounted(item: Item, now: datetime) -> Outcome:
    return Outcome(
        item_id=item.item_id,
        item_revision=item.item_revision,
        outcome=OutcomeKind.unaccounted,
        service="feed",
        reason=f"no outcome after {MAX_EMISSIONS} emissions",
        discovered_at=item.discovered_at,
        ended_at=now,
        lane=item.lane,
    )
