"""Gauges that cost a query: asked on a timer of their own, never by a scrape."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from time import monotonic

import asyncpg

from onrecord.runtime.catalogue import OUTBOX_AGE, OUTBOX_UNSENT, Metric
from onrecord.runtime.metrics import Labels, Metrics
from onrecord.runtime.outbox import Relay

OUTBOX_EVERY_S = 5.0
OUTBOX_COUNTED = 100_000  # rows; beyond it the number tells nothing more and the count would be felt
UNSENT = "SELECT count(*) FROM (SELECT FROM outbox LIMIT $1) AS rows"

Values = Sequence[tuple[Labels, float]]
Look = Callable[[], Awaitable[Mapping[Metric, Values]]]

log = logging.getLogger(__name__)


class Watch:
    """What `look` found last. While it fails nothing is shown, so that no old number passes for a new one."""

    def __init__(self, metrics: Metrics, shown: Sequence[Metric], look: Look, *, every_s: float) -> None:
        self.every_s = every_s
        self._look = look
        self._found: Mapping[Metric, Values] | None = {}
        for metric in shown:
            metrics.observe(metric, lambda metric=metric: (self._found or {}).get(metric, ()))  # type: ignore[misc]

    async def look(self) -> None:
        """Never raises: a number that can not be had is no reason to stop a service."""
        try:
            self._found = await self._look()
        except Exception as error:
            if self._found is not None:  # once for each outage; whoever needs the database says the rest
                log.warning("gauges can not be read: %s: %s", type(error).__name__, error)
            self._found = None


async def keep_watch(
    watches: Sequence[Watch],
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    clock: Callable[[], float] = monotonic,
) -> None:
    """Until cancelled: one after the other, each when its time has come."""
    due = {watch: clock() for watch in watches}
    while True:
        for watch in watches:
            if due[watch] <= clock():
                await watch.look()
                due[watch] = clock() + watch.every_s
        await sleep(max(0.0, min(due.values()) - clock()))


def outbox_watch(metrics: Metrics, pool: asyncpg.Pool, relay: Relay) -> Watch:
    metrics.observe(OUTBOX_AGE, lambda: [((), relay.oldest_s)])  # the relay's own, since it must grow while a send hangs

    async def look() -> Mapping[Metric, Values]:
        return {OUTBOX_UNSENT: [((), float(await pool.fetchval(UNSENT, OUTBOX_COUNTED)))]}

    return Watch(metrics, (OUTBOX_UNSENT,), look, every_s=OUTBOX_EVERY_S)
