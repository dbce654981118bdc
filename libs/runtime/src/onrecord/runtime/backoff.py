"""A dependency is down: wait in place, 0.5 s to 8 s with jitter, as long as it takes."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import TypeVar

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 8.0

T = TypeVar("T")
log = logging.getLogger(__name__)


class Backoff:
    """Sleep and randomness are injected, so tests need no time.

    `waiting` counts the callers held up just now; `outage_at` is the monotonic time of the last failure, since a try that
    hangs in a connect is held up too and not counted.
    """

    def __init__(
        self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep, jitter: Callable[[], float] = random.random
    ) -> None:
        self._sleep = sleep
        self._jitter = jitter
        self.waiting = 0
        self.outage_at = 0.0

    async def until_done(self, dependency: str, outages: tuple[type[BaseException], ...], work: Callable[[], Awaitable[T]]) -> T:
        """What `work` gives; called again for as long as it ends in one of `outages`."""
        wait_s = FIRST_WAIT_S
        while True:
            try:
                return await work()
            except outages as error:
                log.warning("%s is away (%s: %s), next try in %.1f s", dependency, type(error).__name__, error, wait_s)
            self.outage_at = monotonic()
            self.waiting += 1
            try:
                await self._sleep(wait_s * (0.5 + self._jitter() / 2))
            finally:
                self.waiting -= 1
            wait_s = min(wait_s * 2, LONGEST_WAIT_S)
