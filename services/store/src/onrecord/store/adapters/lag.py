"""The lag for the operations page: asked of the broker by one for all who look."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime

from aiokafka.errors import KafkaError

from onrecord.runtime.lag import lags
from onrecord.runtime.settings import Settings
from onrecord.store.domain.operations import ConsumerLag, TopicLag

CACHED_S = 5.0  # many may look at once; the broker is asked by one, and seldom
ANSWER_LIMIT_S = 5.0  # a broker that lives answers within one; the page waits no longer than for the database


class BrokerAway(Exception):
    """The broker did not answer, so the lag is unknown."""


class LagReader:
    """Call it for the lag of every group on every topic it reads; raises BrokerAway."""

    def __init__(
        self,
        settings: Settings,
        *,
        cached_s: float = CACHED_S,
        clock_s: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._settings = settings
        self._cached_s = cached_s
        self._clock_s = clock_s
        self._now = now
        self._asking = asyncio.Lock()
        self._kept: ConsumerLag | BrokerAway | None = None
        self._kept_at_s = 0.0

    async def __call__(self) -> ConsumerLag:
        async with self._asking:
            if self._kept is None or self._clock_s() - self._kept_at_s >= self._cached_s:
                self._kept, self._kept_at_s = await self._ask(), self._clock_s()
            if isinstance(self._kept, BrokerAway):
                raise BrokerAway(str(self._kept))
            return self._kept

    async def _ask(self) -> ConsumerLag | BrokerAway:
        """That the broker is away is kept too, or everyone who looks would wait for it anew."""
        try:
            async with asyncio.timeout(ANSWER_LIMIT_S):
                found = await lags(self._settings)
        except (KafkaError, OSError, TimeoutError) as error:
            return BrokerAway(f"the broker does not answer ({type(error).__name__})")
        return ConsumerLag(asked_at=self._now(), lags=[TopicLag(group=e.group, topic=e.topic, records=e.records) for e in found])
